"""Which server and which credential a client takes, and that no other server sees it."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import httpx
import pytest

from canfar import config as configuration
from canfar.errors import ConfigurationError, NoServer, NotLoggedIn
from canfar.local import LocalPlatform
from canfar.models.config import Configuration
from canfar.models.login import OIDCLogin, OIDCToken, X509Login
from canfar.models.server import Server
from canfar.sessions import AsyncSession, Session

A = "https://a.example.org/skaha"
B = "https://b.example.org/skaha"


def keep(name, url, *, idp, token, active=True):
    """Write what a login and `canfar server use` leave behind."""
    kept = OIDCToken(access=token, token_type="Bearer", expires=time.time() + 3600)
    with configuration.edit() as draft:
        draft.put_login(idp, OIDCLogin(idp=idp, token=kept))
        draft.put_server(Server(name=name, idp=idp, url=url, version="v1"))
        if active:
            draft.activate(authentication=idp, server=name)


def test_a_saved_login_needs_no_argument(canfar_platform, monkeypatch, make_session):
    keep("mine", canfar_platform.url.removesuffix("/v1"), idp="srcnet", token=canfar_platform.token)
    monkeypatch.delenv("CANFAR_URL")
    monkeypatch.delenv("CANFAR_TOKEN")

    session = make_session()

    assert session.fetch() == []
    assert (session.identity.kind, session.identity.idp) == ("oidc", "srcnet")
    assert str(configuration.path()) in str(session.identity)
    assert session.identity.expires is not None


@pytest.mark.parametrize("kind", [Session, AsyncSession])
def test_an_argument_wins_over_the_environment_and_that_over_what_is_saved(kind, monkeypatch):
    keep("mine", A, idp="srcnet", token="saved-token")
    assert kind().identity.source.startswith("saved login")

    monkeypatch.setenv("CANFAR_TOKEN", "environment-token")
    assert kind().identity.source == "CANFAR_TOKEN"

    assert kind(token="argument-token").identity.source == "argument token="


def test_a_token_wins_over_a_certificate_in_the_environment_too(monkeypatch, tmp_path, caplog):
    (tmp_path / "proxy.pem").write_text("")
    monkeypatch.setenv("CANFAR_URL", A)
    monkeypatch.setenv("CANFAR_TOKEN", "environment-token")
    monkeypatch.setenv("CANFAR_CERTIFICATE", str(tmp_path / "proxy.pem"))

    with caplog.at_level(logging.WARNING):
        assert Session().identity.source == "CANFAR_TOKEN"
    assert "the token is used" in caplog.text


def test_a_credential_of_the_environment_goes_to_no_other_server(monkeypatch, caplog):
    monkeypatch.setenv("CANFAR_URL", A)
    monkeypatch.setenv("CANFAR_TOKEN", "environment-token")

    with caplog.at_level(logging.WARNING):
        session = Session(url=B)

    assert session.identity.kind == "anonymous"
    assert "is not sent to https://b.example.org" in caplog.text
    assert "environment-token" not in caplog.text


def test_a_saved_login_goes_to_no_server_that_was_only_named_by_its_address():
    keep("mine", A, idp="srcnet", token="saved-token")

    assert Session(url=B).identity.kind == "anonymous"
    assert Session(url=A).identity.kind == "oidc"


def test_a_token_is_sent_to_no_other_host_through_the_same_client(make_session):
    with LocalPlatform() as mine, LocalPlatform() as other:
        session = make_session(url=mine.url, token="s3cret-token")
        httpx_client = Session(url=mine.url, token="s3cret-token").client
        reply = httpx_client.get(f"{other.url}/session")
        httpx_client.close()
        assert session.identity.server == mine.url
    assert "authorization" not in reply.request.headers


def test_another_saved_login_for_this_client_only(monkeypatch):
    keep("one", A, idp="srcnet", token="saved-token")
    keep("two", B, idp="cadc", token="other-token", active=False)

    session = Session(authentication_idp="cadc")
    assert (session.url, session.identity.idp) == (f"{B}/v1", "cadc")

    monkeypatch.setenv("CANFAR_AUTHENTICATION_IDP", "cadc")
    assert Session().identity.idp == "cadc"
    assert configuration.load().active.authentication == "srcnet"


@pytest.mark.parametrize("where", ["argument token=", "CANFAR_TOKEN"])
def test_a_token_wins_over_the_login_that_is_named(where, monkeypatch, caplog):
    keep("one", A, idp="srcnet", token="saved-token")
    token = None
    if where == "CANFAR_TOKEN":
        monkeypatch.setenv("CANFAR_TOKEN", "given-token")
    else:
        token = "given-token"

    with caplog.at_level(logging.WARNING):
        session = Session(url=A, token=token, authentication_idp="srcnet")

    assert session.identity.source == where
    assert f"the login of srcnet is not used: {where}" in caplog.text


def test_a_token_of_another_server_does_not_hide_the_login_that_is_named(monkeypatch):
    keep("one", A, idp="srcnet", token="saved-token")
    monkeypatch.setenv("CANFAR_URL", B)
    monkeypatch.setenv("CANFAR_TOKEN", "given-token")

    assert Session(url=A, authentication_idp="srcnet").identity.kind == "oidc"


def test_a_login_that_is_not_kept_names_those_that_are():
    keep("one", A, idp="srcnet", token="saved-token")

    with pytest.raises(NotLoggedIn, match=r"'cadc'.*srcnet.*canfar login cadc"):
        Session(authentication_idp="cadc")


@pytest.mark.parametrize("selector", ["two", "ivo://example.org/two", B])
def test_a_server_by_name_by_identifier_or_by_address(selector):
    keep("one", A, idp="srcnet", token="saved-token")
    with configuration.edit() as draft:
        draft.put_server(Server(name="two", idp="srcnet", uri="ivo://example.org/two", url=B))

    session = Session(server=selector)

    assert (session.url, session.identity.idp) == (f"{B}/v1", "srcnet")


def test_a_server_that_nobody_is_logged_in_for():
    with configuration.edit() as draft:
        draft.put_server(Server(name="two", idp="srcnet", url=B))

    with pytest.raises(NotLoggedIn, match=r"two.*canfar login srcnet"):
        Session(server="two")


def test_inside_a_session_on_the_platform(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("skaha_hostname", "ws.example.org")
    monkeypatch.setenv("skaha_sessionid", "abcd1234")
    (tmp_path / ".ssl").mkdir()
    (tmp_path / ".ssl" / "cadcproxy.pem").write_text("")

    session = Session()

    assert session.url == "https://ws.example.org/skaha/v1"
    assert session.identity.kind == "certificate"
    assert "this session on the platform" in session.identity.source


def test_a_certificate_in_its_usual_place_is_enough(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ssl").mkdir()
    (tmp_path / ".ssl" / "cadcproxy.pem").write_text("")

    session = Session()

    assert session.url == "https://ws-uv.canfar.net/skaha/v1"
    assert session.identity.idp == "cadc"


def test_a_certificate_that_is_gone_names_the_login(tmp_path):
    with configuration.edit() as draft:
        draft.put_login("cadc", X509Login(idp="cadc", path=tmp_path / "gone.pem", expiry=1.0))
        draft.put_server(Server(name="canfar", idp="cadc", url=A))
        draft.activate(authentication="cadc", server="canfar")

    with pytest.raises(NotLoggedIn, match=r"gone\.pem.*canfar login cadc"):
        Session()


@pytest.mark.parametrize("url", ["http://ws.example.org/skaha", "http://10.0.0.5:8080/skaha"])
def test_a_credential_is_not_sent_in_clear(url, monkeypatch):
    with pytest.raises(ConfigurationError, match=r"would show your credential.*CANFAR_ALLOW_HTTP"):
        Session(url=url, token="t")

    host = httpx.URL(url).netloc.decode()
    monkeypatch.setenv("CANFAR_ALLOW_HTTP", f"other.example.org, {host}")
    assert Session(url=url, token="t").url == f"{url}/v1"


@pytest.mark.parametrize(
    "url",
    ["", "ws.example.org/skaha", "ftp://ws.example.org/skaha", "https://", "https://[bad/skaha",
     "https://ws.example.org:http/skaha", "https://ws.example.org:99999/skaha",
     "https://ws example.org/skaha", "https://ws.example.org/ska\nha",
     "https://ada:s3cret@ws.example.org/skaha", "https://ws.example.org/skaha?x=1"],
)  # fmt: skip
@pytest.mark.parametrize("kind", [Session, AsyncSession])
def test_what_is_no_address_is_refused_when_the_client_is_made(kind, url):
    with pytest.raises(ConfigurationError) as caught:
        kind(url=url, token="t")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("token", [5, b"bytes", ["t"], True])
def test_what_is_no_token_is_refused_when_the_client_is_made(token):
    with pytest.raises(ConfigurationError, match=r"token= is text or a Path") as caught:
        Session(url=A, token=token)
    assert "bytes" not in str(caught.value).partition("not ")[0]


def test_a_saved_server_whose_address_is_none_harms_no_other(make_session):
    with configuration.edit() as draft:
        draft.put_server(Server(name="odd", idp="srcnet", url="https://[bad/skaha"))

    assert Session(url=A).identity.kind == "anonymous"
    with pytest.raises(ConfigurationError, match="no server's address"):
        Session(server="odd")


def test_who_is_logged_in_and_has_chosen_no_server_is_told_how():
    with configuration.edit() as draft:
        draft.put_login("srcnet", OIDCLogin(idp="srcnet", token=OIDCToken(access="t")))
        draft.activate(authentication="srcnet", server=None)

    with pytest.raises(NoServer, match=r"no server is chosen.*canfar server use NAME") as caught:
        Session()
    assert "canfar login" not in str(caught.value)


def test_without_anything_there_is_no_server():
    for kind in (NoServer, ConfigurationError):
        with pytest.raises(kind, match=r"no server to use.*canfar login.*canfar server use local"):
            Session()


def test_a_host_is_allowed_by_configuration_too():
    config = Configuration(allow_http=("ws.example.org",))

    assert Session(url="http://ws.example.org/skaha", token="t", config=config)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"])
def test_this_machine_needs_no_tls(host):
    assert Session(url=f"http://{host}:8080/skaha", token="t")


def test_a_token_in_a_file_is_read_anew_when_it_changes(canfar_platform, make_session, tmp_path):
    file = tmp_path / "token"
    file.write_text("stale-token\n")
    session = make_session(url=canfar_platform.url, token=file)
    with pytest.raises(NotLoggedIn):
        session.fetch()

    file.write_text(f"{canfar_platform.token}\n")

    assert session.fetch() == []
    assert session.identity.source == "argument token="


def test_a_token_file_of_the_environment(canfar_platform, monkeypatch, make_session, tmp_path):
    (tmp_path / "token").write_text(canfar_platform.token)
    monkeypatch.delenv("CANFAR_TOKEN")
    monkeypatch.setenv("CANFAR_TOKEN_FILE", str(tmp_path / "token"))

    session = make_session()

    assert session.fetch() == []
    assert session.identity.source == "CANFAR_TOKEN_FILE"


@pytest.mark.parametrize("content", [None, "", "two words", b"\xff"])
def test_a_token_file_that_holds_none(content, tmp_path):
    file = tmp_path / "token"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content is not None:
        file.write_text(content)

    with pytest.raises(ConfigurationError, match="token"), Session(url=A, token=file) as session:
        session.fetch()


def test_a_broken_file_does_not_stand_in_the_way(canfar_platform, make_session):
    Path(configuration.path()).write_text("active: [broken\n")

    assert make_session(url=canfar_platform.url, token=canfar_platform.token).fetch() == []
    # Without them it does, and says where.
    with pytest.raises(ConfigurationError, match=r"config\.yaml.*line"):
        configuration.load()


def test_a_broken_file_does_not_stand_in_the_way_of_a_create(canfar_platform, make_session, caplog):
    Path(configuration.path()).write_text("active: [broken\n")
    session = make_session(url=canfar_platform.url, token=canfar_platform.token)

    assert len(session.create("a", "skaha/astroml", cmd="true")) == 1
    assert "no saved registry login is used" in caplog.text


def test_the_saved_registry_login_goes_with_a_create(canfar_platform, make_session):
    with configuration.edit() as draft:
        draft.set("registry.username", "ada")
        draft.set("registry.secret", "harbor-secret")
    session = make_session()

    session.create("a", "skaha/astroml", cmd="true")

    created = [r for r in canfar_platform.requests if r.method == "POST"]
    names = {
        bytes(name).decode().lower() if isinstance(name, bytes) else name.lower()
        for name, _ in created[0].request.headers
    }
    assert "x-skaha-registry-auth" in names
