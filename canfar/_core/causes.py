"""Why a session failed: from what its record, its events and its log say, and nothing else.

Skaha gives no exit code (protocol notes 2.7 and 2.8, facts of Skaha 1.4). What it has is
Kubernetes' events of the session's pod, for an hour, and the time at which the session would have
been ended. What a log says of exit codes or of being killed may be about another program that the
session ran, so the last line of a log is shown but proves nothing.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Final

from attrs import frozen

from canfar.models.event import cells_of
from canfar.models.failure import Failure
from canfar.models.session import GONE
from canfar.models.status import has_failed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canfar.models.session import SessionRecord

__all__ = ["cause_of"]

# Only of the container itself: probes, hooks and mounts have exit codes too.
EXIT_CODE: Final = re.compile(
    r"^(?:container|program|process|command)\b.*"
    r"\b(?:exited|terminated|ended|failed) with (?:exit )?(?:code|status):? (\d{1,3})\b",
    re.IGNORECASE,
)
OVERDUE: Final = "it had run for as long as it may"
LIMIT: Final = re.compile(r"\bmore than its ([0-9.]+[A-Za-z]{0,2}) of memory\b")


@frozen(kw_only=True)
class Event:
    """One row of the events.

    Attributes:
        position: Which row it is.
        reason: Kubernetes' word for what happened.
        message: What it says about it, and the columns behind that.
        last: When it happened last, None where the row does not say.
        line: The row.
    """

    position: int
    reason: str
    message: str
    last: datetime | None
    line: str

    def follows(self, other: Event) -> bool:
        """Whether it happened after another: by their times, in the order of rows if need be."""
        if self.last is None or other.last is None or self.last == other.last:
            return self.position > other.position
        return self.last > other.last


def _words(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


ANYTHING: Final = _words("")
STARTED: Final = frozenset({"Started"})
PULLED: Final = frozenset({"Pulled", "Created", "Started"})


@frozen(kw_only=True)
class Rule:
    """What an event has to look like, and what it is then the reason of.

    Attributes:
        cause: One of the words for causes.
        text: The same as a sentence.
        reason: What its reason must match.
        message: What its message must match.
        overcome: Reasons of events that show, when they come later, that it was overcome.
        at_any_time: Whether they show that when they come earlier, too.
    """

    cause: str
    text: str
    reason: re.Pattern[str]
    message: re.Pattern[str] = ANYTHING
    overcome: frozenset[str] = STARTED
    at_any_time: bool = False


# Reasons and messages are those of Kubernetes' kubelet, scheduler and job controller. An init
# container starts before the session's own does (protocol notes 6.2, a fact of Skaha 1.4), so that
# something was started proves nothing about what came after. The first rule that fits counts:
# what kept a session from starting comes before the deadline that ended it.
RULES: Final = (
    Rule(
        cause="out of memory",
        text="it ran out of memory",
        reason=re.compile("^OOMKill(ed|ing)$"),
    ),
    Rule(
        cause="evicted",
        text="the platform took its place away",
        reason=re.compile("^(Evicted|Preempt(ed|ing)|NodeShutdown)$"),
    ),
    Rule(
        cause="evicted",
        text="the platform took its place away",
        reason=re.compile("^TaintManagerEviction$"),
        message=_words("^Marking for deletion"),
    ),
    Rule(
        cause="image pull",
        text="its image could not be pulled",
        reason=re.compile("^Failed$"),
        message=_words("^Failed to pull image"),
        overcome=PULLED,
    ),
    Rule(
        cause="image pull",
        text="the name of its image is not valid",
        reason=re.compile("^(Failed|InspectFailed)$"),
        message=_words("^(Error: InvalidImageName|Failed to apply default image tag)"),
        overcome=PULLED,
    ),
    Rule(
        cause="image pull",
        text="its image could not be pulled",
        reason=re.compile("^(Failed|BackOff|InspectFailed|ErrImageNeverPull)$"),
        message=_words(
            r"^(Error: (ErrImage|ImagePullBackOff|ImageInspectError|RegistryUnavailable)"
            r"|Back-off pulling image|Failed to inspect image|Container image .* is not present)"
        ),
        overcome=PULLED,
    ),
    Rule(
        cause="could not start",
        text="its command was not found",
        reason=re.compile("^Failed$"),
        message=_words(
            r'\bexec: \\?"[^"]*": (executable file not found|stat .*: no such file or directory)'
        ),
    ),
    Rule(
        cause="could not start",
        text="its container could not be started",
        reason=re.compile("^Failed$"),
        message=_words("^Error: "),
    ),
    # Kubernetes says this of volumes and sandboxes of containers that run well or have ended, too.
    Rule(
        cause="could not start",
        text="its container could not be made",
        reason=re.compile("^(FailedMount|FailedAttachVolume|FailedCreatePodSandBox)$"),
        overcome=PULLED,
        at_any_time=True,
    ),
    Rule(
        cause="not scheduled",
        text="it would have exceeded a quota",
        reason=re.compile("^(FailedCreate|FailedScheduling|ExceededQuota)$"),
        message=_words("exceeded quota"),
        overcome=PULLED | {"Scheduled"},
        at_any_time=True,
    ),
    Rule(
        cause="not scheduled",
        text="the platform found no place for it",
        reason=re.compile("^FailedScheduling$"),
        overcome=PULLED | {"Scheduled"},
        at_any_time=True,
    ),
    # A node that is too full for it, which is not a session that uses too much.
    Rule(
        cause="not scheduled",
        text="the platform had no room for it",
        reason=re.compile("^(OutOf[a-z./-]+|UnexpectedAdmissionError)$"),
    ),
    Rule(
        cause="could not start",
        text="its container could not be made",
        reason=re.compile("^FailedCreate$"),
        overcome=PULLED | {"Scheduled"},
        at_any_time=True,
    ),
    Rule(
        cause="deadline",
        text=OVERDUE,
        reason=re.compile("^DeadlineExceeded$"),
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

    Example:
        >>> from canfar._core.causes import cause_of
        >>> from canfar.models.session import SessionRecord
        >>> record = SessionRecord(id="k3x9a0bz", status="Failed")
        >>> row = "Warning   Evicted   The node was low on resource: memory   <nil>   <nil>"
        >>> print(cause_of(record, events=row, log_tail=""))
        the platform took its place away: The node was low on resource: memory
    """
    if record.status == GONE:
        return Failure(
            cause="gone", text="the server knows it no longer and never said how it ended"
        )
    if not has_failed(record.status):
        return None
    found = _events(events)
    return (
        _by_rules(record, found)
        or _by_status(record)
        or _by_exit_code(found)
        or _by_time(record, ended)
        or _unexplained(record, found, log_tail)
    )


def _by_rules(record: SessionRecord, found: Sequence[Event]) -> Failure | None:
    for rule in RULES:
        # What was said last is nearest to the end.
        for event in reversed(found):
            if _fits(rule, event) and not _is_overcome(rule, event, found):
                exited = _by_exit_code(found)
                return Failure(
                    cause=rule.cause,
                    text=_memory(record, event) if rule.cause == "out of memory" else rule.text,
                    exit_code=None if exited is None else exited.exit_code,
                    evidence=event.line,
                )
    return None


def _fits(rule: Rule, event: Event) -> bool:
    return bool(rule.reason.search(event.reason) and rule.message.search(event.message))


def _is_overcome(rule: Rule, event: Event, found: Sequence[Event]) -> bool:
    return any(
        other.reason in rule.overcome and (rule.at_any_time or other.follows(event))
        for other in found
    )


def _ran_on(event: Event, found: Sequence[Event]) -> bool:
    """Whether its container, or the next one, was started after that."""
    return any(other.reason in STARTED and other.follows(event) for other in found)


def _memory(record: SessionRecord, event: Event) -> str:
    limit = LIMIT.search(event.message)
    if limit is not None:
        return f"it used more than its {limit[1]} of memory"
    # Of fixed sessions what they asked for is the limit, too (protocol notes 6.3).
    if record.is_fixed and record.requested_ram:
        return f"it ran out of memory, of which it had {record.requested_ram:g} GB"
    return "it ran out of memory"


def _by_status(record: SessionRecord) -> Failure | None:
    # Skaha 1.0.3 appends the job's reason (protocol notes 9).
    if "(DeadlineExceeded)" not in record.status:
        return None
    return Failure(cause="deadline", text=OVERDUE, evidence=record.status.strip())


def _by_exit_code(found: Sequence[Event]) -> Failure | None:
    for event in reversed(found):
        match = EXIT_CODE.search(event.message)
        if match is not None and int(match[1]) and not _ran_on(event, found):
            code = int(match[1])
            text = f"its program ended with exit code {code}"
            return Failure(cause="exit code", text=text, exit_code=code, evidence=event.line)
    return None


def _by_time(record: SessionRecord, ended: datetime | None) -> Failure | None:
    # No session outlives its expiry time (protocol notes 3.4, a fact of Skaha 1.4).
    expiry = record.expiry_time
    if ended is None or expiry is None or ended < expiry:
        return None
    text = "it was seen to have ended when its time was over"
    return Failure(cause="deadline", text=text, evidence=str(record["expiryTime"]))


def _unexplained(record: SessionRecord, found: Sequence[Event], log_tail: str) -> Failure:
    lines = _lines(log_tail)
    if lines:
        text = "the platform gives no reason; the last line of its log"
        return Failure(cause="unknown", text=text, evidence=lines[-1])
    warnings = [
        event.line
        for event in found
        if event.line.startswith("Warning") and not _ran_on(event, found)
    ]
    if warnings:
        text = "the platform gives no reason, and its log is empty; the last warning in its events"
        return Failure(cause="unknown", text=text, evidence=warnings[-1])
    if any(event.reason in STARTED for event in found):
        told = "its events tell of no failure"
    elif found:
        told = "its events tell of no start"
    else:
        told = "there are no events of it"
    text = f"the platform gives no reason: its record has none, {told}, and its log is empty"
    # Such as "Failed (BackoffLimitExceeded)", which only says that it failed.
    said = record.status.strip() if "(" in record.status else ""
    return Failure(cause="unknown", text=text, evidence=said)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _events(table: str) -> list[Event]:
    """Return the rows of a table, as they are and taken apart."""
    events: list[Event] = []
    for position, line in enumerate(_lines(table)):
        cells = cells_of(line)
        if cells is None:
            continue
        events.append(
            Event(
                position=position,
                reason=cells[1],
                message="   ".join(cells[2:]),
                last=_time(cells[-1]),
                line=line,
            )
        )
    return events


def _time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
