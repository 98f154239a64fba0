"""Where parameters are read from."""

from __future__ import annotations

import re

from skaha_cases.vocabulary import (
    FORM,
    ID,
    NOTHING,
    Case,
    Fact,
    Request,
    Subject,
    created,
    get,
    have,
    listing,
    post,
    record,
    refused,
)

_NO_IMAGE = refused("Missing parameter 'image'")
_QUERY = "/session?name=a&image=<image>&cmd=true"
_RENEW = "/session/<id>?action=renew"
_MINE = [have(type="notebook")]


def _raw(path, body, kind):
    return Request("POST", path, body=body, headers={} if kind is None else {"Content-Type": kind})


SUBJECT = Subject(
    "Parameters",
    [
        Fact(
            "A POST without the content type of a form has no parameters, not even its query's.",
            "1.2",
            [
                Case("no body", _raw(_QUERY, None, None), _NO_IMAGE),
                Case("no content type", _raw("/session", "name=a&image=<image>", None), _NO_IMAGE),
                Case("JSON", _raw(_QUERY, '{"image":"<image>"}', "application/json"), _NO_IMAGE),
                Case("text", _raw(_QUERY, "image=<image>", "text/plain"), _NO_IMAGE),
                Case("XML", _raw(_QUERY, "", "text/xml"), _NO_IMAGE),
                Case(
                    "renewing",
                    _raw(_RENEW, None, None),
                    refused("Cannot modify an existing session"),
                    _MINE,
                ),
                Case("an app", _raw("/session/abc/app?image=i", None, None), _NO_IMAGE),
            ],
        ),
        Fact(
            "With it, query and body are merged, even when the body is empty.",
            "1.2",
            [
                Case("query only", _raw(_QUERY, "", FORM), created()),
                Case("body only", post("/session", {"name": "a", "image": "<image>"}), created()),
                Case(
                    "some of each",
                    post("/session?name=a", {"image": "<image>", "cmd": "true"}),
                    created(),
                ),
                Case(
                    "with a charset",
                    _raw("/session", "name=a&image=<image>", f"{FORM};charset=UTF-8"),
                    created(),
                ),
                Case(
                    "in capitals",
                    _raw("/session", "name=a&image=<image>", FORM.upper()),
                    created(),
                ),
                Case("renewing by query", _raw(_RENEW, "", FORM), NOTHING, _MINE),
            ],
        ),
        Fact(
            "Of a repeated parameter the first counts, and the query's before the body's.",
            "1.2",
            [
                Case(
                    "twice in the body",
                    post("/session", (("image", "docker.io/x"), ("image", "<image>"))),
                    refused("session image 'docker.io/x' must come from one of <registries>"),
                ),
                Case(
                    "query before body",
                    post("/session?image=docker.io/q", {"image": "docker.io/b"}),
                    refused("session image 'docker.io/q' must come from one of <registries>"),
                ),
                Case(
                    "twice in a query",
                    get("/session?type=headless&type=notebook"),
                    listing(lacks=["<id>"]),
                    _MINE,
                ),
            ],
        ),
        Fact(
            "Of multipart/form-data only the fields are read, and the query is ignored.",
            "1.2",
            [
                Case(
                    "fields",
                    Request("POST", "/session", multipart={"name": "a", "image": "<image>"}),
                    created(),
                ),
                Case(
                    "query ignored",
                    Request("POST", "/session?image=<image>", multipart={"name": "a"}),
                    _NO_IMAGE,
                ),
                Case(
                    "renewing",
                    Request("POST", "/session/<id>", multipart={"action": "renew"}),
                    NOTHING,
                    _MINE,
                ),
            ],
        ),
        Fact(
            "Names of parameters don't depend on case.",
            "1.2",
            [
                Case(
                    "form",
                    post("/session", {"NAME": "a", "Image": "<image>", "TYPE": "headless"}),
                    created(),
                ),
                Case("query", get("/session?TYPE=nothing"), listing(json=[])),
                Case("renewing", post("/session/<id>", {"ACTION": "renew"}), NOTHING, _MINE),
                Case(
                    "multipart",
                    Request("POST", "/session", multipart={"NAME": "a", "IMAGE": "<image>"}),
                    created(),
                ),
            ],
        ),
        Fact(
            "One name in two spellings of case is 400 and the word null, but for multipart.",
            "1.2",
            [
                Case(
                    "form",
                    post("/session", {"name": "a", "image": "i", "env": "A=1", "ENV": "B=2"}),
                    refused("null"),
                ),
                Case("query", get("/session?type=a&Type=b"), refused("null")),
                Case("query against body", post("/session?NAME=a", {"name": "b"}), refused("null")),
                Case("DELETE", Request("DELETE", "/session?x=1&X=2"), refused("null")),
                Case(
                    "multipart",
                    Request(
                        "POST",
                        "/session",
                        multipart={"name": "a", "image": "<image>", "x": "1", "X": "2"},
                    ),
                    created(),
                ),
            ],
        ),
        Fact(
            "Unknown parameters are ignored, replicas among them.",
            "1.4",
            [
                Case(
                    "replicas",
                    post("/session", {"name": "a", "image": "<image>", "replicas": "3"}),
                    created(ID),
                ),
                Case("query", get("/session?nothing=1"), listing(holds=["<id>"]), _MINE),
            ],
        ),
        Fact(
            "DELETE and GET read their query, not a body.",
            "1.2",
            [
                Case(
                    "a form in a GET",
                    Request("GET", "/session", form={"view": "all"}),
                    listing(holds=["<id>"]),
                    _MINE,
                ),
            ],
        ),
        Fact(
            "Text is UTF-8, in and out.",
            "2.1",
            [
                Case(
                    "in a message",
                    post("/session", {"image": "\u00e9\u2603"}),
                    refused("session image '\u00e9\u2603' must come from one of <registries>"),
                ),
                Case(
                    "in a record",
                    get("/session/<id>"),
                    record({"image": re.compile(".*\u2603")}),
                    [have(image="<registry>/\u2603", type="notebook")],
                    platform={"images": ["images.canfar.net/\u2603"]},
                ),
            ],
        ),
    ],
)
