"""`canfar events` and `canfar renew`."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from canfar.local import LocalPlatform
from canfar.models.event import read_events
from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"
TABLE = """\
TYPE      REASON      MESSAGE                      FIRST-TIME             LAST-TIME
Normal    Scheduled   Assigned to  node7   today   2026-01-02T03:04:05Z   2026-01-02T03:04:06Z
Warning   BackOff     Back-off é 星                <nil>                  <none>
Warning   Failed      Error: first line
  second line of it   2026-01-02T03:04:07Z   2026-01-02T03:04:07Z
Warning   Failed   below it   2026-01-02T03:04:08Z   2026-01-02T03:04:09Z
"""


@pytest.fixture(scope="module")
def sessions(shared_platform):
    """Ids by name: a notebook, one that has ended, three that run and one that waits."""
    with Session(url=shared_platform.url, token=shared_platform.token) as session:
        [notebook] = session.create("analysis", IMAGE, kind="notebook")
        [good] = session.create("good", IMAGE, cmd="true")
        session.wait([notebook, good])
        fits = session.create("fit", IMAGE, command=["sleep", "600"], replicas=3)
        session.wait(fits, until="running")
        [late] = session.create("late", IMAGE, command=["sleep", "600"])
    return {"analysis": notebook, "good": good, "late": late}


def test_every_row_is_read():
    first, odd, failed, last = read_events(TABLE)
    assert first.message == "Assigned to  node7   today"
    assert first.first_time == "2026-01-02T03:04:05Z"
    assert (odd.type, odd.reason, odd.message) == ("Warning", "BackOff", "Back-off é 星")
    assert (odd.first_time, odd.last_time) == (None, None)
    assert failed.message.startswith("Error: first line\n  second line of it")
    assert (last.message, last.last_time) == ("below it", "2026-01-02T03:04:09Z")


@pytest.mark.parametrize("text", ["", "<none>\n", "no table\nat all\n", TABLE[:90]])
def test_a_table_without_rows(text):
    assert read_events(text) == []


def test_events_of_one(canfar, platform, sessions):
    done = canfar("events", "good")
    heading, *rows = [line.split("\t") for line in done.out.splitlines()]
    assert (done.code, done.err) == (0, "")
    assert heading == ["LAST", "TYPE", "REASON", "MESSAGE"]
    assert [row[2] for row in rows][:3] == ["Scheduled", "Pulled", "Created"]
    assert all(row[0].endswith("Z") and row[1] == "Normal" for row in rows)


def test_events_of_several_say_whose(canfar, platform, sessions):
    done = canfar("events", "good", "analysis")
    assert done.out.splitlines()[0].split("\t")[0] == "NAME"
    assert {line.split("\t")[0] for line in done.out.splitlines()[1:]} == {"good", "analysis"}
    data = json.loads(canfar("events", "good", "-o", "json").out)
    assert set(data[0]) == {"id", "name", "type", "reason", "message", "firstTime", "lastTime"}
    assert (data[0]["id"], data[0]["name"]) == (sessions["good"], "good")


def test_one_that_waits_has_no_events_yet(canfar, platform, sessions):
    done = canfar("events", "late")
    assert (done.code, done.out) == (3, "")
    assert f"session {sessions['late']} not found." in done.err
    assert "late is Pending, and events begin when" in done.err
    partly = canfar("events", "late", "good", "nobody")
    assert (partly.code, "Scheduled" in partly.out) == (6, True)


def test_events_are_kept_for_an_hour(canfar, monkeypatch):
    with LocalPlatform() as platform:
        for name, value in platform.environment.items():
            monkeypatch.setenv(name, value)
        canfar("create", "notebook", "skaha/astroml", "-n", "old", "--wait")
        platform.advance(hours=2)
        done = canfar("events", "old", "-o", "json")
    assert (done.code, done.out) == (0, "[]\n")
    assert "keeps no events of it any more" in done.err


def test_renewing_says_when_each_ends_now(canfar, platform, sessions):
    before = json.loads(canfar("info", "analysis", "-o", "json").out)[0]["expiryTime"]
    platform.advance(minutes=2)
    done = canfar("renew", "analysis", "-o", "json")
    [row] = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert (row["id"], row["name"], row["extended"]) == (sessions["analysis"], "analysis", True)
    gained = datetime.fromisoformat(row["expiryTime"]) - datetime.fromisoformat(before)
    assert 120 <= gained.total_seconds() < 220
    assert canfar("renew", sessions["analysis"]).out.startswith("ID\tNAME\tENDS\n")


def test_renewing_what_has_more_time_left(canfar, platform, sessions):
    done = canfar("renew", "fit-1")
    assert done.code == 0
    assert "ends when it did: it has that time left already" in done.err


def test_renewing_what_does_not_run(canfar, platform, sessions):
    done = canfar("renew", "late")
    assert (done.code, done.out) == (1, "")
    assert "No active job for user" in done.err
    partly = canfar("renew", "late", "analysis", "nobody")
    assert (partly.code, len(partly.out.splitlines())) == (6, 2)
    assert partly.err.count("Error: ") == 2


def test_what_is_not_there(canfar, platform, sessions):
    for command in ("events", "renew"):
        done = canfar(command, "nobody")
        assert (done.code, done.out) == (3, "")
        assert canfar(command).code == 2


@pytest.mark.parametrize(("status", "code"), [(503, 5), (401, 4), (403, 4), (500, 1)])
@pytest.mark.parametrize("command", ["events", "renew"])
def test_what_a_failing_server_says(canfar, platform, sessions, command, status, code):
    platform.fail(command, status=status, body="the words of the server", retry_after=0)
    done = canfar(command, "analysis")
    assert (done.code, done.out) == (code, "")
    assert "the words of the server" in done.err


def test_in_a_pipe_and_at_a_terminal(run, at_terminal, platform, sessions):
    done = run("renew", "-", given="analysis\n")
    assert (done.code, done.err.count("\n") <= 1) == (0, True)
    assert done.out.splitlines()[1].startswith(f"{sessions['analysis']}\tanalysis\t")
    shown = at_terminal("events", "analysis")
    assert shown.code == 0
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "ago" in shown.out
