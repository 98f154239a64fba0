"""Ctrl-C at any moment leaves a batch that can be found and continued, and destroys nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from canfar.sessions import Session

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
COMMAND = ["sh", "-c", "sleep 1; echo did $REPLICA_ID"]
STATEMENTS = {
    "submit": "batch = {await_}session.submit('fit', 'skaha/astroml', command={c}, replicas=40)",
    "run": "{await_}session.run('fit', 'skaha/astroml', command={c}, replicas=40)",
    "with": "{async_}with {await_}session.submit('fit', 'skaha/astroml', command={c}, replicas=40)"
    " as b: {await_}b.wait()",
}


@pytest.mark.parametrize("what", STATEMENTS)
@pytest.mark.parametrize("colour", ["sync", "asyncio"])
@pytest.mark.parametrize("after", [3, 20, 40])
def test_what_was_interrupted_is_found_and_goes_on(canfar_platform, tmp_path, what, colour, after):
    canfar_platform.delay("create", seconds=0.03)
    words = {"await_": "", "async_": ""}
    if colour == "asyncio":
        words = {"await_": "await ", "async_": "async "}
    statement = STATEMENTS[what].format(c=repr(COMMAND), **words)
    script = (PLAIN if colour == "sync" else AWAITED).format(statement=statement)
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, **canfar_platform.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        end = time.monotonic() + 30
        while canfar_platform.count("create") < after:
            assert time.monotonic() < end
            time.sleep(0.005)
        if after == 40:
            time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)

    done_before = what == "submit" and after == 40 and process.returncode == 0
    assert done_before or "KeyboardInterrupt" in error
    with Session() as session:
        started = session.fetch().ids
        batch = session.batch("fit")
        assert sorted(batch.ids) == sorted(started)
        assert canfar_platform.count("delete") == 0
        batch.wait(timeout=60, save_logs=tmp_path / "logs")
        said = {file.read_text() for file in (tmp_path / "logs").glob("*.log")}
        assert said == {f"did {each.number}\n" for each in batch.replicas if each.id}


def test_a_relaunch_that_was_interrupted_starts_nothing_twice(canfar_platform, monkeypatch):
    with Session(concurrency=2) as session:
        batch = session.submit("fit", "skaha/astroml", cmd="false", replicas=10)
        batch.wait(timeout=60)
        canfar_platform.delay("create", seconds=0.05, after=True)
        before = canfar_platform.count("create")

        def interrupt():
            while canfar_platform.count("create") < before + 4:
                time.sleep(0.005)
            os.kill(os.getpid(), signal.SIGINT)

        from threading import Thread

        thread = Thread(target=interrupt)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            batch.relaunch()
        thread.join()
        batch.wait(timeout=60)
        batch.relaunch()
        batch.wait(timeout=60)

        # Everything failed again, so everything is asked for once more, and nothing twice.
        names = sorted(record.name for record in session.fetch())
        assert max(len(each.attempts) for each in batch.replicas) <= 3
        assert len(names) == sum(len(each.attempts) for each in batch.replicas)
