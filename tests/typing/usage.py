"""Normal usage, for the type checkers: nothing here is run."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, assert_type

from skaha_client.api.sessions import get_session, list_sessions

from canfar.errors import CanfarError
from canfar.helpers.distributed import balanced, chunk, stripe
from canfar.images import AsyncImages, Images
from canfar.models.config import Configuration
from canfar.models.image import Image
from canfar.models.registry import ContainerRegistry
from canfar.models.results import Destroyed, Logs, SavedLogs, SessionIds, SessionInfo
from canfar.models.session import CreateRequest, SessionRecord, SessionRecords
from canfar.retry import RetryPolicy
from canfar.sessions import AsyncSession, Session


def sync() -> None:
    with Session(url="https://ws.example.org/skaha", token="t", timeout=10) as session:
        ids = session.create("fit", "skaha/astroml", cmd="python", args=["a.py"], env={"N": 3})
        assert_type(ids, SessionIds)
        assert_type(ids[0], str)
        session.create(CreateRequest(name="fit", image="skaha/astroml", replicas=4))
        records = session.fetch(kind=["notebook", "carta"], status="Running")
        assert_type(records, SessionRecords)
        assert_type(records[0], SessionRecord)
        assert_type(records[0].start_time, datetime | None)
        assert_type(records[0]["name"], Any)
        assert_type(session.info(records), SessionInfo)
        assert_type(session.logs(records[0]), Logs)
        assert_type(session.destroy({"a", "b"}), Destroyed)
        assert_type(session.destroy(each for each in ids), Destroyed)
        assert_type(session.destroy_with("fit-"), Destroyed)
        assert_type(session.destroy_with(re.compile("fit"), dry_run=False), Destroyed)
        assert_type(session.destroy_with("fit-", dry_run=True), SessionRecords)
        assert_type(session.wait(ids, timeout=3.5, until="ended"), SessionRecords)
        session.create(
            "fit", "skaha/astroml", command=["a", "b c"], replicas=9, only=[3], on_outcome=print
        )
        assert_type(session.download_logs(ids, "logs", errors="raise"), SavedLogs)
        errors: dict[str | int, CanfarError] = ids.errors
        print(errors, list_sessions.sync(client=session.api), session.stats()["cores"])
        print(get_session.sync_detailed("abc", client=session.api, view="logs").status_code)


async def awaited() -> None:
    async with AsyncSession() as session:
        ids = await session.create("fit", "skaha/astroml")
        assert_type(ids, SessionIds)
        assert_type(await session.info(ids), SessionInfo)
        assert_type(await session.wait(ids), SessionRecords)
        await list_sessions.asyncio(client=session.api)
    assert_type(await AsyncImages().details(), list[Image])


def settings() -> None:
    Session(deadline=60, retry=RetryPolicy(tries=5, budget=120))
    AsyncSession(config=Configuration(registry=ContainerRegistry(username="a", secret="b")))


def shares() -> None:
    assert_type(Images().fetch("notebook"), list[str])
    print(
        list(chunk([1, 2], 1, 2)), list(stripe("ab")), list(balanced(range(3), replica=1, total=2))
    )
