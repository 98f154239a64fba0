"""Waiting for a batch while the server is away, on a clock that jumps over the pauses."""

from __future__ import annotations

import pytest
from holding import until

from canfar.errors import ServerError
from canfar.local import LocalPlatform
from canfar.retry import RetryPolicy

IMAGE = "skaha/astroml"
ONCE = RetryPolicy(tries=1)


@pytest.fixture
def away():
    with LocalPlatform() as platform:
        yield platform


def do(session, method, **options):
    found = method(**options)
    return session._runner.run(found) if hasattr(session, "_runner") else found


@pytest.fixture
def session(away, make_session):
    return make_session(url=away.url, token=away.token, retry=ONCE)


def test_two_minutes_end_no_wait(session, away, hurry, tmp_path):
    stop = tmp_path / "stop"
    waiting = f"while [ ! -e {stop} ]; do sleep 0.05; done; echo over"
    batch = session.submit("long", IMAGE, command=["sh", "-c", waiting], replicas=3)
    other = another(away)

    def end():
        stop.touch()
        for each in batch.ids:
            until(lambda each=each: other.info(each)[0].status == "Completed")

    hurry.at(60, lambda: away.fail("list", status=503))
    hurry.at(200, end)
    hurry.at(300, lambda: (away.advance(minutes=4), away.clear_faults()))

    status = do(session, batch.wait, save_logs=tmp_path / "logs")

    assert status == {"Completed": 3}
    assert hurry.now >= 300
    assert [file.read_text() for file in (tmp_path / "logs").glob("*.log")] == ["over\n"] * 3
    # Nobody looked for minutes: when they ended is not known, and not made up.
    assert [each.ran_for for each in batch.replicas] == [None] * 3


def test_what_vanished_meanwhile_is_gone_and_not_done(session, away, hurry):
    batch = session.submit("long", IMAGE, cmd="sleep", args="600", replicas=2)
    other = another(away)
    hurry.at(60, lambda: (other.destroy(batch.ids[0]), away.fail("*", status=503)))
    hurry.at(200, away.clear_faults)
    hurry.at(260, lambda: other.destroy(batch.ids[1]))

    status = do(session, batch.wait)

    assert status == {"Gone": 2}
    assert {each.failure.cause for each in batch.failed} == {"gone"}


def another(platform):
    from canfar.sessions import Session

    return Session(url=platform.url, token=platform.token, retry=ONCE)


def test_a_server_that_stays_away_ends_it(session, away, hurry):
    batch = session.submit("long", IMAGE, cmd="sleep", args="600")
    hurry.at(60, lambda: away.fail("list", status=503, body="down for good"))

    with pytest.raises(ServerError, match="down for good"):
        do(session, batch.wait)

    assert 600 <= hurry.now < 900


def test_a_log_that_can_never_be_had_is_told_at_the_end(session, away, hurry, tmp_path):
    batch = session.submit("two", IMAGE, cmd="echo", args="hello", replicas=2)
    away.fail("logs", status=500, body="no log today")

    with pytest.raises(ServerError, match="no log today"):
        do(session, batch.wait, save_logs=tmp_path)

    assert batch.status == {"Completed": 2}
    assert len(list(tmp_path.glob("*.events"))) == 2
