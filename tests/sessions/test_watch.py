"""What changes in one's sessions, as it does."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from canfar.errors import InvalidInput, Unreachable
from canfar.local import LocalPlatform
from canfar.sessions import AsyncSession, Session

IMAGE = "skaha/astroml"


def several(session, colour_is_async, **options):
    """Collect changes; the asyncio session is given by the fixture as if it were a plain one."""
    if not colour_is_async:
        return list(session.watch(**options))

    async def collect():
        return [change async for change in session.watch(**options)]

    return session._runner.run(collect())


@pytest.fixture
def watch(session):
    return lambda **options: several(session, hasattr(session, "_runner"), **options)


def test_sessions_appear_change_and_go(session, watch, canfar_platform):
    ids = session.create("one", IMAGE, cmd="sleep", args="1")

    def destroy():
        with Session(url=canfar_platform.url, token=canfar_platform.token) as other:
            other.wait(ids)
            time.sleep(1)
            other.destroy(ids)

    thread = threading.Thread(target=destroy)
    thread.start()
    changes = watch(timeout=6)
    thread.join()

    whats = [(change.what, change.record.status) for change in changes]
    assert whats[0][0] == "appeared"
    assert ("status", "Completed") in whats
    assert whats[-1][0] == "gone"
    assert str(changes[-1]) == f"one ({ids[0]}) is gone; it was Completed"


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


def test_a_server_that_is_away_for_a_while(tmp_path):
    with LocalPlatform(state=tmp_path / "state") as platform:
        port = int(platform.url.split(":")[2].split("/")[0])
        session = Session(url=platform.url, token=platform.token)
        session.create("one", IMAGE, kind="notebook")
        changes = session.watch(timeout=30)
        assert next(changes).what == "appeared"
    again = threading.Timer(
        2, lambda: started.append(LocalPlatform(state=tmp_path / "state", port=port).start())
    )
    started = []
    again.start()

    change = next(changes)  # what was not told while it was away

    assert (change.what, change.record.name) in {("status", "one"), ("gone", "one")}
    changes.close()
    session.close()
    again.join()
    started[0].stop()


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
