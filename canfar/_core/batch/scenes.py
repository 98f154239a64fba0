"""A batch as what pictures are drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar.models.status import status_word
from canfar.pictures.board import Snapshot
from canfar.pictures.timeline import Bar, timeline

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from canfar._core.batch.roster import Roster
    from canfar.models.batch import Replica

__all__ = ["picture", "snapshot"]


def picture(roster: Roster) -> str:
    """Return a batch on a time axis, as SVG."""
    now = roster.looked or roster.now
    bars = [bar for number in roster.numbers for bar in _bars(roster, number)]
    return timeline(bars, count=roster.count, title=roster.name, now=now.timestamp())


def snapshot(roster: Roster) -> Snapshot:
    """Return how far a batch is."""
    replicas = [roster.replica(number) for number in roster.numbers]
    running = [
        (each.number, each.ran_for)
        for each in replicas
        if status_word(each.state) == "running" and each.ran_for is not None
    ]
    finished = not any(roster.is_open(each) for each in roster.ids)
    return Snapshot(
        name=roster.name,
        counts=roster.status,
        elapsed=_elapsed(roster, finished=finished),
        slowest=sorted(running, key=lambda each: -each[1])[:5],
        failures=_failures(replicas),
        finished=finished,
    )


def _bars(roster: Roster, number: int) -> Iterable[Bar]:
    for each in roster.attempts.get(number, []):
        record = roster.records.get(each)
        state = "Pending" if record is None else record.status
        waits = record is None or status_word(state) == "pending"
        ending = roster.endings.get(each)
        yield Bar(
            number=number,
            state=state,
            submitted=_seconds(roster.submitted.get(each)),
            started=None if record is None or waits else _seconds(record.start_time),
            ended=_seconds(roster.ended.get(each)),
            over=not roster.is_open(each),
            reason=str(ending.failure) if ending else "",
        )


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _elapsed(roster: Roster, *, finished: bool) -> float | None:
    if not roster.submitted:
        return None
    end = max(roster.ended.values(), default=None) if finished else roster.now
    return None if end is None else (end - min(roster.submitted.values())).total_seconds()


def _failures(replicas: Iterable[Replica]) -> list[tuple[str, list[int]]]:
    found: dict[str, list[int]] = {}
    for each in replicas:
        if each.failure is not None:
            found.setdefault(str(each.failure), []).append(each.number)
    return sorted(found.items(), key=lambda item: -len(item[1]))
