"""Hands out the calls of a batch to the workers that send them."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from canfar._core.steps import Batch, Call


class Feed:
    """Gives each call to one worker, until stopped, or until a reply shows the rest to be hopeless.

    Args:
        batch: The calls.
    """

    def __init__(self, batch: Batch[Any]) -> None:
        self._batch = batch
        self._calls = enumerate(batch.calls)
        self._stopped = False
        self._lock = Lock()

    def __iter__(self) -> Iterator[tuple[int, Call[Any]]]:
        return self

    def __next__(self) -> tuple[int, Call[Any]]:
        with self._lock:
            if self._stopped or self._batch.hopeless:
                raise StopIteration
            return next(self._calls)

    def stop(self) -> None:
        """Hand out nothing more."""
        self._stopped = True
