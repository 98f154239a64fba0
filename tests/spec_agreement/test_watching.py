"""That the watch over all tests sees what it should."""

from __future__ import annotations

import httpx
import pytest
from spec_validation import description

from canfar.local.contract.messages import Reply, Request

LIST = Request("GET", "/skaha/v1/session")
SHOW = Request("GET", "/skaha/v1/session/k3x9a0bz")
DELETE = Request("DELETE", "/skaha/v1/session/k3x9a0bz/")
SESSION = b'{"id":"k3x9a0bz","status":"Running"}'


def test_replies_of_a_platform_are_seen(canfar_platform, watched_replies):
    before = watched_replies.count

    httpx.get(f"{canfar_platform.url}/session")

    assert watched_replies.count == before + 1
    assert watched_replies.problems == []


@pytest.mark.parametrize(
    ("request_", "reply", "words"),
    [
        (LIST, Reply(200, "text/plain", b"hello"), "text/plain"),
        (LIST, Reply(200, None, b"[]"), "without a content type"),
        (LIST, Reply(200, "application/json", b'{"id":"a"}'), "oneOf"),
        (LIST, Reply(200, "application/json", b'[{"status":"Running"}]'), "200"),
        (LIST, Reply(503, "text/plain", b"no\n"), "retry-after"),
        (LIST, Reply(401, "text/plain", b"no"), "www-authenticate"),
        (SHOW, Reply(200, "application/json", b'{"id":"a"}'), "status"),
        (SHOW, Reply(200, "application/json", SESSION[:-1] + b',"odd":1}'), "odd"),
        (SHOW, Reply(200, "application/json", SESSION[:-1] + b',"name":null}'), "null"),
        (SHOW, Reply(418, "application/json", b"{}"), "418"),
        (DELETE, Reply(200, "text/plain", b"done\n"), "nothing"),
        (Request("PUT", "/skaha/v1/session"), Reply(200), "method"),
        (Request("GET", "/skaha/availability"), Reply(200, "text/plain", b"up"), "text/plain"),
    ],
)
def test_a_reply_that_is_not_described_is_told(request_, reply, words):
    assert words in description().disagreement(request_, reply)


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        (LIST, Reply(200, "application/json", b"[]")),
        (SHOW, Reply(200, "application/json", SESSION)),
        (SHOW, Reply(200, "text/plain", b"")),
        (DELETE, Reply(200)),
        (Request("GET", "/skaha/v0/session"), Reply(200, "application/json", b"[]")),
        (Request("PUT", "/skaha/v1/session"), Reply(405, "text/plain", b"unsupported\n")),
        (Request("GET", "/somewhere/else"), Reply(200, "image/png", b"\x89")),
    ],
)
def test_a_reply_that_is_described_is_none(request_, reply):
    assert description().disagreement(request_, reply) is None
