from app.loops import endless
from app.loops import nothing as nothing

__all__ = ["endless", "nothing"]
