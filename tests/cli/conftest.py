"""The `canfar` command as people and scripts run it: in a pipe, and at a terminal."""

from __future__ import annotations

import io
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

import pytest

from canfar.cli import main
from canfar.local import LocalPlatform


class Done:
    """What a command came to."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __repr__(self):
        return f"exit {self.code}\n--- stdout\n{self.out}\n--- stderr\n{self.err}"


def pipe(*words, given="", decode=True, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "canfar.cli", *map(str, words)],
        env={**os.environ, **environment},
        input=given if isinstance(given, bytes) else given.encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    if not decode:
        return Done(done.returncode, done.stdout, done.stderr)
    out, err = done.stdout.decode(), done.stderr.decode()
    return Done(done.returncode, out, err)


def terminal(*words, answers=(), interrupt_at=None, again_after=10, size=(24, 80)):
    """Run it at a pseudo-terminal; answers are pairs of what is asked and what is typed.

    Ctrl-C is pressed when ``interrupt_at`` is shown, and again after so many seconds.
    """
    process_id, screen = pty.fork()
    if process_id == 0:
        termios.tcsetwinsize(0, size)
        # Else Ctrl-C takes away what was written and not read yet.
        attributes = termios.tcgetattr(0)
        attributes[3] |= termios.NOFLSH
        termios.tcsetattr(0, termios.TCSANOW, attributes)
        command = [sys.executable, "-m", "canfar.cli", *map(str, words)]
        # Not the environment that C has: readline puts its own idea of the size there, and what
        # is started from there, such as one of several workers that run tests, has it too.
        sized = {name: os.environ[name] for name in os.environ.keys() - {"COLUMNS", "LINES"}}
        os.execve(command[0], command, sized)  # noqa: S606 - our own program
    shown, left, end, pressed = "", list(answers), time.monotonic() + 60, 0.0
    while time.monotonic() < end:
        if (
            interrupt_at is not None
            and interrupt_at in shown
            and "Interrupted." not in shown
            and time.monotonic() - pressed > again_after
        ):
            # Pressed again where it came too early for readline, as people do.
            os.write(screen, b"\x03")
            pressed = time.monotonic()
        if not select.select([screen], [], [], 0.1)[0]:
            continue
        try:
            piece = os.read(screen, 4096).decode(errors="replace")
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if left and left[0][0] in shown:
            os.write(screen, f"{left.pop(0)[1]}\n".encode())
    else:
        os.kill(process_id, signal.SIGKILL)
    _, status = os.waitpid(process_id, 0)
    os.close(screen)
    assert "Traceback" not in shown, shown
    return Done(os.waitstatus_to_exitcode(status), shown.replace("\r\n", "\n"), "")


@pytest.fixture
def run():
    return pipe


@pytest.fixture
def at_terminal():
    return terminal


@pytest.fixture(scope="module")
def shared_platform():
    """A platform for all tests of a module."""
    with LocalPlatform(max_running=3) as platform:
        yield platform


@pytest.fixture
def platform(shared_platform, monkeypatch):
    """The module's platform, which commands find without options; its faults are the test's own."""
    for name, value in shared_platform.environment.items():
        monkeypatch.setenv(name, value)
    yield shared_platform
    shared_platform.clear_faults()


@pytest.fixture
def canfar(capsys, monkeypatch):
    """Run it in this process, in a pipe: for many cases, each of which starts no interpreter."""

    def run(*words, given="", **environment):
        capsys.readouterr()
        content = given if isinstance(given, bytes) else given.encode()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))
            for name, value in environment.items():
                patch.setenv(name, value)
            code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in err, err
        return Done(code, out, err)

    return run
