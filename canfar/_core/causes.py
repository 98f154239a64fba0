"""Why a session failed: from what its record, its events and its log say, and nothing else.

Skaha gives no exit code (protocol notes 2.7 and 2.8, facts of Skaha 1.4). What it has is
Kubernetes' events of the session's pod, for an hour, and the time at which the session would have
been ended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from attrs import frozen

from canfar._core.filters import status_word
from canfar.models.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from canfar.models.session import SessionRecord

__all__ = ["cause_of"]

EXIT_CODE: Final = re.compile(
    r"\bexit(?:ed with)?[ _]?(?:code|status)?[:= ]+(\d{1,3})\b", re.IGNORECASE
)
COLUMNS: Final = re.compile(r"\s{3,}")


@frozen
class Event:
    """One line of the events.

    Attributes:
        reason: Kubernetes' word for what happened.
        message: What it says about it.
    """

    reason: str
    message: str


@frozen
class Rule:
    """What an event has to look like, and what it is then the reason of.

    Attributes:
        cause: One of the words for causes.
        text: The same as a sentence.
        reason: What its reason must match.
        message: What its message must match.
        beginning: Whether it explains nothing once the container has been started.
    """

    cause: str
    text: str
    reason: re.Pattern[str]
    message: re.Pattern[str] = re.compile("")
    beginning: bool = False


def _words(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


# Reasons and messages are those of Kubernetes' kubelet, scheduler and job controller.
RULES: Final = (
    Rule("out of memory", "it needed more memory than it had", _words("^(OOMKill|SystemOOM)")),
    Rule("out of memory", "it needed more memory than it had", _words(""), _words("OOMKilled")),
    Rule("deadline", "it had run for as long as it may", _words("^DeadlineExceeded$")),
    Rule("evicted", "the platform took its place away", _words("^(Evict|Preempt|NodeShutdown)")),
    Rule(
        "image pull",
        "its image could not be had",
        _words(""),
        _words("ErrImage|ImagePullBackOff|InvalidImageName|failed to pull image|pulling image"),
        beginning=True,
    ),
    Rule(
        "not scheduled",
        "the platform found no place for it",
        _words("^(FailedScheduling|FailedCreate|ExceededQuota)"),
        beginning=True,
    ),
    Rule(
        "could not start",
        "its container could not be started",
        _words("^(Failed|FailedMount|FailedCreatePodSandBox|FailedPostStartHook)$"),
        beginning=True,
    ),
)


def cause_of(
    record: SessionRecord, *, events: str, log_tail: str, ended: datetime | None = None
) -> Failure | None:
    """Return why a session failed, None if it did not.

    Args:
        record: The session.
        events: Its events, as the server gives them.
        log_tail: The end of its log.
        ended: When it ended, if that is known to the minute.

    Returns:
        The reason, as far as there are facts.
    """
    if status_word(record.status) not in {"failed", "error"}:
        return None
    found = list(_events(events))
    started = any(event.reason == "Started" for event in found)
    for rule in RULES:
        # What was said last is nearest to the end.
        for event in reversed(found):
            fits = rule.reason.search(event.reason) and rule.message.search(event.message)
            if fits and not (started and rule.beginning) and not _is_progress(event):
                return Failure(cause=rule.cause, text=rule.text, evidence=event.message)
    for event in reversed(found):
        match = EXIT_CODE.search(event.message)
        if match is not None and int(match[1]):
            text = f"its program ended with exit code {int(match[1])}"
            return Failure(
                cause="exit code", text=text, exit_code=int(match[1]), evidence=event.message
            )
    expiry = record.expiry_time
    if ended is not None and expiry is not None and ended >= expiry:
        text = f"it had run for as long as it may, until {expiry:%Y-%m-%d %H:%M:%S}"
        return Failure(cause="deadline", text=text)
    return _unexplained(log_tail, started=started)


def _unexplained(log_tail: str, *, started: bool) -> Failure:
    lines = [line.strip() for line in log_tail.split("\n") if line.strip()]
    if lines:
        text = "the platform gives no reason; the last line of its log"
    elif started:
        text = "the platform gives no reason, and its log is empty"
    else:
        text = "the platform gives no reason, its log is empty, and its events tell of no start"
    return Failure(cause="unknown", text=text, evidence=lines[-1] if lines else "")


def _is_progress(event: Event) -> bool:
    return event.reason in {"Pulling", "Pulled", "Scheduled", "Created", "Started", "Killing"}


def _events(table: str) -> Iterable[Event]:
    """Give the lines of a kubectl table: columns stand three or more spaces apart."""
    for line in table.split("\n"):
        cells = COLUMNS.split(line.strip())
        if len(cells) >= 3 and cells[0] != "TYPE":  # noqa: PLR2004 - type, reason, message
            yield Event(cells[1], cells[2])
