"""The server under test: the local platform, or with CANFAR_URL and CANFAR_TOKEN that one."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
from conformance_server import Server

from canfar.local import LocalPlatform, ManualClock

# Read now: the fixtures of all tests hide these two from the code under test.
URL = os.environ.get("CANFAR_URL", "").rstrip("/")
TOKEN = os.environ.get("CANFAR_TOKEN", "")

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PEOPLE = {"username": "alice", "users": {"bob": "bobs-token"}}


def serve(options):
    """Start a local platform; the context manager gives a server under test."""
    options = dict(options)
    start = datetime.fromisoformat(options.pop("start", START.isoformat()))
    clock = ManualClock(start)
    return LocalPlatform(**{**PEOPLE, "clock": clock, "seed": 1, **options})


def under_test(platform):
    tokens = {"mine": platform.token, "theirs": "bobs-token"}
    return Server(platform.url, tokens, lambda seconds: platform.advance(seconds=seconds))


@pytest.fixture(scope="session")
def shared():
    """The server that most cases share: each removes what it made."""
    if URL:
        server = Server(URL, {"mine": TOKEN})
        yield server
        server.close()
        return
    with serve({}) as platform:
        server = under_test(platform)
        yield server
        server.close()


@pytest.fixture
def server(request, shared):
    """The server for one case."""
    case = request.node.callspec.params["case"]
    if URL and case.why_only_local:
        pytest.skip(case.why_only_local)
    moves_time = case.why_only_local == "needs a clock that can be moved"
    if case.platform is None and not moves_time:
        yield shared
        return
    with serve(case.platform or {}) as platform:
        server = under_test(platform)
        yield server
        server.close()
