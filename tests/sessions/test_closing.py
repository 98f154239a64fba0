"""Connections: shared, few, and closed whichever way people write their scripts."""

import asyncio
import gc
import subprocess
import sys
import threading
import warnings

import pytest

from canfar.sessions import AsyncSession, Session

IMAGE = "images.canfar.net/skaha/astroml:latest"

SCRIPTS = {
    "no with": """
from canfar.sessions import Session
Session().fetch()
""",
    "with": """
from canfar.sessions import Session
with Session() as session:
    session.fetch()
""",
    "asyncio, no with": """
import asyncio
from canfar.sessions import AsyncSession
async def main():
    session = AsyncSession()
    await session.fetch()
asyncio.run(main())
""",
    "asyncio, a session that lives on": """
import asyncio
from canfar.sessions import AsyncSession
session = AsyncSession()
asyncio.run(session.fetch())
asyncio.run(session.fetch())
""",
    "asyncio, with": """
import asyncio
from canfar.sessions import AsyncSession
async def main():
    with AsyncSession() as session:
        await session.fetch()
asyncio.run(main())
""",
    "asyncio, async with": """
import asyncio
from canfar.sessions import AsyncSession
async def main():
    async with AsyncSession() as session:
        await session.fetch()
        await session.fetch()
asyncio.run(main())
""",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_way_to_write_it_leaves_a_socket_open(canfar_platform, script):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPTS[script]],
        env=canfar_platform.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_a_session_works_again_after_closing(session):
    getattr(session, "aclose", None) or session.close()
    assert session.fetch() == []


def test_a_second_event_loop_works(canfar_platform):
    session = AsyncSession()

    assert asyncio.run(session.fetch()) == []
    assert asyncio.run(session.fetch()) == []


def test_threads_share_one_client(canfar_platform):
    session = Session()
    clients = []
    start = threading.Barrier(32)

    def use():
        start.wait()
        clients.append(session.client)
        session.fetch()

    threads = [threading.Thread(target=use) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.close()

    assert len(clients) == 32
    assert len({id(client) for client in clients}) == 1


def test_a_session_that_is_dropped_closes_its_connections(canfar_platform):
    session = Session()
    session.fetch()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        del session
        gc.collect()

    assert not [str(each.message) for each in caught if each.category is ResourceWarning]


def test_the_client_of_a_session_that_is_dropped_goes_on(canfar_platform):
    client = Session().client
    gc.collect()

    assert client.get("/session").json() == []
    assert not client.is_closed


def test_the_asynclient_of_a_session_that_is_dropped_goes_on(canfar_platform):
    async def ask():
        client = AsyncSession().asynclient
        gc.collect()
        await asyncio.sleep(0.1)
        assert not client.is_closed
        return (await client.get("/session")).json()

    assert asyncio.run(ask()) == []


def test_context_variables_reach_the_workers(canfar_platform, monkeypatch):
    from contextvars import ContextVar

    import httpx

    colour = ContextVar("colour", default="none")
    seen = set()
    send = httpx.Client.send

    def spy(self, *args, **kwargs):
        seen.add(colour.get())
        return send(self, *args, **kwargs)

    monkeypatch.setattr(httpx.Client, "send", spy)
    colour.set("blue")
    with Session() as session:
        session.logs(["a", "b", "c"])

    assert seen == {"blue"}


def test_the_client_itself_is_at_hand(canfar_platform):
    with Session() as session:
        assert session.client.get(f"{session.url}/repository").json() == ["images.canfar.net"]

    async def ask():
        async with AsyncSession() as session:
            return (await session.asynclient.get(f"{session.url}/repository")).json()

    assert asyncio.run(ask()) == ["images.canfar.net"]


def test_the_token_goes_to_no_other_server(canfar_platform):
    from http.server import BaseHTTPRequestHandler, HTTPServer

    seen = []

    class Other(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.headers.get("authorization"))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Other) as other, Session() as session:
        thread = threading.Thread(target=other.handle_request)
        thread.start()
        session.client.get(f"http://127.0.0.1:{other.server_port}/")
        thread.join()

    assert seen == [None]
