"""The traps of the generator's own client, one section each: all are closed."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from skaha_client import AuthenticatedClient, Client
from skaha_client.api.sessions import get_session, list_sessions
from skaha_client.models import Session

# --- 1: an httpx client is made once ----------------------------------------------------


@pytest.mark.parametrize("kind", ["get_httpx_client", "get_async_httpx_client"])
def test_32_threads_on_first_use_make_one_httpx_client(monkeypatch, kind):
    made = []

    class Counted(httpx.Client if kind == "get_httpx_client" else httpx.AsyncClient):
        def __init__(self, **settings):
            made.append(self)
            super().__init__(**settings)

    monkeypatch.setattr(httpx, Counted.__base__.__name__, Counted)
    client = Client("http://localhost/skaha/v1")
    together = threading.Barrier(32)

    def first_use(_):
        together.wait()
        return getattr(client, kind)()

    with ThreadPoolExecutor(32) as pool:
        got = set(pool.map(first_use, range(32)))
    assert len(made) == 1
    assert got == set(made)
    if kind == "get_httpx_client":
        made[0].close()


def test_32_threads_get_their_own_replies(server, client):
    server.answering = lambda request: request.target.rpartition("/")[2]
    ids = [f"id{number}" for number in range(256)]
    with ThreadPoolExecutor(32) as pool:
        texts = list(pool.map(lambda each: get_session.sync(each, client=client), ids))
    assert texts == ids


def test_32_tasks_get_their_own_replies(server):
    server.answering = lambda request: request.target.rpartition("/")[2]
    ids = [f"id{number}" for number in range(256)]

    async def main():
        limit = asyncio.Semaphore(32)

        async def one(each):
            async with limit:
                return await get_session.asyncio(each, client=client)

        async with Client(server.url) as client:
            return await asyncio.gather(*map(one, ids))

    assert asyncio.run(main()) == ids


# --- 2: a changed client is another one -------------------------------------------------


def test_changes_make_a_new_client_and_leave_the_old_alone(server):
    with AuthenticatedClient(server.url, "t0ken", headers={"X-Old": "1"}) as old:
        get_session.sync("a", client=old)
        new = old.with_headers({"X-New": "2"}).with_cookies({"flavour": "plain"}).with_timeout(7)
        assert type(new) is AuthenticatedClient
        with new:
            get_session.sync("b", client=new)
            assert new.get_httpx_client().timeout == httpx.Timeout(7)
            assert old.get_httpx_client().timeout != httpx.Timeout(7)
        get_session.sync("c", client=old)
    before, changed, after = (request.headers for request in server.requests)
    assert changed["x-old"] == "1"
    assert changed["x-new"] == "2"
    assert changed["cookie"] == "flavour=plain"
    assert changed["authorization"] == "Bearer t0ken"
    for headers in before, after:
        assert headers["x-old"] == "1"
        assert "x-new" not in headers
        assert "cookie" not in headers


CHANGES = pytest.mark.parametrize(
    "change",
    [
        lambda client: client.with_headers({}),
        lambda client: client.with_cookies({}),
        lambda client: client.with_timeout(None),
    ],
    ids=["headers", "cookies", "timeout"],
)


@CHANGES
def test_an_httpx_client_that_was_put_in_is_not_forgotten(server, change):
    with httpx.Client(base_url=server.url, headers={"X-Mine": "1"}) as mine:
        client = Client(server.url).set_httpx_client(mine)
        with pytest.raises(RuntimeError, match="it was given"):
            change(client)
        get_session.sync("a", client=client)
        assert client.get_httpx_client() is mine
    assert server.request.headers["x-mine"] == "1"


@CHANGES
def test_an_asyncio_client_that_was_put_in_is_not_forgotten(server, change):
    async def main():
        async with httpx.AsyncClient(base_url=server.url, headers={"X-Mine": "1"}) as mine:
            client = Client(server.url).set_async_httpx_client(mine)
            with pytest.raises(RuntimeError, match="it was given"):
                change(client)
            await get_session.asyncio("a", client=client)
            assert client.get_async_httpx_client() is mine

    asyncio.run(main())
    assert server.request.headers["x-mine"] == "1"


@CHANGES
def test_an_own_class_that_makes_its_clients_is_not_overruled(server, change):
    class Own(Client):
        def get_httpx_client(self):
            return mine

    with httpx.Client(base_url=server.url) as mine:
        own = Own(server.url)
        assert get_session.sync("a", client=own) == ""
        with pytest.raises(RuntimeError, match="this Own sends"):
            change(own)


# --- 3: the token is the one of now -----------------------------------------------------


def test_a_renewed_token_is_sent(server):
    async def later():
        async with AuthenticatedClient(server.url, "four") as client:
            await get_session.asyncio("a", client=client)
            client.token = "five"
            await get_session.asyncio("a", client=client)

    with AuthenticatedClient(server.url, "one") as client:
        get_session.sync("a", client=client)
        client.token = "two"
        get_session.sync("a", client=client)
        client.prefix, client.auth_header_name, client.token = "", "X-Token", "three"
        get_session.sync("a", client=client)
    asyncio.run(later())
    sent = [request.headers.get("authorization") for request in server.requests]
    assert sent == ["Bearer one", "Bearer two", None, "Bearer four", "Bearer five"]
    assert server.requests[2].headers["x-token"] == "three"


def test_no_repr_shows_a_token():
    client = AuthenticatedClient("https://alice:hunter2@example.org/skaha/v1", "t0ken")
    shown = repr(client)
    assert shown == "AuthenticatedClient('https://example.org/skaha/v1')"
    with client:
        assert "t0ken" not in repr(client.get_httpx_client().auth)


def test_a_token_that_cannot_be_sent_is_not_shown(server):
    with (
        AuthenticatedClient(server.url, "t0ken\n") as client,
        pytest.raises(ValueError, match="can't be sent") as caught,
    ):
        get_session.sync("a", client=client)
    assert "t0ken" not in str(caught.value)
    assert server.requests == []


# --- 4: nothing that a server invents is an error ---------------------------------------


def test_status_520_and_unknown_words_are_read(server, client):
    server.says("origin is down\n", status=520)
    reply = list_sessions.sync_detailed(client=client)
    assert (reply.status_code, reply.parsed) == (520, "origin is down\n")
    server.says('[{"id": "a", "status": "Hibernating", "type": "?"}]', 200, "application/json")
    (session,) = list_sessions.sync(client=client)
    assert (session.status, session.type_) == ("Hibernating", "?")


# --- 5: the reply's content type decides ------------------------------------------------


def test_one_status_has_two_content_types(server, client):
    server.says('{"id": "a", "status": "Running"}', 200, "application/json")
    assert isinstance(get_session.sync("a", client=client), Session)
    server.says('{"id": "a", "status": "Running"}', 200, "text/plain")
    assert get_session.sync("a", client=client) == '{"id": "a", "status": "Running"}'


# --- besides ----------------------------------------------------------------------------


def test_a_client_can_be_used_again_after_with(server):
    client = Client(server.url)
    for _ in range(2):
        with client:
            assert get_session.sync("a", client=client) == ""

    async def main():
        async with client:
            return await get_session.asyncio("a", client=client)

    assert [asyncio.run(main()), asyncio.run(main())] == ["", ""]


def test_a_request_does_not_wait_forever_by_default():
    with Client("http://localhost/skaha/v1") as client:
        assert client.get_httpx_client().timeout == httpx.Timeout(30)


def test_httpx_arguments_win(server):
    with AuthenticatedClient(
        server.url, "t0ken", httpx_args={"auth": ("alice", "hunter2"), "timeout": 3}
    ) as client:
        get_session.sync("a", client=client)
        assert client.get_httpx_client().timeout == httpx.Timeout(3)
    assert server.request.headers["authorization"].startswith("Basic ")
