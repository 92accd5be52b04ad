"""What the rest of a project tells the screen about the names of one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pool_lint.model.foreign import is_foreign
from pool_lint.model.providers import hands_out_in_block, is_no_dependency
from pool_lint.syntax.looping import runs_coroutines
from pool_lint.syntax.vocabulary import NOTHING_ADDED

if TYPE_CHECKING:
    from pool_lint.model.lazy_module import LazyModule
    from pool_lint.settings import Settings


class Neighbours:
    """Answers by the text of other functions, before anything is parsed.

    Args:
        module: the file that the names stand in.
        settings: what the user taught us.
    """

    def __init__(self, module: LazyModule, settings: Settings) -> None:
        self._module = module
        self._taught = bool(settings.external_calls)
        taught = module.taught
        self.vocabulary = taught.vocabulary if taught is not None else NOTHING_ADDED

    def makes_engine(self, path: str) -> bool:
        """Whether what an import names may make an engine or a pool."""
        project = self._module.project
        return project is not None and project.leads(path, self._module.path)

    def may_wait(self, name: str) -> bool:
        """Whether the function of that dotted name may wait for something slow.

        A function that is not the project's, or not found, may.
        """
        found = self._module.find_function(name)
        return self._taught or not found or found[0].hearsay.may_wait(found[1])

    def waits(self, name: str) -> bool:
        """Whether the function of that dotted name is found, and may wait for something slow.

        Anything may that is called, where the user has named calls that nobody can see into.
        """
        if self._taught:
            return True
        if not self._module.may_lead_to_slow(name):
            return False
        found = self._module.find_function(name)
        return found is not None and found is not False and found[0].hearsay.may_wait(found[1])

    def is_slow(self, path: str) -> bool:
        """Whether the module of that dotted path names a library that leaves the process."""
        module = self._module
        found = module.project.resolve(path, module.path) if module.project is not None else None
        return found is not None and found[0].bearing.names_slow

    def is_client(self, path: str) -> bool:
        """Whether what an import names may be a class, or an object, that calls something slow."""
        project = self._module.project
        return project is not None and project.leads_to_client(path, self._module.path)

    def hands_down(self, name: str) -> bool:
        """Whether what a name imports is a class of the project that uses sessions of its own."""
        return self._module.bearing.hands_down(name)

    def is_no_dependency(self, name: str) -> bool:
        """Whether what a name imports may be a context manager or a session factory."""
        return is_no_dependency(self._module, name)

    def hands_out_in_block(self, name: str) -> bool:
        """Whether what a name imports may be a dependency that yields in a ``begin()`` block."""
        return hands_out_in_block(self._module, name)

    def may_open(self, name: str) -> bool:
        """Whether a function of that dotted name is found that may take a connection for itself."""
        found = self._module.find_function(name)
        return found is not None and found is not False and found[0].hearsay.may_open(found[1])

    def may_give(self, name: str) -> bool:
        """Whether the function of that dotted name may return something slow.

        A function that is not the project's, or not found, may.
        """
        found = self._module.find_function(name)
        return self._taught or not found or found[0].bearing.may_matter(found[1])

    def runs_coroutines(self, name: str, path: str) -> bool:
        """Whether what a name imports is a function that may run what it is given in a loop."""
        module = self._module
        if module.project is None or is_foreign(path):
            return False
        # What the text of a whole module tells spares taking most of them apart.
        found = module.project.resolve(path, module.path)
        if found is None or not found[1] or not found[0].bearing.runs_coroutines:
            return False
        function = module.find_function(name)
        return function is not None and function is not False and runs_coroutines(function[1].text)
