"""Paths and methods: what comes before any handler."""

from __future__ import annotations

import re

from skaha_cases.vocabulary import (
    ASSUMED,
    JSON,
    NOTHING,
    PAGE,
    Case,
    Fact,
    Reply,
    Request,
    Subject,
    delete,
    get,
    have,
    listing,
    not_found,
    post,
    record,
    refused,
)

_SMALL = ("context", "image", "repository")
_ALLOWED = dict.fromkeys(_SMALL, "GET") | {"session": "GET, POST, DELETE"}
_WRONG = "text/plain;charset=ISO-8859-1"


def _wrong_method(method, path, allowed):
    body = "" if method == "HEAD" else f"unsupported: HTTP {method}\n"
    return Case(
        f"{method} {path}",
        Request(method, path),
        Reply(405, _WRONG, body, headers={"Allow": allowed}),
    )


SUBJECT = Subject(
    "Paths and methods",
    [
        Fact(
            "A method that a path doesn't take is 405, with those that it takes in Allow.",
            "1.1",
            [
                _wrong_method(method, f"/{name}", allowed)
                for name, allowed in _ALLOWED.items()
                for method in ("HEAD", "PUT", "POST", "DELETE")
                if method not in allowed.split(", ")
            ]
            + [_wrong_method("PUT", "/session/abc/app/xyz", "GET, POST, DELETE")]
            + [_wrong_method("HEAD", "/session/abc", "GET, POST, DELETE")],
        ),
        Fact(
            "The method is looked at before the credentials.",
            "1.3",
            [
                Case(
                    "PUT with a bad token",
                    Request("PUT", "/session", token=None, headers={"Authorization": "Bearer x"}),
                    Reply(405, _WRONG),
                ),
                Case(
                    "PUT of nobody",
                    Request("PUT", "/context", token=None),
                    Reply(405, _WRONG, headers={"Allow": "GET"}),
                ),
            ],
        ),
        Fact(
            "OPTIONS is 200 with a general Allow, on every path.",
            "1.1",
            [
                Case(
                    f"OPTIONS {path}",
                    Request("OPTIONS", path),
                    Reply(200, None, "", headers={"Allow": re.compile(".*GET.*POST.*")}),
                )
                for path in ("/session", "/context", "/session/abc")
            ],
        ),
        Fact(
            "PATCH is 501 and a page of HTML, from the servlet container.",
            "1.1",
            [
                Case(f"PATCH {path}", Request("PATCH", path), Reply(501, PAGE))
                for path in ("/session", "/image")
            ],
        ),
        Fact(
            "A path that doesn't exist is 404 and a page of HTML, for nobody too.",
            "1.1",
            [
                Case(f"GET {path}", get(path, token=None), Reply(404, PAGE))
                for path in ("/nothing", "/sessions", "/skaha/v2/session", "/skaha/nothing")
            ],
        ),
        Fact(
            "There is no /v0 any more.",
            "1.1",
            [
                Case(f"GET /skaha/v0/{name}", get(f"/skaha/v0/{name}"), Reply(404, PAGE))
                for name in ("session", "context")
            ],
        ),
        Fact(
            "What follows context, image and repository in a path is ignored.",
            "1.1",
            [
                Case(f"GET /{name}/more/of/it", get(f"/{name}/more/of/it"), Reply(200, JSON))
                for name in _SMALL
            ]
            + [Case("GET /repository/", get("/repository/"), Reply(200, JSON))],
        ),
        Fact(
            "A slash after /session makes it a session with an empty ID, not the collection.",
            "1.3",
            [
                Case(
                    "POST /session/",
                    post("/session/", {"name": "a", "image": "<image>"}),
                    refused("Cannot modify an existing session"),
                ),
                Case("DELETE /session/", delete("/session/"), NOTHING),
                Case(
                    "DELETE /session/ deletes nothing",
                    get("/session/<id>"),
                    record({"id": "<id>"}),
                    [have(type="notebook")],
                ),
                Case(
                    "GET /session/ without any session",
                    get("/session/"),
                    not_found("session  not found"),
                    platform={},
                ),
                Case(
                    "GET /session/ is some session",
                    get("/session/"),
                    record({"id": "<id>"}),
                    [have(type="notebook")],
                    platform={},
                ),
            ],
        ),
        Fact(
            "A slash after an ID changes nothing.",
            "1.3",
            [
                Case(
                    "GET /session/ID/",
                    get("/session/<id>/"),
                    record({"id": "<id>"}),
                    [have(type="notebook")],
                ),
                Case(
                    "GET /session/ID//",
                    get("/session/<id>//"),
                    record({"id": "<id>"}),
                    [have(type="notebook")],
                ),
                Case("GET /session/ID/app/", get("/session/abc/app/"), listing()),
            ],
        ),
        Fact(
            "The second segment after /session means the apps, whatever it says.",
            "1.3",
            [
                Case("GET /session/ID/x", get("/session/abc/x"), listing()),
                Case(
                    "GET /session/ID/x/APPID",
                    get("/session/abc/x/xyz"),
                    not_found("desktop app with session abc and app ID xyz was not found"),
                ),
            ],
        ),
        Fact(
            "Four segments after /session are one too many.",
            "1.3",
            [
                Case(
                    f"{method} /session/a/b/c/d",
                    Request(method, "/session/a/b/c/d"),
                    refused("Invalid request: a/b/c/d"),
                )
                for method in ("GET", "POST", "DELETE")
            ]
            + [
                Case(
                    "GET /session/a/b/c/d/e",
                    get("/session/a/b/c/d/e"),
                    refused("Invalid request: a/b/c/d/e"),
                ),
            ],
        ),
        Fact(
            "Replies name the software and the user, and never redirect, page or carry an ETag.",
            "2.1",
            [
                Case(
                    f"GET {path}",
                    get(path),
                    Reply(
                        status,
                        kind,
                        headers={
                            "server": re.compile("OpenCADC/cadc-rest.*"),
                            "x-vo-authenticated": "<user>",
                            "WWW-Authenticate": None,
                            "ETag": None,
                            "Location": None,
                        },
                    ),
                )
                for path, status, kind in (
                    ("/session", 200, JSON),
                    ("/context", 200, JSON),
                    ("/image", 200, JSON),
                    ("/image?type=foo", 400, "text/plain"),
                    ("/session/nosuch00", 404, "text/plain"),
                )
            ],
        ),
        Fact(
            "An encoded slash in a path is refused before Skaha sees it.",
            "1.3",
            [Case("GET /session/a%2Fb", get("/session/a%2Fb"), Reply(400, PAGE))],
            ASSUMED,
        ),
    ],
)
