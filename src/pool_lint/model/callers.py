"""Who uses a function, in whatever file of the project that is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import libcst as cst

from pool_lint.model.lazy_module import LazyModule
from pool_lint.model.module import ModuleModel
from pool_lint.model.names import ClassInfo, FunctionInfo
from pool_lint.model.neighbours import Neighbours
from pool_lint.model.per_request import Made, Spot, called, direct, told
from pool_lint.model.project import Project
from pool_lint.model.texts import Texts
from pool_lint.model.values import UNKNOWN, Instance
from pool_lint.settings import Settings
from pool_lint.syntax.gate import may_concern
from pool_lint.syntax.parse import parse, parse_about
from pool_lint.syntax.source import Source, UnreadableSource
from pool_lint.syntax.walk import last_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pool_lint.model.names import Scope
    from pool_lint.syntax.tree import Tree

# What a shorter name ends in says nothing.
_SHORTEST = 3


class Place:
    """Where a function is defined; the same for every model that has read it.

    Attributes:
        path: its file, as an absolute path.
        owner: the class whose method it is, or None.
        name: its name.
    """

    __slots__ = ("name", "owner", "path")

    def __init__(self, path: str, owner: str | None, name: str) -> None:
        self.path = path
        self.owner = owner
        self.name = name

    @classmethod
    def of(cls, info: FunctionInfo) -> Place | None:
        """The place of a function; None where no other file can name it."""
        owner: str | None = None
        around: Scope | None = info.outer
        if around is not None and isinstance(around.info, ClassInfo):
            owner = around.info.name
            around = around.parent
        if around is None or around.parent is not None:
            return None
        return cls(os.path.abspath(info.names.lookup.filename), owner, info.name)

    @property
    def key(self) -> tuple[str, str | None, str]:
        """What is the same for the same function."""
        return (self.path, self.owner, self.name)

    @property
    def word(self) -> str:
        """The name that stands where the function is used."""
        return self.owner if self.owner is not None and self.name == "__init__" else self.name


class Use:
    """One place where a function is called, or registered.

    Attributes:
        model: the module of that place.
        node: the call, or what is registered.
        caller: the function in which a call stands; None at module level.
        role: what registering makes of the function; None for a call.
    """

    __slots__ = ("caller", "model", "node", "role")

    def __init__(
        self,
        model: ModuleModel,
        node: cst.CSTNode,
        caller: FunctionInfo | None = None,
        role: str | None = None,
    ) -> None:
        self.model = model
        self.node = node
        self.caller = caller
        self.role = role

    @property
    def call(self) -> cst.Call:
        """The call, of a use that is one."""
        assert isinstance(self.node, cst.Call)
        return self.node


class Callers:
    """The uses of functions in other files, each asked for once.

    The files are read apart from those that are linted: what is known of these stays as it is.

    Args:
        linted: the project of which they are.
    """

    def __init__(self, linted: Project) -> None:
        self._linted = linted
        self._said: dict[str, frozenset[Spot]] = {}
        self._handled: dict[str, frozenset[tuple[Spot, Spot]]] = {}
        self._project = Project(linted.taught, whole=True)
        key = linted.taught.key if linted.taught is not None else ((), (), (), ())
        self._settings = Settings(
            engine_factories=key[0],
            session_providers=key[1],
            external_calls=key[2],
            not_external=key[3],
        )
        self._texts: dict[str, Texts] = {}
        self._models: dict[tuple[str, frozenset[str]], ModuleModel | None] = {}
        self._uses: dict[tuple[str, str | None, str], list[Use]] = {}
        self._read_for: dict[tuple[str, str | None, str], int] = {}

    def uses(self, info: FunctionInfo) -> list[Use]:
        """Where other files call a function, or register it; none where that is not known.

        Args:
            info: the function, of any model.
        """
        place = Place.of(info)
        if place is None:
            return []
        if place.key not in self._uses:
            self._uses[place.key] = list(self._find(place))
        return self._uses[place.key]

    def price(self, info: FunctionInfo) -> int:
        """How many files were read for the uses of a function, now or before."""
        place = Place.of(info)
        return self._read_for.get(place.key, 0) if place is not None else 0

    def tree_of(self, node: cst.CSTNode) -> Tree | None:
        """The tree of a node of a file that was searched."""
        for model in self._models.values():
            tree = model.own_tree_of(node) if model is not None else None
            if tree is not None:
                return tree
        return self._project.tree_of(node)

    def said_at_calls(self, path: str) -> frozenset[Spot]:
        """The engines and pools of which is said where that file calls what makes them.

        Args:
            path: the file.
        """
        if path not in self._said:
            found = self._ask(path, lambda model: (*direct(model), *called(model)))
            self._said[path] = frozenset(creation for creation, _ in found)
        return self._said[path]

    def said_of_handlers(self, path: str) -> frozenset[tuple[Spot, Spot]]:
        """The engines and pools that the handlers of a file are told to make, and where.

        Args:
            path: the file.
        """
        if path not in self._handled:
            self._handled[path] = self._ask(path, direct)
        return self._handled[path]

    def _ask(
        self, path: str, about: Callable[[ModuleModel], Iterable[Made]]
    ) -> frozenset[tuple[Spot, Spot]]:
        """What is found in a file as it is linted, with all that is cut there."""
        texts = self.texts_around(path)
        data = texts.data(path) if texts is not None else b""
        if not may_concern(data, self._settings.makers):
            return frozenset()
        module = LazyModule(Source.read_code(data, path), self._linted, self._linted.taught)
        try:
            tree = parse(module.source, Neighbours(module, self._settings))
        except UnreadableSource:
            return frozenset()
        if tree is None:
            return frozenset()
        model = ModuleModel.of(tree, self._settings, module)
        found = frozenset(told(about(model), model))
        model.release()
        return found

    def _find(self, place: Place) -> Iterator[Use]:
        texts = self.texts_around(place.path)
        if texts is None or len(place.word) < _SHORTEST:
            return
        words = {place.word, *texts.aliases(place.word)}
        paths = [path for path in texts.naming(words) if path != place.path]
        self._read_for[place.key] = len(paths)
        is_unique = place.owner is not None and texts.defined_once(place.name)
        for path in paths:
            model = self._model(path, frozenset(words), texts)
            if model is None or model.roles.is_conftest or model.roles.is_migration:
                continue
            by_name = is_unique and _is_known_in(path, place, model, texts)
            for call, scope in model.names.calls:
                if last_word(call.func) in words and (
                    _runs(call, scope, model, place)
                    or (by_name and _resembles(call, scope, model, place))
                ):
                    yield Use(model, call, scope.function)
            for info, role, node in model.roles.registered:
                if _is_at(info, place):
                    yield Use(model, node, role=role)

    def texts_around(self, path: str) -> Texts | None:
        """The files of the project that a file belongs to; None where that is not known."""
        root = self._project.root_of(os.path.dirname(path))
        if root is None:
            return None
        if root not in self._texts:
            self._texts[root] = Texts(root)
        return self._texts[root]

    def _model(self, path: str, words: frozenset[str], texts: Texts) -> ModuleModel | None:
        key = (path, words)
        if key not in self._models:
            self._models[key] = self._read(path, words, texts)
        return self._models[key]

    def _read(self, path: str, words: frozenset[str], texts: Texts) -> ModuleModel | None:
        try:
            source = Source.read_code(texts.data(path), path)
        except UnreadableSource:
            return None
        tree = parse_about(source, set(words))
        if tree is None:
            return None
        tree.seeds = frozenset()
        module = LazyModule(source, self._project, self._project.taught)
        return ModuleModel.of(tree, self._settings, module)


def _runs(call: cst.Call, scope: Scope, model: ModuleModel, place: Place) -> bool:
    target = model.graph.target(call, scope)
    return target is not None and _is_at(target, place)


def _is_at(info: FunctionInfo, place: Place) -> bool:
    found = Place.of(info)
    return found is not None and found.key == place.key


def _is_known_in(path: str, place: Place, model: ModuleModel, texts: Texts) -> bool:
    """Whether a file names the class of a method, or imports its module."""
    if place.owner is not None and texts.says(path, place.owner):
        return True
    project = model.lookup.project
    for dotted_path in model.names.imports:
        found = project.resolve(dotted_path, path) if project is not None else None
        if found is not None and found[0].path == place.path:
            return True
    return False


def _resembles(call: cst.Call, scope: Scope, model: ModuleModel, place: Place) -> bool:
    """Whether a method's only bearer is called on something that bears the name of its class."""
    func = call.func
    if not isinstance(func, cst.Attribute) or place.owner is None or place.name == "__init__":
        return False
    word = (last_word(func.value) or "").replace("_", "").lower()
    owner = place.owner.replace("_", "").lower()
    if len(word) < _SHORTEST or not (word.endswith(owner) or owner.endswith(word)):
        return False
    if model.lookup.expression(func, scope) is not UNKNOWN:
        return False
    # What a method of a base class returns is an object of the class that inherits it.
    receiver = model.lookup.expression(func.value, scope)
    return receiver is UNKNOWN or isinstance(receiver, Instance)
