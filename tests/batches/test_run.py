"""Runs: submit, wait, logs, outcome, destroy in one call."""

from __future__ import annotations

import sys

import pytest

from canfar.errors import InvalidInput, RunFailed, SessionFailed, WaitTimeout
from canfar.local import LocalPlatform
from canfar.retry import RetryPolicy

IMAGE = "skaha/astroml"
TALKER = """
import os, sys
number = int(os.environ["REPLICA_ID"])
for line in range(30):
    print(f"line {line} of {number}")
sys.exit(3 if number == 2 else 0)
"""


def test_what_it_wrote_and_nothing_left(session):
    run = session.run("hi", IMAGE, command=["printf", "héllo"])

    assert run.output == "héllo"
    assert run.status == {"Completed": 1}
    assert run.failed == []
    assert run.replicas[0].ran_for is not None
    assert run.replicas[0].queued_for < 60
    assert session.fetch() == []


def test_the_sessions_stay_when_asked_to(session):
    run = session.run("hi", IMAGE, cmd="true", replicas=2, keep=True)

    assert sorted(session.fetch().ids) == sorted(each.id for each in run.replicas)


def test_logs_and_events_in_a_folder(session, tmp_path):
    run = session.run("hi", IMAGE, cmd="echo", args="hello", replicas=2, save_logs=tmp_path / "a")

    names = [f"{each.name}-{each.id}" for each in run.replicas]
    expected = {f"{name}.{ending}" for name in names for ending in ("log", "events")}
    assert {file.name for file in (tmp_path / "a").iterdir()} == expected
    assert run.logs == {1: "hello\n", 2: "hello\n"}


def test_a_failure_says_how(session):
    with pytest.raises(RunFailed) as caught:
        session.run("talk", IMAGE, command=[sys.executable, "-c", TALKER], replicas=3)

    said = str(caught.value)
    assert isinstance(caught.value, SessionFailed)
    assert "1 of 3 replicas failed" in said
    assert "the platform gives no reason; the last line of its log: line 29 of 2" in said
    assert "line 29 of 2" in said
    assert "line 10 of 2" in said
    assert "line 9 of 2" not in said
    assert "REASON" in said  # its events
    assert "of 1\n" not in said
    results = caught.value.results
    assert results.logs[1].splitlines()[0] == "line 0 of 1"
    assert results.replicas[1].failure.cause == "unknown"
    assert session.fetch() == []


def test_time_that_runs_out_destroys_nothing(session, hurry):
    with pytest.raises(WaitTimeout):
        session.run("long", IMAGE, cmd="sleep", args="300", timeout=60)

    assert hurry.now == pytest.approx(60)
    assert len(session.fetch()) == 1


def test_bad_input_starts_nothing(session, canfar_platform):
    with pytest.raises(InvalidInput):
        session.run("a b", IMAGE, cmd="true")

    assert canfar_platform.count() == 0


def test_progress_is_told(session):
    told = []

    session.run("p", IMAGE, cmd="sleep", args="0.3", replicas=3, progress=told.append)

    assert told[0] != told[-1] == {"Completed": 3}


def test_one_that_could_not_be_started(make_session):
    with LocalPlatform() as platform:
        platform.fail("create", times=1, status=400, body="no room")
        session = make_session(url=platform.url, token=platform.token)

        with pytest.raises(RunFailed, match="no room"):
            session.run("fit", IMAGE, cmd="true", replicas=2)


def test_a_log_that_cannot_be_had_for_a_while(make_session, tmp_path):
    with LocalPlatform() as platform:
        retry = RetryPolicy(tries=1)
        session = make_session(url=platform.url, token=platform.token, retry=retry)
        platform.fail("logs", times=3, status=503)

        run = session.run("fit", IMAGE, cmd="echo", args="hello", replicas=2, save_logs=tmp_path)

        assert run.logs == {1: "hello\n", 2: "hello\n"}


def test_a_start_that_was_left_open_is_found_and_not_repeated(make_session):
    with LocalPlatform() as platform:
        retry = RetryPolicy(tries=1, listed_within=0.1)
        session = make_session(url=platform.url, token=platform.token, retry=retry)
        platform.cut("create", times=1, after=True)
        platform.fail("list", times=1, status=404)  # nobody can tell what became of it

        batch = session.submit("fit", IMAGE, cmd="true", replicas=3)
        assert batch.status["not started"] == 1
        run = getattr(session, "_runner", None)
        relaunched = batch.relaunch()
        if run is not None:
            relaunched = run.run(relaunched)

        assert relaunched == []
        assert len(batch.ids) == 3
        assert len(session.fetch()) == 3


def test_results_outlive_sessions_that_cannot_be_destroyed(session, canfar_platform, caplog):
    canfar_platform.fail("delete", status=403, body="not today")

    run = session.run("fit", IMAGE, cmd="echo", args="hello")

    assert run.output == "hello\n"
    assert "sessions of fit could not be destroyed" in caplog.text
    assert "not today" in caplog.text


def test_a_failure_is_told_where_its_session_cannot_be_destroyed(session, canfar_platform, caplog):
    canfar_platform.fail("delete", status=403, body="not today")

    with pytest.raises(RunFailed):
        session.run("fit", IMAGE, cmd="false")

    assert "could not be destroyed" in caplog.text
