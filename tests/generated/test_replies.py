"""What becomes of a reply: by its status, its content type, and whether it is as documented."""

from __future__ import annotations

import json
import pickle

import httpx
import pytest
from every_operation import OPERATIONS, name
from hypothesis import given
from hypothesis import strategies as st
from skaha_client import Client
from skaha_client.api.desktop_apps import delete_desktop_app, get_desktop_app
from skaha_client.api.images import list_images
from skaha_client.api.platform import get_availability, get_context, list_repositories
from skaha_client.api.sessions import (
    create_session,
    delete_session,
    get_session,
    list_sessions,
    renew_session,
)
from skaha_client.errors import UnexpectedReply
from skaha_client.models import (
    CreateSessionBody,
    PlatformStats,
    PublicSession,
    RenewSessionBody,
    ResourceContext,
    Session,
)

RUNNING = {
    "id": "k3x9a0bz",
    "userid": "alice",
    "runAsUID": "1000",
    "runAsGID": "1000",
    "supplementalGroups": [30000],
    "image": "images.canfar.net/skaha/astroml:latest",
    "type": "headless",
    "status": "Running",
    "name": "demo",
    "startTime": "2026-01-02T03:04:05Z",
    "expiryTime": "2026-01-16T03:04:05Z",
    "connectURL": "",
    "requestedGPUCores": "0",
    "isFixedResources": False,
}
EVERY = pytest.mark.parametrize("operation", OPERATIONS, ids=name)


# --- one path, two content types ------------------------------------------------------


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json;charset=utf-8", "Application/JSON ; x=y"]
)
def test_json_is_a_session(server, call, content_type):
    server.says(json.dumps(RUNNING), content_type=content_type)
    reply = call(get_session, "k3x9a0bz")
    assert isinstance(reply.parsed, Session)
    assert reply.parsed.to_dict() == RUNNING
    assert (reply.status_code, reply.content) == (200, json.dumps(RUNNING).encode())


@pytest.mark.parametrize("content_type", ["text/plain", "text/plain;charset=ISO-8859-1"])
def test_text_is_text_to_the_byte(server, call, content_type):
    logs = 'first\r\n\n  {"id": "not a session"}\n\tn\u00e4chste  '
    server.says(logs, content_type=content_type)
    assert call(get_session, "k3x9a0bz", view="logs").parsed == logs


def test_bytes_that_are_no_text_are_replaced(server, call):
    server.says(b"galaxy \xff\xfe found\n")
    assert call(get_session, "k3x9a0bz", view="logs").parsed == "galaxy \ufffd\ufffd found\n"


@pytest.mark.parametrize("content_type", ["text/plain", None])
def test_no_logs_are_an_empty_text(server, call, content_type):
    server.says("", content_type=content_type)
    assert call(get_session, "k3x9a0bz", view="logs").parsed == ""


def test_a_new_session_is_its_id_as_sent(server, call):
    server.says("k3x9a0bz\n")
    assert call(create_session, body=CreateSessionBody(name="a", image="i")).parsed == "k3x9a0bz\n"


@pytest.mark.parametrize("operation", [delete_session, renew_session, delete_desktop_app], ids=name)
@pytest.mark.parametrize("content_type", ["text/plain", None])
def test_an_empty_success_is_none(server, call, operation, content_type):
    server.says("", content_type=content_type)
    args, kwargs = OPERATIONS[operation]
    assert call(operation, *args, **kwargs).parsed is None


def test_another_success_is_read_like_the_documented_one(server, call):
    server.says("k3x9a0bz\n", status=201)
    body = CreateSessionBody(name="a", image="i")
    assert call(create_session, body=body).parsed == "k3x9a0bz\n"
    server.says("", status=204, content_type=None)
    assert call(delete_session, "k3x9a0bz").parsed is None


def test_xml_is_text(server, call):
    server.says("<x/>\r\n", content_type="text/xml;charset=UTF-8")
    assert call(get_availability).parsed == "<x/>\r\n"


# --- failures ---------------------------------------------------------------------------


@EVERY
@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 418, 500, 502, 503, 520, 599])
def test_a_failure_is_its_text_whatever_the_status(server, client, operation, status):
    server.says("no \u2013 because\n", status=status, content_type="text/plain")
    args, kwargs = OPERATIONS[operation]
    reply = operation.sync_detailed(*args, client=client, **kwargs)
    assert (reply.status_code, reply.parsed) == (status, "no \u2013 because\n")
    assert type(reply.status_code) is int


@EVERY
@pytest.mark.parametrize("content_type", ["text/html", "application/json", "image/png", None])
def test_a_failure_is_its_text_whatever_the_content_type(server, client, operation, content_type):
    server.says(b"<h1>\xff", status=502, content_type=content_type)
    args, kwargs = OPERATIONS[operation]
    assert operation.sync(*args, client=client, **kwargs) == "<h1>\ufffd"


def test_a_failure_without_a_body_is_an_empty_text(server, call):
    server.says("", status=520, content_type=None)
    reply = call(delete_session, "k3x9a0bz")
    assert (reply.status_code, reply.parsed) == (520, "")


# --- successes that are none ------------------------------------------------------------


@EVERY
def test_a_page_with_status_200_is_unexpected(server, client, operation):
    page = "<html>Log in, secret=hunter2</html>"
    server.says(page, content_type="text/html;charset=utf-8")
    args, kwargs = OPERATIONS[operation]
    with pytest.raises(UnexpectedReply) as caught:
        operation.sync(*args, client=client, **kwargs)
    error = caught.value
    assert (error.status_code, error.content) == (200, page.encode())
    assert error.content_type == "text/html;charset=utf-8"
    assert error.method == server.request.method
    assert error.url == httpx.URL(server.url).join(server.request.target)
    assert f"{error.method} {error.url} answered 200 with text/html" in str(error)
    assert "hunter2" not in f"{error}{error!r}"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "Expecting value"),
        ("{", "Expecting property name"),
        (b'{"id": "\xff"}', "utf-8"),
        ("[" * 100_000, "recursion|Stack overflow"),
        ("[]", "an object was expected, not list"),
        ("null", "an object was expected, not NoneType"),
        ('{"status": "Running"}', "'id' is missing"),
        ('{"id": "hunter2", "status": 5}', "'status': a string was expected, not int"),
        ('{"id": null, "status": "x"}', "'id': a string was expected, not NoneType"),
        ('{"id": "hunter2", "status": "x", "startTime": 5}', "'startTime': a string"),
        ('{"id": "hunter2", "status": "x", "isFixedResources": 1}', "true or false was expected"),
        ('{"id": "hunter2", "status": "x", "supplementalGroups": [1, true]}', "an integer"),
        ('{"id": "hunter2", "status": "x", "supplementalGroups": {}}', "an array was expected"),
    ],
)
def test_json_that_is_no_session_is_unexpected(server, call, body, reason):
    server.says(body, content_type="application/json")
    with pytest.raises(UnexpectedReply, match=reason) as caught:
        call(get_session, "k3x9a0bz")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "body",
    ["{}", '{"error": "x"}', '["k3x9a0bz"]', '[{"name": "neither id nor user"}]', '[{"id": 5}]'],
)
def test_json_that_is_no_list_of_sessions_is_unexpected(server, call, body):
    server.says(body, content_type="application/json")
    with pytest.raises(UnexpectedReply):
        call(list_sessions)


def test_a_success_without_content_type_is_unexpected(server, call):
    server.says("k3x9a0bz\n", content_type=None)
    with pytest.raises(UnexpectedReply, match="no content type"):
        call(create_session, body=CreateSessionBody(name="a", image="i"))


def test_an_unexpected_reply_survives_pickling():
    error = UnexpectedReply(200, "text/html", b"<p>", "GET", "https://h/x", "because")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is UnexpectedReply
    assert vars(again) == vars(error)
    assert str(again) == str(error)


def test_an_unexpected_replys_message_is_short():
    error = UnexpectedReply(200, "x" * 5000, b"y" * 5000, "GET", "https://h/x", "z" * 5000)
    assert len(str(error)) < 400


# --- what servers say -------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"startTime": "2026-01-02T03:04Z"},
        {"startTime": "<none>", "expiryTime": "<none>", "requestedRAM": "<none>"},
        {"status": "Hibernating"},
        {"status": "Failed (BackoffLimitExceeded)"},
        {"type": "spreadsheet"},
        {"connectURL": "not-applicable", "requestedRAM": "8G"},
        {"cpuCoresInUse": "2234567891n"},
        {"futureField": {"deep": [1, 2.5, None, {"x": True}]}, "additional_properties": "a field"},
    ],
    ids=lambda changes: next(iter(changes.items())),
)
def test_what_a_session_says_is_kept(server, call, changes):
    sent = RUNNING | changes
    server.says(json.dumps([sent]), content_type="application/json")
    (session,) = call(list_sessions).parsed
    assert isinstance(session, Session)
    assert session.to_dict() == sent


def test_a_null_counts_as_not_sent_and_is_kept(server, call):
    sent = RUNNING | {"startTime": None, "supplementalGroups": None}
    server.says(json.dumps(sent), content_type="application/json")
    session = call(get_session, "k3x9a0bz").parsed
    assert not session.start_time
    assert not session.supplemental_groups
    assert session.to_dict() == sent


def test_a_session_is_given_back_in_the_servers_order(server, call):
    server.says(json.dumps(RUNNING), content_type="application/json")
    assert list(call(get_session, "k3x9a0bz").parsed.to_dict()) == list(RUNNING)


def test_attributes_are_named_in_python(server, call):
    server.says(json.dumps(RUNNING), content_type="application/json")
    session = call(get_session, "k3x9a0bz").parsed
    assert (session.id, session.type_, session.run_as_uid) == ("k3x9a0bz", "headless", "1000")
    assert session.start_time == "2026-01-02T03:04:05Z"
    assert session.supplemental_groups == [30000]
    assert session.is_fixed_resources is False
    assert not session.ram_in_use


TEXTS = ["userid", "image", "type", "name", "startTime", "connectURL", "ramInUse", "gpuUtilization"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = set(Session._names.values())
SESSIONS = st.builds(
    lambda strange, texts, others, always: (
        {key: value for key, value in strange.items() if key not in FIELDS}
        | dict.fromkeys(FIELDS & strange.keys())
        | texts
        | others
        | always
    ),
    # Fields that nobody knows, and nulls for some that somebody does.
    st.dictionaries(st.text() | st.sampled_from(sorted(FIELDS)), JSON, max_size=4),
    st.dictionaries(st.sampled_from(TEXTS), st.text()),
    st.fixed_dictionaries(
        {},
        optional={
            "supplementalGroups": st.lists(st.integers()),
            "isFixedResources": st.booleans(),
        },
    ),
    st.fixed_dictionaries({"id": st.text(), "status": st.text()}),
)


@given(SESSIONS)
def test_whatever_a_session_holds_comes_back(sent):
    # In memory: httpx reads a reply the same way wherever its bytes came from.
    reply = httpx.Response(
        200, content=json.dumps(sent), headers={"Content-Type": "application/json"}
    )
    session = get_session.build_response(reply).parsed
    assert isinstance(session, Session)
    assert session.to_dict() == json.loads(json.dumps(sent))


def test_everybodys_sessions_have_no_id(server, call):
    sent = [
        {"userid": "bob", "type": "notebook", "status": "Running", "startTime": "2026-01-02T03:04Z"}
    ]
    server.says(json.dumps(sent), content_type="application/json")
    (public,) = call(list_sessions, view="all").parsed
    assert isinstance(public, PublicSession)
    assert public.to_dict() == sent[0]


def test_no_sessions_are_an_empty_list(server, call):
    server.says("[]", content_type="application/json")
    assert call(list_sessions).parsed == []


STATS = {
    "cores": {
        "requestedCPUCores": 12.5,
        "cpuCoresAvailable": 64.0,
        "maxCPUCores": {"cpuCores": 8.0, "withRam": "32Gi"},
    },
    "ram": {
        "requestedRAM": "137.439G",
        "ramAvailable": "549.756G",
        "maxRAM": {"ram": "32Gi", "withCPUCores": 8},
    },
}
INSTANCES = {"instances": {"session": 1, "desktopApp": -1, "headless": -1, "total": -1}}


@pytest.mark.parametrize("sent", [STATS, INSTANCES | STATS], ids=["1.4", "1.1.4"])
def test_statistics_have_two_shapes(server, call, sent):
    server.says(json.dumps(sent), content_type="application/json")
    stats = call(list_sessions, view="stats").parsed
    assert isinstance(stats, PlatformStats)
    assert stats.to_dict() == sent
    assert stats.cores.max_cpu_cores.with_ram == "32Gi"
    assert bool(stats.instances) is (sent is not STATS)


@pytest.mark.parametrize("most", ["5", 5])
def test_the_session_limit_is_a_string_or_a_number(server, call, most):
    options = {"default": 2, "defaultRequest": 1, "defaultLimit": 8, "options": [1, 2, 8]}
    sent = {
        "cores": options,
        "memoryGB": options,
        "gpus": {"options": []},
        "maxInteractiveSessions": most,
    }
    server.says(json.dumps(sent), content_type="application/json")
    context = call(get_context).parsed
    assert isinstance(context, ResourceContext)
    assert context.max_interactive_sessions == most
    assert type(context.max_interactive_sessions) is type(most)
    assert context.to_dict() == sent


def test_an_older_context_is_read(server, call):
    sent = {
        "cores": {"default": 2, "defaultHeadless": 1, "options": [1, 2]},
        "memoryGB": {"default": 16, "defaultHeadless": 4, "options": [1, 16]},
        "gpus": {"options": [1]},
    }
    server.says(json.dumps(sent), content_type="application/json")
    context = call(get_context).parsed
    assert not context.max_interactive_sessions
    assert context.to_dict() == sent


def test_images_and_registries(server, call):
    sent = [{"id": "images.canfar.net/a/b:1", "types": ["notebook", "novel"], "digest": "sha256:0"}]
    server.says(json.dumps(sent), content_type="application/json")
    (image,) = call(list_images).parsed
    assert (image.id, image.types) == ("images.canfar.net/a/b:1", ["notebook", "novel"])
    assert image.to_dict() == sent[0]
    server.says('["images.canfar.net"]', content_type="application/json")
    assert call(list_repositories).parsed == ["images.canfar.net"]


def test_a_desktop_app_is_a_session_with_an_app_id(server, call):
    server.says(
        json.dumps(RUNNING | {"type": "desktop-app", "appid": "x7k"}),
        content_type="application/json",
    )
    assert call(get_desktop_app, "k3x9a0bz", "x7k").parsed.appid == "x7k"


# --- where a reply came from ------------------------------------------------------------


def test_a_reply_knows_its_request_without_secrets(server):
    server.says("")
    url = server.url.replace("http://", "http://alice:hunter2@")
    with Client(url) as client:
        reply = get_session.sync_detailed("k3x9a0bz", client=client, view="logs")
    assert "view=logs" in server.request.target
    assert (reply.method, reply.url) == ("GET", f"{server.url}/session/k3x9a0bz")
    assert repr(reply) == f"<Response 200 to GET {server.url}/session/k3x9a0bz>"
    assert reply.headers["CONTENT-TYPE"] == "text/plain"


def test_a_reply_without_a_request_is_read_too():
    reply = renew_session.build_response(httpx.Response(400, text="no"), client=None)
    assert (reply.parsed, reply.method, reply.url) == ("no", "", "")


def test_a_reply_survives_pickling(server, call):
    server.says(json.dumps(RUNNING), content_type="application/json")
    reply = call(get_session, "k3x9a0bz")
    again = pickle.loads(pickle.dumps(reply))
    assert (again.parsed, again.url) == (reply.parsed, reply.url)


def test_the_short_calls_give_what_the_detailed_ones_parsed(server, client):
    server.says("", content_type=None)
    assert renew_session.sync("k3x9a0bz", client=client, body=RenewSessionBody()) is None
    server.says("gone\n", status=404)
    assert get_session.sync("k3x9a0bz", client=client) == "gone\n"
