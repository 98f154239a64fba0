"""Which server, as whom and how: arguments, then the environment, then configuration."""

import logging

import pytest

from canfar.errors import ConfigurationError
from canfar.models.config import Configuration
from canfar.sessions import AsyncSession, Session

URL = "https://ws.example.org/skaha"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://ws.example.org/skaha", "https://ws.example.org/skaha/v1"),
        ("https://ws.example.org/skaha/", "https://ws.example.org/skaha/v1"),
        ("https://ws.example.org/skaha/v1", "https://ws.example.org/skaha/v1"),
        ("https://ws.example.org/skaha/v1/", "https://ws.example.org/skaha/v1"),
        ("https://ws.example.org/skaha/v0", "https://ws.example.org/skaha/v0"),
        ("https://ws.example.org", "https://ws.example.org/skaha/v1"),
        ("http://127.0.0.1:8080/skaha/v1", "http://127.0.0.1:8080/skaha/v1"),
        ("https://vm1.example.org/skaha", "https://vm1.example.org/skaha/v1"),
        (" https://ws.example.org/skaha ", "https://ws.example.org/skaha/v1"),
    ],
)
def test_the_address_with_and_without_its_version(given, used):
    assert Session(url=given, token="t").url == used


@pytest.mark.parametrize(
    "url", ["ws.example.org", "ftp://ws.example.org", "https://", "https://u:p@ws.example.org/skaha",
            "https://ws.example.org/skaha?x=1"],
)  # fmt: skip
def test_an_address_that_is_none(url):
    with pytest.raises(ConfigurationError):
        Session(url=url, token="t")


@pytest.mark.parametrize("kind", [Session, AsyncSession])
def test_no_server_says_how_to_name_one(kind):
    with pytest.raises(ConfigurationError, match=r"CANFAR_URL.*canfar\.local"):
        kind()


def test_arguments_win_over_the_environment_and_that_over_configuration(monkeypatch):
    config = Configuration(url=f"{URL}-c", timeout=1, concurrency=1)
    assert Session(config=config).url == f"{URL}-c/v1"
    assert (Session(config=config).timeout, Session(config=config).concurrency) == (1, 1)

    monkeypatch.setenv("CANFAR_URL", f"{URL}-e")
    monkeypatch.setenv("CANFAR_TIMEOUT", "2.5")
    monkeypatch.setenv("CANFAR_CONCURRENCY", "2")
    assert Session(config=config).url == f"{URL}-e/v1"
    assert (Session(config=config).timeout, Session(config=config).concurrency) == (2.5, 2)

    session = Session(url=f"{URL}-a", timeout=3, concurrency=3, config=config)
    assert (session.url, session.timeout, session.concurrency) == (f"{URL}-a/v1", 3, 3)


def test_defaults():
    session = Session(url=URL)
    assert (session.timeout, session.concurrency) == (30, 32)


@pytest.mark.parametrize(
    "options",
    [{"timeout": 0}, {"timeout": -1}, {"timeout": "soon"}, {"timeout": float("inf")},
     {"timeout": True}, {"concurrency": 0}, {"concurrency": 1.5}, {"concurrency": "many"}],
)  # fmt: skip
def test_settings_that_make_no_sense(options):
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        Session(url=URL, token="t", **options)


def test_a_certificate_has_to_be_there(tmp_path):
    with pytest.raises(ConfigurationError, match=r"no certificate at .*none\.pem"):
        Session(url=URL, certificate=tmp_path / "none.pem")


def test_a_certificate_may_be_in_the_home_folder(tmp_path, monkeypatch):
    (tmp_path / "proxy.pem").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert "certificate" in repr(Session(url=URL, certificate="~/proxy.pem"))


def test_a_token_wins_over_a_certificate_and_says_so(tmp_path, caplog):
    (tmp_path / "proxy.pem").write_text("")

    with caplog.at_level(logging.WARNING):
        session = Session(url=URL, token="hush", certificate=tmp_path / "proxy.pem")

    assert repr(session) == f"Session('{URL}/v1', token)"
    assert "the token is used" in caplog.text


def test_an_empty_token_is_no_token(monkeypatch):
    monkeypatch.setenv("CANFAR_TOKEN", " ")

    assert "no credential" in repr(Session(url=URL, token=""))


@pytest.mark.parametrize("token", ["two words", "two\nlines", "é"])
def test_a_token_that_is_none(token):
    with pytest.raises(ConfigurationError, match="the token holds") as caught:
        Session(url=URL, token=token)
    assert token not in str(caught.value)


def test_the_environments_credential_is_used(canfar_platform):
    with Session() as session:
        assert session.fetch() == []
