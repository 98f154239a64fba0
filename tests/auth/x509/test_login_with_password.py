"""A user name and a password become a certificate, as CADC does it."""

from __future__ import annotations

import asyncio
import ssl
import stat
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from canfar import authentication, config
from canfar.auth import x509
from canfar.errors import (
    BadReply,
    CanfarError,
    ConfigurationError,
    InvalidInput,
    LoginFailed,
    Unreachable,
)
from canfar.sessions import Session

PASSWORD = "s3cret é"


@pytest.fixture(params=["sync", "asyncio", "in a running loop"])
def login(request, credential_service):
    if request.param == "sync":
        return authentication.login
    if request.param == "asyncio":
        return lambda *words, **options: asyncio.run(authentication.alogin(*words, **options))

    def inside(*words, **options):
        async def notebook():
            return authentication.login(*words, **options)

        return asyncio.run(notebook())

    return inside


def nothing_is_kept():
    proxy = Path.home() / ".ssl" / "cadcproxy.pem"
    return not proxy.exists() and not config.path().exists()


def test_logging_in_once_is_enough(login, skaha, credential_service):
    assert login("cadc", username="ada", password=PASSWORD, days=10) is True

    with Session() as session:
        assert session.fetch() == []
    file = Path.home() / ".ssl" / "cadcproxy.pem"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    left = x509.read(file).not_after - datetime.now(UTC)
    assert timedelta(days=9) < left < timedelta(days=11)
    kept = authentication.show()
    assert (kept.idp, kept.mode, kept.active, kept.server) == ("cadc", "x509", True, "canfar")
    assert PASSWORD not in config.path().read_text()


def test_a_good_certificate_is_used_again_unless_forced(login, credential_service):
    login("cadc", username="ada", password=PASSWORD)
    login("cadc")
    assert credential_service.days == [30]

    login("cadc", force=True, username="ada", password=PASSWORD)
    assert credential_service.days == [30, 30]


def test_the_certificate_goes_where_it_is_told(login, tmp_path):
    login("cadc", username="ada", password=PASSWORD, certificate=tmp_path / "x" / "mine.pem")

    assert x509.valid(tmp_path / "x" / "mine.pem")
    assert Session().identity.certificate == tmp_path / "x" / "mine.pem"


def test_the_function_of_canfar_1_5_asks_where_there_is_none(
    credential_service, tmp_path, monkeypatch
):
    file = tmp_path / "mine.pem"
    monkeypatch.setattr("builtins.input", lambda _: "ada")
    monkeypatch.setattr("getpass.getpass", lambda _: PASSWORD)

    assert x509.gather(cert_path=file) == {"path": str(file), "expiry": x509.expiry(file)}
    assert x509.gather(cert_path=file)["path"] == str(file)  # which is good now: nothing is asked
    assert credential_service.days == [30]


def test_one_that_another_program_renewed_just_works(login, authority):
    login("cadc", username="ada", password=PASSWORD, days=1)
    file = Path.home() / ".ssl" / "cadcproxy.pem"
    file.write_bytes(authority.proxy(ends=timedelta(days=20)))

    assert authentication.show("cadc").expiry == x509.read(file).not_after.timestamp()


def test_user_name_and_password_of_a_netrc_file(login, tmp_path, monkeypatch):
    file = tmp_path / "netrc"
    file.write_text(f'machine 127.0.0.1 login ada password "{PASSWORD}"\n')
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))

    assert login("cadc", netrc=True)

    with pytest.raises(InvalidInput, match="no login of eve for 127"):
        login("cadc", force=True, netrc=True, username="eve")


def test_a_netrc_file_may_name_the_service_itself(login, credential_service, tmp_path, monkeypatch):
    base = credential_service.base.replace("127.0.0.1", "localhost")
    text = CAPABILITIES.replace("{base}", base)
    credential_service.replies["/cred/capabilities"] = (200, {}, text.encode())
    file = tmp_path / "netrc"
    file.write_text(f'machine localhost login ada password "{PASSWORD}"\n')
    monkeypatch.setenv("NETRC", str(file))

    assert login("cadc", netrc=True)


def test_a_password_of_a_netrc_file_goes_to_its_own_server(
    login, credential_service, authority, serve, tmp_path, monkeypatch
):
    def answer(handler, _):
        asked.append(handler.headers.get("Authorization"))
        base = f"https://localhost:{other.server_port}"
        return 200, {}, CAPABILITIES.replace("{base}", base).encode()

    asked = []
    other = serve(authority.server_context(), answer)
    file = tmp_path / "netrc"
    file.write_text(f'machine 127.0.0.1 login ada password "{PASSWORD}"\n')
    monkeypatch.setenv("NETRC", str(file))

    with pytest.raises(InvalidInput, match="no login for localhost"):
        login("cadc", netrc=True, service=f"https://localhost:{other.server_port}/capabilities")
    assert asked == [None]


@pytest.mark.parametrize("name", ["ivo://cadc.nrc.ca/other", "{base}/cred/capabilities"])
def test_a_credential_service_that_is_named(login, credential_service, name):
    base = credential_service.base
    registry = f"ivo://cadc.nrc.ca/other = {base}/cred/capabilities\n"
    credential_service.replies["/reg/resource-caps"] = (200, {}, registry.encode())

    login("cadc", username="ada", password=PASSWORD, service=name.replace("{base}", base))

    assert credential_service.days == [30]


def test_a_wrong_password_has_the_services_words_and_keeps_nothing(login):
    with pytest.raises(LoginFailed, match="Username/password combination invalid") as caught:
        login("cadc", username="ada", password="wrong-pass")

    assert caught.value.server_text == "Username/password combination invalid"
    assert "wrong-pass" not in str(caught.value)
    assert nothing_is_kept()


@pytest.mark.parametrize("login", ["sync", "asyncio"], indirect=True)
@pytest.mark.parametrize("reply", [(401, {}, b"no"), (200, {}, b"no PEM"), None])
def test_no_traceback_shows_the_password(login, credential_service, reply):
    if reply is None:
        credential_service.server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    else:
        credential_service.replies["/cred/auth/priv"] = reply

    with pytest.raises(CanfarError) as caught:
        login("cadc", username="ada", password=f"{PASSWORD}-4711")

    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert len(shown.stack) > 3
    while shown is not None:
        seen = [each.locals for each in shown.stack if "/tests/" not in each.filename]
        assert "4711" not in str(seen)
        assert "event loop" not in str(shown)
        shown = shown.__context__


@pytest.mark.parametrize("login", ["sync", "asyncio"], indirect=True)
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "asks for a user name and a password"),
        ({"username": "ada"}, "asks for a user name and a password"),
        ({"username": "ada", "password": ""}, "the password is empty"),
        ({"username": " ", "password": "p"}, "the user name is empty"),
        ({"username": "a:b", "password": "p"}, "holds a ':'"),
        ({"username": "ada", "password": "two\nlines"}, "holds a line break"),
        ({"username": "ada", "password": "p", "days": 0}, "days must be"),
        ({"username": "ada", "password": "p", "days": 366}, "days must be"),
        ({"token": ""}, "the token is empty"),
        ({"token": "two\nlines"}, "the token holds a space, a line break"),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(login, credential_service, options, said):
    with pytest.raises((InvalidInput, ConfigurationError), match=said):
        login("cadc", **options)

    assert credential_service.server.requests == []
    assert nothing_is_kept()


def test_a_provider_that_nobody_knows(login):
    with pytest.raises(InvalidInput, match=r"no identity provider 'nasa'; there are cadc"):
        login("nasa")
    with pytest.raises(KeyError):
        login("nasa")


PAGE = (200, {"Content-Type": "text/html"}, b"<html>log in to this hotel's network</html>")
BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "xxxxxxxxxx">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><capabilities>&b;</capabilities>"""


@pytest.mark.parametrize("login", ["sync", "asyncio"], indirect=True)
@pytest.mark.parametrize(
    ("path", "reply", "kind", "said"),
    [
        ("/reg/resource-caps", PAGE, BadReply, "answered with a page"),
        ("/reg/resource-caps", (200, {}, b""), BadReply, "answered with nothing"),
        ("/reg/resource-caps", (503, {}, b"maintenance"), CanfarError, "HTTP 503: maintenance"),
        ("/reg/resource-caps", (200, {}, b"ivo://x/y = z"), Unreachable, "no registry lists it"),
        ("/cred/capabilities", PAGE, BadReply, "are no XML|<html>"),
        ("/cred/capabilities", (200, {}, BOMB), BadReply, "define entities"),
        ("/cred/capabilities", (200, {}, b"<capabilities/>"), BadReply, "no way to exchange"),
        ("/cred/auth/priv", PAGE, BadReply, "no certificate in PEM form"),
        ("/cred/auth/priv", (500, {}, b"out of ink"), LoginFailed, "out of ink"),
        ("/cred/auth/priv", (302, {"Location": "https://evil/"}, b""), LoginFailed, "302|failed"),
    ],
)
def test_services_that_answer_nonsense(login, credential_service, path, reply, kind, said):
    credential_service.replies[path] = reply

    with pytest.raises(kind, match=said):
        login("cadc", username="ada", password=PASSWORD)
    assert nothing_is_kept()


def test_a_password_is_not_sent_in_clear(login, credential_service):
    text = CAPABILITIES.replace("{base}", "http://cred.example.org")
    credential_service.replies["/cred/capabilities"] = (200, {}, text.encode())

    with pytest.raises(ConfigurationError, match="would show your credential"):
        login("cadc", username="ada", password=PASSWORD)


def test_a_host_that_is_allowed_by_name_gets_it_in_clear(login, credential_service, monkeypatch):
    # Nothing listens there: the point is that it is asked, as the message of the refusal says.
    text = CAPABILITIES.replace("{base}", "http://cred.invalid")
    credential_service.replies["/cred/capabilities"] = (200, {}, text.encode())
    monkeypatch.setenv("CANFAR_ALLOW_HTTP", "cred.invalid")

    with pytest.raises(Unreachable, match=r"cannot reach http://cred\.invalid"):
        login("cadc", username="ada", password=PASSWORD)


CAPABILITIES = """<capabilities><capability standardID="ivo://ivoa.net/std/CDP#proxy-1.0">
<interface><accessURL>{base}/cred/auth/priv</accessURL>
<securityMethod standardID="ivo://ivoa.net/sso#BasicAA"/></interface></capability></capabilities>"""


def test_a_certificate_that_is_none_for_now_is_not_kept(login, credential_service, authority):
    old = authority.proxy(begins=timedelta(days=-3), ends=timedelta(days=-1))
    credential_service.replies["/cred/auth/priv"] = (200, {}, old)

    with pytest.raises(CanfarError, match="expired"):
        login("cadc", username="ada", password=PASSWORD)
    assert nothing_is_kept()


def test_no_network(login, credential_service):
    credential_service.server.__exit__()

    with pytest.raises(Unreachable, match="cannot reach"):
        login("cadc", username="ada", password=PASSWORD)
    assert nothing_is_kept()
    credential_service.server.__exit__ = lambda *_: None


def test_the_certificate_of_another_host(login, credential_service, authority):
    credential_service.server.context = authority.server_context("cred.example.org")

    with pytest.raises(Unreachable, match=r"(?i)certificate"):
        login("cadc", username="ada", password=PASSWORD)
    assert credential_service.server.requests == []


def test_a_place_that_cannot_be_written(login, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigurationError, match="cannot be written"):
        login("cadc", username="ada", password=PASSWORD, certificate=tmp_path / "file" / "x.pem")
    assert nothing_is_kept()


def test_a_token_can_be_the_login(login, canfar_platform):
    login("cadc", token=" a-token-of-cadc\n")

    kept = config.load().authentication["cadc"]
    assert kept.token.access == "a-token-of-cadc"
    assert Session().identity.kind == "oidc"


def test_removing_and_purging(login):
    login("cadc", username="ada", password=PASSWORD)
    with pytest.raises(InvalidInput, match="is the active login"):
        authentication.remove("cadc")
    with pytest.raises(InvalidInput, match="force=True"):
        authentication.purge()

    authentication.remove("cadc", force=True)
    assert authentication.list() == []

    login("cadc")  # the certificate is there still
    authentication.purge(force=True)
    assert authentication.list() == []
    assert (Path.home() / ".ssl" / "cadcproxy.pem").exists()
