from .engine import *
from .session import SessionLocal, get_session

__all__ = ["SessionLocal", "get_session", "make_engine"]
