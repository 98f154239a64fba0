"""Which sessions are which replicas of a batch, and what became of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, cast

from attrs import asdict, evolve, field, mutable

from canfar._core.filters import has_ended, status_word
from canfar.errors import InvalidInput
from canfar.models.batch import BatchStatus, Replica
from canfar.models.session import GONE, CreateRequest, SessionRecord, SessionRecords

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from canfar._core.steps import Outcome

__all__ = ["NOT_STARTED", "Roster", "from_json", "in_list", "to_json"]

NOT_STARTED: Final = "not started"
VERSION: Final = 1
ORDER: Final = (NOT_STARTED, "Pending", "Running", "Terminating", "Completed", "Failed", GONE)


@mutable(eq=False)
class Roster:
    """The replicas of a batch.

    Attributes:
        name: The batch's name.
        count: How many replicas it has.
        request: What starts them, or None when only their sessions are known.
        attempts: The sessions of each replica, the latest last.
        records: What the server said last of each session.
        errors: Why the latest session of a replica was not started.
    """

    name: str
    count: int
    request: CreateRequest | None = field(default=None, repr=False)
    attempts: dict[int, list[str]] = field(factory=dict[int, list[str]])
    records: dict[str, SessionRecord] = field(factory=dict[str, SessionRecord], repr=False)
    errors: dict[int, str] = field(factory=dict[int, str])

    def started(self, outcomes: Iterable[Outcome[Any]]) -> None:
        """Note which sessions were started, and which were not."""
        for outcome in outcomes:
            if not isinstance(outcome.about, int):
                continue
            if outcome.error is not None:
                self.errors[outcome.about] = str(outcome.error.message)
            else:
                self.errors.pop(outcome.about, None)
                self.attempts.setdefault(outcome.about, []).append(str(outcome.value))

    def see(self, records: Iterable[SessionRecord]) -> None:
        """Note what the server says of sessions."""
        known = {each for ids in self.attempts.values() for each in ids}
        for record in records:
            if record.id in known and not record.app_id:
                before = self.records.get(record.id)
                # How it ended is known for longer than the server knows it.
                if record.status == GONE and before is not None and has_ended(before.status):
                    continue
                self.records[record.id] = record

    @property
    def ids(self) -> list[str]:
        """The latest session of each replica that has one."""
        return [self.attempts[n][-1] for n in self.numbers if self.attempts.get(n)]

    @property
    def numbers(self) -> range:
        """The numbers of the replicas."""
        return range(1, self.count + 1)

    def state(self, number: int) -> str:
        """Return the state of a replica."""
        if number in self.errors or not self.attempts.get(number):
            return NOT_STARTED
        record = self.records.get(self.attempts[number][-1])
        return "Pending" if record is None else record.status

    def replica(self, number: int) -> Replica:
        """Return a replica as it was last seen."""
        attempts = self.attempts.get(number, [])
        return Replica(
            number=number,
            name=f"{self.name}-{number}" if self.count > 1 else self.name,
            id=attempts[-1] if attempts else None,
            state=self.state(number),
            attempts=tuple(attempts),
            error=self.errors.get(number, ""),
        )

    @property
    def status(self) -> BatchStatus:
        """How many replicas are in which state."""
        counts = Counter(self.state(number) for number in self.numbers)
        ordered = sorted(counts, key=lambda s: ORDER.index(s) if s in ORDER else len(ORDER))
        return BatchStatus({state: counts[state] for state in ordered})

    @property
    def failed(self) -> list[int]:
        """The replicas that failed, vanished without an end, or never started."""
        return [number for number in self.numbers if self._has_failed(self.state(number))]

    @staticmethod
    def _has_failed(state: str) -> bool:
        return state in {NOT_STARTED, GONE} or status_word(state) in {"failed", "error"}


def in_list(name: str, records: Iterable[SessionRecord]) -> Roster:
    """Return the batch of that name as far as a list of sessions tells.

    Raises:
        InvalidInput: No session has such a name.
    """
    pattern = re.compile(rf"{re.escape(name)}(?:-(\d+))?", re.IGNORECASE)
    found: dict[int, list[SessionRecord]] = {}
    alone = True
    for record in records:
        match = pattern.fullmatch(record.name)
        if match is None or record.app_id:
            continue
        alone = alone and match.group(1) is None
        found.setdefault(int(match.group(1) or 1), []).append(record)
    if not found:
        raise InvalidInput(
            f"there is no batch {name!r}: none of your sessions is called {name} or {name}-1",
            advice="The server forgets headless sessions an hour after their end.",
        )
    roster = Roster(name=name, count=1 if alone else max(found))
    for number, sessions in found.items():
        ordered = sorted(sessions, key=lambda record: str(record.get("startTime") or ""))
        roster.attempts[number] = [record.id for record in ordered]
        roster.see(ordered)
    return roster


def to_json(roster: Roster, *, secrets: bool) -> str:
    """Return a batch as text; values of the environment only when asked for."""
    request = None if roster.request is None else asdict(roster.request)
    if request is not None and request["env"] is not None:
        env = cast("Mapping[str, Any]", request["env"])
        request["env"] = dict(env) if secrets else dict.fromkeys(env)
    document = {
        "canfar_batch": VERSION,
        "name": roster.name,
        "count": roster.count,
        "request": request,
        "attempts": {str(number): ids for number, ids in roster.attempts.items()},
        "errors": {str(number): text for number, text in roster.errors.items()},
        "records": [dict(record) for record in roster.records.values()],
    }
    return json.dumps(document, indent=1, ensure_ascii=False)


def from_json(text: str, env: Mapping[str, str | float] | None) -> Roster:
    """Return the batch that a text holds.

    Raises:
        InvalidInput: It holds none.
    """
    try:
        document = json.loads(text)
        if document["canfar_batch"] != VERSION:
            raise InvalidInput(
                f"this batch has version {document['canfar_batch']!r}, not {VERSION}"
            )
        fields = document["request"]
        request = None if fields is None else CreateRequest(**fields)
        roster = Roster(
            name=document["name"],
            count=int(document["count"]),
            request=request,
            attempts={
                int(n): [str(each) for each in ids] for n, ids in document["attempts"].items()
            },
            errors={int(n): str(text) for n, text in document["errors"].items()},
        )
        roster.see(SessionRecords(document["records"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(f"this text holds no batch: {error}") from None
    if env is not None and roster.request is not None:
        roster.request = evolve(roster.request, env=env)
    return roster
