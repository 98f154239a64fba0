"""The device flow and the renewal of tokens, against oidc-provider and a real browser."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from attrs import evolve

from canfar import authentication, config
from canfar.errors import CanfarError, LoginFailed, LoginTimeout, NotLoggedIn, Unreachable
from canfar.models.server import Server
from canfar.sessions import AsyncSession, Session

pytestmark = pytest.mark.timeout(180)


def use(url):
    with config.edit() as draft:
        draft.put_server(Server(name="sessions", idp="srcnet", url=url, version="v1"))
        draft.activate(authentication="srcnet", server="sessions")


def kept():
    return config.load().authentication["srcnet"]


def test_logging_in_and_being_logged_in(make_provider, approve, resource, make_session):
    provider = make_provider()
    shown = []

    def show(code):
        shown.append(code)
        approve(code)

    assert authentication.login("srcnet", show=show)

    login = kept()
    assert login.token.access
    assert login.token.refresh
    assert shown[0].user_code in shown[0].best_uri
    assert shown[0].device_code not in repr(shown[0])
    use(resource(provider).url)
    session = make_session()
    assert session.fetch() == []
    assert (session.identity.kind, session.identity.idp) == ("oidc", "srcnet")
    # Again: the login is still good, so nothing is asked.
    authentication.login("srcnet")
    assert len(provider.log("/device/auth")) == 1


def test_the_registered_program_is_used_again(make_provider, approve):
    provider = make_provider()
    authentication.login("srcnet", show=approve)
    first = kept()

    authentication.login("srcnet", force=True, show=approve)

    assert kept().client == first.client
    assert kept().token.access != first.token.access
    assert len(provider.log("/reg")) == 1


def test_a_program_that_the_provider_forgot_is_registered_anew(make_provider, approve):
    provider = make_provider()
    authentication.login("srcnet", show=approve)
    forgotten = evolve(kept(), client=evolve(kept().client, identity="forgotten"))
    with config.edit() as draft:
        draft.put_login("srcnet", forgotten)

    authentication.login("srcnet", force=True, show=approve)

    assert kept().client.identity != "forgotten"
    assert len(provider.log("/reg")) == 2


def test_denied(make_provider, approve):
    make_provider()

    with pytest.raises(LoginFailed, match="denied"):
        authentication.login("srcnet", show=lambda code: approve(code, deny=True))
    assert not config.path().exists()


def test_nobody_approves(make_provider):
    make_provider(device=3)

    with pytest.raises(LoginTimeout, match="nobody approved"):
        authentication.login("srcnet", show=lambda _: None)
    assert not config.path().exists()


def test_it_asks_less_often_when_it_is_told_to(make_provider, approve):
    provider = make_provider()

    def show(code):
        provider.slow_down(1)
        approve(code)

    authentication.login("srcnet", show=show)

    polls = provider.log("/token")
    pauses = [later["at"] - sooner["at"] for sooner, later in pairwise(polls)]
    assert polls[0]["error"] == "slow_down"
    assert min(pauses) >= 5900  # one second, and five more


def test_the_provider_is_away_for_a_while(make_provider, approve):
    provider = make_provider()

    def show(code):
        def restart():
            provider.stop()
            time.sleep(2)
            provider.start()
            approve(code)

        threading.Thread(target=restart).start()

    authentication.login("srcnet", show=show)

    assert kept().token.access


def test_inside_a_running_event_loop(make_provider, approve):
    make_provider()

    async def notebook():
        return authentication.login("srcnet", show=approve)

    assert asyncio.run(notebook())
    assert kept().token.access


def test_an_approved_login_is_not_lost_when_it_is_cancelled(make_provider, approve, monkeypatch):
    make_provider()
    from canfar.auth import logging_in

    keep, saving = logging_in._keep, []

    async def slowly(login, options):
        saving.append(login)
        task.cancel()
        await asyncio.sleep(0.3)
        return await keep(login, options)

    monkeypatch.setattr(logging_in, "_keep", slowly)

    async def main():
        nonlocal task
        task = asyncio.ensure_future(authentication.alogin("srcnet", show=approve))
        with pytest.raises(asyncio.CancelledError):
            await task

    task = None
    asyncio.run(main())

    assert kept().token.access == saving[0].token.access


def test_a_description_of_somebody_else(make_provider, tmp_path):
    make_provider()
    file = tmp_path / "catalogue.toml"
    file.write_text(file.read_text().replace('issuer = "http', 'issuer = "https'))

    with pytest.raises(CanfarError, match=r"describes 'http://.*', not 'https://"):
        authentication.login("srcnet", show=lambda _: None)


@pytest.fixture
def logged_in(make_provider, resource):
    """Log in with short-lived tokens; return provider and server."""

    def start(**options):
        provider = make_provider(**options)
        authentication.login("srcnet", show=provider.approve)
        server = resource(provider)
        use(server.url)
        return provider, server

    return start


def refreshes(provider):
    return [each for each in provider.log("/token", "refresh_token") if each["status"] == 200]


def test_a_token_is_renewed_before_it_expires(logged_in, make_session):
    provider, server = logged_in(access=5)
    first = kept().token
    session = make_session()

    end = time.monotonic() + 7
    while time.monotonic() < end:
        assert session.fetch() == []
        time.sleep(0.2)

    assert all(good for _, good in server.seen)
    assert 1 <= len(refreshes(provider)) <= 2
    assert kept().token.refresh != first.refresh  # the provider rotates them


def test_a_token_that_is_refused_is_renewed_once(logged_in, make_session):
    provider, server = logged_in()
    with config.edit() as draft:  # as if the provider had taken it back
        draft.put_login("srcnet", evolve(kept(), token=evolve(kept().token, access="revoked")))

    assert make_session().fetch() == []

    assert [good for _, good in server.seen] == [False, True]
    assert len(refreshes(provider)) == 1


def test_a_login_that_is_over_says_how_to_log_in(logged_in, make_session):
    provider, _ = logged_in()
    token = evolve(kept().token, access="revoked", refresh="revoked")
    with config.edit() as draft:
        draft.put_login("srcnet", evolve(kept(), token=token))

    with pytest.raises(NotLoggedIn, match=r"login of srcnet is over.*canfar login srcnet"):
        make_session().fetch()
    # And so it is, though the file says that the token is good for an hour.
    authentication.login("srcnet", show=provider.approve)
    assert make_session().fetch() == []
    assert len(provider.log("/device/auth")) == 2


def test_a_good_login_is_kept_while_the_provider_is_away(logged_in):
    provider, _ = logged_in()
    login = kept()
    provider.stop()
    try:
        authentication.login("srcnet")
        assert kept() == login
        with config.edit() as draft:
            draft.put_login("srcnet", evolve(login, token=evolve(login.token, expires=1.0)))
        with pytest.raises(Unreachable):
            authentication.login("srcnet")
    finally:
        provider.start()


def test_threads_and_tasks_that_need_one_at_once_get_the_same(logged_in):
    provider, server = logged_in()
    with config.edit() as draft:
        draft.put_login("srcnet", evolve(kept(), token=evolve(kept().token, expires=1.0)))

    with ThreadPoolExecutor(8) as pool:
        sessions = [Session() for _ in range(4)]
        calls = [pool.submit(session.fetch) for session in sessions * 4]
        assert [call.result() for call in calls] == [[]] * 16
    for session in sessions:
        session.close()

    assert len(refreshes(provider)) == 1
    assert len({token for token, _ in server.seen}) == 1

    async def tasks():
        async with AsyncSession() as session:
            return await asyncio.gather(*(session.fetch() for _ in range(16)))

    with config.edit() as draft:
        draft.put_login("srcnet", evolve(kept(), token=evolve(kept().token, expires=1.0)))
    assert asyncio.run(tasks()) == [[]] * 16
    assert len(refreshes(provider)) == 2


CALLER = """
import json, time
from canfar.sessions import Session
failed = []
with Session() as session:
    for _ in range(100):
        try:
            session.fetch()
        except Exception as error:
            failed.append(repr(error))
        time.sleep(0.1)
print(json.dumps(failed))
"""


def test_two_processes_that_renew_at_once(logged_in):
    provider, server = logged_in(access=4)

    began = time.monotonic()
    processes = [
        subprocess.Popen([sys.executable, "-c", CALLER], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[0] for process in processes]
    took = time.monotonic() - began

    assert [json.loads(text) for text in said] == [[], []]
    assert len(server.seen) >= 200
    tokens = {token for token, good in server.seen if good}
    # Each token was fetched once, by one of the two, and none was fetched that nobody used.
    assert len(refreshes(provider)) in {len(tokens), len(tokens) - 1}
    assert len(tokens) <= took / 3 + 2
