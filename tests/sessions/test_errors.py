"""Errors: typed, in the server's words, and the same after pickling."""

import contextlib
import pickle
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from canfar import errors
from canfar.retry import RetryPolicy

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture
def answering():
    """Start a server that gives one answer to everything, and count what it is asked."""
    stack = contextlib.ExitStack()

    def start(status, body="", content_type="text/plain", headers=()):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            asked: ClassVar = []

            def answer(self):
                self.rfile.read(int(self.headers.get("content-length", 0)))
                self.asked.append(self.path)
                self.send_response(status)
                payload = body.encode()
                self.send_header("content-type", content_type)
                self.send_header("content-length", str(len(payload)))
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_POST = do_DELETE = answer

            def log_message(self, *args):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def stop():
            server.shutdown()
            server.server_close()
            thread.join()

        stack.callback(stop)
        return f"http://127.0.0.1:{server.server_port}/skaha/v1", Handler.asked

    with stack:
        yield start


CASES = [
    (400, "cannot get group memberships for anonymous\n", errors.NotLoggedIn, PermissionError),
    (401, "Unauthorized\n", errors.NotLoggedIn, PermissionError),
    (401, "Token has expired", errors.CredentialExpired, PermissionError),
    (403, "Not authorized to use the skaha system\n", errors.Forbidden, PermissionError),
    (404, "session abc not found\n", errors.NotFound, LookupError),
    (400, "User alice has reached the maximum of 5 active sessions.\n", errors.QuotaReached,
     ValueError),
    (400, "session image 'x' must come from one of [images.canfar.net]\n", errors.ImageNotAllowed,
     ValueError),
    (400, "No authentication provided for unknown or private image.  Use x\n",
     errors.RegistryLoginNeeded, ValueError),
    (400, "Invalid value for 'cores': 99\n", errors.OptionNotOffered, ValueError),
    (400, "something else\n", errors.RequestRefused, ValueError),
    (429, "slow down", errors.ServerBusy, errors.ServerError),
    (503, "temporarily unavailable: null\n", errors.ServerBusy, errors.ServerError),
    (500, "unexpected exception: java.lang.IllegalStateException", errors.ServerError,
     errors.CanfarError),
    (520, "odd", errors.ServerError, errors.CanfarError),
    (302, "moved", errors.ServerError, errors.CanfarError),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "kind", "builtin"), CASES)
def test_each_answer_has_its_error(answering, make_session, status, body, kind, builtin):
    url, _ = answering(status, body)

    with pytest.raises(kind, match=body.strip().split("[")[0][:40].replace(".", r"\.")) as caught:
        make_session(url=url, token="t").fetch()

    error = caught.value
    assert type(error) is kind
    assert isinstance(error, builtin)
    assert (error.status_code, error.method, error.url) == (status, "GET", f"{url}/session")
    assert error.server_text == body.strip()


def test_a_page_instead_of_an_answer(answering, make_session):
    url, _ = answering(200, "<html>log in</html>", "text/html; charset=utf-8")

    with pytest.raises(errors.BadReply, match="something between you and the server"):
        make_session(url=url, token="t").fetch()


@pytest.mark.parametrize("body", ["{", '{"a": 1}', '"text"', "[3]"])
def test_a_reply_that_is_not_understood(answering, make_session, body):
    url, _ = answering(200, body, "application/json")

    with pytest.raises(errors.BadReply):
        make_session(url=url, token="t").fetch(kind="carta")


@pytest.mark.parametrize("body", ["", "two words", "<html>"])
def test_an_id_that_is_none(answering, make_session, body):
    url, _ = answering(200, body)

    with pytest.raises(errors.MayExist, match="no session id"):
        make_session(url=url, token="t").create("a", IMAGE)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30),
        ("0.5", 0.5),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("soon", None),
        ("-3", None),
        ("", None),
    ],
)
def test_retry_after(answering, make_session, header, seconds):
    url, _ = answering(503, "busy", headers=[("Retry-After", header)])

    with pytest.raises(errors.ServerBusy) as caught:
        make_session(url=url, token="t", retry=RetryPolicy(tries=1)).fetch()
    assert caught.value.retry_after == seconds


def test_a_hopeless_failure_stops_a_bulk_call(answering, make_session):
    url, asked = answering(401, "Unauthorized\n")
    session = make_session(url=url, token="t", concurrency=4)

    with pytest.raises(errors.NotLoggedIn) as caught:
        session.logs([f"a{n}" for n in range(200)])

    assert len(asked) <= 8
    assert caught.value.results == {}


def test_a_server_that_is_not_there(make_session):
    with pytest.raises(ConnectionError, match="cannot reach the server") as caught:
        make_session(url="http://127.0.0.1:9", token="t").fetch()

    assert isinstance(caught.value, errors.Unreachable)
    assert caught.value.url == "http://127.0.0.1:9/skaha/v1/session"


def test_a_server_that_does_not_answer(make_session):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TimeoutError, match="did not answer in time"):
            make_session(url=url, token="t", timeout=0.1).fetch()


def test_the_token_is_in_no_error(answering, make_session):
    url, _ = answering(500, "no")

    with pytest.raises(errors.ServerError) as caught:
        make_session(url=url, token="hush").fetch()
    assert "hush" not in repr(caught.value) + str(caught.value) + repr(vars(caught.value))


EVERY = [getattr(errors, name) for name in errors.__all__ if name != "SessionRequestError"]


@pytest.mark.parametrize("kind", EVERY)
def test_errors_survive_pickling(kind):
    error = kind("what", about="abc", advice="do this.", status_code=400, method="GET", url="u",
                 server_text="what", retry_after=3.0)  # fmt: skip
    error.results = ["a"]
    again = pickle.loads(pickle.dumps(error))

    assert type(again) is kind
    assert str(again) == str(error) == "abc: what [HTTP 400 to GET u] do this."
    assert vars(again) == vars(error)


def fail_elsewhere(url):
    from canfar.sessions import Session

    with Session(url=url, token="wrong-token") as session:
        session.fetch()


def test_errors_come_home_from_other_processes(canfar_platform):
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(1) as pool:
        try:
            pool.apply(fail_elsewhere, (canfar_platform.url,))
        except errors.NotLoggedIn as error:
            caught = error
        pool.terminate()
        pool.join()

    assert (caught.status_code, caught.method) == (401, "GET")
    assert "CANFAR_TOKEN" in caught.advice


def test_a_bulk_error_survives_pickling():
    error = errors.SessionRequestError("info", [], {"a": errors.NotFound("no", about="a")})
    again = pickle.loads(pickle.dumps(error))

    assert str(again) == str(error) == "info met 1 failure, the first: a: no"
    assert isinstance(again.errors["a"], errors.NotFound)


def test_a_replica_is_named():
    assert str(errors.QuotaReached("full", about=3)) == "replica 3: full"


def test_a_bulk_error_counts():
    each = {n: errors.QuotaReached("full", about=n) for n in (1, 2)}

    assert str(errors.SessionRequestError("create", [], each)).startswith("create met 2 failures")
