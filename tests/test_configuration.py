"""``[tool.pool-lint]`` and what the command line puts above it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pool_lint.rules import RULES
from pool_lint.runner.configuration import (
    ConfigurationError,
    Configurations,
    Overrides,
    named,
    nearest,
)
from pool_lint.runner.selectors import NAMES, UnknownSelector, resolve, resolve_all
from pool_lint.settings import Settings


def configure(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_key_is_read(tmp_path: Path) -> None:
    configure(
        tmp_path,
        """
        [tool.pool-lint]
        select = ["POOL1", "engine-per-request", "all"]
        extend-select = ["POOL402"]
        ignore = ["pool102"]
        extend-ignore = []
        exclude = ["old"]
        extend-exclude = ["*_pb2.py"]
        external-calls = ["app.clients.send", "app.mail.*"]
        not-external = ["app.cache.get"]
        engine-factories = ["app.db.make_engine"]
        session-providers = ["app.db.session"]
        min-pool-recycle = 60
        idle-timeout = 600
        transaction-pooler = true
        target-sqlalchemy = "2.0"
        target-fastapi = "0.115.3"
        target-python = "3.12"

        [tool.pool-lint.per-file-ignores]
        "tests/*" = ["POOL1"]
        """,
    )
    configuration = nearest("deep/er")
    assert configuration.problems == ()
    assert configuration.path == str(tmp_path / "pyproject.toml")
    assert configuration.settings == Settings(
        select=("POOL1", "POOL201", "ALL"),
        extend_select=("POOL402",),
        ignore=("POOL102",),
        exclude=("old",),
        extend_exclude=("*_pb2.py",),
        external_calls=("app.clients.send", "app.mail.*"),
        not_external=("app.cache.get",),
        engine_factories=("app.db.make_engine",),
        session_providers=("app.db.session",),
        min_pool_recycle=60,
        idle_timeout=600,
        transaction_pooler=True,
        target_sqlalchemy="2.0",
        target_fastapi="0.115.3",
        target_python="3.12",
        per_file_ignores={"tests/*": ("POOL1",)},
        root=str(tmp_path),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("exlude = []", "unknown key `exlude` in [tool.pool-lint]; did you mean `exclude`?"),
        (
            "external_calls = []",
            "unknown key `external_calls` in [tool.pool-lint]; did you mean `external-calls`?",
        ),
        ("zzz = 1", "unknown key `zzz` in [tool.pool-lint]"),
        ('select = "POOL1"', "`select` must be a list of strings, not a string"),
        (
            "select = [101]",
            "`select` must be a list of strings, not a list with a whole number in it",
        ),
        (
            'ignore = ["POL101"]',
            "`ignore` cannot be used: no rule is called `POL101`; did you mean `POOL101`?",
        ),
        (
            'select = ["missing_pool_recycle"]',
            (
                "`select` cannot be used: no rule is called `missing_pool_recycle`; "
                "did you mean `missing-pool-recycle`?"
            ),
        ),
        ("idle-timeout = true", "`idle-timeout` must be a number of seconds, not true"),
        (
            "transaction-pooler = 1",
            "`transaction-pooler` must be true or false, not a whole number",
        ),
        ('idle-timeout = "60"', "`idle-timeout` must be a number of seconds, not a string"),
        ("min-pool-recycle = -1", "`min-pool-recycle` must be a number of seconds, not -1"),
        (
            "target-sqlalchemy = 2.0",
            '`target-sqlalchemy` must be a version in quotes such as "2.0", not a number',
        ),
        ('target-python = "py310"', '`target-python` must be a version such as "2.0", not "py310"'),
        (
            'external-calls = ["send()"]',
            "`external-calls` must be dotted names such as `app.clients.send`, not `send()`",
        ),
        (
            "idle-timeout = 0",
            "`idle-timeout` must be 2 seconds or more, not 0; leave it out where there is none",
        ),
        (
            'engine-factories = ["make_engine"]',
            (
                "`engine-factories` must be names with their modules, such as `app.clients.send`, "
                "not `make_engine`"
            ),
        ),
        (
            'session-providers = ["*.*"]',
            (
                "`session-providers` must be names with their modules, such as `app.clients.send`, "
                "not `*.*`"
            ),
        ),
        (
            'engine-factories = "acme.make"',
            "`engine-factories` must be a list of strings, not a string",
        ),
        (
            "per-file-ignores = []",
            "`per-file-ignores` must be a table of patterns and lists of rules, not a list",
        ),
        (
            'per-file-ignores = {"a.py" = "POOL1"}',
            "`per-file-ignores` for `a.py` must be a list of strings, not a string",
        ),
    ],
)
def test_a_mistake_is_named_and_the_other_keys_hold(
    tmp_path: Path, text: str, problem: str
) -> None:
    configure(tmp_path, f"[tool.pool-lint]\nextend-select = ['POOL402']\n{text}\n")
    configuration = nearest(".")
    assert configuration.problems == (f"pyproject.toml: {problem}",)
    assert configuration.settings == Settings(extend_select=("POOL402",), root=str(tmp_path))


def test_limits_that_no_value_suits_are_named(tmp_path: Path) -> None:
    configure(tmp_path, "[tool.pool-lint]\nmin-pool-recycle = 60\nidle-timeout = 60\n")
    configuration = nearest(".")
    assert configuration.problems == (
        (
            "pyproject.toml: `min-pool-recycle` must be less than `idle-timeout`, which is 60, "
            "not 60"
        ),
    )
    assert configuration.settings == Settings(idle_timeout=60, root=str(tmp_path))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[tool.pool-lint]\nselect = [", "pyproject.toml: not valid TOML: "),
        ("[tool]\npool-lint = 3", "pyproject.toml: `tool.pool-lint` must be a table"),
        (
            "[tool.pool_lint]\nselect = []",
            "pyproject.toml: [tool.pool_lint] is not read; did you mean [tool.pool-lint]?",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, text: str, problem: str) -> None:
    configure(tmp_path, text)
    assert [one.startswith(problem) for one in nearest(".").problems] == [True]


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.pool-lint]\n# \xff\n")
    assert nearest(".").problems == ("pyproject.toml: not a text in UTF-8",)


@pytest.mark.parametrize(
    "text", ["\ufeff[tool.pool-lint]\nselect = []", "[tool]\npool-lint = {select = []}"]
)
def test_other_spellings_of_the_table_are_read(tmp_path: Path, text: str) -> None:
    configure(tmp_path, text)
    assert nearest(".").settings.select == ()


def test_the_nearest_table_holds_alone(tmp_path: Path) -> None:
    configure(tmp_path, "[tool.pool-lint]\nignore = ['POOL1']")
    configure(tmp_path / "a", "[project]\nname = 'pool-lint-user'")
    configure(tmp_path / "a/b", "[tool.pool-lint]\nselect = ['POOL2']")
    assert nearest("a").settings.ignore == ("POOL1",)
    assert nearest("a/b/c").settings == Settings(select=("POOL2",), root=str(tmp_path / "a/b"))


def test_each_file_is_read_once(tmp_path: Path) -> None:
    configure(tmp_path, "[tool.pool-lint]\nzzz = 1")
    configurations = Configurations()
    first = configurations.of_folder(str(tmp_path / "a" / "b"))
    assert configurations.of_folder(str(tmp_path / "a")) is first
    assert configurations.of_folder(str(tmp_path)) is first
    assert len(configurations.problems) == 1


def test_a_named_file_holds_everywhere(tmp_path: Path) -> None:
    configure(tmp_path / "a", "[tool.pool-lint]\nselect = ['POOL2']")
    (tmp_path / "other.toml").write_text("[tool.pool-lint]\nselect = ['POOL3']")
    configurations = Configurations(fixed=named("other.toml"))
    assert configurations.of_folder(str(tmp_path / "a")).settings == Settings(select=("POOL3",))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, "other.toml: No such file or directory"),
        ("[tool.other]\n", "other.toml: there is no table [tool.pool-lint]"),
        ("[tool.pool-lint]\nzzz = 1\n", "other.toml: unknown key `zzz` in [tool.pool-lint]"),
    ],
)
def test_a_named_file_must_be_usable(tmp_path: Path, text: str | None, problem: str) -> None:
    if text is not None:
        (tmp_path / "other.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        named("other.toml")
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    ("configured", "overrides", "code", "expected"),
    [
        (Settings(ignore=("POOL101",)), Overrides(select=("POOL1",)), "POOL101", True),
        (Settings(select=("POOL2",)), Overrides(select=("POOL1",)), "POOL201", False),
        (Settings(select=("POOL2",)), Overrides(extend_select=("POOL1",)), "POOL101", True),
        (Settings(select=("POOL2",)), Overrides(extend_select=("POOL1",)), "POOL201", True),
        (Settings(ignore=("POOL101",)), Overrides(extend_select=("POOL1",)), "POOL101", True),
        (Settings(select=("POOL101",)), Overrides(ignore=("POOL1",)), "POOL101", False),
        (Settings(select=("POOL101",)), Overrides(ignore=("ALL",)), "POOL101", False),
        (Settings(), Overrides(ignore=("POOL1",)), "POOL201", True),
        (
            Settings(),
            Overrides(extend_select=("POOL402",), ignore=("POOL4",)),
            "POOL402",
            True,
        ),
    ],
)
def test_the_command_line_stands_above_the_configuration(
    configured: Settings, overrides: Overrides, code: str, expected: bool
) -> None:
    assert overrides.apply(configured).enabled(code) is expected


def test_selectors_are_resolved() -> None:
    assert resolve_all("POOL1, pool201,unawaited-dispose ,ALL") == (
        "POOL1",
        "POOL201",
        "POOL202",
        "ALL",
    )
    assert resolve_all("") == ()


@pytest.mark.parametrize("selector", ["", "P", "POO", "POOL999", "POOLS", "E501", "recycle"])
def test_selectors_that_name_no_rule_are_refused(selector: str) -> None:
    with pytest.raises(UnknownSelector):
        resolve(selector)


def test_names_agree_with_the_catalog() -> None:
    assert {code: rule.name for code, rule in RULES.items()} == NAMES
