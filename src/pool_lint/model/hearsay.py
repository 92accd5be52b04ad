"""What the text of a function tells of it and of the functions that it calls, before parsing any.

Most functions that a session is given to neither give its connection back nor wait for anything
else.  Where their text and that of their callees shows it, none of them has to be parsed.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from pool_lint.knowledge.words import RELEASE_WORDS
from pool_lint.syntax.checking_out import opens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pool_lint.model.lazy_module import LazyModule
    from pool_lint.syntax.outline import Part

# How far calls are followed by their text alone; farther away lies most of a project.
_DEPTH = 2
_BUILTINS = frozenset(dir(builtins))


class Hearsay:
    """Answers about the functions of one module, each computed once.

    Args:
        module: the module.
    """

    def __init__(self, module: LazyModule) -> None:
        self._module = module
        self._keeps: dict[int, bool] = {}
        self._waits: dict[tuple[int, int], bool] = {}
        self._opens: dict[tuple[int, int], bool] = {}
        self._called: dict[int, list[tuple[LazyModule, Part]]] = {}

    def keeps_session(self, part: Part) -> bool:
        """Whether a function certainly does not end the transaction of a session it is given."""
        known = self._keeps.get(id(part))
        if known is None:
            self._keeps[id(part)] = True
            known = self._keeps[id(part)] = not part.says(RELEASE_WORDS) and all(
                found is not None and found[0].hearsay.keeps_session(found[1])
                for found in self._callees(part, self._module.bearing.hands_session_to)
            )
            known = self._keeps[id(part)] = known and all(
                self.keeps_session(other) for other in self._module.siblings_called(part)
            )
        return known

    def may_wait(self, part: Part, depth: int = _DEPTH) -> bool:
        """Whether a function, or one that it calls, may wait for something known to be slow."""
        known = self._waits.get((id(part), depth))
        if known is None:
            self._waits[id(part), depth] = False
            known = self._module.bearing.is_slow(part)
            if not known and depth and "await " in part.text:
                known = any(
                    module.hearsay.may_wait(called, depth - 1)
                    for module, called in self._called_by(part)
                )
            self._waits[id(part), depth] = known
        return known

    def may_open(self, part: Part, depth: int = _DEPTH) -> bool:
        """Whether a function, or one that it calls, may take a connection for itself."""
        known = self._opens.get((id(part), depth))
        if known is None:
            self._opens[id(part), depth] = False
            known = opens(part.body) or (
                depth > 0
                and any(
                    module.hearsay.may_open(called, depth - 1)
                    for module, called in self._called_by(part)
                )
            )
            self._opens[id(part), depth] = known
        return known

    def _called_by(self, part: Part) -> list[tuple[LazyModule, Part]]:
        if id(part) not in self._called:
            callees = self._callees(part, self._module.calls_of)
            known = [found for found in callees if found is not None]
            siblings = self._module.siblings_called(part)
            self._called[id(part)] = known + [(self._module, other) for other in siblings]
        return self._called[id(part)]

    def _callees(
        self, part: Part, names_of: Callable[[str], Iterator[str]]
    ) -> Iterator[tuple[LazyModule, Part] | None]:
        """The functions behind the names that are called; None for one that is not found."""
        for name in set(names_of(part.body)):
            if name.partition(".")[0] in _BUILTINS:
                continue
            found = self._module.find_function(name)
            if found is not False:
                yield found
