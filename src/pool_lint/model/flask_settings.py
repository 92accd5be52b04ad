"""Settings of Flask-SQLAlchemy that its third release has dropped, where a program still makes them."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.findings import Applicability, Edit, Fix
from pool_lint.model.arguments import removal
from pool_lint.settings import is_before
from pool_lint.syntax.walk import dotted, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pool_lint.model.module import ModuleModel
    from pool_lint.model.rewriting import Fixing
    from pool_lint.syntax.tree import Tree

OPTIONS = {
    "SQLALCHEMY_POOL_SIZE": "pool_size",
    "SQLALCHEMY_POOL_TIMEOUT": "pool_timeout",
    "SQLALCHEMY_POOL_RECYCLE": "pool_recycle",
    "SQLALCHEMY_MAX_OVERFLOW": "max_overflow",
}
INSTEAD = "SQLALCHEMY_ENGINE_OPTIONS"
# Nobody else asks for this.
_MARK = "SQLALCHEMY_TRACK_MODIFICATIONS"
_LIBRARY = "flask-sqlalchemy"
# An attribute or an item that is not written to.
_READ = rb"""(?:\.|\[\s*["']|get\(\s*["'])%s\b(?!["']?\]?\s*(?::[^=\n]*)?=[^=])"""


class Setting:
    """One setting: ``node`` is the statement or the argument, ``owner`` what the settings go to."""

    __slots__ = ("name", "node", "owner", "target", "value")

    def __init__(
        self, name: str, node: cst.CSTNode, owner: object, target: str, value: cst.BaseExpression
    ) -> None:
        self.name = name
        self.node = node
        self.owner = owner
        self.target = target
        self.value = value


def ignored_settings(model: ModuleModel) -> list[list[Setting]]:
    """The settings of a module that Flask-SQLAlchemy does not read, those together that are one.

    Returns:
        Nothing where somebody else reads them, where Flask has no part in the file, and where the
        project is for an older release.
    """
    found = list(_settings(model))
    if not found:
        return []
    text = model.tree_of(found[0].node).source.text
    if not (_MARK in text or any(name.startswith("flask") for name in model.names.imports)):
        return []
    if is_before(model.target(_LIBRARY), (3,)) or _is_read(found, text, model):
        return []
    groups: dict[object, list[Setting]] = {}
    for setting in found:
        groups.setdefault(setting.owner, []).append(setting)
    return list(groups.values())


def _settings(model: ModuleModel) -> Iterator[Setting]:
    names = model.names
    for info in names.classes:
        for name in OPTIONS:
            for binding in info.scope.names.get(name, ()):
                statement = names.parents.get(id(binding.node))
                if isinstance(statement, cst.Assign) and isinstance(
                    binding.node, cst.BaseExpression
                ):
                    yield Setting(name, statement, id(info), INSTEAD, binding.node)
    for node in walk(names.module.node):
        if isinstance(node, cst.Assign) and len(node.targets) == 1:
            yield from _item(node)
    for call, _ in names.calls:
        yield from _given(call)


def _item(node: cst.Assign) -> Iterator[Setting]:
    """``app.config["SQLALCHEMY_POOL_SIZE"] = 5``."""
    target = node.targets[0].target
    if not isinstance(target, cst.Subscript) or len(target.slice) != 1:
        return
    index, owner = target.slice[0].slice, dotted(target.value) or ""
    key = index.value if isinstance(index, cst.Index) else None
    if not isinstance(key, cst.SimpleString) or owner.rpartition(".")[2] != "config":
        return
    name = key.evaluated_value
    if isinstance(name, str) and name in OPTIONS:
        yield Setting(name, node, owner, f'{owner}["{INSTEAD}"]', node.value)


def _given(call: cst.Call) -> Iterator[Setting]:
    """``app.config.update(SQLALCHEMY_POOL_SIZE=5)``."""
    owner, _, method = (dotted(call.func) or "").rpartition(".")
    if method not in ("update", "from_mapping") or owner.rpartition(".")[2] != "config":
        return
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value in OPTIONS:
            yield Setting(arg.keyword.value, arg, id(call), INSTEAD, arg.value)


def _is_read(found: list[Setting], text: str, model: ModuleModel) -> bool:
    """Whether something besides names one of the settings, and so may do something with it."""
    if INSTEAD in text:
        return True
    for name in {setting.name for setting in found}:
        made = sum(setting.name == name for setting in found)
        if len(re.findall(rf"\b{name}\b", text)) > made:
            return True
    project, path = model.lookup.project, model.lookup.path
    root = project.root_of(os.path.dirname(path)) if project is not None else None
    if root is None:
        return False
    from pool_lint.model.texts import Texts

    texts = Texts(root)
    return any(
        re.search(_READ % setting.name.encode(), texts.data(other))
        for setting in found
        for other in texts.naming([setting.name])
        if other != path
    )


def into_options(group: list[Setting], model: ModuleModel) -> Fixing | None:
    """Make one mapping of the settings, in the place of the first."""
    if len({setting.name for setting in group}) < len(group):
        return None
    call = model.names.parents.get(id(group[0].node))
    message = f"Write `{INSTEAD}`"

    def fix(tree: Tree) -> Fix | None:
        pairs = (f'"{OPTIONS[one.name]}": {tree.text_of(one.value)}' for one in group)
        mapping = f"{{{', '.join(pairs)}}}"
        first, *others = group
        if any("\n" in tree.text_of(one.value) for one in group):
            return None
        if isinstance(call, cst.Call):
            edits = [Edit(tree.range_of(first.node), f"{INSTEAD}={mapping}")]
            edits.extend(removal(tree, call, [one.node for one in others]))
            return Fix(Applicability.UNSAFE, message, tuple(edits))
        edits = [Edit(tree.range_of(first.node), f"{first.target} = {mapping}")]
        for one in others:
            lines = tree.whole_lines_of(one.node)
            if lines is None or "#" in "".join(lines):
                return None
            edits.append(Edit(tree.rows_of(one.node), ""))
        return Fix(Applicability.UNSAFE, message, tuple(edits))

    return fix
