"""How a run ended, and the error that says so when it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from canfar._core.batch.harvest import kept_file
from canfar.errors import RunFailed
from canfar.models.batch import RunResult

if TYPE_CHECKING:
    from pathlib import Path

    from canfar._core.batch.roster import Roster
    from canfar.models.batch import Replica

__all__ = ["result_of", "run_failed"]

SHOWN: Final = 3
"""Replicas of which the message shows the log: those after them mostly failed the same way."""


def result_of(roster: Roster, folder: Path) -> RunResult:
    """Return how a run ended whose logs are in the folder."""
    replicas = [roster.replica(number) for number in roster.numbers]
    logs: dict[int, str] = {}
    for replica in replicas:
        record = roster.records.get(replica.id or "")
        path = None if record is None else kept_file(folder, record.name, record.id, "log")
        if path is not None and path.exists():
            logs[replica.number] = path.read_text("utf-8", "replace")
    return RunResult(name=roster.name, status=roster.status, replicas=replicas, logs=logs)


def run_failed(result: RunResult) -> RunFailed:
    """Return the error for a run of which something failed."""
    failed = result.failed
    count = f"{len(failed)} of {len(result.replicas)} replicas"
    parts = [f"{count if len(result.replicas) > 1 else result.name} failed"]
    parts += [_in_full(each) for each in failed[:SHOWN]]
    parts += [_heading(each) for each in failed[SHOWN:]]
    error = RunFailed("\n".join(parts))
    error.results = result
    return error


def _heading(replica: Replica) -> str:
    where = "" if replica.id is None else f" ({replica.id})"
    return f"replica {replica.number}{where}: {replica.failure}"


def _in_full(replica: Replica) -> str:
    parts = [_heading(replica)]
    for title, text in (("end of its log", replica.log_tail), ("events", replica.events)):
        if text.strip():
            parts += [f"  {title}:", *(f"    {line}" for line in text.rstrip().split("\n"))]
    return "\n".join(parts)
