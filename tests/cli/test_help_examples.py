"""The examples in the help of each command run as they are written."""

from __future__ import annotations

import os
import pty
import shutil
import sys
import textwrap

import pytest
from command_tree import COMMANDS

from canfar.sessions import Session

IMAGE = "skaha/astroml"

ELSEWHERE = {
    "login": "needs an identity provider",
    "auth": "needs one, too",
    "whoami": "needs a login",
    "server": "needs registries",
    "config": "changes what is kept here",
    "doctor": "has no session to do with",
    "local": "starts platforms that stay",
    "completion": "writes into the folder where it runs",
    "top": "goes on until somebody ends it",
}
"""Commands whose examples are looked after by their own tests, and why."""


def examples(command):
    text = f"{command.help or ''}\n{command.epilog or ''}".replace("\b", "")
    _, _, listed = text.partition("Examples:\n")
    return [line for line in textwrap.dedent(listed).splitlines() if line.startswith("canfar ")]


LINES = [
    line
    for name, command in COMMANDS.items()
    if name.split()[0] not in ELSEWHERE
    for line in examples(command)
]


@pytest.fixture
def sessions(platform):
    """A notebook, a desktop with an app and three replicas that have ended."""
    with Session(url=platform.url, token=platform.token) as session:
        ids = session.create("analysis", IMAGE, kind="notebook")
        ids += session.create("desk", "skaha/desktop:1.1.2", kind="desktop")
        ids += session.create("fit", IMAGE, cmd="echo", args="done", replicas=3)
        session.wait(ids)
        session.attach(ids[1], "skaha/terminal:1.1.2")
        yield session
        session.destroy(session.fetch())


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Run a line in a shell at a terminal, and say yes to what it asks."""
    canfar = tmp_path / "canfar"
    canfar.write_text(f'#!/bin/sh\nexec {sys.executable} -m canfar.cli "$@"\n')
    canfar.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("BROWSER", f"{shutil.which('true')} %s")

    def run(line):
        process_id, screen = pty.fork()
        if process_id == 0:
            os.chdir(tmp_path)
            os.execve("/bin/sh", ["sh", "-c", line], os.environ)  # noqa: S606 - the line is ours
        shown = ""
        try:
            while piece := os.read(screen, 4096).decode(errors="replace"):
                shown += piece
                if "[y/N]:" in piece:
                    os.write(screen, b"y\n")
        except OSError:
            pass
        _, status = os.waitpid(process_id, 0)
        os.close(screen)
        return os.waitstatus_to_exitcode(status), shown

    return run


@pytest.mark.parametrize("name", [n for n in COMMANDS if n.split()[0] not in ELSEWHERE])
def test_each_command_has_two(name):
    assert len(examples(COMMANDS[name])) >= 2


@pytest.mark.parametrize("line", LINES)
def test_an_example_runs(shell, sessions, line):
    code, shown = shell(line)
    assert code == 0, shown
    assert "Error" not in shown
