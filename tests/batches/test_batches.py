"""Batches: start, wait, keep what they wrote, start again what failed, find again."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest

from canfar.batches import AsyncBatch, Batch
from canfar.errors import CanfarError, InvalidInput, RunFailed, WaitTimeout
from canfar.local import LocalPlatform
from canfar.retry import RetryPolicy
from canfar.sessions import AsyncSession, Session

IMAGE = "skaha/astroml"
FLAKY = """
echo "replica $REPLICA_ID of $REPLICA_COUNT, $WORD"
tried="$HOME/tried-$REPLICA_ID"
[ ! -e "$tried" ] || exit 0
: > "$tried"
[ "$REPLICA_ID" != 2 ] && [ "$REPLICA_ID" != 3 ]
"""


def flaky(session, **options):
    command = ["sh", "-c", FLAKY]
    return session.submit(
        "fit", IMAGE, command=command, env={"WORD": "hush"}, replicas=4, **options
    )


@pytest.fixture
def awaited(session):
    """Do with a batch of either colour what a plain one does."""

    def call(method, *words, **options):
        found = method(*words, **options)
        return session._runner.run(found) if hasattr(session, "_runner") else found

    return call


def test_waiting_relaunching_and_keeping_what_was_written(session, awaited, tmp_path):
    batch = flaky(session)
    told = []

    status = awaited(batch.wait, timeout=60, save_logs=tmp_path / "logs", progress=told.append)

    assert status == {"Completed": 2, "Failed": 2}
    assert repr(status) == "4 replicas: 2 Completed, 2 Failed"
    assert told[-1] == status
    assert [each.number for each in batch.failed] == [2, 3]
    assert not batch.ok
    assert awaited(batch.relaunch) == [2, 3]
    assert awaited(batch.wait, timeout=60, save_logs=tmp_path / "logs") == {"Completed": 4}
    assert batch.ok
    assert [len(each.attempts) for each in batch.replicas] == [1, 2, 2, 1]
    logs = sorted((tmp_path / "logs").glob("*.log"))
    assert len(logs) == 6
    assert len(list((tmp_path / "logs").glob("*.events"))) == 6
    for each in batch.replicas:
        said = {(tmp_path / "logs" / f"{each.name}-{one}.log").read_text() for one in each.attempts}
        assert said == {f"replica {each.number} of 4, hush\n"}
    assert awaited(batch.relaunch) == []
    assert awaited(batch.destroy).ok
    assert session.fetch() == []


def test_what_was_kept_is_not_written_again(session, awaited, tmp_path):
    batch = flaky(session)
    awaited(batch.wait, timeout=60, save_logs=tmp_path)
    for file in tmp_path.iterdir():
        file.write_text("mine")

    awaited(session.batch("fit").wait, timeout=60, save_logs=tmp_path)

    assert {file.read_text() for file in tmp_path.iterdir()} == {"mine"}


def test_logs_and_lines(session, awaited):
    batch = flaky(session)
    awaited(batch.wait, timeout=60)

    assert len(awaited(batch.logs)) == 4


def test_found_again_by_its_name(session, awaited):
    started = flaky(session)
    session.create("fit", IMAGE, cmd="true")  # another of the same name, without a number
    session.create("fitting-1", IMAGE, cmd="true")

    batch = session.batch("fit")

    assert len(batch) == 4
    assert batch.ids == started.ids
    awaited(batch.wait, timeout=60)
    with pytest.raises(InvalidInput, match="how the batch fit was started is not known"):
        awaited(batch.relaunch)
    with pytest.raises(InvalidInput, match="there is no batch 'fat'"):
        session.batch("fat")


def test_found_again_with_what_it_was_started_with(session, awaited):
    started = flaky(session)
    session.destroy(started.ids[3])
    session.create("fit", IMAGE, cmd="true")
    session.create("fit-9", IMAGE, cmd="true")
    same = {"command": ["sh", "-c", FLAKY], "env": {"WORD": "hush"}, "replicas": 4}

    batch = session.batch("fit", IMAGE, **same)

    assert batch.ids == started.ids[:3]
    assert awaited(batch.wait, timeout=60) == {"not started": 1, "Completed": 1, "Failed": 2}
    assert awaited(batch.relaunch) == [2, 3, 4]
    assert awaited(batch.wait, timeout=60) == {"Completed": 4}
    assert set(awaited(batch.logs).values()) == {f"replica {n} of 4, hush\n" for n in range(1, 5)}
    awaited(batch.destroy)
    assert sorted(record.name for record in session.fetch()) == ["fit", "fit-9"]


def test_a_batch_of_one_found_beside_a_larger_one_of_its_name(session):
    larger = session.submit("fit", IMAGE, cmd="true", replicas=2)
    one = session.submit("fit", IMAGE, cmd="true")

    assert session.batch("fit").ids == larger.ids
    assert session.batch("fit", IMAGE, cmd="true").ids == one.ids


def test_nothing_found_but_known_how_to_start(session, awaited):
    batch = session.batch("fit", IMAGE, cmd="true", replicas=2)

    assert batch.status == {"not started": 2}
    assert awaited(batch.relaunch) == [1, 2]
    with pytest.raises(TypeError, match="needs an image"):
        session.batch("fit", replicas=2)


def test_kept_as_text_and_gone_on_with(session, awaited):
    batch = flaky(session)
    awaited(batch.wait, timeout=60)
    kind = AsyncBatch if isinstance(batch, AsyncBatch) else Batch
    driver = batch._session

    text = batch.to_json()
    assert "hush" not in text
    with pytest.raises(InvalidInput, match="values of its environment were not kept"):
        awaited(kind.from_json(driver, text).relaunch)

    again = kind.from_json(driver, text, env={"WORD": "hush"})
    assert again.status == batch.status
    assert awaited(again.relaunch) == [2, 3]
    assert awaited(again.wait, timeout=60) == {"Completed": 4}
    assert "hush" in batch.to_json(secrets=True)


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"canfar_batch": 2})])
def test_a_text_that_holds_no_batch(session, text):
    with pytest.raises(InvalidInput, match="batch"):
        Batch.from_json(session, text)


def test_replicas_that_never_started(make_session):
    with LocalPlatform() as platform:
        platform.fail("create", times=2, status=400, body="no room")
        session = make_session(url=platform.url, token=platform.token)
        batch = session.submit("fit", IMAGE, cmd="true", replicas=4)

        assert batch.status["not started"] == 2
        assert {each.failure.text for each in batch.failed} == {"no room"}


def test_none_that_could_be_started(session):
    with pytest.raises(CanfarError, match="must come from one of"):
        session.submit("fit", "docker.io/library/busybox", cmd="true", replicas=2)


def test_one_replica(session, awaited):
    batch = session.submit("one", IMAGE, cmd="true")

    assert awaited(batch.wait, timeout=60) == {"Completed": 1}
    assert batch.replicas[0].name == "one"


def test_time_runs_out_and_nothing_is_destroyed(session, awaited, hurry):
    batch = session.submit("slow", IMAGE, cmd="sleep", args="60", replicas=2)

    with pytest.raises(WaitTimeout, match="2 of 2 sessions"):
        awaited(batch.wait, timeout=60)
    assert hurry.now == pytest.approx(60)
    assert awaited(batch.refresh) == {"Running": 2}


def test_sessions_that_vanish_are_gone_not_done(session, awaited):
    batch = session.submit("slow", IMAGE, cmd="sleep", args="60", replicas=2)
    session.destroy(batch.ids[0])

    assert awaited(batch.refresh)["Gone"] == 1
    assert [each.number for each in batch.failed] == [1]


def test_one_list_a_poll(session, awaited, canfar_platform, hurry, gate):
    batch = session.submit("slow", IMAGE, command=gate.command(), replicas=20)
    session.wait(batch.ids, until="running")
    before = len(canfar_platform.requests)
    later = []
    hurry.at(600, lambda: (later.extend(canfar_platform.requests), gate.open()))

    awaited(batch.wait)

    asked = canfar_platform.requests[before:]
    assert {each.path.rpartition("/")[2] for each in asked} == {"session"}
    # Every 15 seconds at the rarest, and more often only at the beginning.
    assert 40 <= len(later) - before <= 60


def test_destroying_what_the_server_has_forgotten_is_no_failure(
    session, awaited, canfar_platform, caplog, gate
):
    batch = flaky(session)
    awaited(batch.wait, timeout=60)
    awaited(batch.relaunch)
    awaited(batch.wait, timeout=60)
    canfar_platform.advance(hours=2)
    late = session.submit("late", IMAGE, command=gate.command(), replicas=2)
    session.destroy(late.ids[0])

    assert awaited(batch.destroy) == {}
    assert not caplog.records
    # What may have been running is asked after.
    destroyed = awaited(late.destroy)
    assert destroyed == {late.ids[0]: False, late.ids[1]: True}
    assert f"there is no session {late.ids[0]}" in caplog.text


def test_progress_tells_a_count_that_stays_once(make_session, awaited, hurry):
    with LocalPlatform(max_running=0) as platform:
        session = make_session(url=platform.url, token=platform.token)
        batch = session.submit("slow", IMAGE, cmd="true", replicas=2)
        told = []

        with pytest.raises(WaitTimeout):
            awaited(batch.wait, timeout=60, progress=told.append)

    assert told == [{"Pending": 2}]


def test_a_with_block_destroys_unless_told_to_keep(canfar_platform):
    with Session() as session:
        with session.submit("fit", IMAGE, cmd="true", replicas=2) as batch:
            batch.wait(timeout=60)
        assert session.fetch() == []
        with session.submit("fit", IMAGE, cmd="true", replicas=2) as batch:
            batch.keep()
        assert len(session.fetch()) == 2


def test_leaving_the_script_in_a_with_block_destroys(canfar_platform):
    with Session() as session:
        with pytest.raises(SystemExit), session.submit("fit", IMAGE, cmd="true", replicas=2):
            sys.exit("no good")
        assert session.fetch() == []


def test_a_session_that_was_started_without_a_reply_is_destroyed_too(make_session, awaited):
    with LocalPlatform() as platform:
        retry = RetryPolicy(tries=1, listed_within=0.1)
        session = make_session(url=platform.url, token=platform.token, retry=retry)
        platform.cut("create", times=1, after=True)
        platform.fail("list", times=1, status=404)  # nobody can tell what became of it
        batch = session.submit("fit", IMAGE, cmd="true", replicas=3)
        assert batch.status["not started"] == 1

        assert len(awaited(batch.destroy)) == 3
        assert session.fetch() == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"timeout": "soon"}, "timeout must be"),
        ({"progress": "yes"}, "progress must be"),
        ({"save_logs": 3}, "save_logs must be"),
        ({"save_logs": __file__}, "is no folder"),
    ],
)
def test_what_makes_no_sense_starts_nothing(session, awaited, canfar_platform, options, said):
    batch = session.submit("fit", IMAGE, cmd="true")
    before = canfar_platform.count()

    with pytest.raises(InvalidInput, match=said):
        awaited(batch.wait, **options)
    with pytest.raises(InvalidInput, match=said):
        session.run("run", IMAGE, cmd="true", **options)
    assert canfar_platform.count() == before


def test_an_interrupted_block_destroys_nothing(canfar_platform):
    def work(session):
        with session.submit("fit", IMAGE, cmd="sleep", args="60", replicas=2):
            raise KeyboardInterrupt

    with Session() as session:
        with pytest.raises(KeyboardInterrupt):
            work(session)
        assert len(session.batch("fit").ids) == 2


def test_a_block_that_ran_out_of_time_destroys_nothing(canfar_platform):
    with Session() as session:
        with (
            pytest.raises(WaitTimeout),
            session.submit("fit", IMAGE, cmd="sleep", args="60", replicas=2) as batch,
        ):
            batch.wait(timeout=0)

        assert sorted(session.fetch().ids) == sorted(batch.ids)


def test_a_block_that_failed_destroys_its_batch(canfar_platform):
    with Session() as session:
        with (
            pytest.raises(ZeroDivisionError),
            session.submit("fit", IMAGE, cmd="sleep", args="60", replicas=2),
        ):
            1 / 0  # noqa: B018 - that it fails is what is wanted

        assert session.fetch() == []


def test_an_awaited_block_that_ran_out_of_time_destroys_nothing(canfar_platform):
    async def work():
        async with AsyncSession() as session:
            batch = await session.submit("fit", IMAGE, cmd="sleep", args="60", replicas=2)
            with pytest.raises(TimeoutError):
                async with batch, asyncio.timeout(0):
                    await batch.wait()
            with pytest.raises(WaitTimeout):
                async with batch:
                    await batch.wait(timeout=0)
            return (await session.batch("fit")).ids

    assert len(asyncio.run(work())) == 2


def test_a_secret_that_another_begins_with_is_not_kept_in_part(session, awaited):
    script = "echo tok-very-secret; exit 1"
    env = {"A": "tok", "TOKEN": "tok-very-secret"}
    batch = session.submit("fit", IMAGE, command=["sh", "-c", script], env=env)
    awaited(batch.wait, timeout=60)

    assert "secret" in batch.failed[0].failure.evidence
    assert "very-secret" not in batch.to_json().replace(script, "")


def test_nothing_to_relaunch_needs_no_secrets(session, awaited):
    batch = session.submit("fit", IMAGE, cmd="true", env={"TOKEN": "tok-very-secret"})
    awaited(batch.wait, timeout=60)

    again = type(batch).from_json(batch._session, batch.to_json())

    assert awaited(again.relaunch) == []


def test_whether_all_is_well_can_be_asked_everywhere(session, awaited):
    good = session.submit("good", IMAGE, cmd="true")
    bad = session.submit("bad", IMAGE, cmd="false")

    assert awaited(good.wait, timeout=60).ok
    assert not awaited(bad.wait, timeout=60).ok
    assert session.run("run", IMAGE, cmd="true").ok
    with pytest.raises(RunFailed) as caught:
        session.run("ran", IMAGE, cmd="false")
    assert not caught.value.results.ok
