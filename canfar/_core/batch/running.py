"""Start a batch, wait for it, start again what failed, and keep what it wrote."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, Final

from skaha_client.api.sessions import get_session

from canfar._core.away import PATIENCE, is_away
from canfar._core.bulk import policy
from canfar._core.create import create
from canfar._core.destroy import destroy
from canfar._core.fetch import fetch
from canfar._core.filters import has_ended
from canfar._core.info import request
from canfar._core.steps import Call, Clock, Pause, Plan, send
from canfar._core.wait import Watch, deadline, poll, timed_out
from canfar.errors import CanfarError, InvalidInput, NotFound
from canfar.models.session import SessionRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from canfar._core.batch.roster import Roster
    from canfar._core.recent import Recent
    from canfar.models.batch import BatchStatus
    from canfar.models.registry import ContainerRegistry
    from canfar.models.results import Destroyed
    from canfar.retry import RetryPolicy

__all__ = ["harvest", "launch", "refresh", "remove", "wait"]

logger: Final = logging.getLogger("canfar")

UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]")


def launch(
    roster: Roster,
    numbers: Sequence[int],
    *,
    registry: ContainerRegistry | None,
    retry: RetryPolicy,
    recent: Recent,
    clock: Clock,
) -> Plan[None]:
    """Plan to start these replicas; those that could not be started are noted as such."""
    asked = roster.request
    if asked is None:
        raise InvalidInput(
            f"how the batch {roster.name} was started is not known, only its sessions",
            advice="batch.to_json() keeps it; Batch.from_json() knows it again.",
        )
    if asked.env and any(value is None for value in asked.env.values()):
        raise InvalidInput(
            "the values of its environment were not kept",
            advice="Pass env= to from_json(), or keep them with to_json(secrets=True).",
        )
    if not numbers:
        return
    yield from create(
        asked,
        registry=registry,
        only=numbers,
        policy=policy("ignore"),
        on_outcome=lambda outcome: roster.started([outcome]),
        retry=retry,
        recent=recent,
        clock=clock,
    )


def refresh(roster: Roster) -> Plan[None]:
    """Plan one look at all replicas."""
    listed = yield from fetch()
    roster.see(listed)
    there = {record.id for record in listed}
    lost = [each for each in roster.ids if each not in there and _is_open(roster, each)]
    outcomes = yield from send([request(each) for each in lost])
    roster.see(outcome.value for outcome in outcomes if outcome.value is not None)
    gone = [str(o.about) for o in outcomes if isinstance(o.error, NotFound)]
    roster.see(SessionRecord(roster.records.get(each, {}), id=each, status="Gone") for each in gone)


def wait(
    roster: Roster,
    *,
    timeout: float | None,
    folder: Path | None,
    progress: Callable[[BatchStatus], object] | None,
    clock: Clock,
) -> Plan[None]:
    """Plan to wait until every replica that was started has ended, keeping what each wrote."""
    end = deadline(timeout, clock)
    watch = Watch(roster.ids, "ended", clock())
    away_since: float | None = None
    answered = False
    shown: BatchStatus | None = None
    # Those that are known to have ended need no look, only that what they wrote is kept.
    kept = [each for each in roster.ids if not _is_open(roster, each)]
    yield from harvest(roster, kept, folder)
    watch.see([roster.records[each] for each in kept])
    watch.newly_settled()
    while watch.pending:
        try:
            settled = yield from poll(watch, clock)
            roster.see(record for record in watch.records if record.get("status"))
            yield from harvest(roster, [record.id for record in settled], folder)
            answered, away_since = True, None
        except CanfarError as error:
            away_since = clock() if away_since is None else away_since
            if not answered or not is_away(error) or clock() - away_since >= PATIENCE:
                raise
            logger.info("the server is away: %s", error.message)
        if progress is not None and roster.status != shown:
            shown = roster.status
            progress(shown)
        if not watch.pending:
            return
        pause = watch.next_pause()
        if end is not None and clock() + pause > end:
            if end <= clock():
                raise timed_out(watch)
            pause = end - clock()
        yield Pause(pause)


def harvest(roster: Roster, ids: Sequence[str], folder: Path | None) -> Plan[None]:
    """Plan to write the log and the events of sessions that have ended, each once and whole."""
    if folder is None or not ids:
        return
    folder.mkdir(parents=True, exist_ok=True)
    calls: list[Call[Any]] = []
    for each in ids:
        record = roster.records.get(each)
        if record is None or record.status == "Gone":
            continue
        stem = f"{UNSAFE.sub('-', record.name)}-{each}"
        for view, path in (("logs", folder / f"{stem}.log"), ("events", folder / f"{stem}.events")):
            if not path.exists():
                arguments = {"session_id": each, "view": view}
                calls.append(Call(each, get_session, arguments, lambda _: None, into=path))
    outcomes = yield from send(calls)
    # Events go before logs do, and a session without any has none to keep.
    for outcome in outcomes:
        if outcome.error is not None and not isinstance(outcome.error, NotFound):
            raise outcome.error


def remove(roster: Roster, recent: Recent) -> Plan[Destroyed]:
    """Plan to destroy all sessions of the batch, those of earlier attempts too."""
    ids = [each for attempts in roster.attempts.values() for each in attempts]
    return (yield from destroy(ids, policy("ignore"), recent))


def _is_open(roster: Roster, session_id: str) -> bool:
    record = roster.records.get(session_id)
    return record is None or not (has_ended(record.status) or record.status == "Gone")
