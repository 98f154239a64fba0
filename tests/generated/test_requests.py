"""What is put on the wire."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml
from every_operation import OPERATIONS, name
from hypothesis import given
from hypothesis import strategies as st
from skaha_client import Client
from skaha_client.api.desktop_apps import attach_desktop_app, delete_desktop_app
from skaha_client.api.platform import get_availability, get_capabilities
from skaha_client.api.sessions import (
    create_session,
    delete_session,
    get_session,
    list_sessions,
    renew_session,
)
from skaha_client.models import AttachDesktopAppBody, CreateSessionBody, RenewSessionBody

FORM = "application/x-www-form-urlencoded"


def form(request):
    assert request.headers["content-type"] == FORM
    return parse_qsl(request.body, keep_blank_values=True, strict_parsing=True)


def test_a_session_is_a_form(server, call):
    body = CreateSessionBody(
        name="demo",
        image="images.canfar.net/a/b:1",
        type_="headless",
        cores=2,
        ram=2.5,
        gpus=1,
        cmd="/bin/sh",
        args='-c "a  b" \\$HOME\tn\u00e4chste',
        env=["FOO=bar baz", "URL=http://x/?a&b", "X=+%20"],
    )
    call(create_session, body=body)
    assert server.request.method == "POST"
    assert server.request.target == "/skaha/v1/session"
    assert form(server.request) == [
        ("name", "demo"),
        ("image", "images.canfar.net/a/b:1"),
        ("type", "headless"),
        ("cores", "2"),
        ("ram", "2.5"),
        ("gpus", "1"),
        ("cmd", "/bin/sh"),
        ("args", '-c "a  b" \\$HOME\tn\u00e4chste'),
        ("env", "FOO=bar baz"),
        ("env", "URL=http://x/?a&b"),
        ("env", "X=+%20"),
    ]


def test_what_is_not_given_is_not_sent(server, call):
    call(create_session, body=CreateSessionBody(name="demo", image="i"))
    assert form(server.request) == [("name", "demo"), ("image", "i")]
    assert "x-skaha-registry-auth" not in server.request.headers


CLIENT = Client("http://localhost/skaha/v1")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_any_text_survives_the_form(values):
    kwargs = create_session.get_kwargs(body=CreateSessionBody(name="a", image="i", env=values))
    request = CLIENT.get_httpx_client().build_request(**kwargs)
    sent = parse_qsl(request.read().decode("ascii"), keep_blank_values=True)
    assert [value for key, value in sent if key == "env"] == values


def test_the_registry_credential_is_a_header(server, call):
    body = CreateSessionBody(name="demo", image="i")
    call(create_session, body=body, x_skaha_registry_auth="YWxpY2U6c2VjcmV0")
    assert server.request.headers["x-skaha-registry-auth"] == "YWxpY2U6c2VjcmV0"
    assert "YWxp" not in server.request.target + server.request.body


def test_a_renewal_needs_no_arguments(server, call):
    call_renewal = RenewSessionBody()
    server.says("", content_type=None)
    call(renew_session, "k3x9a0bz", body=call_renewal)
    assert server.request.target == "/skaha/v1/session/k3x9a0bz"
    assert form(server.request) == [("action", "renew")]


def test_an_app_is_a_form(server, call):
    call(attach_desktop_app, "k3x9a0bz", body=AttachDesktopAppBody(image="i", cores=1, ram=4))
    assert server.request.target == "/skaha/v1/session/k3x9a0bz/app"
    assert form(server.request) == [("image", "i"), ("cores", "1"), ("ram", "4")]


def test_filters_are_sent_when_given(server, call):
    server.says("[]", content_type="application/json")
    call(list_sessions, type_="headless", status="Running", view="interactive")
    call(list_sessions)
    call(list_sessions, status=None)
    filtered, plain, nothing = (urlsplit(request.target) for request in server.requests)
    assert filtered.path == plain.path == nothing.path == "/skaha/v1/session"
    assert parse_qsl(filtered.query) == [
        ("type", "headless"),
        ("status", "Running"),
        ("view", "interactive"),
    ]
    assert plain.query == nothing.query == ""


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("a/b", "a%2Fb"),
        ("../x", "..%2Fx"),
        ("a?view=logs", "a%3Fview%3Dlogs"),
        ("a#b", "a%23b"),
        ("100%", "100%25"),
        ("a%2Fb", "a%252Fb"),
        ("a b\n", "a%20b%0A"),
        ("\u00e9", "%C3%A9"),
    ],
)
def test_an_id_is_one_part_of_the_path(server, call, value, sent):
    server.says("", content_type=None)
    call(delete_session, value)
    call(delete_desktop_app, value, value)
    assert [request.target for request in server.requests] == [
        f"/skaha/v1/session/{sent}",
        f"/skaha/v1/session/{sent}/app/{sent}",
    ]


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_an_id_that_would_name_another_resource_is_not_sent(server, call, value):
    with pytest.raises(ValueError, match="another resource"):
        call(delete_session, value)
    with pytest.raises(ValueError, match="another resource"):
        call(delete_desktop_app, "k3x9a0bz", value)
    assert server.requests == []


@pytest.mark.parametrize("slash", ["", "/"])
def test_vosi_is_beside_the_versions(server, slash):
    server.says("<x/>", content_type="text/xml")
    with Client(server.url + slash) as client:
        get_availability.sync(client=client, detail="min")
        get_capabilities.sync(client=client)
    assert [request.target for request in server.requests] == [
        "/skaha/availability?detail=min",
        "/skaha/capabilities",
    ]


def test_just_what_the_specification_puts_beside_the_versions_is_sent_there():
    path = Path(__file__).parents[2] / "spec" / "openapi.yaml"
    spec = yaml.safe_load(path.read_text("utf-8"))
    beside = {path for path, item in spec["paths"].items() if "servers" in item}
    sent = (
        operation.get_kwargs(*args, **kwargs) for operation, (args, kwargs) in OPERATIONS.items()
    )
    assert {each["url"][2:] for each in sent if each["url"].startswith("..")} == beside


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_any_client_will_do(server, operation):
    server.says("no", status=400)
    args, kwargs = OPERATIONS[operation]
    with Client(server.url) as client:
        assert operation.sync(*args, client=client, **kwargs) == "no"
    assert "authorization" not in server.request.headers


def test_the_pure_half_sends_nothing():
    assert get_session.get_kwargs("k3x9a0bz", view="events") == {
        "method": "GET",
        "url": "/session/k3x9a0bz",
        "params": {"view": "events"},
    }
