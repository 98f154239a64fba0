"""Play what a server once answered, or record it anew.

``CANFAR_RECORD=1`` records: from the server at CANFAR_URL (with CANFAR_TOKEN), else from a local
platform. Tokens, user names, registry secrets and hosts are scrubbed before anything is written.
"""

import contextlib
import os
import re
from pathlib import Path

import pytest
import vcr

from canfar._core.wait import Watch
from canfar.local import LocalPlatform
from canfar.models.config import Configuration
from canfar.models.registry import ContainerRegistry

RECORDINGS = Path(__file__).parent / "recordings"
URL = "https://ws.example.org/skaha/v1"
ROOT = URL.removesuffix("/v1")
USER = "astronomer"
# Where servers write the name of the user (protocol notes, 2.2, 3.3 and 4).
USER_PLACES = r"(/home/|[Uu]ser )"
# What differs between machines and says nothing about what we mean.
UNIMPORTANT = {"host", "user-agent", "accept-encoding", "connection", "content-length"}
SCRUBBED = {
    "host": "ws.example.org",
    "authorization": "Bearer scrubbed",
    "x-skaha-registry-auth": "scrubbed",
}


class Scrubber:
    """Takes out of requests and replies what nobody else may see."""

    def __init__(self, url):
        self._base = url.rsplit("/", 1)[0]
        self._host = re.sub(r"^https?://|/.*$", "", url)
        self._user = None

    def request(self, request):
        request.uri = request.uri.replace(self._base, ROOT)
        for name, value in SCRUBBED.items():
            if name in request.headers:
                request.headers[name] = value
        return request

    def response(self, response):
        headers = {name.lower(): values for name, values in response["headers"].items()}
        if "x-vo-authenticated" in headers:
            self._user = headers["x-vo-authenticated"][0]
            headers["x-vo-authenticated"] = [USER]
        headers.pop("set-cookie", None)
        headers.pop("content-length", None)
        headers.pop("date", None)  # a new recording shows what changed and nothing else
        text = response["body"]["string"].decode()
        text = re.sub(r'("userid": ")[^"]*', rf"\1{USER}", text)
        text = re.sub(r"(<clientip>)[^<]*", r"\g<1>192.0.2.1", text)
        if self._user:
            text = re.sub(rf"{USER_PLACES}{re.escape(self._user)}\b", rf"\1{USER}", text)
        text = text.replace(self._base, ROOT).replace(self._host, "ws.example.org")
        return {**response, "headers": headers, "body": {"string": text.encode()}}


def same_headers(one, other):
    def shown(request):
        return {
            name.lower(): value
            for name, value in request.headers.items()
            if name.lower() not in UNIMPORTANT
        }

    assert shown(one) == shown(other)


@pytest.fixture(scope="session")
def recording():
    return os.environ.get("CANFAR_RECORD") == "1"


@pytest.fixture(scope="session")
def server(recording):
    """The server to record from, or the one that the recordings name."""
    if not recording:
        yield URL, "token"
        return
    with contextlib.ExitStack() as stack:
        if "CANFAR_URL" in os.environ:
            yield os.environ["CANFAR_URL"], os.environ["CANFAR_TOKEN"]
        else:
            platform = stack.enter_context(LocalPlatform())
            yield platform.url, platform.token


@pytest.fixture
def cassette(request, server, recording, make_session, monkeypatch):
    """A session whose conversation is the one recorded for this test and colour."""
    url, token = server
    scrubber = Scrubber(url)
    machine = vcr.VCR(
        record_mode="all" if recording else "none",
        before_record_request=scrubber.request,
        before_record_response=scrubber.response,
        match_on=["method", "scheme", "host", "port", "path", "query", "body", "same headers"],
        decode_compressed_response=True,
    )
    machine.register_matcher("same headers", same_headers)
    name = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
    path = RECORDINGS / f"{name}.yaml"
    if recording:
        path.unlink(missing_ok=True)
    pause = 0.2 if recording else 0
    monkeypatch.setattr(Watch, "next_pause", lambda _: pause)
    config = Configuration(registry=ContainerRegistry(username="ada", secret="s3cret"))
    with machine.use_cassette(str(path)) as tape:
        yield make_session(url=url, token=token, config=config)
        assert recording or tape.all_played, "a recorded request was not sent"
