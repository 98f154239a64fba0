"""Keep what sessions leave behind as they end: logs, events, and why they failed."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from skaha_client.api.sessions import get_session

from canfar._core.away import PATIENCE, is_away
from canfar._core.batch.roster import Ending
from canfar._core.causes import cause_of
from canfar._core.info import request
from canfar._core.steps import Call, Plan, Reply, send
from canfar._core.tail import Tail, last_lines
from canfar.errors import NotFound
from canfar.models.session import GONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from canfar._core.batch.roster import Roster
    from canfar._core.steps import Clock
    from canfar.errors import CanfarError

__all__ = ["Harvest", "kept_file"]

logger: Final = logging.getLogger("canfar")

UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]")
VIEWS: Final = {"logs": "log", "events": "events"}


def kept_file(folder: Path, name: str, session_id: str, ending: str) -> Path:
    """Return where the log ("log") or the events ("events") of a session are kept."""
    return folder / f"{UNSAFE.sub('-', name)}-{session_id}.{ending}"


class Harvest:
    """What is still to be brought in of sessions that have ended.

    Args:
        roster: Where it is noted why sessions failed.
        folder: Where logs and events go, or None to keep only the end of what failed.
        clock: The clock.

    Attributes:
        left: The sessions of which something is still to be brought in.
        lost: Why it was given up, by session.
    """

    def __init__(self, roster: Roster, folder: Path | None, clock: Clock) -> None:
        self.left: list[str] = []
        self.lost: dict[str, CanfarError] = {}
        self._roster = roster
        self._folder = folder
        self._clock = clock
        self._since: dict[str, float] = {}
        self._tails: dict[str, Tail] = {}
        self._events: dict[str, str] = {}

    def add(self, ids: Iterable[str]) -> None:
        """Note that these sessions have ended."""
        for each in ids:
            unexplained = self._roster.has_failed(each) and each not in self._roster.endings
            gone = self._roster.records[each].status == GONE
            if not gone and (self._folder is not None or unexplained):
                self.left.append(each)

    def bring_in(self) -> Plan[None]:
        """Plan to ask for what is left; what the server cannot give now stays left."""
        if not self.left:
            return
        outcomes = yield from send([call for each in self.left for call in self._calls(each)])
        # Events go before logs do, and a session without any has none to keep.
        failures = {
            str(outcome.about): outcome.error
            for outcome in outcomes
            if outcome.error is not None and not isinstance(outcome.error, NotFound)
        }
        done = [each for each in self.left if each not in failures]
        yield from self._doubt_empty_logs(done)
        for each in done:
            self._explain(each)
        self.left = [each for each, error in failures.items() if self._may_try_again(each, error)]

    def _calls(self, session_id: str) -> Iterable[Call[Any]]:
        if self._folder is not None:
            for view, ending in VIEWS.items():
                place = self._place(session_id, ending)
                # What is there was kept whole, by whoever kept it.
                if not _holds_something(place):
                    yield _call(session_id, view, into=place)
        else:
            tail = self._tails[session_id] = Tail()
            yield _call(session_id, "logs", into=tail)
            yield _call(session_id, "events", note=self._events)

    def _place(self, session_id: str, ending: str) -> Path:
        folder = self._folder or Path()
        return kept_file(folder, self._roster.records[session_id].name, session_id, ending)

    def _doubt_empty_logs(self, ids: Iterable[str]) -> Plan[None]:
        """Plan to take away empty logs of sessions that the server knows no longer.

        It says that a log is empty when there is none (protocol notes 2.8, a fact of Skaha 1.4).
        """
        if self._folder is None:
            return
        empty = [each for each in ids if not _holds_something(self._place(each, "log"))]
        outcomes = yield from send([request(each) for each in empty])
        for outcome in outcomes:
            if isinstance(outcome.error, NotFound):
                self._place(str(outcome.about), "log").unlink(missing_ok=True)
                logger.warning("the log of %s is gone: it was removed too early", outcome.about)

    def _explain(self, session_id: str) -> None:
        if not self._roster.has_failed(session_id):
            return
        if self._folder is None:
            log_tail, events = self._tails[session_id].text, self._events.get(session_id, "")
        else:
            log, told = (self._place(session_id, ending) for ending in VIEWS.values())
            log_tail = last_lines(log) if log.exists() else ""
            events = told.read_text("utf-8", "replace") if told.exists() else ""
        failure = cause_of(
            self._roster.records[session_id],
            events=events,
            log_tail=log_tail,
            ended=self._roster.ended.get(session_id),
        )
        if failure is not None:
            ending = Ending(failure=failure, log_tail=log_tail, events=events)
            self._roster.endings[session_id] = ending

    def _may_try_again(self, session_id: str, error: CanfarError) -> bool:
        now = self._clock()
        if is_away(error) and now - self._since.setdefault(session_id, now) < PATIENCE:
            return True
        logger.warning("what %s wrote could not be kept: %s", session_id, error.message)
        self.lost[session_id] = error
        return False


def _call(
    session_id: str,
    view: str,
    *,
    into: Path | Tail | None = None,
    note: dict[str, str] | None = None,
) -> Call[Any]:
    def settle(reply: Reply) -> None:
        if note is not None:
            note[session_id] = str(reply.parsed or "")

    return Call(
        session_id, get_session, {"session_id": session_id, "view": view}, settle, into=into
    )


def _holds_something(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0
