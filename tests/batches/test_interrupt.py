"""Ctrl-C at any moment leaves a batch that can be found and continued, and destroys nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from threading import Thread

import pytest
from holding import Holding, until

from canfar.sessions import Session

COUNT = 12
PLAIN = """
from canfar.sessions import Session
with Session(concurrency=4) as session:
    {statement}
"""
AWAITED = """
import asyncio
from canfar.sessions import AsyncSession
async def main():
    async with AsyncSession(concurrency=4) as session:
        {statement}
asyncio.run(main())
"""
STATEMENTS = {
    "submit": "{await_}session.submit('fit', 'skaha/astroml', command={c}, replicas={n})",
    "run": "{await_}session.run('fit', 'skaha/astroml', command={c}, replicas={n})",
    "with": "{async_}with {await_}session.submit('fit', 'skaha/astroml', command={c}, replicas={n})"
    " as b: {await_}b.wait()",
}
STARTING = [("submit", 0), ("run", 3), ("with", 6)]
WAITING = ["run", "with"]


class Go:
    """What replicas wait for before they end."""

    def __init__(self, path):
        os.mkfifo(path)
        self.command = ["sh", "-c", f'read line < "{path}"; echo did $REPLICA_ID']
        # Open for both, so that opening it holds up nobody.
        self._end = os.open(path, os.O_RDWR)

    def __call__(self):
        """Let all of them end: a shell reads to the end of a line and no byte more."""
        os.write(self._end, b"\n" * COUNT)

    def close(self):
        os.close(self._end)


@pytest.fixture
def go(tmp_path):
    go = Go(tmp_path / "go")
    yield go
    go.close()


@contextmanager
def script(platform, what, colour, command):
    words = {"await_": "", "async_": ""}
    if colour == "asyncio":
        words = {"await_": "await ", "async_": "async "}
    statement = STATEMENTS[what].format(c=command, n=COUNT, **words)
    text = (PLAIN if colour == "sync" else AWAITED).format(statement=statement)
    with subprocess.Popen(
        [sys.executable, "-c", text],
        env={**os.environ, **platform.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        _, error = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in error


def goes_on(platform, go, logs):
    """Find what the script left, and let it end; return how many replicas it has."""
    with Session() as session:
        batch = session.batch("fit")
        assert sorted(batch.ids) == sorted(session.fetch().ids)
        assert platform.count("delete") == 0
        go()
        batch.wait(timeout=60, save_logs=logs)
    said = {file.read_text() for file in logs.glob("*.log")}
    assert said == {f"did {each.number}\n" for each in batch.replicas if each.id}
    return len(batch.ids)


@pytest.mark.parametrize("colour", ["sync", "asyncio"])
@pytest.mark.parametrize(("what", "passed"), STARTING)
def test_what_was_interrupted_as_it_started(canfar_platform, tmp_path, go, what, passed, colour):
    holding = Holding(canfar_platform, "create", skip=passed)
    with script(canfar_platform, what, colour, go.command) as process:
        holding.wait(4)
        process.send_signal(signal.SIGINT)
        holding.let_go_until(lambda: process.poll() is not None)

    assert passed + 4 <= goes_on(canfar_platform, go, tmp_path / "logs") < COUNT


@pytest.mark.parametrize("colour", ["sync", "asyncio"])
@pytest.mark.parametrize("what", WAITING)
def test_what_was_interrupted_as_it_waited(canfar_platform, tmp_path, go, what, colour):
    with script(canfar_platform, what, colour, go.command) as process:
        # The first list is of what was there before; the next one is the wait's.
        until(lambda: canfar_platform.count("list") > 1)
        process.send_signal(signal.SIGINT)

    assert goes_on(canfar_platform, go, tmp_path / "logs") == COUNT


def test_a_relaunch_that_was_interrupted_starts_nothing_twice(canfar_platform):
    with Session(concurrency=2) as session:
        batch = session.submit("fit", "skaha/astroml", cmd="false", replicas=8)
        batch.wait(timeout=60)
        holding = Holding(canfar_platform, "create", skip=2)

        with interrupt(lambda: holding.wait(2), holding.let_go), pytest.raises(KeyboardInterrupt):
            batch.relaunch()
        canfar_platform.clear_faults()
        holding.let_go()

        assert 4 <= sum(len(each.attempts) for each in batch.replicas) - 8 < 8
        batch.wait(timeout=60)
        batch.relaunch()
        batch.wait(timeout=60)

        # Everything failed again, so everything is asked for once more, and nothing twice.
        names = sorted(record.name for record in session.fetch())
        assert max(len(each.attempts) for each in batch.replicas) <= 3
        assert len(names) == sum(len(each.attempts) for each in batch.replicas)


@contextmanager
def interrupt(ready, then):
    """Press Ctrl-C when ``ready()`` has returned, and call ``then()`` as the block notices."""

    def press():
        ready()
        os.kill(os.getpid(), signal.SIGINT)

    def on_signal(*_):
        then()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, on_signal)
    thread = Thread(target=press)
    try:
        thread.start()
        yield
    finally:
        thread.join()
        signal.signal(signal.SIGINT, before)
