"""`canfar run`, as people and scripts use it."""

from __future__ import annotations

import re
import sys

import pytest

from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture
def session(platform):
    with Session(url=platform.url, token=platform.token) as session:
        yield session
        session.destroy(session.fetch())


def test_what_it_writes_and_how_it_ends(canfar, session):
    done = canfar("run", IMAGE, "-n", "hi", "--", "echo", "hello  $HOME")
    assert (done.code, done.out) == (0, "hello  $HOME\n")
    [record] = session.fetch()
    assert done.err == f"hi is session {record.id}\n"
    assert record.status == "Completed"


def test_bytes_pass_as_they_are(run, session):
    program = r"import sys; sys.stdout.buffer.write(b'a\r\n\xff\x00\t[b]\x1b[31m\nno end')"
    done = run("-q", "run", IMAGE, "--rm", "--", sys.executable, "-c", program, decode=False)
    assert (done.code, done.out, done.err) == (
        0,
        b"a\r\n\xff\x00\t[b]\x1b[31m\nno end",
        b"",
    )
    assert session.fetch() == []


def test_one_that_fails(canfar, session):
    done = canfar("run", IMAGE, "-n", "bad", "--", "sh", "-c", "echo sorry; exit 3")
    assert (done.code, done.out) == (1, "sorry\n")
    [id_] = session.fetch().ids
    assert f"bad ({id_}): Failed\nbad: " in done.err


def test_replicas_say_who_they_are(canfar, session):
    command = ["sh", "-c", 'echo "one $REPLICA_ID"; printf two; [ "$REPLICA_ID" != 2 ]']
    done = canfar("run", IMAGE, "-n", "fit", "-r", "3", "--rm", "--", *command)
    assert done.code == 6
    for number in (1, 2, 3):
        lines = [line for line in done.out.splitlines() if line.startswith(f"fit-{number}\t")]
        assert lines == [f"fit-{number}\tone {number}", f"fit-{number}\ttwo"]
    assert re.search(r"^fit-2: ", done.err, re.MULTILINE)
    assert not re.search(r"^fit-[13]: ", done.err, re.MULTILINE)
    assert session.fetch() == []


def test_replicas_that_are_refused(canfar, platform, session):
    platform.fail("create", status=400, body="no more of those", times=1)
    done = canfar("run", IMAGE, "-r", "2", "--", "true")
    assert (done.code, done.out) == (6, "")
    assert "no more of those" in done.err
    platform.fail("create", status=400, body="none of those")
    done = canfar("run", IMAGE, "--rm", "--", "true")
    assert (done.code, done.out) == (1, "")
    assert "none of those" in done.err


def test_time_runs_out(canfar, session):
    done = canfar("run", IMAGE, "-n", "long", "--timeout", "0.3s", "--", "sleep", "600")
    [id_] = session.fetch().ids
    assert (done.code, done.out) == (124, "")
    assert f"follow with: canfar logs --follow {id_}\n" in done.err
    assert f"end with: canfar delete --yes {id_}\n" in done.err
    assert f"find with: canfar ps {id_}\n" in done.err
    session.destroy(id_)
    done = canfar("run", IMAGE, "--rm", "--timeout", "0.3s", "--", "sleep", "600")
    assert done.code == 124
    assert "goes on" not in done.err
    assert session.fetch() == []


def test_what_it_cannot_clean_up(canfar, platform, session):
    platform.fail("delete", status=403, body="not that one")
    done = canfar("run", IMAGE, "--rm", "--", "echo", "hello")
    assert (done.code, done.out) == (4, "hello\n")
    assert "not that one" in done.err
    platform.clear_faults()


@pytest.mark.parametrize("kind", ["notebook", "Headless"])
def test_the_way_of_canfar_1_0(canfar, session, kind):
    done = canfar("run", kind, IMAGE, "-n", "old")
    [record] = session.fetch()
    assert (done.code, done.out, done.err) == (0, f"{record.id}\n", "")
    assert (record.kind, record.name) == (kind.lower(), "old")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["notebook"], "Missing argument 'IMAGE'"),
        (["notebook", IMAGE, "--rm"], "without a kind"),
        ([IMAGE, "--timeout", "soon"], "'soon' is no time"),
        ([IMAGE, "-n", "under_score"], "under_score"),
        ([], "Missing argument 'IMAGE'"),
    ],
)
def test_what_makes_no_sense_is_said(canfar, platform, words, said):
    before = platform.count("*")
    done = canfar("run", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert platform.count("*") == before


def test_ctrl_c_leaves_it_running_or_cleans_up(at_terminal, session):
    words = ["run", IMAGE, "-n", "long", "--", "sh", "-c", "echo begun; sleep 600"]
    done = at_terminal(*words, interrupt_at="begun")
    [record] = session.fetch()
    assert (done.code, record.status) == (130, "Running")
    assert f"end with: canfar delete --yes {record.id}" in done.out
    session.destroy(record)
    done = at_terminal(*words[:2], "--rm", *words[2:], interrupt_at="begun")
    assert (done.code, session.fetch()) == (130, [])
    assert "\n1 session was destroyed.\n" in done.out


def test_ctrl_c_with_many(at_terminal, session):
    words = ["run", IMAGE, "-n", "early", "-r", "5", "--", "sh", "-c", "echo begun; sleep 600"]
    other = session.create("early-type", IMAGE, cmd="sleep", args="600")
    done = at_terminal(*words, interrupt_at="begun")
    started = [each for each in session.fetch() if each.id not in other]
    said = done.out[done.out.index("Interrupted.") - 400 :]
    assert (done.code, len(started)) == (130, 5)
    assert "5 sessions go on; follow with: canfar logs --follow 'early-[0-9]*'\n" in said
    assert "find with: canfar ps 'early-[0-9]*'\n" in said
    assert "end with: canfar delete --yes 'early-[0-9]*'\n" in said
    assert not any(f" {each.id}" in said for each in started)
    ended = at_terminal("delete", "--yes", "early-[0-9]*")
    assert (ended.code, session.fetch().ids) == (0, other)
    done = at_terminal(*words[:2], "--rm", *words[2:], interrupt_at="begun")
    assert (done.code, session.fetch().ids) == (130, other)
    assert "\n5 sessions were destroyed.\n" in done.out


def test_colours_at_a_terminal(at_terminal, session):
    done = at_terminal("run", IMAGE, "-n", "fit", "-r", "2", "--", "printenv", "REPLICA_ID")
    assert done.code == 0
    assert "\x1b[36mfit-1 |\x1b[0m 1\n" in done.out
    assert "\x1b[33mfit-2 |\x1b[0m 2\n" in done.out
    assert " 2 done, " in done.out or " 1 done, " in done.out
