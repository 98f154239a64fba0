"""`canfar top`: a live view at a terminal, one plain list elsewhere."""

from __future__ import annotations

import json
import os
import pty
import sys
import termios

import pytest

from canfar.cli.keys import Keys
from canfar.cli.top import CLOSE, OPEN
from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture(scope="module")
def sessions(shared_platform):
    with Session(url=shared_platform.url, token=shared_platform.token) as session:
        [good] = session.create("a-good-one", IMAGE, cmd="true")
        session.wait(good)
        [notebook] = session.create("notes", IMAGE, kind="notebook", cores=2, ram=8)
        fits = session.create("fit", IMAGE, command=["sleep", "600"], replicas=3)
        session.wait([notebook, *fits], until="running")
        fits += session.create("late", IMAGE, command=["sleep", "600"])
    return {"good": good, "notes": notebook, "fit": fits}


def test_without_a_terminal_they_are_shown_once(canfar, platform, sessions):
    before = platform.count("*")
    done = canfar("top")
    heading, *lines = [line.split("\t") for line in done.out.splitlines()]
    assert (done.code, done.err) == (0, "")
    assert heading == [
        "ID", "NAME", "KIND", "STATUS", "STARTED", "ENDS", "CORES", "RAM GB", "GPUS", "IMAGE",
    ]  # fmt: skip
    statuses = [line[3] for line in lines]
    assert statuses == sorted(statuses, key=["Running", "Pending", "Completed"].index)
    assert [line[1] for line in lines][-1] == "a-good-one"
    assert platform.count("*") == before + 1


def test_for_programs(canfar, platform, sessions):
    [row] = json.loads(canfar("top", "-k", "notebook", "-o", "json").out)
    assert row["id"] == sessions["notes"]
    assert canfar("top", "-k", "notebook", "-o", "name").out == "notes\n"
    assert canfar("top", "--every", "0").code == 2


@pytest.mark.parametrize(("status", "code"), [(503, 5), (401, 4), (403, 4), (500, 1)])
def test_what_a_failing_server_says(canfar, platform, status, code):
    platform.fail(status=status, body="the words of the server", retry_after=0)
    done = canfar("top")
    assert (done.code, done.out) == (code, "")
    assert "the words of the server" in done.err


def test_it_goes_on_while_the_server_is_away_and_q_leaves(at_terminal, platform, sessions):
    platform.fail("list", skip=1, status=500, body="the words of the server")
    done = at_terminal("top", "--every", "1", size=(24, 110), answers=[("This is how it was", "q")])
    assert done.code == 0
    first, _, second = done.out.partition("This is how it was; now the words of the server")
    assert first.startswith(OPEN)
    assert first.count("q leaves  4 Running, 1 Pending, 1 Completed") == 2
    assert "notes" in first
    assert "notes" in second
    assert CLOSE in second


def test_ctrl_c_leaves_a_terminal_as_it_was(at_terminal, platform, sessions):
    done = at_terminal("top", size=(6, 60), interrupt_at="and 4 more")
    assert done.code == 130
    assert done.out.endswith(f"{CLOSE}\n\nInterrupted.\n")
    lines = done.out.partition(CLOSE)[0].splitlines()
    assert len(lines) == 6


@pytest.fixture
def typist(monkeypatch):
    """Where to type so that it is pressed on the keyboard."""
    typist, screen = pty.openpty()
    with os.fdopen(screen, "rb", buffering=0) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        yield typist
    os.close(typist)


def test_keys_are_read_as_they_are_pressed_and_lines_afterwards(typist):
    before = termios.tcgetattr(sys.stdin)
    with Keys() as keys:
        os.write(typist, b"xq")
        assert keys.waited_for("q", 60)
        assert not keys.waited_for("q", 0.01)
    assert termios.tcgetattr(sys.stdin) == before


def test_nobody_at_the_keyboard_ends_it(typist, monkeypatch):
    monkeypatch.setattr(Keys, "_next", lambda *_: "")
    with Keys() as keys:
        assert keys.waited_for("q", 60)
