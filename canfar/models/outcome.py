"""What became of one item of a call that is about many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import frozen

if TYPE_CHECKING:
    from canfar.errors import CanfarError

__all__ = ["Outcome"]

T = TypeVar("T")


@frozen
class Outcome(Generic[T]):
    """What became of one item of a call.

    Attributes:
        about: The id or the replica number.
        value: What was asked for, when it worked.
        error: Why it did not, otherwise None.

    Example:
        >>> from canfar.sessions import Session
        >>> ids = Session().create("fit", "skaha/astroml", cmd="true", replicas=2)
        >>> [(outcome.about, outcome.ok) for outcome in ids.outcomes]
        [(1, True), (2, True)]
    """

    about: str | int | None
    value: T | None = None
    error: CanfarError | None = None

    @property
    def ok(self) -> bool:
        """Whether it worked."""
        return self.error is None
