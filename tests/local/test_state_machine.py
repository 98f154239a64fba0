"""Long lives of small platforms, at random, against a model of a few lines."""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial

import pytest
from attrs import define
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from platform_probe import Probe, until

from canfar.local import LocalPlatform, ManualClock

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HOUR = 3600
DAY = 24 * HOUR
STARTUP = 30
MOST_INTERACTIVE = 1
MOST_RUNNING = 2
INTERACTIVE = ("carta", "contributed", "desktop", "firefly", "notebook")
KINDS = ("headless", *INTERACTIVE)
STATUSES = ("Pending", "Running", "Completed", "Failed")
LEAPS = (1, STARTUP, HOUR - 1, HOUR, DAY, 4 * DAY, 14 * DAY)
# Writes its process ID and stays; the first round of $ is Java's, the second Kubernetes'.
STAY = r"-c echo" + "\t" + r"\$\$\$\$;exec" + "\t" + "sleep" + "\t" + "600"


@define
class Life:
    """What is known of a session that was created and not deleted."""

    owner: str
    kind: str
    deadline: int
    says: str | None = None  # a headless one's output; None for one that stays
    ends: str = "Completed"
    started: int | None = None
    finished: int | None = None
    ended: str = ""

    @property
    def headless(self):
        return self.kind == "headless"

    def status(self, now):
        if self.finished is not None:
            return self.ended
        ready = self.started is not None and now >= self.started + (0 if self.headless else STARTUP)
        return "Running" if ready else "Pending"


class Model:
    """What a platform should be like."""

    def __init__(self):
        self.now = 0
        self.lives = {}

    def add(self, session_id, life):
        self.lives[session_id] = life
        if not life.headless:
            life.started = self.now
        self._start()

    def remove(self, session_id):
        self.lives.pop(session_id, None)
        self._start()

    def renew(self, life):
        elapsed = self.now - life.started
        if life.deadline - elapsed < 4 * DAY:
            life.deadline = elapsed + 4 * DAY

    def active(self, life):
        return life is not None and life.started is not None and life.finished is None

    def advance(self, seconds):
        self.now += seconds
        for session_id, life in list(self.lives.items()):
            if self.active(life) and life.started + life.deadline <= self.now:
                life.finished, life.ended = life.started + life.deadline, "Failed"
            kept = HOUR if life.headless else DAY
            if life.finished is not None and life.finished + kept <= self.now:
                del self.lives[session_id]
        self._start()

    def of(self, owner):
        return {key: life for key, life in self.lives.items() if life.owner == owner}

    def counted(self, owner):
        return sum(not one.headless and one.finished is None for one in self.of(owner).values())

    def _start(self):
        """Commands start in order where there is room; one that says something ends at once."""
        for life in self.lives.values():
            running = sum(one.headless and self.active(one) for one in self.lives.values())
            if life.headless and life.started is None and running < MOST_RUNNING:
                life.started = self.now
                if life.says is not None:
                    life.finished, life.ended = self.now, life.ends


class Platform(RuleBasedStateMachine):
    """A platform, two users, and what they may do."""

    def __init__(self):
        super().__init__()
        self.parts = ExitStack()
        self.platform = self.parts.enter_context(
            LocalPlatform(
                username="alice",
                users={"bob": "bobs-token"},
                clock=ManualClock(START),
                max_sessions=MOST_INTERACTIVE,
                max_running=MOST_RUNNING,
                startup=STARTUP,
                seed=7,
            )
        )
        self.people = {
            "alice": self.parts.enter_context(Probe(self.platform)),
            "bob": self.parts.enter_context(Probe(self.platform, "bobs-token")),
        }
        self.model = Model()
        self.made = []
        self.processes = set()

    who = st.sampled_from(["alice", "bob"])

    def _made(self, reply, life):
        assert reply.status_code == 200, reply.text
        session_id = reply.text.removesuffix("\n")
        assert session_id not in self.made, "an ID came back"
        self.made.append(session_id)
        self.model.add(session_id, life)

    def _one(self, data):
        """A session, more often than not one that lives."""
        living = sorted(self.model.lives)
        gone = [one for one in self.made if one not in self.model.lives]
        return data.draw(st.sampled_from([*living, *living, *gone[-1:], "nosuch00"]))

    def _somebody(self, data, session_id):
        """A user, more often than not the one that a session belongs to."""
        life = self.model.lives.get(session_id)
        owner = "alice" if life is None else life.owner
        return data.draw(st.sampled_from([owner, owner, *self.people]))

    @rule(who=who, kind=st.sampled_from(INTERACTIVE))
    def create_interactive(self, who, kind):
        full = self.model.counted(who) >= MOST_INTERACTIVE
        reply = self.people[who].form(type=kind)
        if full:
            assert reply.status_code == 400
            assert reply.text == (
                f"User {who} has reached the maximum of {MOST_INTERACTIVE} active sessions.\n"
            )
        else:
            self._made(reply, Life(who, kind, 4 * DAY))

    @rule(who=who, code=st.sampled_from([0, 0, 3]))
    def create_short(self, who, code):
        says = f"number-{len(self.made)}"
        reply = self.people[who].form(cmd="sh", args=f"-c echo\t{says};exit\t{code}")
        ends = "Failed" if code else "Completed"
        self._made(reply, Life(who, "headless", 14 * DAY, f"{says}\n", ends))

    @initialize()
    def begin(self):
        self.create_long("alice")

    @rule(who=who)
    def create_long(self, who):
        reply = self.people[who].form(cmd="sh", args=STAY)
        self._made(reply, Life(who, "headless", 14 * DAY))

    @rule(left=st.sampled_from([None, 4 * DAY - HOUR, 4 * DAY, 4 * DAY + HOUR]), data=st.data())
    def renew(self, left, data):
        """Renew a session, now or when it has so much time left."""
        session_id = self._one(data)
        life = self.model.lives.get(session_id)
        if left is not None and self.model.active(life):
            self.advance(max(0, life.started + life.deadline - left - self.model.now))
            self._settle()
        who = self._somebody(data, session_id)
        reply = self.people[who].post(f"/session/{session_id}", data={"action": "renew"})
        life = self.model.of(who).get(session_id)
        if self.model.active(life):
            assert (reply.status_code, reply.content) == (200, b"")
            self.model.renew(life)
        else:
            assert reply.status_code == 400
            assert reply.text.startswith("No active job for user PosixPrincipal ")

    @rule(data=st.data())
    def delete(self, data):
        session_id = self._one(data)
        who = self._somebody(data, session_id)
        reply = self.people[who].delete(f"/session/{session_id}")
        assert (reply.status_code, reply.content) == (200, b"")
        if session_id in self.model.of(who):
            self.model.remove(session_id)

    @rule(seconds=st.sampled_from(LEAPS))
    def advance(self, seconds):
        self.platform.advance(seconds=seconds)
        self.model.advance(seconds)

    @rule(kind=st.sampled_from(KINDS), status=st.sampled_from(STATUSES), data=st.data())
    def look(self, kind, status, data):
        for who in self.people:
            self._filter(who, kind, status)
            self._show(who, self._one(data))

    def _filter(self, who, kind, status):
        now, own = self.model.now, self.model.of(who)
        of_kind = {key for key, life in own.items() if life.kind == kind}
        of_status = {key for key, life in own.items() if life.status(now) == status}
        ask = self.people[who].ids
        assert set(ask(type=kind)) == of_kind
        assert set(ask(status=status.lower())) == of_status
        assert set(ask(type=kind.upper(), status=status)) == of_kind & of_status
        assert set(ask(view="interactive")) == {key for key in own if not own[key].headless}

    def _show(self, who, session_id):
        client, life = self.people[who], self.model.of(who).get(session_id)
        reply, events = client.get(f"/session/{session_id}"), client.events(session_id)
        if life is None:
            assert (reply.status_code, reply.text) == (404, f"session {session_id} not found\n")
            # Both can be read for as long as the processes of a deleted session end.
            until(lambda: client.events(session_id) == f"session {session_id} not found.\n")
            assert client.logs(session_id) == ""
        else:
            assert reply.json()["type"] == life.kind
            assert ("startTime" in reply.json()) == (life.started is not None)
            assert ("not found" in events) == (life.started is None)

    @invariant()
    def all_is_as_the_model_says(self):
        self._lists_have_what_lives()
        # Processes need a moment to start and to end; all else was there at once.
        self._settle()
        self._ends_are_as_far_away_as_they_should()
        self._logs_belong_to_their_sessions()

    def _lists_have_what_lives(self):
        for who, client in self.people.items():
            assert set(client.ids()) == set(self.model.of(who))
            assert self.model.counted(who) <= MOST_INTERACTIVE
        assert len(self.people["bob"].get("/session?view=all").json()) == len(self.model.lives)

    def _ends_are_as_far_away_as_they_should(self):
        for who, client in self.people.items():
            ends = {
                key: None if life.started is None else life.started + life.deadline
                for key, life in self.model.of(who).items()
            }
            assert {one["id"]: end_of(one) for one in client.get("/session").json()} == ends

    def _logs_belong_to_their_sessions(self):
        for session_id, life in self.model.lives.items():
            if not life.headless:
                continue
            logs = partial(self.people[life.owner].logs, session_id)
            if life.started is None:
                assert logs() == ""
            elif life.says is not None:
                assert logs() == life.says
            else:
                self.processes.add(process_of(logs))

    def _settle(self):
        """Wait until processes have started and ended as they should."""
        for who, client in self.people.items():
            now, own = self.model.now, self.model.of(who)
            statuses = {key: life.status(now) for key, life in own.items()}
            until(partial(are, client, statuses), seconds=5)

    def teardown(self):
        self.parts.close()
        assert [one for one in self.processes if is_alive(one)] == []


def end_of(shown):
    """When a session will be stopped, in seconds after the platform's start."""
    if "expiryTime" not in shown:
        return None
    return int((datetime.fromisoformat(shown["expiryTime"]) - START).total_seconds())


def are(client, statuses):
    """Whether a user has these sessions with these statuses."""
    return {one["id"]: one["status"] for one in client.get("/session").json()} == statuses


def process_of(logs):
    """The process ID that a program writes, given the moment that it needs."""
    until(lambda: logs().endswith("\n"))
    return int(logs())


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


TestPlatform = Platform.TestCase
TestPlatform.pytestmark = [pytest.mark.timeout(600)]
TestPlatform.settings = settings(
    max_examples=15,
    stateful_step_count=30,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
