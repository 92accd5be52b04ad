from collections.abc import Iterator

from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from shop.models import User
from shop.settings import settings

engine = create_engine(settings.url, pool_recycle=1800, pool_pre_ping=True)
SessionLocal = sessionmaker(engine)
router = APIRouter()


def get_db() -> Iterator[Session]:
    with SessionLocal() as db:
        yield db


@router.get("/users")
async def users(db: Session = Depends(get_db)):
    names = db.scalars(text("select name from users")).all()  # POOL505
    count = db.scalar(text("select count(*) from users"))
    return names, count


@router.get("/users/{user_id}")
async def user(user_id: int, db: Session = Depends(get_db)):
    query = db.query(User).filter(User.id == user_id)  # POOL505
    return query.first()


@router.post("/users")
async def add_user(name: str, db: Session = Depends(get_db)) -> None:
    user = User(name=name)
    db.add(user)
    db.commit()  # POOL505
    db.refresh(user)
