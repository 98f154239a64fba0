"""wait: on a real platform, and as a pure rule with a clock of the test's."""

import json

import pytest

from canfar._core.fetch import MARK
from canfar._core.wait import Watch
from canfar.errors import InvalidInput, TimedOut, WaitTimeout
from canfar.models.session import SessionRecord
from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"


def test_each_became_what_it_became(session):
    good = session.create("good", IMAGE, cmd="true", replicas=2)
    bad = session.create("bad", IMAGE, cmd="false")

    became = session.wait([*good, *bad], timeout=60)

    assert [record.status for record in became] == ["Completed", "Completed", "Failed"]
    assert became.ids == [*good, *bad]


def test_each_change_is_told(session, hurry):
    ids = session.create("one", IMAGE, command=["sh", "-c", "sleep 0.5"])
    ids += session.create("bad", IMAGE, cmd="false")
    session.wait(ids[:1], until="running")
    told = []

    session.wait(ids, on_change=lambda record: told.append((record.id, record.status)))

    assert [status for each, status in told if each == ids[0]] == ["Running", "Completed"]
    assert told.count((ids[1], "Failed")) == 1


def test_what_is_known_when_time_is_up_is_of_the_last_look(session, hurry, canfar_platform):
    """Though it changed no status, and nobody had to read the replies before."""
    ids = session.create("open", IMAGE, kind="notebook")
    session.wait(ids, until="running")
    first = session.info(ids)[0].expiry_time

    def renew():
        canfar_platform.advance(hours=1)
        with Session(url=canfar_platform.url, token=canfar_platform.token) as another:
            another.renew(ids)

    hurry.at(60, renew)
    with pytest.raises(WaitTimeout) as caught:
        session.wait(ids, until="ended", timeout=120)

    assert caught.value.results[0].expiry_time > first


@pytest.mark.parametrize("odd", ['"x', "\\", '", "status": "Failed'])
def test_a_status_is_noticed_whatever_is_in_the_texts_around_it(odd):
    def listed(status):
        fields = {"id": "a", "name": odd, "status": status, "image": odd}
        return json.dumps([fields, {"id": "b", "status": odd}], indent=2).encode()

    marks = MARK.findall(listed("Running"))
    assert len(marks) == 4
    assert marks != MARK.findall(listed("Completed"))
    assert marks == MARK.findall(listed("Running").replace(b"image", b"other"))


def test_interactive_sessions_are_waited_for_until_they_run(session):
    ids = session.create("nb", IMAGE, kind="notebook")

    assert session.wait(ids, timeout=60)[0].status == "Running"


def test_until_running_does_not_wait_for_the_end(session):
    ids = session.create("long", IMAGE, cmd="sleep", args="300")

    assert session.wait(ids, until="running", timeout=60)[0].status == "Running"


def test_a_time_out_carries_what_is_known(session):
    ids = session.create("long", IMAGE, cmd="sleep", args="300")
    session.wait(ids, until="running")

    with pytest.raises(TimeoutError, match=r"1 of 1 sessions .*Running") as caught:
        session.wait(ids, timeout=0.3)

    assert isinstance(caught.value, WaitTimeout)
    assert caught.value.results[0].status == "Running"


def test_no_time_looks_once(session):
    ids = session.create("quick", IMAGE, cmd="true")
    session.wait(ids)

    assert session.wait(ids, timeout=0)[0].status == "Completed"


def test_a_session_that_is_removed_is_gone_not_done(session):
    ids = session.create("long", IMAGE, cmd="sleep", args="300", replicas=2)
    session.wait(ids, until="running")
    session.destroy(ids[0])

    with pytest.raises(WaitTimeout) as caught:
        session.wait(ids, timeout=0.5)

    session.destroy(ids[1])
    assert caught.value.results.ids == list(ids)


def test_nothing_to_wait_for(session):
    assert session.wait([]) == []


@pytest.mark.parametrize("options", [{"timeout": -1}, {"timeout": "soon"}, {"until": "done"}])
def test_what_makes_no_sense(session, options):
    with pytest.raises(InvalidInput):
        session.wait("abcdefgh", **options)


def record(status, each="a", kind="headless"):
    return SessionRecord(id=each, status=status, type=kind, name="n")


def test_one_seen_and_then_unknown_is_gone():
    watch = Watch(["a"], None, since=0)

    watch.see([record("Running")])
    watch.see([])
    watch.lose(["a"], now=1)

    assert watch.pending == []
    assert watch.records[0].status == "Gone"
    assert watch.records[0].name == "n"


def test_one_not_seen_yet_may_still_appear():
    watch = Watch(["a"], None, since=0)

    watch.lose(["a"], now=9)
    assert watch.pending == ["a"]
    assert watch.last_status("a") == "not seen yet"
    watch.lose(["a"], now=10)
    assert watch.pending == []
    assert watch.records == [{"id": "a", "status": "Gone"}]


@pytest.mark.parametrize(
    ("until", "kind", "status", "settled"),
    [
        (None, "headless", "Pending", False),
        (None, "headless", "Running", False),
        (None, "headless", "Terminating", False),
        (None, "headless", "Completed", True),
        (None, "headless", "Succeeded", True),
        (None, "headless", "Failed", True),
        (None, "headless", "Error", True),
        (None, "headless", "Failed (BackoffLimitExceeded)", True),
        (None, "headless", "Something new", False),
        (None, "notebook", "Pending", False),
        (None, "notebook", "Running", True),
        (None, "notebook", "Failed", True),
        ("ended", "notebook", "Running", False),
        ("running", "headless", "Running", True),
        ("running", "headless", "Completed", True),
    ],
)
def test_what_is_waited_for(until, kind, status, settled):
    watch = Watch(["a"], until, since=0)
    watch.see([record(status, kind=kind)])

    assert (watch.pending == []) is settled


def test_polls_come_less_often_until_something_changes():
    watch = Watch(["a"], None, since=0)
    watch.see([record("Pending")])
    pauses = [watch.next_pause() for _ in range(30)]

    assert pauses == sorted(pauses)
    assert pauses[0] == 0.1
    assert pauses[-1] == 15
    watch.see([record("Running")])
    assert watch.next_pause() == 0.5


def test_in_long_quiet_a_poll_comes_late_by_a_fiftieth_of_that_time():
    watch = Watch(["a"], None, since=0)
    watch.see([record("Running")])
    pauses, quiet = [], 0.0
    while quiet < 86400:
        pauses.append(watch.next_pause())
        assert pauses[-1] <= max(15, quiet / 50) * 1.000001
        quiet += pauses[-1]

    assert pauses == sorted(pauses)
    assert pauses[-1] == 30
    watch.see([record("Completed")])
    assert watch.next_pause() == 0.5


def test_a_thousand_that_end_at_once():
    ids = [f"s{number:03}" for number in range(1000)]
    watch = Watch(ids, None, since=0)
    watch.see([record("Running", each) for each in ids])
    assert [each.id for each in watch.changed] == ids

    watch.see([record("Completed", each) for each in reversed(ids)])

    assert watch.pending == []
    assert [each.id for each in watch.newly_settled()] == ids
    assert {each.status for each in watch.records} == {"Completed"}


def test_the_settled_are_reported_once():
    watch = Watch(["a", "b"], None, since=0)
    watch.see([record("Completed", "b"), record("Running", "a")])

    assert [each.id for each in watch.newly_settled()] == ["b"]
    assert watch.newly_settled() == []


def test_what_a_callback_raises_comes_through(session):
    """Even what says that a server is away, which is borne with when the server says it."""
    ids = session.create("one", IMAGE, cmd="sleep", args="300")
    ids += session.create("two", IMAGE, cmd="true")
    calls = []

    def fail(record):
        calls.append(record)
        if len(calls) > 1:
            raise TimedOut("of another server")

    with pytest.raises(TimedOut, match="of another server"):
        session.wait(ids, on_change=fail, timeout=60)
