"""The contract is valid, complete, true to its own examples, and open where servers speak."""

from __future__ import annotations

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from spec_validation import specification

if TYPE_CHECKING:
    from collections.abc import Iterator

referencing = pytest.importorskip("referencing", reason="the dependency group `lint` is missing")
DRAFT202012 = pytest.importorskip("referencing.jsonschema").DRAFT202012

TEXT = (Path(__file__).parents[2] / "spec" / "openapi.yaml").read_text("utf-8")
SPEC: dict[str, Any] = specification()
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
FORM = "application/x-www-form-urlencoded"
RESOURCE = referencing.Resource(contents=SPEC, specification=DRAFT202012)
REGISTRY = referencing.Registry().with_resource("urn:skaha", RESOURCE)


def resolved(node: Any) -> Any:
    """What a reference leads to, with what stands beside it."""
    while isinstance(node, dict) and "$ref" in node:
        target: Any = SPEC
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[unquote(part).replace("~1", "/").replace("~0", "~")]
        beside = {key: value for key, value in node.items() if key != "$ref"}
        node = target | beside
    return node


def operations() -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    for path, item in SPEC["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item, item[method]


OPERATIONS = {each[3]["operationId"]: each for each in operations()}
EACH = pytest.mark.parametrize("operation_id", OPERATIONS)
ANONYMOUS = {"get_availability", "get_capabilities"}


def parameters(operation_id: str) -> list[dict[str, Any]]:
    _, _, item, operation = OPERATIONS[operation_id]
    found = [*item.get("parameters", []), *operation.get("parameters", [])]
    return [resolved(parameter) for parameter in found]


def replies(operation_id: str) -> dict[str, dict[str, Any]]:
    responses = OPERATIONS[operation_id][3]["responses"]
    return {status: resolved(response) for status, response in responses.items()}


def examples(holder: dict[str, Any]) -> list[Any]:
    several = [resolved(example)["value"] for example in holder.get("examples", {}).values()]
    return [*several, holder["example"]] if "example" in holder else several


def schemas(schema: Any, seen: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """A schema and all below it."""
    if isinstance(schema, dict) and "$ref" in schema:
        if schema["$ref"] in seen:
            return
        seen = (*seen, schema["$ref"])
    schema = resolved(schema)
    yield schema
    for below in schema.get("properties", {}).values():
        yield from schemas(below, seen)
    for word in "oneOf", "anyOf", "allOf":
        for below in schema.get(word, []):
            yield from schemas(below, seen)
    for word in "items", "additionalProperties", "not":
        if isinstance(schema.get(word), dict):
            yield from schemas(schema[word], seen)


def problems(value: Any, schema: Any) -> list[str]:
    # Imported here: it takes seconds, and every worker of a test run collects this module.
    jsonschema = pytest.importorskip("jsonschema", reason="the dependency group `lint` is missing")
    # Inside a $ref'd document, so that references within the schema lead into it.
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **absolute(schema)}
    validator = jsonschema.Draft202012Validator(whole, registry=REGISTRY)
    return [error.message for error in validator.iter_errors(value)]


def absolute(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            key: f"urn:skaha{value}" if key == "$ref" else absolute(value)
            for key, value in schema.items()
        }
    return [absolute(each) for each in schema] if isinstance(schema, list) else schema


# --- validity ---------------------------------------------------------------------------


def test_it_is_valid_openapi():
    validator = pytest.importorskip(
        "openapi_spec_validator", reason="the dependency group `lint` is missing"
    )
    assert SPEC["openapi"] == "3.1.0"
    validator.validate(SPEC)


def test_its_names_are_the_ones_that_code_uses():
    assert {name: each[3]["tags"] for name, each in OPERATIONS.items()} == {
        "list_sessions": ["Sessions"],
        "create_session": ["Sessions"],
        "get_session": ["Sessions"],
        "renew_session": ["Sessions"],
        "delete_session": ["Sessions"],
        "list_desktop_apps": ["Desktop apps"],
        "attach_desktop_app": ["Desktop apps"],
        "get_desktop_app": ["Desktop apps"],
        "delete_desktop_app": ["Desktop apps"],
        "list_images": ["Images"],
        "get_context": ["Platform"],
        "list_repositories": ["Platform"],
        "get_availability": ["Platform"],
        "get_capabilities": ["Platform"],
    }


def test_both_versions_of_the_base_are_described():
    (server,) = SPEC["servers"]
    assert server["url"] == "https://{host}/skaha/{version}"
    assert server["variables"]["version"]["default"] == "v1"
    assert server["variables"]["version"]["enum"] == ["v1", "v0"]
    for path, item in SPEC["paths"].items():
        beside = path in {"/availability", "/capabilities"}
        urls = [each["url"] for each in item.get("servers", [])]
        assert urls == (["https://{host}/skaha"] if beside else [])


# --- completeness -----------------------------------------------------------------------


@EACH
def test_an_operation_says_what_a_caller_must_know(operation_id):
    operation = OPERATIONS[operation_id][3]
    assert operation["summary"]
    assert not operation["summary"].endswith(".")
    assert "protocol notes" in operation["description"]
    for parameter in parameters(operation_id):
        schema = resolved(parameter["schema"])
        assert parameter.get("description") or schema.get("description"), parameter["name"]
        assert "example" in parameter, parameter["name"]


@EACH
def test_an_operation_shows_a_request(operation_id):
    path, method, _, operation = OPERATIONS[operation_id]
    (sample,) = operation["x-codeSamples"]
    words = shlex.split(sample["source"].replace("\\\n", " "))
    assert words[0] == "curl"
    (url,) = (urlsplit(word) for word in words if word.startswith("https://"))
    base = "/skaha" if operation_id in ANONYMOUS else "/skaha/v1"
    assert re.fullmatch(base + re.sub(r"\{\w+\}", "[a-z0-9]+", path), url.path)
    known = {each["name"] for each in parameters(operation_id) if each["in"] == "query"}
    assert set(parse_qs(url.query)) <= known
    fields = [value for flag, value in pairwise(words) if flag in {"-d", "--data-urlencode"}]
    said = words[words.index("-X") + 1] if "-X" in words else ("POST" if fields else "GET")
    assert said == method.upper()
    assert ("Authorization: Bearer $TOKEN" in words) is (operation_id not in ANONYMOUS)
    if fields:
        schema = operation["requestBody"]["content"][FORM]["schema"]
        names = {field.partition("=")[0] for field in fields}
        assert set(resolved(schema)["required"]) <= names <= set(resolved(schema)["properties"])


@EACH
def test_an_operation_shows_every_reply(operation_id):
    found = replies(operation_id)
    always = {"200", "404", "default"}
    assert (always if operation_id in ANONYMOUS else always | {"400", "401", "403", "500"}) <= set(
        found
    )
    for status, reply in found.items():
        assert reply["description"], status
        for media, content in reply.get("content", {}).items():
            assert examples(content), (status, media)
    if operation_id not in {"renew_session", "delete_session", "delete_desktop_app"}:
        assert found["200"]["content"]


@EACH
def test_a_failure_is_text(operation_id):
    for status, reply in replies(operation_id).items():
        if status == "200":
            continue
        assert set(reply["content"]) <= {"text/plain", "text/html"}
        for content in reply["content"].values():
            assert resolved(content["schema"])["type"] == "string"


@EACH
def test_a_failures_text_ends_as_the_server_ends_it(operation_id):
    for status, reply in replies(operation_id).items():
        texts = examples(reply.get("content", {}).get("text/plain", {}))
        for text in texts:
            if status in {"400", "403", "404", "503"}:
                assert text.endswith("\n"), text
                assert not text.endswith("\n\n"), text
            if status == "500":
                assert text.startswith("unexpected exception: "), text
                assert not text.endswith("\n"), text


@EACH
def test_a_failure_names_its_headers(operation_id):
    found = replies(operation_id)
    if operation_id not in ANONYMOUS:
        assert "WWW-Authenticate" in found["401"]["headers"]
    assert {"Retry-After", "Allow"} <= set(found["default"]["headers"])


def test_the_ways_to_log_in():
    kinds = {name: each["type"] for name, each in SPEC["components"]["securitySchemes"].items()}
    assert kinds == {
        "bearerToken": "http",
        "clientCertificate": "mutualTLS",
        "ssoCookie": "apiKey",
    }
    assert SPEC["security"] == [{name: []} for name in kinds]
    for operation_id, (_, _, _, operation) in OPERATIONS.items():
        own = operation.get("security")
        assert own == ([{}] if operation_id in ANONYMOUS else None)


# --- truth ------------------------------------------------------------------------------


@EACH
def test_examples_of_replies_are_as_described(operation_id):
    for status, reply in replies(operation_id).items():
        for media, content in reply.get("content", {}).items():
            for example in examples(content):
                assert problems(example, content["schema"]) == [], (status, media)


@EACH
def test_examples_of_requests_are_as_described(operation_id):
    for parameter in parameters(operation_id):
        assert problems(parameter["example"], parameter["schema"]) == []
    for content in OPERATIONS[operation_id][3].get("requestBody", {}).get("content", {}).values():
        assert examples(content)
        for example in examples(content):
            assert problems(example, content["schema"]) == []


def test_every_text_of_a_refused_creation_is_shown():
    shown = examples(replies("create_session")["400"]["content"]["text/plain"])
    # The rejections of protocol notes section 1.4, a fact of Skaha 1.4.
    for text in (
        "Missing parameter 'image'",
        "image is required",
        "session image 'docker.io/x/y:1' must come from one of [images.canfar.net]",
        "Invalid session type: foo",
        "Invalid value for 'cores': 99",
        "Invalid value for 'ram': 3",
        "Missing parameter 'name'",
        "name can only contain alpha-numeric chars and '-'",
        "User alice has reached the maximum of 5 active sessions.",
        "Invalid value for 'gpus': 0",
        (
            "No authentication provided for unknown or private image.  Use x-skaha-registry-auth "
            "request header with base64Encode(username:secret)."
        ),
        "Invalid input.  Must be in form of username:secret",
        "username is required.",
        "secret value cannot be empty.",
        "canfar.net/name label value cannot be blank",
        "cannot get group memberships for anonymous",
        "Illegal group reference",
    ):
        assert f"{text}\n" in shown


def test_not_found_is_told_in_two_ways():
    shown = examples(replies("get_session")["404"]["content"]["text/plain"])
    assert shown == ["session nosuch00 not found\n", "session nosuch00 not found.\n"]


def test_statistics_can_be_unavailable():
    reply = replies("list_sessions")["503"]
    assert examples(reply["content"]["text/plain"]) == ["temporarily unavailable: null\n"]
    assert resolved(reply["headers"]["Retry-After"])["example"] == "30"


CREATE = {"name": "a", "image": "i"}


@pytest.mark.parametrize("name", ["a", "A", "0", "a-b", "a--b", "x" * 63])
def test_a_name_that_works_is_valid(name):
    schema = {"$ref": "#/components/schemas/CreateSessionBody"}
    assert problems(CREATE | {"name": name}, schema) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a_b"},
        {"name": "-a"},
        {"name": "a-"},
        {"name": "x" * 64},
        {"name": "\u00e9"},
        {"image": ""},
        {"gpus": 0},
        {"gpus": 1.5},
        {"cores": 0},
        {"cores": "2"},
        {"ram": 0},
        {"type": "desktop-app"},
        {"type": "notebok"},
        {"env": "A=b"},
        {"env": ["A"]},
        {"env": ["A="]},
        {"env": ["A=b=c"]},
        {"env": ["=b"]},
        {"replicas": 2},
    ],
    ids=str,
)
def test_what_a_server_refuses_or_loses_is_invalid(wrong):
    assert problems(CREATE | wrong, {"$ref": "#/components/schemas/CreateSessionBody"})


def test_fractional_cores_and_any_gpu_count_are_valid():
    valid = CREATE | {"cores": 2.5, "ram": 0.5 + 1, "gpus": 28, "type": "firefly", "args": ""}
    assert problems(valid, {"$ref": "#/components/schemas/CreateSessionBody"}) == []


def test_environment_variables_repeat():
    (content,) = OPERATIONS["create_session"][3]["requestBody"]["content"].items()
    assert content[0] == FORM
    assert content[1]["encoding"]["env"] == {"style": "form", "explode": True}


# --- openness ---------------------------------------------------------------------------

CLOSED = {
    "enum",
    "const",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
    "uniqueItems",
}


@EACH
def test_nothing_that_a_server_says_is_closed(operation_id):
    for status, reply in replies(operation_id).items():
        for content in reply.get("content", {}).values():
            for schema in schemas(content["schema"]):
                assert not CLOSED & set(schema), (status, schema)
                assert schema.get("additionalProperties") is not False, (status, schema)


@EACH
def test_json_comes_before_text_where_a_success_has_both(operation_id):
    media = list(replies(operation_id)["200"].get("content", {}))
    assert media in ([], ["application/json"], ["text/plain"], ["text/xml"]) or media == [
        "application/json",
        "text/plain",
    ]


def test_only_what_a_client_needs_is_required_in_replies():
    needed = {
        name: set(schema.get("required", []))
        for name, schema in SPEC["components"]["schemas"].items()
        if not name.endswith("Body") and schema.get("type") == "object"
    }
    assert {name: required for name, required in needed.items() if required} == {
        "Session": {"id", "status"},
        "PublicSession": {"userid", "type", "status"},
        "PlatformStats": {"cores", "ram"},
        "Image": {"id"},
        "ResourceContext": {"cores", "memoryGB"},
    }


def test_a_session_has_every_field_that_a_server_knows():
    # Protocol notes section 2.2, a fact of Skaha 1.4, in the server's order.
    assert list(SPEC["components"]["schemas"]["Session"]["properties"]) == [
        "id",
        "userid",
        "runAsUID",
        "runAsGID",
        "supplementalGroups",
        "appid",
        "image",
        "type",
        "status",
        "name",
        "startTime",
        "expiryTime",
        "connectURL",
        "requestedRAM",
        "requestedCPUCores",
        "requestedGPUCores",
        "ramInUse",
        "gpuRAMInUse",
        "cpuCoresInUse",
        "gpuUtilization",
        "isFixedResources",
    ]


def test_what_may_be_secret_is_marked():
    marked = {
        (name, field)
        for name, schema in SPEC["components"]["schemas"].items()
        for field, about in schema.get("properties", {}).items()
        if about.get("x-sensitive")
    }
    assert marked == {
        ("Session", "connectURL"),
        ("CreateSessionBody", "cmd"),
        ("CreateSessionBody", "args"),
        ("CreateSessionBody", "env"),
    }


def test_the_examples_are_plain_json():
    # YAML would make a date of 2026-01-02 and a boolean of yes.
    for operation_id in OPERATIONS:
        for reply in replies(operation_id).values():
            for content in reply.get("content", {}).values():
                for example in examples(content):
                    assert json.loads(json.dumps(example)) == example
