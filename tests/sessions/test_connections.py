"""Connections: never more than asked for, and kept for the next call."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from canfar.errors import CanfarError
from canfar.retry import RetryPolicy
from canfar.sessions import AsyncSession, Session

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.mark.parametrize("concurrency", [1, 4, 16])
def test_never_more_connections_than_concurrency(canfar_platform, make_session, concurrency):
    session = make_session(concurrency=concurrency)
    ids = session.create("fit", IMAGE, cmd="true", replicas=40)

    session.logs(ids * 3)
    session.info(ids)
    session.events(ids)
    session.destroy(ids)

    assert canfar_platform.connections <= concurrency


def test_one_call_after_the_other_uses_one_connection(canfar_platform, session):
    for _ in range(20):
        session.fetch()

    assert canfar_platform.connections == 1


@pytest.fixture
def _threads_take_turns_often():
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.00001)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("_threads_take_turns_often")
def test_threads_that_share_a_session_take_no_connection_from_each_other(canfar_platform):
    # What httpx's own pool does with requests that queue for it closes some under their replies:
    # https://github.com/encode/httpcore/issues/1110
    url, token = canfar_platform.url, canfar_platform.token
    with Session(url=url, token=token, concurrency=1) as session, ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda _: session.fetch(), range(300))) == [[]] * 300
    assert canfar_platform.connections == 1


def test_nor_do_tasks(canfar_platform):
    url, token = canfar_platform.url, canfar_platform.token

    async def main():
        async with AsyncSession(url=url, token=token, concurrency=1) as session:
            assert await asyncio.gather(*(session.fetch() for _ in range(200))) == [[]] * 200

    asyncio.run(main())
    assert canfar_platform.connections == 1


IN_USE = "cannot reach the server: all connections to it were in use for 1 s"


def test_a_thread_that_waits_too_long_for_a_connection_is_told(canfar_platform):
    canfar_platform.delay("list", seconds=0.7)
    url, token, once = canfar_platform.url, canfar_platform.token, RetryPolicy(tries=1)

    def fetch(_):
        try:
            return session.fetch()
        except CanfarError as error:
            return error.text

    with Session(url=url, token=token, timeout=1, concurrency=1, retry=once) as session:
        with ThreadPoolExecutor(5) as pool:
            assert IN_USE in list(pool.map(fetch, range(5)))
        canfar_platform.clear_faults()
        assert session.fetch() == []


def test_so_is_a_task_and_one_that_is_cancelled_leaves_the_queue(canfar_platform):
    canfar_platform.delay("list", seconds=0.7)
    url, token, once = canfar_platform.url, canfar_platform.token, RetryPolicy(tries=1)

    async def main():
        async with AsyncSession(
            url=url, token=token, timeout=1, concurrency=1, retry=once
        ) as session:
            tasks = [asyncio.create_task(session.fetch()) for _ in range(8)]
            await asyncio.sleep(0.1)
            for task in tasks[::2]:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
            assert all(isinstance(end, asyncio.CancelledError) for end in ends[::2])
            assert IN_USE in [end.text for end in ends[1::2] if isinstance(end, CanfarError)]
            canfar_platform.clear_faults()
            assert await session.fetch() == []

    asyncio.run(main())


def test_what_is_in_flight_is_bounded(make_session):
    import threading
    import time
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    lock = threading.Lock()
    now, most = 0, 0

    class Slow(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            nonlocal now, most
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.02)
            with lock:
                now -= 1
            self.send_response(200)
            self.send_header("content-type", "text/plain")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        session = make_session(url=f"http://127.0.0.1:{server.server_port}", concurrency=6)
        session.logs([f"a{n}" for n in range(60)])
        server.shutdown()
        thread.join()

    assert most == 6
