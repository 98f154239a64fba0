"""Proxy certificates against a server that demands one, over real TLS."""

from __future__ import annotations

import asyncio
import logging
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from canfar.auth import x509
from canfar.errors import CanfarError, ConfigurationError, CredentialExpired, NotLoggedIn
from canfar.sessions import AsyncSession, Session

IMAGE = "skaha/astroml"


@pytest.fixture
def proxy(authority, tmp_path):
    file = tmp_path / "proxy.pem"
    file.write_bytes(authority.proxy())
    file.chmod(0o600)
    return file


def test_a_whole_life_of_sessions_with_a_certificate(skaha, proxy, make_session):
    session = make_session(url=skaha.base, certificate=proxy)

    ids = session.create("fit", IMAGE, cmd="echo", args="hello", replicas=3)
    ended = session.wait(ids)

    assert [record.status for record in ended] == ["Completed"] * 3
    assert set(session.logs(ids).values()) == {"hello\n"}
    assert session.destroy(ids).ok
    assert session.identity.expires == x509.read(proxy).not_after


def test_connections_never_exceed_the_concurrency(skaha, proxy, make_session):
    session = make_session(url=skaha.base, certificate=proxy, concurrency=4)

    session.create("fit", IMAGE, cmd="true", replicas=40)

    assert skaha.connections <= 4


def test_a_certificate_that_is_replaced_is_used_from_then_on(skaha, proxy, authority, make_session):
    session = make_session(url=skaha.base, certificate=proxy)
    session.fetch()
    new = proxy.with_name("new.pem")
    new.write_bytes(authority.proxy())
    new.replace(proxy)

    session.fetch()
    session.fetch()

    first, second, third = (serial for _, _, serial in skaha.requests)
    assert first != second
    assert second == third


def test_one_that_has_expired_is_not_sent_and_its_replacement_is(
    skaha, proxy, authority, make_session
):
    proxy.write_bytes(authority.proxy(begins=timedelta(days=-9), ends=timedelta(days=-2)))
    session = make_session(url=skaha.base, certificate=proxy)

    with pytest.raises(CredentialExpired, match=r"proxy\.pem expired at .* UTC.*canfar login cadc"):
        session.fetch()
    assert skaha.connections == 0

    proxy.write_bytes(authority.proxy())
    assert session.fetch() == []


def test_one_that_is_not_valid_yet(skaha, proxy, authority, make_session):
    proxy.write_bytes(authority.proxy(begins=timedelta(days=2)))
    session = make_session(url=skaha.base, certificate=proxy)

    with pytest.raises(ConfigurationError, match=r"not valid before .* clock"):
        session.fetch()
    assert skaha.connections == 0


def of_another_key(authority):
    one, other = authority.proxy(), authority.proxy()
    return (
        one[: one.index(b"-----BEGIN RSA") if b"BEGIN RSA" in one else key_at(one)]
        + other[key_at(other) :]
    )


def key_at(pem):
    return pem.rindex(b"-----BEGIN", 0, pem.index(b"PRIVATE KEY-----"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda _: b"", "holds no certificate"),
        (lambda _: b"\x00\xff", "holds no certificate"),
        (lambda authority: (pem := authority.proxy())[: key_at(pem)], "without a key"),
        (of_another_key, "not the one of its certificate"),
    ],
    ids=["empty", "binary", "no key", "wrong key"],
)  # fmt: skip
def test_a_file_that_cannot_be_used(skaha, proxy, authority, make_session, content, said):
    proxy.write_bytes(content(authority))

    with pytest.raises(ConfigurationError, match=said):
        make_session(url=skaha.base, certificate=proxy).fetch()
    assert skaha.connections == 0


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="only Linux has such a file")
def test_a_file_that_cannot_be_read(skaha, make_session):
    # Reading it fails for everybody, for root too.
    with pytest.raises(ConfigurationError, match="cannot be read: input/output error"):
        make_session(url=skaha.base, certificate="/proc/self/mem").fetch()
    assert skaha.connections == 0


def test_a_folder_is_no_certificate(skaha, tmp_path, make_session):
    with pytest.raises(ConfigurationError, match="no certificate"):
        make_session(url=skaha.base, certificate=tmp_path)


def test_one_that_is_gone_while_it_is_used(skaha, proxy, make_session):
    session = make_session(url=skaha.base, certificate=proxy)
    session.fetch()
    proxy.unlink()

    with pytest.raises(ConfigurationError, match="there is no certificate"):
        session.fetch()


def test_a_server_that_does_not_take_it(skaha, proxy, make_session, strangers):
    proxy.write_bytes(strangers.proxy())

    with pytest.raises(NotLoggedIn, match="does not take the certificate"):
        make_session(url=skaha.base, certificate=proxy).fetch()


def test_a_server_that_wants_one_and_gets_none(skaha, make_session):
    with pytest.raises(NotLoggedIn, match="or wants one"):
        make_session(url=skaha.base).fetch()


def test_a_server_with_the_certificate_of_another_host(authority, serve, proxy, make_session):
    server = serve(authority.server_context("ws.example.org"), None)

    with pytest.raises(CanfarError, match=r"(?i)certificate.*(verify failed|mismatch|not valid)"):
        make_session(url=f"{server.url}/skaha", certificate=proxy).fetch()
    assert server.requests == []


def test_it_is_shown_to_no_other_host(skaha, authority, serve, proxy):
    context = authority.server_context(clients=True)
    context.verify_mode = ssl.CERT_OPTIONAL
    other = serve(context, lambda *_: (200, {}, b"mine"))
    with Session(url=skaha.base, certificate=proxy) as session:
        assert session.client.get(f"{other.url}/x").text == "mine"
        session.fetch()

    assert other.requests == [("GET", "/x", None)]
    assert skaha.requests[0][2] is not None


@pytest.mark.parametrize("kind", [Session, AsyncSession])
def test_it_is_shown_on_no_other_port_of_its_host(authority, serve, proxy, kind):
    context = authority.server_context(clients=True)
    context.verify_mode = ssl.CERT_OPTIONAL
    other = serve(context, lambda *_: (200, {}, b"[]"))
    # Without a port, which is 443: where sites are.
    session = kind(url="https://127.0.0.1/skaha", certificate=proxy)

    async def ask():
        async with session:
            await session.asynclient.get(f"{other.url}/x")

    if kind is AsyncSession:
        asyncio.run(ask())
    else:
        with session:
            session.client.get(f"{other.url}/x")

    assert other.requests == [("GET", "/x", None)]


def test_one_warning_when_less_than_three_days_are_left(
    skaha, proxy, authority, make_session, caplog
):
    def warnings():
        return [each for each in caplog.messages if "expires in" in each]

    proxy.write_bytes(authority.proxy(ends=timedelta(days=2)))
    session = make_session(url=skaha.base, certificate=proxy)

    with caplog.at_level(logging.WARNING):
        session.fetch()
        session.fetch()
        # Nor once more for the next client, or the next event loop.
        make_session(url=skaha.base, certificate=proxy).fetch()
        other = AsyncSession(url=skaha.base, certificate=proxy)
        for _ in range(2):
            asyncio.run(fetch_and_close(other))

        (warning,) = warnings()
        assert "48 hours" in warning
        assert "canfar login cadc --force" in warning
        # That is another certificate, and worth a word again when its end comes.
        proxy.write_bytes(authority.proxy(ends=timedelta(days=1)))
        session.fetch()
        assert len(warnings()) == 2


async def fetch_and_close(session):
    await session.fetch()
    await session.aclose()


def test_a_renewal_that_is_not_through_stops_nobody(skaha, proxy, authority, make_session):
    session = make_session(url=skaha.base, certificate=proxy)
    session.fetch()
    new = authority.proxy()
    proxy.write_bytes(new[: len(new) // 2])  # as programs do that write it piece by piece

    session.fetch()
    proxy.write_bytes(new)
    session.fetch()

    first, second, third = (serial for _, _, serial in skaha.requests)
    assert first == second
    assert second != third


def test_the_functions_of_canfar_1_5(proxy, authority):
    until = x509.read(proxy).not_after.timestamp()

    assert x509.inspect(proxy) == {"path": str(proxy), "expiry": until}
    assert x509.gather(cert_path=proxy) == x509.inspect(proxy)
    assert (x509.valid(proxy), x509.expiry(proxy)) == (True, until)
    proxy.write_bytes(authority.proxy(begins=timedelta(days=-3), ends=timedelta(days=-1)))
    assert x509.valid(proxy) is False
    assert x509.expiry(proxy) < datetime.now(UTC).timestamp()
    assert x509.expiry(proxy.with_name("none.pem")) == 0.0
