"""Bulk calls: one outcome per input, reported as it comes, nothing lost when cut short."""

import asyncio
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import pytest
from holding import PATIENCE, Holding, until

from canfar.errors import CanfarError, MayExist, NotFound, QuotaReached, SessionFailed
from canfar.sessions import AsyncSession, Session

IMAGE = "images.canfar.net/skaha/astroml:latest"


def test_each_outcome_is_reported_once_as_it_comes(session):
    reported = []

    ids = session.create(
        "fit", IMAGE, cmd="sleep", args="300", replicas=5, on_outcome=reported.append
    )

    assert sorted(outcome.about for outcome in reported) == [1, 2, 3, 4, 5]
    assert sorted(outcome.value for outcome in reported) == sorted(ids)


@pytest.mark.parametrize("method", ["info", "logs", "events", "renew", "destroy"])
def test_every_bulk_call_reports(session, method):
    ids = session.create("fit", IMAGE, cmd="sleep", args="300", replicas=3)
    session.wait(ids, until="running")
    reported = []

    result = getattr(session, method)([*ids, "nosuch00"], on_outcome=reported.append)

    assert sorted(outcome.about for outcome in reported) == sorted([*ids, "nosuch00"])
    assert [outcome.about for outcome in result.outcomes] == [*ids, "nosuch00"]


def test_destroy_with_reports(session):
    ids = session.create("fit", IMAGE, cmd="sleep", args="300", replicas=3)
    reported = []

    session.destroy_with("fit-", status=None, on_outcome=reported.append)

    assert sorted(outcome.about for outcome in reported) == sorted(ids)


def test_the_replicas_that_failed_can_be_started_alone(session, caplog):
    first = session.create("nb", IMAGE, kind="notebook", replicas=7)
    failed = sorted(first.errors)
    assert f"only={failed}" in caplog.text
    session.destroy(first[:3])

    second = session.create("nb", IMAGE, kind="notebook", replicas=7, only=failed)

    assert len(second) == 2
    assert {record.name for record in session.info(second)} == {f"nb-{n}" for n in failed}


def test_only_keeps_names_and_count(session):
    ids = session.create(
        "fit", IMAGE, cmd="printenv", args="REPLICA_ID REPLICA_COUNT", replicas=100, only=[57, 3]
    )
    session.wait(ids)

    assert [record.name for record in session.info(ids)] == ["fit-3", "fit-57"]
    assert list(session.logs(ids).values()) == ["3\n100\n", "57\n100\n"]


def test_only_nobody(session):
    assert session.create("fit", IMAGE, replicas=3, only=[]) == []


def test_the_error_says_how_to_complete_the_call(session):
    with pytest.raises(CanfarError, match=r"only=\[\d, \d\]") as caught:
        session.create("nb", IMAGE, kind="notebook", replicas=7, errors="raise")
    assert len(caught.value.ids) == 5


def test_a_create_of_which_nothing_started_raises_its_cause(session):
    session.create("nb", IMAGE, kind="notebook", replicas=5)

    with pytest.raises(QuotaReached) as caught:
        session.create("more", IMAGE, kind="notebook", replicas=3)

    assert sorted([*caught.value.errors, caught.value.about]) == [1, 2, 3]
    assert caught.value.results == []


def test_results_are_the_lists_and_dicts_people_know(session):
    ids = session.create("fit", IMAGE, cmd="true", replicas=2)
    session.wait(ids)
    logs = session.logs([*ids, "nosuch00"])
    info = session.info([*ids, "nosuch00"])
    for result in (ids, logs, info, session.events(ids), session.renew(ids), session.destroy(ids)):
        plain = dict(result) if isinstance(result, dict) else list(result)
        assert result == plain
        assert json.loads(json.dumps(result)) == json.loads(json.dumps(plain))
        again = pickle.loads(pickle.dumps(result))
        assert again == plain
        assert type(again) is type(result)
        assert again.outcomes == result.outcomes or result.errors
        assert list(again.errors) == list(result.errors)


def test_an_id_that_never_existed_is_false(session):
    ids = session.create("fit", IMAGE, cmd="sleep", args="300")

    gone = session.destroy([*ids, "nosuch00"])

    assert gone == {ids[0]: True, "nosuch00": False}
    assert isinstance(gone.errors["nosuch00"], NotFound)
    assert session.destroy(ids) == {ids[0]: False}


def test_a_deletion_that_was_swallowed_is_repeated(canfar_platform, session):
    ids = session.create("fit", IMAGE, cmd="sleep", args="300")
    canfar_platform.fail("delete", status=200, body="", times=1)

    assert session.destroy(ids) == {ids[0]: True}
    assert canfar_platform.count("delete") == 2


def test_a_session_that_will_not_go_is_false(canfar_platform, session):
    ids = session.create("fit", IMAGE, cmd="sleep", args="300")
    canfar_platform.fail("delete", status=200, body="")

    gone = session.destroy(ids)

    assert gone == {ids[0]: False}
    assert isinstance(gone.errors[ids[0]], SessionFailed)


def test_any_number_of_deletions_costs_few_lists(canfar_platform, session):
    ids = session.create("fit", IMAGE, cmd="sleep", args="300", replicas=20)
    before = canfar_platform.count("list")

    session.destroy(ids)

    assert canfar_platform.count("list") - before <= 2


class Stop(Exception):
    pass


def test_a_report_that_fails_ends_the_call_with_what_was_done(session):
    reported = []

    def fail(outcome):
        reported.append(outcome)
        if len(reported) == 5:
            raise Stop

    with pytest.raises(Stop) as caught:
        session.create("fit", IMAGE, cmd="true", replicas=200, on_outcome=fail)

    started = session.fetch().ids
    assert 5 <= len(started) < 100
    assert sorted(caught.value.ids) == sorted(started)
    assert sorted(caught.value.results) == sorted(started)


INTERRUPTED = """
import os, signal, threading
from canfar.sessions import Session
with Session(concurrency=4) as session:
    seen = []
    def count(outcome):
        seen.append(outcome)
        if len(seen) == 10:
            os.kill(os.getpid(), signal.SIGINT)
    try:
        session.create("fit", "skaha/astroml", cmd="true", replicas=500, on_outcome=count)
    except KeyboardInterrupt as interrupt:
        print(*sorted(interrupt.ids))
"""


def test_ctrl_c_in_a_script_leaves_no_session_unknown(canfar_platform):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        env=canfar_platform.environment,
        capture_output=True,
        text=True,
        check=True,
    )

    with Session() as session:
        started = session.fetch().ids
    assert done.stdout.split() == sorted(started)
    assert 10 <= len(started) < 100


ASYNC_INTERRUPTED = """
import asyncio, os, signal
from canfar.sessions import AsyncSession
async def main():
    async with AsyncSession(concurrency=4) as session:
        seen = []
        def count(outcome):
            seen.append(outcome)
            if len(seen) == 10:
                os.kill(os.getpid(), signal.SIGINT)
        try:
            await session.create("fit", "skaha/astroml", cmd="true", replicas=500, on_outcome=count)
        except asyncio.CancelledError as interrupt:
            print(*sorted(interrupt.ids))
            raise
try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_in_asyncio_leaves_no_session_unknown(canfar_platform):
    done = subprocess.run(
        [sys.executable, "-c", ASYNC_INTERRUPTED],
        env=canfar_platform.environment,
        capture_output=True,
        text=True,
        check=True,
    )

    with Session() as session:
        started = session.fetch().ids
    assert done.stdout.split() == [*sorted(started), "interrupted"]
    assert 10 <= len(started) < 100


def test_a_timeout_in_asyncio_carries_what_was_done(canfar_platform):
    holding = Holding(canfar_platform, "create", skip=4)
    over = threading.Event()

    async def run_out(limit):
        await asyncio.to_thread(holding.wait, 2)
        limit.reschedule(0)
        await asyncio.to_thread(holding.let_go_until, over.is_set)

    async def create(session, late):
        async with asyncio.timeout(None) as limit:
            late.append(asyncio.create_task(run_out(limit)))
            await session.create("fit", IMAGE, cmd="true", replicas=100)

    async def main():
        late = []
        async with AsyncSession(concurrency=2) as session:
            with pytest.raises(TimeoutError) as caught:
                await create(session, late)
            over.set()
            await asyncio.gather(*late)
            return caught.value.__cause__, (await session.fetch()).ids

    cancelled, started = asyncio.run(main())

    assert isinstance(cancelled, asyncio.CancelledError)
    assert sorted(cancelled.ids) == sorted(started)
    assert 6 <= len(started) < 100


def test_a_cancelled_task_carries_what_was_done(canfar_platform):
    holding = Holding(canfar_platform, "create", skip=4)

    async def main():
        async with AsyncSession(concurrency=2) as session:
            task = asyncio.create_task(session.create("fit", IMAGE, cmd="true", replicas=100))
            await asyncio.to_thread(holding.wait, 2)
            task.cancel()
            await asyncio.to_thread(holding.let_go_until, task.done)
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            return caught.value, (await session.fetch()).ids

    cancelled, started = asyncio.run(main())

    assert sorted(cancelled.ids) == sorted(started)
    assert 6 <= len(started) < 100


def test_ctrl_c_while_its_threads_are_started_leaves_no_session_unknown(
    canfar_platform, monkeypatch
):
    canfar_platform.delay("create", seconds=0.5, after=True)
    start = threading.Thread.start

    def start_and_interrupt(thread):
        start(thread)
        if thread.name == "canfar_0":
            until(lambda: canfar_platform.count("create"))
            raise KeyboardInterrupt

    with Session() as session:
        session.fetch()  # what is there is known, so that creates are the only requests
        monkeypatch.setattr(threading.Thread, "start", start_and_interrupt)
        with pytest.raises(KeyboardInterrupt) as caught:
            session.create("fit", IMAGE, cmd="true", replicas=4)
        monkeypatch.undo()
        started = session.fetch().ids

    assert len(started) == 1
    assert list(caught.value.ids) == started


def told_of_all(error, records):
    """Whether an error has the id of each session, or says of its name that it may exist."""
    by_id = {record.id: record.name for record in records}
    unknown = [f"fit-{number}" for number in error.errors]
    assert all(isinstance(each, MayExist) for each in error.errors.values())
    assert "2 more may have been started: `.errors` of this error says which." in error.__notes__
    return sorted([*(by_id[each] for each in error.ids), *unknown]) == sorted(by_id.values())


def test_who_is_interrupted_twice_is_told_what_was_not_waited_for(canfar_platform):
    holding = Holding(canfar_platform, "create", skip=4)
    noticed, over = threading.Event(), threading.Event()

    def on_signal(*_):
        noticed.set()
        raise KeyboardInterrupt

    def interrupt():
        holding.wait(2)
        for _ in range(2):
            noticed.clear()
            os.kill(os.getpid(), signal.SIGINT)
            noticed.wait(PATIENCE)
            time.sleep(0.2)
        over.wait(PATIENCE)
        holding.let_go()

    before = signal.signal(signal.SIGINT, on_signal)
    thread = threading.Thread(target=interrupt)
    try:
        session = Session(concurrency=2)
        thread.start()
        with pytest.raises(KeyboardInterrupt) as caught:
            session.create("fit", IMAGE, cmd="true", replicas=100)
    finally:
        over.set()
        thread.join()
        session.close()
        signal.signal(signal.SIGINT, before)

    with Session() as session:
        assert told_of_all(caught.value, session.fetch())
    assert len(caught.value.ids) >= 4


def test_so_is_who_is_cancelled_twice(canfar_platform):
    holding = Holding(canfar_platform, "create", skip=4)

    async def main():
        async with AsyncSession(concurrency=2) as session:
            task = asyncio.create_task(session.create("fit", IMAGE, cmd="true", replicas=100))
            await asyncio.to_thread(holding.wait, 2)
            for _ in range(2):
                task.cancel()
                await asyncio.sleep(0.2)
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            holding.let_go()
            return caught.value, await session.fetch()

    cancelled, records = asyncio.run(main())

    assert told_of_all(cancelled, records)
    assert len(cancelled.ids) >= 4


def test_an_interrupt_leaves_lost_replies_open(canfar_platform):
    canfar_platform.cut("create", after=True)
    canfar_platform.delay("list", seconds=3600)

    def interrupt():
        # The first list is of what was there before, the next one looks for what was lost.
        until(lambda: canfar_platform.count("create") == 3 and canfar_platform.count("list") > 1)
        signal.raise_signal(signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    with Session(timeout=0.3) as session:
        thread.start()
        with pytest.raises((KeyboardInterrupt, CanfarError)) as caught:
            session.create("fit", IMAGE, cmd="true", replicas=3)
    thread.join()
    canfar_platform.advance(hours=2)

    assert sorted(caught.value.errors) == [1, 2, 3]
    assert all("may exist" in str(error) for error in caught.value.errors.values())


def test_a_single_question_is_not_waited_for(canfar_platform):
    canfar_platform.delay("list", seconds=3600)

    async def main():
        async with AsyncSession() as session, asyncio.timeout(0.3):
            await session.fetch()

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(main())
    assert time.monotonic() - began < 60  # and not an hour
    canfar_platform.advance(hours=2)


def test_a_thread_of_ones_own(canfar_platform):
    found = []

    def work():
        with Session() as session:
            found.extend(session.create("fit", IMAGE, cmd="true", replicas=10))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert len(found) == 10


def test_ctrl_c_while_one_session_is_started_tells_its_id(canfar_platform):
    holding = Holding(canfar_platform, "create", skip=0)
    over = threading.Event()

    def interrupt():
        holding.wait(1)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)  # the signal is to come before the reply; either way the id is told
        holding.let_go_until(over.is_set)

    thread = threading.Thread(target=interrupt)
    with Session() as session:
        session.fetch()  # what is there is known, so that the create is the only request
        thread.start()
        with pytest.raises(KeyboardInterrupt) as caught:
            session.create("one", IMAGE, cmd="true")
        over.set()
        thread.join()

        assert list(caught.value.ids) == session.fetch().ids
