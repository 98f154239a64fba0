"""Every fault of the platform, for every command that there is."""

from __future__ import annotations

import json

import pytest
from attrs import frozen
from command_tree import COMMANDS

from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"
WORDS = "the words of the server"


@frozen
class Line:
    """A command line that works, and the requests without which it does not.

    Attributes:
        words: What follows the command.
        needs: Operations of the platform, as its faults name them; each may fail alone.
    """

    words: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


ASKS = {
    "create": Line(("headless", IMAGE, "--wait", "--", "true"), ("create",)),
    "run": Line((IMAGE, "--", "true"), ("create",)),
    "ps": Line((), ("list",)),
    "info": Line(("job",), ("list",)),
    "logs": Line(("job",), ("list", "logs")),
    "events": Line(("job",), ("list", "events")),
    "open": Line(("page", "--no-browser"), ("list",)),
    "wait": Line(("job",), ("list",)),
    "renew": Line(("page",), ("list", "renew")),
    "delete": Line(("job", "--yes"), ("list", "delete")),
    "prune": Line(("job", "--yes"), ("list", "delete")),
    "stats": Line((), ("stats",)),
    "top": Line((), ("list",)),
    "context": Line((), ("context",)),
    "image ls": Line((), ("images",)),
    "repository ls": Line((), ("*",)),
    "app ls": Line(("desk",), ("*",)),
    "app attach": Line(("desk", "skaha/terminal:1.1.2"), ("*",)),
    "app rm": Line(("desk", "abcdefgh"), ("*",)),
}
"""The commands that ask the platform."""

ELSEWHERE = {
    "login": "asks an identity provider: tests/cli/test_login_commands.py",
    "whoami": "shows what is kept here",
    "auth login": "asks an identity provider",
    "auth show": "shows what is kept here",
    "auth list": "shows what is kept here",
    "auth use": "changes what is kept here",
    "auth remove": "changes what is kept here",
    "auth purge": "changes what is kept here",
    "server list": "asks registries",
    "server use": "asks registries",
    "config show": "shows what is kept here",
    "config get": "shows what is kept here",
    "config set": "changes what is kept here",
    "config path": "shows what is kept here",
    "doctor": "says what is wrong as its data",
    "local": "starts platforms and stops them",
    "local start": "starts a platform",
    "local stop": "stops one",
    "local status": "shows what runs here",
    "local serve": "is a platform",
    "version": "asks nobody",
    "completion": "asks nobody",
}
"""The commands that ask nobody, or somebody else, and where that is tested."""


@frozen
class Wrong:
    """Something that goes wrong, the exit code it comes to, and what is to be read of it."""

    cause: object
    code: int
    says: str = WORDS


def failing(status):
    return Wrong(
        lambda platform, what: platform.fail(what, status=status, body=WORDS, retry_after=0),
        {401: 4, 403: 4, 404: 3, 429: 5, 502: 5, 503: 5}.get(status, 1),
    )


IN_DOUBT = {"502", "cut"}
"""Where the reply to a create is lost and nobody can look, the session may exist: the exit code is
1, since scripts try again after a 5 and would start it twice."""


FAULTS = {
    **{str(status): failing(status) for status in (400, 401, 403, 404, 429, 500, 502, 503)},
    "html": Wrong(lambda platform, what: platform.answer_html(what), 1, ""),
    "cut": Wrong(lambda platform, what: platform.cut(what, after=False), 5, ""),
}


def prints_data(command):
    return any("-o" in parameter.opts for parameter in command.params)


ASKING = [name for name in COMMANDS if name in ASKS]
CASES = [
    (name, what, fault)
    for name in ASKING
    for what in (*ASKS[name].needs, *(["*"] if "create" in ASKS[name].needs else []))
    for fault in FAULTS
]


@pytest.fixture(scope="module")
def sessions(shared_platform):
    """A job that has ended, a page and a desktop."""
    with Session(url=shared_platform.url, token=shared_platform.token) as session:
        ids = session.create("job", IMAGE, cmd="true")
        ids += session.create("page", IMAGE, kind="notebook")
        ids += session.create("desk", "skaha/desktop:1.1.2", kind="desktop")
        session.wait(ids)
        yield ids
        session.destroy(session.fetch())


@pytest.fixture(autouse=True)
def _without_pauses(hurry, monkeypatch):
    """Have no pause take any time, neither those of waits nor those between attempts."""
    monkeypatch.setattr("canfar._http.retrying.Retrying._sleep", staticmethod(lambda *_: None))


def test_every_command_has_a_line():
    assert set(COMMANDS) - {*ASKS, *ELSEWHERE} == set()


@pytest.mark.parametrize(("name", "what", "fault"), CASES, ids=str)
def test_what_goes_wrong_is_said(canfar, platform, sessions, name, what, fault):
    wrong = FAULTS[fault]
    wrong.cause(platform, what)
    done = canfar(*name.split(), *ASKS[name].words)
    in_doubt = what == "*" and fault in IN_DOUBT and "create" in ASKS[name].needs
    assert done.code == (1 if in_doubt else wrong.code), done
    assert not in_doubt or "may exist" in done.err
    assert wrong.says in done.err
    assert done.err.startswith("Error: ") or "\nError: " in done.err
    assert done.out == "" or (what not in {"*", "list"} and WORDS not in done.out)


@pytest.mark.parametrize("name", [name for name in ASKING if prints_data(COMMANDS[name])])
def test_programs_read_it_as_json(canfar, platform, sessions, name):
    platform.fail("*", status=503, body=WORDS, retry_after=0)
    words, dashes, rest = partition(ASKS[name].words)
    done = canfar(*name.split(), *words, "-o", "json", *dashes, *rest)
    assert (done.code, done.out) == (5, "")
    [error] = [json.loads(line) for line in done.err.splitlines()]
    assert WORDS in error["message"]
    assert error["server_text"] == WORDS


def partition(words):
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at : at + 1], words[at + 1 :]


@pytest.mark.parametrize("name", ASKING)
def test_a_server_that_is_not_there(canfar, sessions, platform, monkeypatch, name):
    monkeypatch.setenv("CANFAR_URL", "http://127.0.0.1:9/skaha/v1")
    done = canfar(*name.split(), *ASKS[name].words)
    assert (done.code, done.out) == (5, "")
    assert "127.0.0.1:9" in done.err


@pytest.mark.parametrize("name", ASKING)
def test_a_server_that_is_slow(canfar, platform, sessions, monkeypatch, name):
    monkeypatch.setenv("CANFAR_TIMEOUT", "0.05")
    platform.delay("*", seconds=0.3)
    done = canfar(*name.split(), *ASKS[name].words)
    platform.advance(seconds=1)
    assert (done.code, done.out) == (1 if "create" in ASKS[name].needs else 5, "")
    assert "did not answer in time" in done.err


@pytest.mark.parametrize("name", ASKING)
def test_nobody_is_logged_in(canfar, sessions, platform, monkeypatch, name):
    monkeypatch.delenv("CANFAR_URL")
    monkeypatch.delenv("CANFAR_TOKEN")
    done = canfar(*name.split(), *ASKS[name].words)
    assert (done.code, done.out) == (4, "")
    assert "canfar login" in done.err
