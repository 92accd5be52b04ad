"""# ignored-flask-pool-setting (POOL121)

A Flask application sets the size of its pool in a way that Flask-SQLAlchemy 3 ignores.

## What it does

Reports `SQLALCHEMY_POOL_SIZE`, `SQLALCHEMY_POOL_TIMEOUT`, `SQLALCHEMY_POOL_RECYCLE` and
`SQLALCHEMY_MAX_OVERFLOW` in the configuration of a Flask application: in a class, in
`app.config[...]`, in `app.config.update(...)` and `app.config.from_mapping(...)`.

## Why it hurts

Flask-SQLAlchemy 2 read them, 3 does not, and says nothing. Measured with Flask-SQLAlchemy 3.1.1,
where 20, 0, 1800 and 3 were asked for:

```text
the pool has size 5, overflow 10, recycle -1, timeout 30.0
```

An application that was measured with twenty connections runs with five, and without recycling.

## Example

```python
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg://app@db.internal/shop"
app.config["SQLALCHEMY_POOL_SIZE"] = 20
app.config["SQLALCHEMY_POOL_RECYCLE"] = 1800
db = SQLAlchemy(app)
```

## Use instead

```python
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg://app@db.internal/shop"
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 20, "pool_recycle": 1800}
db = SQLAlchemy(app)
```

## Fix safety

Unsafe: the settings become one mapping, and take effect for the first time since the upgrade.

## When not to use it

* With Flask-SQLAlchemy 2, which the rule reads from the lock file or the requirements.
* Where the application reads these settings itself. That is known where the name stands a second
  time in the project, or where `SQLALCHEMY_ENGINE_OPTIONS` is set in the same file; the rule is
  silent there.

## References

* Flask-SQLAlchemy: Configuration Keys:
  <https://flask-sqlalchemy.readthedocs.io/en/stable/config/>
* Changes in version 3.0: <https://flask-sqlalchemy.readthedocs.io/en/stable/changes/#version-3-0-0>
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pool_lint.findings import Level
from pool_lint.model.report import Remark, Report
from pool_lint.rules.rule import Rule

if TYPE_CHECKING:
    from pool_lint.model.module import ModuleModel


def check(model: ModuleModel) -> Iterable[Report]:
    if not model.mentions("SQLALCHEMY_POOL_", "SQLALCHEMY_MAX_OVERFLOW"):
        return
    from pool_lint.model.flask_settings import ignored_settings, into_options

    for group in ignored_settings(model):
        first, *others = group
        yield Report(
            first.node,
            f"Flask-SQLAlchemy 3 ignores `{first.name}`: the pool has its default size and age",
            "write `SQLALCHEMY_ENGINE_OPTIONS`",
            notes=tuple(Remark(one.node, f"`{one.name}` as well") for one in others),
            fix=into_options(group, model),
        )


RULE = Rule(
    code="POOL121",
    name="ignored-flask-pool-setting",
    level=Level.ERROR,
    summary="Flask-SQLAlchemy 3 ignores SQLALCHEMY_POOL_SIZE and its like",
    page=__doc__ or "",
    since="0.1.0",
    check=check,
    symptoms=("SQLALCHEMY_POOL_SIZE is ignored",),
)
