"""Paths, methods, credentials: what comes before any handler."""

from __future__ import annotations

import httpx
import pytest

from canfar.local.contract.skaha import SERVER


def anonymous(still, method="GET", path="/skaha/v1/session", **options):
    root = still.platform.url.removesuffix("/skaha/v1")
    return httpx.request(method, root + path, **options)


@pytest.mark.parametrize("resource", ["session", "context", "image", "repository"])
@pytest.mark.parametrize("method", ["PUT", "HEAD", "POST", "DELETE"])
def test_an_unsupported_method_is_405_and_says_what_is_supported(still, resource, method):
    if resource == "session" and method in {"POST", "DELETE"}:
        return

    reply = still.request(method, f"/{resource}")

    assert reply.status_code == 405
    assert reply.headers["content-type"] == "text/plain;charset=ISO-8859-1"
    allowed = "GET, POST, DELETE" if resource == "session" else "GET"
    assert reply.headers["allow"] == allowed
    assert reply.text == ("" if method == "HEAD" else f"unsupported: HTTP {method}\n")


def test_the_method_is_looked_at_before_the_credentials(still):
    assert anonymous(still, "PUT").status_code == 405


def test_options_and_patch_are_the_servlet_containers(still):
    options = still.options("/session")
    patch = still.patch("/session")

    assert options.status_code == 200
    assert "GET" in options.headers["allow"]
    assert patch.status_code == 501
    assert patch.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "path", ["/skaha/v0/session", "/skaha/v1/nothing", "/", "/skaha", "/skaha/v1/sessions"]
)
def test_an_unmapped_path_is_an_html_404(still, path):
    reply = anonymous(still, path=path)

    assert reply.status_code == 404
    assert reply.headers["content-type"] == "text/html;charset=utf-8"
    assert reply.headers["server"] == SERVER


def test_an_encoded_slash_is_refused_by_the_servlet_container(still):
    assert still.get("/session/a%2Fb").status_code == 400


@pytest.mark.parametrize("resource", ["context", "image", "repository"])
def test_what_follows_the_small_resources_is_ignored(still, resource):
    assert still.get(f"/{resource}/more/of/it").content == still.get(f"/{resource}").content


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_path_of_four_segments_is_invalid(still, method):
    reply = still.request(method, "/session/a/b/c/d")

    assert (reply.status_code, reply.text) == (400, "Invalid request: a/b/c/d\n")


def test_a_trailing_slash_is_a_session_without_an_id(stage):
    alice = stage.alice
    nothing = alice.get("/session/")
    mine = alice.create()

    assert (nothing.status_code, nothing.text) == (404, "session  not found\n")
    assert alice.get("/session/").json()["id"] == mine
    assert alice.get("/session//").json()["id"] == mine
    created = alice.form("/session/")
    assert (created.status_code, created.text) == (400, "Cannot modify an existing session\n")
    deleted = alice.delete("/session/")
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert alice.ids() == [mine]
    assert alice.get(f"/session/{mine}/").json()["id"] == mine


def test_every_reply_says_where_it_is_from_and_who_asked(still):
    reply = still.get("/session")

    assert reply.headers["server"] == "OpenCADC/cadc-rest (canfar.local)"
    assert reply.headers["x-vo-authenticated"] == "alice"
    assert reply.headers["content-type"] == "application/json"
    assert "www-authenticate" not in reply.headers


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Basic YTpi"}, {"Cookie": "CADC_SSO=abc"}]
)
@pytest.mark.parametrize("path", ["session", "session/abc", "context", "image", "repository"])
def test_anonymous_is_400_and_a_challenge(still, headers, path):
    reply = anonymous(still, path=f"/skaha/v1/{path}", headers=headers)

    assert reply.status_code == 400
    assert reply.text == "cannot get group memberships for anonymous\n"
    assert reply.headers["www-authenticate"] == "Bearer"
    assert "x-vo-authenticated" not in reply.headers


@pytest.mark.parametrize(
    ("value", "body"),
    [
        ("Bearer wrong", "Invalid JWT token"),
        ("Bearer", "Invalid JWT token"),
        ("Foo bar", "unhandled auth: Authorization Foo bar"),
    ],
)
def test_bad_credentials_are_401_without_a_newline(still, value, body):
    reply = anonymous(still, headers={"Authorization": value})

    assert (reply.status_code, reply.text) == (401, body)
    assert reply.headers["content-type"] == "text/plain"
    assert reply.headers["www-authenticate"].startswith("Bearer")


def test_the_reason_for_a_refused_token_is_in_the_challenge(still):
    reply = anonymous(still, headers={"Authorization": "Bearer wrong"})

    assert reply.headers["www-authenticate"] == (
        'Bearer error="invalid_token", error_description="Invalid JWT token"'
    )


def test_two_tokens_are_one_too_many(still):
    token = ("Authorization", f"Bearer {still.platform.token}")

    reply = anonymous(still, headers=[token, token])

    assert (reply.status_code, reply.text) == (401, "Multiple authorization tokens not supported")


def test_bad_credentials_come_before_bad_parameters_and_those_before_none(still):
    bad = anonymous(still, path="/skaha/v1/session?a=1&A=2", headers={"Authorization": "Bearer x"})
    none = anonymous(still, path="/skaha/v1/session?a=1&A=2")

    assert bad.status_code == 401
    assert none.text == "null\n"


def test_a_callback_token_is_only_ever_a_desktops(still):
    reply = anonymous(still, headers={"x-auth-token-skaha": "abc"})

    assert (reply.status_code, reply.text) == (403, "Invalid auth token\n")


def test_availability_is_for_anybody(still):
    reply = anonymous(still, path="/skaha/availability")

    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/xml"
    assert "<vosi:available>true</vosi:available>\r\n" in reply.text
    assert anonymous(still, "POST", "/skaha/availability").status_code == 200
    minimal = anonymous(still, path="/skaha/availability?detail=min")
    assert (minimal.status_code, minimal.content) == (200, b"")


def test_availability_takes_bad_credentials_for_its_own_failure(still):
    reply = anonymous(still, path="/skaha/availability", headers={"Authorization": "Bearer x"})

    assert reply.status_code == 503
    assert reply.headers["retry-after"] == "30"


def test_capabilities_name_every_resource(still):
    reply = anonymous(still, path="/skaha/capabilities")
    root = still.platform.url.removesuffix("/v1")

    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/xml"
    for name in ("session", "context", "image", "repository"):
        assert f'standardID="http://www.opencadc.org/std/platform#{name}-1"' in reply.text
        assert f'<accessURL use="base">{root}/v1/{name}</accessURL>' in reply.text
    assert reply.text.count("sso#token") == 5
    head = anonymous(still, "HEAD", "/skaha/capabilities")
    assert (head.status_code, head.content) == (200, b"")


def test_the_front_door_says_what_this_is(still):
    reply = anonymous(still, path="/skaha/")

    assert reply.status_code == 200
    assert "canfar.local" in reply.text


def test_what_is_not_there_says_so_by_name(still):
    assert anonymous(still, path="/skaha/openapi.yaml").status_code == 501
    control = still.get(still.platform.url.replace("/v1", "/logControl"))
    assert control.status_code == 403


def test_a_connection_is_kept_for_the_next_request(still):
    first = still.get("/session").extensions["network_stream"].get_extra_info("client_addr")
    second = still.get("/context").extensions["network_stream"].get_extra_info("client_addr")

    assert first == second
