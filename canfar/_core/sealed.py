"""A mapping that shows its names and keeps its values to itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, cast

T = TypeVar("T")


class Sealed(dict[str, str]):
    """Environment variables, whose values may be secrets and whose names never are.

    Debuggers, logs and tracebacks with local variables show its repr.

    Example:
        >>> Sealed(TOKEN="hush")
        Sealed(TOKEN)
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"Sealed({', '.join(self)})"

    __str__ = __repr__


def sealed(env: T) -> T:
    """Return the same environment as one that keeps its values to itself.

    What is no mapping is returned as it is, for the checks that follow to name it.
    """
    if isinstance(env, Mapping):
        return cast("T", Sealed(cast("Mapping[str, str]", env)))
    return env
