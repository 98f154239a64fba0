"""Ctrl-C at any moment leaves a batch that can be found and continued, and destroys nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from holding import PATIENCE, Holding, until

from canfar.sessions import Session

COUNT = 12
MANY = 40
"""More than could be started between a Ctrl-C and its being noticed, however busy the machine."""

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
DO = "echo did $REPLICA_ID"
STARTING = [("submit", 0), ("run", 3), ("with", 6)]
WAITING = ["run", "with"]


@contextmanager
def script(platform, what, colour, gate, count):
    words = {"await_": "", "async_": ""}
    if colour == "asyncio":
        words = {"await_": "await ", "async_": "async "}
    statement = STATEMENTS[what].format(c=gate.command(DO), n=count, **words)
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
    assert "on: " in error  # what goes on, and how to find it


def goes_on(platform, gate, logs):
    """Find what the script left, and let it end; return how many replicas it has."""
    with Session() as session:
        batch = session.batch("fit")
        assert sorted(batch.ids) == sorted(session.fetch().ids)
        assert platform.count("delete") == 0
        gate.open()
        batch.wait(timeout=60, save_logs=logs)
    said = {file.read_text() for file in logs.glob("*.log")}
    assert said == {f"did {each.number}\n" for each in batch.replicas if each.id}
    return len(batch.ids)


@pytest.mark.parametrize("colour", ["sync", "asyncio"])
@pytest.mark.parametrize(("what", "passed"), STARTING)
def test_what_was_interrupted_as_it_started(canfar_platform, tmp_path, gate, what, passed, colour):
    holding = Holding(canfar_platform, "create", skip=passed)
    with script(canfar_platform, what, colour, gate, MANY) as process:
        holding.wait(4)
        process.send_signal(signal.SIGINT)
        holding.let_go_until(lambda: process.poll() is not None)

    assert passed + 4 <= goes_on(canfar_platform, gate, tmp_path / "logs") < MANY


@pytest.mark.parametrize("colour", ["sync", "asyncio"])
@pytest.mark.parametrize("what", WAITING)
def test_what_was_interrupted_as_it_waited(canfar_platform, tmp_path, gate, what, colour):
    with script(canfar_platform, what, colour, gate, COUNT) as process:
        until(lambda: canfar_platform.count("create") == COUNT)
        # The first list is of what was there before; the next one is the wait's.
        until(lambda: canfar_platform.count("list") > 1)
        process.send_signal(signal.SIGINT)

    assert goes_on(canfar_platform, gate, tmp_path / "logs") == COUNT


def test_a_relaunch_that_was_interrupted_starts_nothing_twice(canfar_platform):
    with Session(concurrency=2) as session:
        batch = session.submit("fit", "skaha/astroml", cmd="false", replicas=COUNT)
        batch.wait(timeout=60)
        holding = Holding(canfar_platform, "create", skip=2)

        noticed = pytest.raises(KeyboardInterrupt)
        with interrupt(lambda: holding.wait(2), holding.let_go_until), noticed:
            batch.relaunch()
        canfar_platform.clear_faults()

        assert 4 <= sum(len(each.attempts) for each in batch.replicas) - COUNT < COUNT
        batch.wait(timeout=60)
        batch.relaunch()
        batch.wait(timeout=60)

        # Everything failed again, so everything is asked for once more, and nothing twice.
        names = sorted(record.name for record in session.fetch())
        assert max(len(each.attempts) for each in batch.replicas) <= 3
        assert len(names) == sum(len(each.attempts) for each in batch.replicas)


@contextmanager
def interrupt(ready, until_over):
    """Press Ctrl-C when ``ready()`` has returned; once noticed, call ``until_over(is_over)``."""
    noticed, over = Event(), Event()

    def press():
        ready()
        os.kill(os.getpid(), signal.SIGINT)
        noticed.wait(PATIENCE)
        until_over(over.is_set)

    def on_signal(*_):
        noticed.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, on_signal)
    thread = Thread(target=press)
    try:
        thread.start()
        yield
    finally:
        over.set()
        thread.join()
        signal.signal(signal.SIGINT, before)
