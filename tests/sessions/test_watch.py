"""What changes in one's sessions, as it does."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, closing

import pytest

from canfar.errors import InvalidInput, Unreachable
from canfar.local import LocalPlatform
from canfar.retry import RetryPolicy
from canfar.sessions import AsyncSession, Session

IMAGE = "skaha/astroml"


@pytest.fixture
def watch(session):
    """Take in changes until ``enough`` of one; the asyncio session is a plain one to tests."""

    def run(*, enough=lambda _: False, **options):
        changes = []

        def take(change):
            changes.append(change)
            return enough(change)

        if hasattr(session, "_runner"):

            async def collect():
                async with aclosing(session.watch(**options)) as told:
                    async for change in told:
                        if take(change):
                            return

            session._runner.run(collect())
        else:
            with closing(session.watch(**options)) as told:
                for change in told:
                    if take(change):
                        break
        return changes

    return run


def test_sessions_appear_change_and_go(session, watch, hurry, gate):
    ids = session.create("one", IMAGE, command=gate.command())
    with Session() as other:
        other.wait(ids, until="running")

        def react(change):
            match change.what, change.record.status:
                case "appeared", _:
                    gate.open()
                case "status", "Completed":
                    other.destroy(ids)
            return change.what == "gone"

        changes = watch(enough=react)

    assert [(each.what, each.before) for each in changes] == [
        ("appeared", None),
        ("status", "Running"),
        ("gone", "Completed"),
    ]
    assert str(changes[-1]) == f"one ({ids[0]}) is gone; it was Completed"


def test_its_time_is_over(session, watch, hurry):
    assert watch(timeout=60) == []
    assert hurry.now == pytest.approx(60)


def test_only_one_kind(session, watch):
    session.create("one", IMAGE, cmd="sleep", args="5")
    session.create("nb", IMAGE, kind="notebook")

    assert [change.record.name for change in watch(kind="notebook", timeout=0)] == ["nb"]


def test_a_kind_that_does_not_exist(watch):
    with pytest.raises(InvalidInput, match="notebok"):
        watch(kind="notebok", timeout=0)


def test_a_server_that_was_never_there():
    with pytest.raises(Unreachable):
        next(Session(url="http://127.0.0.1:9", token="t").watch())


def test_a_server_that_is_away_for_a_while(tmp_path, hurry):
    with LocalPlatform(state=tmp_path / "state") as platform:
        port = int(platform.url.split(":")[2].split("/")[0])
        session = Session(url=platform.url, token=platform.token, retry=RetryPolicy(tries=1))
        session.create("one", IMAGE, kind="notebook")
        changes = session.watch()
        assert next(changes).what == "appeared"
    again = LocalPlatform(state=tmp_path / "state", port=port)
    hurry.at(hurry.now + 300, again.start)

    change = next(changes)  # what was not told while it was away

    assert (change.what, change.record.name) in {("status", "one"), ("gone", "one")}
    assert hurry.now >= 300
    changes.close()
    session.close()
    again.stop()


def test_leaving_early_leaves_nothing_open(canfar_platform):
    session = Session()
    session.create("one", IMAGE, cmd="sleep", args="5")
    for change in session.watch():
        assert change.what == "appeared"
        break
    session.close()

    async def main():
        async with AsyncSession() as other:
            async for change in other.watch():
                assert change.what == "appeared"
                break

    asyncio.run(main())
