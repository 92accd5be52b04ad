from flask import Flask

from shop.config import Config
from shop.models import db

app = Flask(__name__)
app.config.from_object(Config)
options = {"pool_size": app.config["SQLALCHEMY_POOL_SIZE"]}
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
db.init_app(app)
