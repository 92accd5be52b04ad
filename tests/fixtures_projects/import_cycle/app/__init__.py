from app.db import sessions
from app.models import Order
