from app.db import get_session as get_session
