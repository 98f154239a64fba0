"""What a driver needs to know of the client it works for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from skaha_client import Client


class Reach(Protocol):
    """Where calls go and how many at a time."""

    @property
    def concurrency(self) -> int:
        """How many calls are in flight at most."""
        ...

    @property
    def api(self) -> Client:
        """The generated client that sends them."""
        ...
