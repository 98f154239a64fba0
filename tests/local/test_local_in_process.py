"""The platform without a socket: the same answers."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

import httpx
import pytest
from platform_probe import IMAGE, Probe, until

import canfar.local
from canfar.local import LocalPlatform, ManualClock


def client_of(door, **options):
    headers = {"Authorization": f"Bearer {door.platform.token}"}
    return httpx.Client(transport=door, base_url=door.url, headers=headers, **options)


@pytest.fixture
def door():
    return canfar.local.transport(username="alice")


def test_a_session_lives_without_a_socket(door):
    with client_of(door) as client:
        form = {"name": "demo", "image": IMAGE, "cmd": "echo", "args": "hello there"}
        mine = client.post("/session", data=form).text.strip()
        until(lambda: client.get(f"/session/{mine}").json()["status"] == "Completed")

        assert client.get(f"/session/{mine}", params={"view": "logs"}).text == "hello there\n"
        assert [one["id"] for one in client.get("/session").json()] == [mine]
        assert client.delete(f"/session/{mine}").content == b""
        assert client.get(f"/session/{mine}").status_code == 404
        assert client.get("/session", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert len(door.platform.requests) >= 6
    with pytest.raises(RuntimeError, match="doesn't run"):
        _ = door.url


def test_it_answers_as_over_the_wire():
    clock = ManualClock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    with LocalPlatform(clock=clock, metrics=False) as platform, Probe(platform) as wire:
        inside = client_of(platform.transport())
        mine = wire.create(type="notebook")
        for method, path in (
            ("GET", "/session"),
            ("GET", f"/session/{mine}"),
            ("GET", f"/session/{mine}?view=events"),
            ("GET", "/session?view=stats"),
            ("GET", "/session/nothing"),
            ("GET", "/session/%2f"),
            ("POST", "/session"),
            ("PUT", "/session"),
            ("HEAD", "/session"),
            ("GET", platform.url.removesuffix("v1") + "capabilities"),
            ("HEAD", platform.url.removesuffix("v1") + "capabilities"),
            ("GET", wire.show(mine)["connectURL"]),
        ):
            there, here = wire.request(method, path), inside.request(method, path)
            assert (here.status_code, here.content) == (there.status_code, there.content)
            assert sorted(here.headers.items()) == sorted(there.headers.items())
        inside.close()
        assert wire.get("/session").status_code == 200


def test_it_works_in_coroutines(door):
    async def work():
        headers = {"Authorization": f"Bearer {door.platform.token}"}
        async with httpx.AsyncClient(transport=door, base_url=door.url, headers=headers) as client:
            forms = [{"name": f"n{i}", "image": IMAGE} for i in range(20)]
            await asyncio.gather(*(client.post("/session", data=form) for form in forms))
            async with client.stream("GET", "/session") as reply:
                body = b"".join([piece async for piece in reply.aiter_bytes()])
            assert body.count(b'"id"') == 20
        return repr(door)

    assert asyncio.run(work()) == "<LocalTransport to <LocalPlatform stopped>>"


def test_it_needs_no_more_packages(monkeypatch):
    for name in ("uvicorn", "starlette"):
        monkeypatch.setitem(sys.modules, name, None)
    for name in [name for name in sys.modules if name.startswith("canfar.local.server")]:
        monkeypatch.delitem(sys.modules, name)
    with client_of(canfar.local.transport()) as client:
        assert client.get("/session").json() == []


def test_faults_strike_here_too(door):
    with client_of(door) as client:
        platform = door.platform
        platform.inject("list:status=503,retry-after=7,times=1")
        refused = client.get("/session")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "7")
        assert refused.headers["server"] == "OpenCADC/cadc-rest (canfar.local)"
        for fault in ("list:cut-before,times=1", "list:cut-after,times=1"):
            platform.inject(fault)
            with pytest.raises(httpx.RemoteProtocolError, match="disconnected"):
                client.get("/session")
        platform.inject("list:cut-midway,times=1")
        with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
            client.get("/session")
        assert client.get("/session").json() == []
    applied = [arrival.applied for arrival in platform.requests]
    assert applied == [False, False, True, True, True]


def test_what_is_slow_is_slow_by_the_platforms_clock():
    clock = ManualClock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))

    async def work():
        door = canfar.local.transport(clock=clock, faults=["list:delay=60,times=1"])
        headers = {"Authorization": f"Bearer {door.platform.token}"}
        async with httpx.AsyncClient(transport=door, base_url=door.url, headers=headers) as client:
            asked = asyncio.create_task(client.get("/session"))
            await asyncio.sleep(0)
            assert (await client.get("/image")).status_code == 200
            assert not asked.done()
            door.platform.advance(seconds=61)
            assert (await asked).json() == []

    asyncio.run(work())


def test_a_slow_reply_takes_its_time(door):
    with client_of(door) as client:
        door.platform.inject("list:drip=20,times=1")
        assert client.get("/session").elapsed.total_seconds() >= 0.1


def test_a_mistake_of_its_own_is_a_500(door, monkeypatch, caplog):
    def broken(request, world):
        raise KeyError("broken")

    monkeypatch.setattr("canfar.local.answering.handle", broken)
    with client_of(door) as client:
        assert client.get("/session").status_code == 500
    assert "a request made canfar.local fail" in caplog.text
