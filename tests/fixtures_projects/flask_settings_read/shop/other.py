from flask import Flask

app = Flask(__name__)
app.config["SQLALCHEMY_POOL_RECYCLE"] = 1800  # POOL121
