"""Holds every reply of a local platform, in whichever test, against spec/openapi.yaml.

The contract's one front door is watched while tests run. What goes past it and isn't as described
fails the test that was running: an undocumented status or content type, a missing header, a body
that doesn't match, a JSON field that the description doesn't have. Faults that a test injects are
made further out and are nobody's description, so they aren't looked at.
"""

from __future__ import annotations

import json
import re
import sys
from functools import cache
from http import HTTPStatus
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from attrs import define, field, frozen

SPEC = Path(__file__).parents[1] / "spec" / "openapi.yaml"
_BASES = ("/skaha/v1", "/skaha/v0", "/skaha")
_VOSI = ("/skaha/availability", "/skaha/capabilities")
_METHODS = frozenset({"get", "post", "put", "delete", "head", "options", "patch"})


@frozen
class Described:
    """A reply as the description has it: a validator for each content type, and its headers."""

    content: dict
    headers: tuple


@define
class Replies:
    """What was seen since somebody last looked."""

    count: int = 0
    problems: list = field(factory=list)


class Description:
    """The description, compiled."""

    def __init__(self, spec):
        self._spec = spec
        self._schemas = {name: _closed(one) for name, one in spec["components"]["schemas"].items()}
        self._paths = [
            (
                # A slash at the end changes nothing, except after the name of a collection.
                re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + ("/?" if "{" in path else "")),
                {
                    method.upper(): {
                        status: self._described(self._resolved(reply))
                        for status, reply in operation["responses"].items()
                        if status != "default"
                    }
                    for method, operation in item.items()
                    if method in _METHODS
                },
                # Of the service's root rather than of a version of it.
                "servers" in item,
            )
            for path, item in spec["paths"].items()
        ]

    def disagreement(self, request, reply):
        """What is wrong with a reply, in words; None when it is as described."""
        methods = self._methods(request.path)
        if methods is None:
            return None
        if request.method not in methods:
            # The description has what a client should send. The server refuses the rest, but for
            # OPTIONS and some methods of VOSI's two.
            if reply.status >= HTTPStatus.BAD_REQUEST or request.method == "OPTIONS":
                return None
            return None if request.path in _VOSI else f"{reply.status} to an undescribed method"
        replies = methods[request.method]
        described = replies.get(str(reply.status))
        if described is None:
            # `default` is for what stands in front of a server.
            return f"{reply.status}, which the spec doesn't have here"
        have = {name.lower() for name, _ in reply.headers}
        if missing := set(described.headers) - have:
            return f"{reply.status} without {', '.join(missing)}"
        return _body_disagreement(reply, described.content)

    def _methods(self, path):
        if "%2f" in path.lower():
            return None  # refused by the servlet container, before it is a path of the service's
        for base in _BASES:
            if path.startswith(f"{base}/"):
                rest = path[len(base) :]
                for pattern, methods, of_the_root in self._paths:
                    if pattern.fullmatch(rest) and of_the_root == (base == "/skaha"):
                        return methods
        return None

    def _described(self, reply):
        content = {
            media: jsonschema_rs.Draft202012Validator(
                {**_closed(about["schema"]), "components": {"schemas": self._schemas}}
            )
            for media, about in reply.get("content", {}).items()
        }
        return Described(content, tuple(map(str.lower, reply.get("headers", ()))))

    def _resolved(self, node):
        while "$ref" in node:
            found = self._spec
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            node = found
        return node


def _body_disagreement(reply, content):
    if reply.content_type is None:
        return f"a body without a content type: {reply.body[:80]!r}" if reply.body else None
    media = reply.content_type.partition(";")[0]
    if media not in content:
        return f"{reply.status} with {media}, not with {' or '.join(content) or 'nothing'}"
    text = reply.body.decode()
    value = json.loads(text) if media == "application/json" else text
    for error in content[media].iter_errors(value):
        return f"{reply.status} {media}: {error.message} at {error.instance_path}"
    return None


def _closed(schema):
    """A schema that takes no properties but those that it names."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(one) for name, one in schema.items()}
    if closed.get("type") == "object" and "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return closed


def specification():
    """Read spec/openapi.yaml."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with SPEC.open("rb") as file:
        return yaml.load(file, loader)  # noqa: S506 - a safe one, in C where there is one


@cache
def description():
    return Description(specification())


@pytest.fixture(scope="session")
def watched_replies():
    """What every local platform of this process answered since the last look."""
    from canfar.local.contract import skaha

    seen = Replies()
    front_door = skaha.handle

    def handle(request, world):
        reply = front_door(request, world)
        seen.count += 1
        if problem := description().disagreement(request, reply):
            seen.problems.append(f"{request.method} {request.path}: {problem}")
        return reply

    with pytest.MonkeyPatch.context() as patch:
        # Wherever it was imported already; what is imported from now on finds this one.
        for name, module in list(sys.modules.items()):
            if name.startswith("canfar.local") and vars(module).get("handle") is front_door:
                patch.setattr(module, "handle", handle)
        yield seen


@pytest.fixture(autouse=True)
def _replies_are_as_the_spec_says(watched_replies):
    yield
    problems, watched_replies.problems = watched_replies.problems, []
    if problems:
        pytest.fail("spec/openapi.yaml has it otherwise:\n" + "\n".join(problems))
