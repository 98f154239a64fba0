"""Hands out calls to the workers that send them, and takes back their outcomes."""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from canfar._core.circumstances import Campaign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from canfar._core.steps import Call, Requests
    from canfar.models.outcome import Outcome


class Feed:
    """Gives each call to one worker, until stopped, or until a reply shows the rest to be hopeless.

    Args:
        requests: The calls.
    """

    def __init__(self, requests: Requests[Any]) -> None:
        self.campaign = Campaign(monotonic)
        self._requests = requests
        self._calls = enumerate(requests.calls)
        self._lock = Lock()

    def __iter__(self) -> Iterator[tuple[int, Call[Any]]]:
        return self

    def __next__(self) -> tuple[int, Call[Any]]:
        with self._lock:
            if self.campaign.stopping.is_set() or self._requests.hopeless:
                raise StopIteration
            index, call = next(self._calls)
            self._requests.began[index] = monotonic()
            return index, call

    def settle(self, index: int, outcome: Outcome[Any]) -> None:
        """Keep an outcome and report it; a report that fails ends the call."""
        with self._lock:
            self._requests.settle(index, outcome)
            try:
                if self._requests.on_outcome is not None:
                    self._requests.on_outcome(outcome)
            except BaseException:
                self.campaign.stopping.set()
                raise

    def stop(self) -> None:
        """Hand out nothing more and let nobody wait to try again."""
        self.campaign.stopping.set()
