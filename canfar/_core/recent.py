"""What a client saw of its sessions a moment ago, so that it need not ask again at once."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

from attrs import field, frozen, mutable

from canfar.models.session import SessionRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from canfar._core.steps import Clock

FRESH: Final = 10.0
"""Seconds for which a list is as good as one that a long bulk call reads at its beginning."""


@frozen
class Snapshot:
    """The sessions there were at some time.

    Attributes:
        at: The clock's time at which the list was there.
        records: The sessions by id.
    """

    at: float
    records: Mapping[str, SessionRecord]


@mutable(eq=False)
class Recent:
    """The last whole list, kept up with what this client itself starts and ends since.

    Attributes:
        clock: The clock.
    """

    clock: Clock
    _last: Snapshot | None = None
    _lock: Lock = field(factory=Lock)

    def listed(self, records: Iterable[SessionRecord]) -> None:
        """Note a whole list."""
        snapshot = Snapshot(self.clock(), {record.id: record for record in records})
        with self._lock:
            self._last = snapshot

    def started(self, ids: Iterable[str]) -> None:
        """Note sessions that this client started."""
        self._change({each: SessionRecord(id=each) for each in ids}, ())

    def ended(self, ids: Iterable[str]) -> None:
        """Note sessions that this client ended."""
        self._change({}, set(ids))

    def snapshot(self) -> Snapshot | None:
        """Return the last list if it is fresh enough to rely on."""
        with self._lock:
            last = self._last
        return last if last is not None and self.clock() - last.at <= FRESH else None

    def _change(self, more: Mapping[str, SessionRecord], less: Iterable[str]) -> None:
        with self._lock:
            if self._last is None:
                return
            kept = {k: v for k, v in self._last.records.items() if k not in less}
            self._last = Snapshot(self._last.at, {**more, **kept})
