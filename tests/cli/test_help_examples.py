"""The examples of each command's help run as they stand there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import webbrowser
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts" / "website"))

from command_help import commands, does_something, examples

from canfar import authentication, config
from canfar.sessions import Session

IMAGE = "skaha/astroml"
PASSWORD = "s3cret é"
ALL = {" ".join(words): command for words, command in commands() if does_something(command)}
SHOWN = [(name, line) for name, command in ALL.items() for line in examples(command)]
# Somebody has to be there; the tests of logging in are somebody.
ASKS = {"canfar login cadc --username ada", "canfar login srcnet"}
LOGINS = {"login", "auth login", "auth", "auth show", "auth use", "auth remove", "server use"}
SHELL = re.compile(r"[$|<>;&`]")


@pytest.mark.parametrize("name", sorted(ALL))
def test_there_are_two(name):
    lines = examples(ALL[name])
    assert len(lines) >= 2
    assert all("canfar" in line for line in lines)
    assert all(len(line) <= 78 for line in lines)


@pytest.fixture
def sessions(platform):
    """What the examples name, made again where one has destroyed it."""
    with Session(url=platform.url, token=platform.token) as session:
        found = [each for each in session.fetch() if not each.app_id]
        have = Counter(each.name for each in found)
        # One example of run has replicas of the same names.
        if have["fit-1"] != 1:
            session.destroy([each.id for each in found if each.name.startswith("fit-")])
        made = []
        if "analysis" not in have:
            made += session.create("analysis", IMAGE, kind="notebook")
        if "desk" not in have:
            made += session.create("desk", IMAGE, kind="desktop")
        if have["fit-1"] != 1:
            made += session.create("fit", IMAGE, command=["echo", "done"], replicas=2)
        session.wait(made)
        [desktop] = [each for each in session.fetch() if each.name == "desk" and not each.app_id]
        if not session.apps(desktop):
            session.attach(desktop, "skaha/terminal:1.1.2")


@pytest.fixture
def somebody(credential_service):
    """A login that is kept."""
    authentication.login("cadc", username="ada", password=PASSWORD)


@pytest.fixture
def in_bash(tmp_path):
    """Run a line as people type it; `canfar` is ours."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "canfar").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m canfar.cli "$@"\n')
    (folder / "canfar").chmod(0o755)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"

    def run(line):
        return subprocess.Popen(
            [shutil.which("bash"), "-c", f"set -o pipefail; {line}"],
            env={**os.environ, "PATH": path, "PASSWORD": PASSWORD},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    return run


@pytest.fixture
def at_home(monkeypatch, tmp_path):
    """What examples write is written here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "secret.txt").write_text("123456\n")
    # Nobody reads the browser's page.
    monkeypatch.setattr(webbrowser, "open_new_tab", lambda _: True)
    # Whoever types these says yes.
    monkeypatch.setattr("canfar.cli.asking.is_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", lambda *_, **__: True)
    with config.edit() as draft:
        draft.set("console.width", 120)
        draft.set("registry", {"username": "ada", "secret": "123456"})


@pytest.mark.parametrize(
    ("name", "line"),
    [each for each in SHOWN if each[1] not in ASKS and each[0] != "auth login"],
    ids=lambda each: each,
)
def test_they_run(request, at_home, name, line):
    first = line.split("canfar ")[1].split()[0]
    if name in LOGINS:
        request.getfixturevalue("somebody" if name != "login" else "credential_service")
    elif first not in {"local", "auth", "server", "config"}:
        request.getfixturevalue("sessions")
    if name == "local serve":
        served = request.getfixturevalue("in_bash")(f"exec {line}")
        assert served.stdout.readline().startswith("export CANFAR_URL=")
        served.terminate()
        _, err = served.communicate(timeout=60)
        assert served.returncode == 0, err
    elif SHELL.search(line.replace("'*'", "")):
        started = request.getfixturevalue("in_bash")(line)
        out, err = started.communicate(timeout=90)
        assert started.returncode == 0, (out, err)
    else:
        done = request.getfixturevalue("canfar")(*map(os.path.expanduser, shlex.split(line)[1:]))
        # Where nothing runs, the answer is that, and the code says so.
        assert done.code == (3 if name == "local status" else 0), done
    if name == "local start":
        request.getfixturevalue("canfar")("local", "stop")
