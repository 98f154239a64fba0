"""Open sessions in a browser as soon as they run."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from canfar._core.bulk import finish, nothing_worked
from canfar._core.ids import Ids, session_ids
from canfar._core.steps import Clock, OpenTab, Pause, Plan
from canfar._core.wait import OnChange, Watch, deadline, poll
from canfar.errors import CanfarError, NotFound, SessionFailed
from canfar.models.outcome import Outcome
from canfar.models.results import Opened
from canfar.models.session import GONE
from canfar.models.status import status_word

if TYPE_CHECKING:
    from canfar.models.session import SessionRecord

logger: Final = logging.getLogger("canfar.sessions")


def connect(
    ids: Ids,
    timeout: float,
    clock: Clock,
    *,
    browser: bool = True,
    on_change: OnChange = None,
) -> Plan[Opened]:
    """Plan to open a tab for each session, each as soon as it runs."""
    wanted = session_ids(ids)
    end = deadline(timeout, clock)
    watch = Watch(wanted, "running", clock())
    outcomes: dict[str, Outcome[str]] = {}
    while watch.pending:
        settled = yield from poll(watch, clock)
        if on_change is not None:
            for record in watch.changed:
                on_change(record)
        for record in settled:
            outcomes[record.id] = yield from _open(record, browser=browser)
        pause = watch.next_pause()
        if not watch.pending or (end is not None and clock() >= end):
            break
        yield Pause(pause if end is None else min(pause, max(0.0, end - clock())))
    for each in watch.pending:
        outcomes[each] = Outcome(each, error=_still(each, watch.last_status(each), timeout))
    in_order = [outcomes[each] for each in wanted]
    addresses = {str(o.about): o.value for o in in_order if o.value is not None}
    result = Opened(addresses, operation="connect", outcomes=in_order)
    if wanted and not addresses:
        raise nothing_worked(result)
    return finish(result, "ignore")


def _open(record: SessionRecord, *, browser: bool) -> Plan[Outcome[str]]:
    url = record.connect_url
    if status_word(record.status) != "running":
        return Outcome(record.id, error=_never(record))
    if url is None:
        return Outcome(
            record.id,
            error=SessionFailed(
                f"a {record.kind} session has no page to open",
                about=record.id,
                advice="logs() shows what it wrote.",
            ),
        )
    if browser and not (yield OpenTab(url)):
        logger.warning("no browser could be started; open %s yourself", url)
    return Outcome(record.id, url)


def _never(record: SessionRecord) -> CanfarError:
    if record.status == GONE:
        return NotFound(
            f"there is no session {record.id} of yours",
            about=record.id,
            advice="fetch() lists those there are.",
        )
    return SessionFailed(
        f"{record.name or record.id} is {record.status} and will not run",
        about=record.id,
        advice="events() and logs() say what happened.",
    )


def _still(session_id: str, status: str, timeout: float) -> CanfarError:
    return SessionFailed(
        f"still {status} after {timeout:g} s",
        about=session_id,
        advice="events() says what it waits for; connect again later, or with a longer timeout.",
    )
