import os

from flask import Blueprint, jsonify

from shop.repository import Repository

users = Blueprint("users", __name__)
shared = Repository(os.environ["DATABASE_URL"])


@users.get("/users")
def list_users():
    return jsonify(Repository(os.environ["DATABASE_URL"]).names())  # POOL201


@users.get("/names")
def list_names():
    return jsonify(shared.names())
