"""Secrets show in no log, repr, error or traceback, not even in one with local variables."""

import io
import logging
import re
import traceback

import pytest

from canfar._http.plain import Answer
from canfar.auth.choice import Choice, Found, Wanted
from canfar.auth.tokens import FixedToken
from canfar.errors import CanfarError
from canfar.models.config import Configuration
from canfar.models.registry import ContainerRegistry

IMAGE = "images.canfar.net/skaha/astroml:latest"
TOKEN = "planted-token-4711"
SECRET = "planted-registry-secret"
VALUE = "planted-environment-value=="
# A script that passes a secret has it in its own variables; nobody else may have.
OURS = re.compile(r"/(canfar|skaha_client|httpx|httpcore|h11|anyio)/")
PLANTED = [TOKEN, SECRET, VALUE, "planted"]


@pytest.fixture
def written():
    """Everything that is logged at DEBUG by anyone."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def with_locals(error):
    """The traceback as tools show it that print local variables, without the caller's frames."""
    found = traceback.TracebackException.from_exception(error, capture_locals=True)
    lines = []
    while found is not None:
        lines += [
            f"{frame.filename}:{frame.lineno} {frame.locals}"
            for frame in found.stack
            if OURS.search(frame.filename)
        ]
        lines += list(found.format_exception_only())
        found = found.__cause__ or found.__context__
    return "\n".join(lines)


@pytest.fixture
def guarded(make_session):
    config = Configuration(registry=ContainerRegistry(username="ada", secret=SECRET))

    def make(platform, token=TOKEN, **options):
        return make_session(url=platform.url, token=token, config=config, **options)

    return make


FAILURES = {
    "nothing": lambda platform: None,
    "refused": lambda platform: platform.fail(
        "create", status=400, body=f"no {TOKEN} and {SECRET}"
    ),
    "broken": lambda platform: platform.fail("create", status=500, body=f"unhandled auth: {TOKEN}"),
    "cut": lambda platform: platform.cut("*", after=False),
    "html": lambda platform: platform.answer_html("*"),
    "token": lambda platform: platform.refuse_token(message=f"Invalid JWT token {TOKEN}"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_nothing_planted_shows(guarded, written, failure):
    from canfar.local import LocalPlatform
    from canfar.retry import RetryPolicy

    quick = RetryPolicy(tries=2, first=0.01, listed_within=0.1)
    with LocalPlatform(token=TOKEN) as platform:
        session = guarded(platform, retry=quick)
        FAILURES[failure](platform)
        shown = [repr(session)]
        try:
            ids = session.create(
                "fit", IMAGE, command=["true", "a b"], env={"PASSWORD": VALUE}, replicas=2
            )
            shown += [repr(ids), repr(ids.outcomes), str(ids.errors)]
            session.wait(ids)
            shown += [repr(session.info(ids)), repr(session.destroy(ids))]
        except CanfarError as error:
            shown += [repr(error), str(error), repr(vars(error)), with_locals(error)]
            shown += [with_locals(each) for each in error.errors.values()]

    everything = "\n".join([*shown, written.getvalue()])
    for planted in PLANTED:
        assert planted not in everything
    assert "/session" in everything


BAD = {
    "value": {"env": {"PASSWORD": [VALUE]}},
    "key": {"env": {"PASS WORD": VALUE}},
    "nul": {"env": {"PASSWORD": f"{VALUE}\0"}, "cmd": "a"},
    "no program": {"env": {"PASSWORD": VALUE}},
    "too long": {"env": {"PASSWORD": VALUE * 10_000}, "cmd": "a"},
    "too long to carry": {"env": {"PASSWORD": VALUE * 4_000}, "cmd": "a"},
    "cmd": {"env": {"PASSWORD": VALUE}, "cmd": "a=b"},
    "name": {"env": {"PASSWORD": VALUE}, "name": "a_b"},
    "image": {"env": {"PASSWORD": VALUE}, "image": None},
}


@pytest.mark.parametrize("bad", BAD)
def test_an_error_about_an_environment_keeps_its_values(make_session, bad):
    session = make_session(url="http://127.0.0.1:9", token=TOKEN)

    with pytest.raises((CanfarError, TypeError)) as caught:
        session.create(**{"name": "fit", "image": IMAGE, **BAD[bad]})

    for planted in PLANTED:
        assert planted not in with_locals(caught.value)
        assert planted not in str(caught.value)


def test_the_registry_login_goes_only_with_a_create(guarded, canfar_platform, monkeypatch):
    import httpx

    seen = {}
    send = httpx.HTTPTransport.handle_request
    asend = httpx.AsyncHTTPTransport.handle_async_request

    def note(request):
        if "x-skaha-registry-auth" in request.headers:
            seen.setdefault((request.method, request.url.path), 0)

    def spy(self, request):
        note(request)
        return send(self, request)

    async def aspy(self, request):
        note(request)
        return await asend(self, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", spy)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", aspy)
    session = guarded(canfar_platform, token=canfar_platform.token)
    ids = session.create("fit", IMAGE, cmd="true")
    session.wait(ids)
    session.logs(ids)
    session.destroy(ids)

    assert list(seen) == [("POST", "/skaha/v1/session")]


def test_a_redirect_is_not_followed(make_session):
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Redirecting(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(302)
            self.send_header("location", "http://127.0.0.1:9/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        with pytest.raises(CanfarError) as caught:
            make_session(url=f"http://127.0.0.1:{server.server_port}", token=TOKEN).fetch()
        server.shutdown()
        thread.join()

    assert caught.value.status_code == 302


@pytest.mark.parametrize(
    "holder",
    [
        Answer(status=200, media="text/plain", content=TOKEN.encode(), url="https://a.example.org"),
        Wanted(token=TOKEN),
        Found(token=TOKEN, certificate=None, where="argument"),
        Choice(url="https://a.example.org", identity=None, tokens=FixedToken(TOKEN)),
    ],
    ids=lambda holder: type(holder).__name__,
)
def test_what_holds_a_secret_does_not_show_it(holder):
    """Debuggers and tracebacks show representations of what is under way."""
    assert TOKEN not in repr(holder)
