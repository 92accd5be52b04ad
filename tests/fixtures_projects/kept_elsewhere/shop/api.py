from fastapi import APIRouter, Depends, Request

from shop.db import Store, shared_engine
from shop.state import database, engine_of, first_engine, get_store, migrate_once, new_tenant, single, waiting_engine

router = APIRouter()


@router.get("/users")
def users(tenant: str, shared=Depends(database), one=Depends(single)):
    return str(engine_of(tenant).url), str(shared_engine().url), shared, one


@router.get("/store")
def read_store(store: Store = Depends(get_store)):
    if not store.ready:
        store.prepare_store()
    return store


@router.get("/users/first")
def first_users():
    migrate_once()
    return str(first_engine().url), waiting_engine()


@router.post("/tenants")
def create_tenant(name: str, request: Request):
    new_tenant(name, request.app.state)
