"""Mappings that are copied often and differ little from each other."""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, ItemsView, Iterator

_Key = TypeVar("_Key")
_Item = TypeVar("_Item")

# The lower layer of what has none yet: whoever shares it can be compared by what is on top.
_EMPTY: dict[Any, Any] = {}
# What stands where there is nothing: not yet, or no longer.
GONE: Any = type("Gone", (), {"__repr__": lambda self: "GONE"})()
_LEAST = 32


class Layers(Generic[_Key, _Item]):
    """A mapping of two layers: one that its copies share, and on top what has changed since.

    A copy costs no more than the upper layer, and so does a comparison with what shares the lower
    one.  What has grown beyond the root of the whole sinks into a new lower layer, so that a
    function with ten thousand names costs a hundred times one with one hundred, and not ten
    thousand times.  The upper layer is shared as well until one of both is changed.
    """

    __slots__ = ("_base", "_is_shared", "_limit", "_top")

    def __init__(self) -> None:
        self._base: dict[_Key, _Item] = _EMPTY
        self._top: dict[_Key, _Item] = {}
        self._limit = _LEAST
        self._is_shared = False

    def copy(self) -> Layers[_Key, _Item]:
        """The same entries, which can go their own way."""
        twin: Layers[_Key, _Item] = Layers.__new__(Layers)
        twin._base = self._base
        twin._top = self._top
        twin._limit = self._limit
        twin._is_shared = self._is_shared = True
        return twin

    def get(self, key: _Key, default: Any = None) -> Any:
        """What ``key`` stands for."""
        found = self._top.get(key)
        if found is None:
            found = self._base.get(key)
        return default if found is None or found is GONE else found

    def __contains__(self, key: _Key) -> bool:
        return self.get(key) is not None

    def __getitem__(self, key: _Key) -> _Item:
        found: _Item | None = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __setitem__(self, key: _Key, value: _Item) -> None:
        if self._is_shared:
            self._top = self._top.copy()
            self._is_shared = False
        self._top[key] = value
        if len(self._top) > self._limit:
            self._sink()

    def drop(self, key: _Key) -> None:
        """There is nothing under ``key`` any more, if there ever was."""
        if key in self._base:
            self[key] = GONE
        elif key in self._top:
            if self._is_shared:
                self._top = self._top.copy()
                self._is_shared = False
            del self._top[key]

    def _sink(self) -> None:
        base = {**self._base, **self._top}
        if GONE in self._top.values():
            base = {key: value for key, value in base.items() if value is not GONE}
        self._base = base
        self._top = {}
        self._is_shared = False
        self._limit = max(_LEAST, 2 * isqrt(len(base)))

    def _all(self) -> dict[_Key, _Item]:
        whole = {**self._base, **self._top} if self._base else self._top
        return {key: value for key, value in whole.items() if value is not GONE}

    def items(self) -> ItemsView[_Key, _Item]:
        """All entries, as they are now."""
        return self._all().items()

    def values(self) -> list[_Item]:
        """All values, as they are now."""
        return list(self._all().values())

    def __iter__(self) -> Iterator[_Key]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def differences(self, other: Layers[_Key, _Item]) -> list[tuple[_Key, Any, Any]]:
        """The keys under which two mappings have not the very same: key, own and other value.

        What one of them does not have is GONE.
        """
        if self._base is other._base:
            top, its_top = self._top, other._top
            if top is its_top or not (top or its_top):
                return []
            # Most are the same, and found out without asking both layers.
            keys = [key for key in {**top, **its_top} if top.get(key) is not its_top.get(key)]
        else:
            keys = list({**self._base, **self._top, **other._base, **other._top})
        return [
            (key, own, its)
            for key in keys
            if (own := self.get(key, GONE)) is not (its := other.get(key, GONE))
        ]

    def met(
        self,
        other: Layers[_Key, _Item],
        both: Callable[[_Item, _Item], _Item],
        alone: Callable[[_Key, _Item], _Item],
    ) -> Layers[_Key, _Item]:
        """What two mappings are together.

        Args:
            other: the second.
            both: what two values under one key are together.
            alone: what a value is that only one of them has.
        """
        result = (self if len(self._base) >= len(other._base) else other).copy()
        for key, own, its in self.differences(other):
            if own is GONE:
                result[key] = alone(key, its)
            elif its is GONE:
                result[key] = alone(key, own)
            else:
                result[key] = both(own, its)
        return result

    def take_in(
        self,
        other: Layers[_Key, _Item],
        last: Layers[_Key, _Item],
        both: Callable[[_Item, _Item], _Item],
        alone: Callable[[_Key, _Item], _Item],
    ) -> None:
        """:meth:`met` in place, where ``last`` has been taken in and ``other`` is much like it."""
        for key, _, its in last.differences(other):
            own = self.get(key, GONE)
            if its is GONE:
                if own is not GONE:
                    self[key] = alone(key, own)
            elif own is GONE:
                self[key] = alone(key, its)
            elif (met := both(own, its)) is not own:
                self[key] = met
