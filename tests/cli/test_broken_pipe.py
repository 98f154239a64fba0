"""Whoever reads has enough, as `| head` does: a real pipe, closed early."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture(scope="module")
def long(shared_platform):
    """A session that wrote more than any pipe holds."""
    with Session(url=shared_platform.url, token=shared_platform.token) as session:
        ids = session.create("long", IMAGE, cmd="seq", args="200000")
        session.wait(ids)
        yield ids[0]


@pytest.fixture
def into_a_closed_pipe(platform):
    """Run it with an output that nobody reads any more, after as many bytes as are wanted."""

    def run(*words, wanted=0, errors_too=False):
        reading, writing = os.pipe()
        if not wanted:
            os.close(reading)
        with subprocess.Popen(
            [sys.executable, "-m", "canfar.cli", *words],
            stdout=writing,
            stderr=writing if errors_too else subprocess.PIPE,
            text=True,
        ) as process:
            os.close(writing)
            if wanted:
                os.read(reading, wanted)
                os.close(reading)
            _, err = process.communicate(timeout=60)
        return process.returncode, err

    return run


@pytest.mark.parametrize(
    "words",
    [
        ("logs", "long"),
        ("logs", "--follow", "long"),
        ("logs", "long", "-o", "json"),
        ("ps", "--all"),
        ("ps", "-aq"),
        ("info", "long"),
        ("image", "ls"),
        ("whoami",),
        ("--help",),
        ("version",),
    ],
    ids=" ".join,
)
def test_it_ends_quietly_as_other_programs_do(into_a_closed_pipe, long, words):
    assert into_a_closed_pipe(*words) == (141, "")


def test_in_the_middle_of_a_log(into_a_closed_pipe, long):
    assert into_a_closed_pipe("logs", "long", wanted=1) == (141, "")


def test_not_even_an_error_can_be_said(into_a_closed_pipe, long):
    assert into_a_closed_pipe("info", "nosuch", errors_too=True) == (141, None)
    assert into_a_closed_pipe("frobnicate", errors_too=True) == (141, None)


def test_the_shell_sees_what_it_sees_of_others(platform, long):
    line = f"set -o pipefail; {sys.executable} -m canfar.cli logs long | head -1; echo $?"
    done = subprocess.run(["/bin/bash", "-c", line], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("1\n141\n", "")


def test_what_is_started_is_said_elsewhere(into_a_closed_pipe, platform):
    with Session(url=platform.url, token=platform.token) as session:
        before = session.fetch().ids
        line = ["create", "headless", IMAGE, "-n", "more", "-r", "12", "--", "sleep", "60"]
        code, err = into_a_closed_pipe(*line)
        started = [each for each in session.fetch() if each.id not in before]
        session.destroy(started)
    assert code == 141
    assert started
    assert f"{len(started)} w" in err
    assert "canfar delete --yes" in err


def test_a_run_is_cleaned_up(into_a_closed_pipe, platform, long):
    with Session(url=platform.url, token=platform.token) as session:
        code, _ = into_a_closed_pipe("run", IMAGE, "-n", "gone", "--rm", "--", "seq", "100000")
        assert code == 141
        assert [each.id for each in session.fetch()] == [long]
