"""Start a batch, look at it, wait for it, start again what failed, and destroy it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Protocol

from canfar._core.away import Absence
from canfar._core.batch.harvest import Harvest
from canfar._core.bulk import policy
from canfar._core.create import create
from canfar._core.destroy import destroy
from canfar._core.fetch import fetch
from canfar._core.info import request
from canfar._core.steps import Clock, Pause, Plan, send
from canfar._core.wait import Watch, deadline, poll, timed_out
from canfar.errors import CanfarError, InvalidInput, NotFound
from canfar.models.session import GONE, SessionRecord

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from canfar._core.batch.roster import Roster
    from canfar._core.recent import Recent
    from canfar.models.registry import ContainerRegistry
    from canfar.models.results import Destroyed
    from canfar.retry import RetryPolicy

__all__ = ["launch", "refresh", "remove", "wait"]

logger: Final = logging.getLogger("canfar")


class OnLook(Protocol):
    """Told after each look at the replicas."""

    def __call__(self, *, changed: bool) -> object:
        """Take note; ``changed`` says whether any was in another state than before."""
        ...


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
    if not numbers:
        return
    asked = roster.request
    if asked is None:
        raise InvalidInput(
            f"how the batch {roster.name} was started is not known, only its sessions",
            advice="Give session.batch() all that submit() was given, or keep batch.to_json().",
        )
    if asked.env and any(value is None for value in asked.env.values()):
        raise InvalidInput(
            "the values of its environment were not kept",
            advice="Pass env= to from_json(), or keep them with to_json(secrets=True).",
        )
    roster.asking_for(numbers)
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
    roster.clock_said(listed.at)
    roster.settle_doubts(listed)
    roster.see(listed)
    there = {record.id for record in listed}
    lost = [each for each in roster.ids if each not in there and roster.is_open(each)]
    outcomes = yield from send([request(each) for each in lost])
    roster.see(outcome.value for outcome in outcomes if outcome.value is not None)
    gone = [str(o.about) for o in outcomes if isinstance(o.error, NotFound)]
    roster.see(SessionRecord(roster.records.get(each, {}), id=each, status=GONE) for each in gone)
    roster.has_looked()


def wait(
    roster: Roster,
    *,
    timeout: float | None,
    folder: Path | None,
    on_look: OnLook,
    clock: Clock,
) -> Plan[None]:
    """Plan to wait until every replica that was started has ended, keeping what each wrote."""
    try:
        yield from _until_all_have_ended(roster, deadline(timeout, clock), folder, on_look, clock)
    except BaseException as error:
        left = sum(map(roster.is_open, roster.ids))
        if left and not isinstance(error, Exception):
            goes = f"{left} session{' goes' if left == 1 else 's go'} on"
            error.add_note(f"{goes}: session.batch({roster.name!r}) finds the batch again.")
        raise


def _until_all_have_ended(
    roster: Roster, end: float | None, folder: Path | None, on_look: OnLook, clock: Clock
) -> Plan[None]:
    if roster.doubts:
        yield from refresh(roster)
    watch = Watch(roster.ids, "ended", clock())
    harvest = Harvest(roster, folder, clock)
    absence = Absence(clock)
    # Those that are known to have ended need no look, only that what they wrote is kept.
    over = [each for each in roster.ids if not roster.is_open(each)]
    harvest.add(over)
    watch.see([roster.records[each] for each in over])
    watch.newly_settled()
    on_look(changed=True)
    while watch.pending or harvest.left:
        try:
            if watch.pending:
                settled = yield from poll(watch, clock)
                roster.clock_said(watch.at)
                roster.see(watch.changed)
                roster.has_looked()
                harvest.add(record.id for record in settled)
            absence.over()
        except CanfarError as error:
            absence.bear(error)
            logger.info("the server is away: %s", error.message)
        yield from harvest.bring_in()
        on_look(changed=bool(watch.changed))
        if not watch.pending and not harvest.left:
            break
        pause = watch.next_pause()
        if end is not None and clock() + pause > end:
            if end <= clock():
                raise timed_out(watch)
            pause = end - clock()
        yield Pause(pause)
    for lost in harvest.lost.values():
        raise lost


def remove(roster: Roster, recent: Recent) -> Plan[Destroyed]:
    """Plan to destroy all sessions of the batch, those of earlier attempts too."""
    if roster.doubts:
        yield from refresh(roster)
    ids = [each for attempts in roster.attempts.values() for each in attempts]
    over = {each for each in ids if not roster.is_open(each)}
    return (yield from destroy(ids, policy("ignore"), recent, over=over))
