"""Who is asking."""

from __future__ import annotations

import re

from skaha_cases.vocabulary import (
    NOTHING,
    Case,
    Fact,
    Reply,
    Subject,
    creating,
    delete,
    get,
    have,
    not_found,
    post,
    refused,
    text,
)

_ANONYMOUS = "cannot get group memberships for anonymous"
_PATHS = ("/session", "/session/abc", "/session/abc/app", "/context", "/image", "/repository")
_OURS = "the text depends on the platform's accounts"


def _authorization(value):
    return get("/session", token=None, headers={"Authorization": value})


SUBJECT = Subject(
    "Logging in",
    [
        Fact(
            "Without credentials it is 400 since release 1.4, with the challenge of a 401.",
            "5.2",
            [
                Case(
                    f"GET {path}",
                    get(path, token=None),
                    refused(
                        _ANONYMOUS,
                        WWW_Authenticate=re.compile(".*Bearer.*"),
                    ),
                )
                for path in _PATHS
            ]
            + [
                Case("DELETE", delete("/session/abc", token=None), refused(_ANONYMOUS)),
                Case(
                    "renew",
                    post("/session/abc", {"action": "renew"}, token=None),
                    refused(_ANONYMOUS),
                ),
                Case("create", post("/session", {"name": "a"}, token=None), refused(_ANONYMOUS)),
                Case("view=stats", get("/session?view=stats", token=None), refused(_ANONYMOUS)),
            ],
        ),
        Fact(
            "Nobody has no user name in the reply.",
            "2.1",
            [
                Case(
                    "anonymous",
                    get("/session", token=None),
                    Reply(400, "text/plain", headers={"x-vo-authenticated": None}),
                )
            ],
        ),
        Fact(
            "Basic credentials are ignored: nobody is asking.",
            "5.1",
            [Case("Basic", _authorization("Basic YTpi"), refused(_ANONYMOUS))],
        ),
        Fact(
            "An unknown scheme is 401, and the header is repeated in the text.",
            "5.1",
            [
                Case(
                    "Foo",
                    _authorization("Foo bar"),
                    text("unhandled auth: Authorization Foo bar", 401),
                )
            ],
        ),
        Fact(
            "A token that is none is 401 without a newline, and the challenge has the reason.",
            "5.3, 5.4",
            [
                Case(
                    f"{value!r}",
                    _authorization(value),
                    text(
                        "Invalid JWT token",
                        401,
                        WWW_Authenticate='Bearer error="invalid_token",'
                        ' error_description="Invalid JWT token"',
                    ),
                    only_local=_OURS,
                )
                for value in ("Bearer wrong", "Bearer a.b.c")
            ]
            + [
                Case(
                    "on any server",
                    _authorization("Bearer wrong"),
                    text(
                        re.compile(".*[^\n]"),
                        401,
                        WWW_Authenticate=re.compile('.*Bearer error=".*'),
                    ),
                ),
                Case(
                    "even the scheme in lower case",
                    _authorization("bearer wrong"),
                    text(re.compile(".*[^\n]"), 401),
                ),
            ],
        ),
        Fact(
            "Two tokens are one too many.",
            "5.3",
            [
                Case(
                    "two",
                    get("/session", headers={"Authorization": "Bearer x"}),
                    text("Multiple authorization tokens not supported", 401),
                    only_local=_OURS,
                )
            ],
        ),
        Fact(
            "Credentials are read before parameters, and parameters before anybody is turned away.",
            "1.3",
            [
                Case(
                    "bad token, bad query",
                    get("/session?a=1&A=2", token=None, headers={"Authorization": "Bearer x"}),
                    text(re.compile(".*"), 401),
                ),
                Case(
                    "nobody, bad query",
                    get("/session?a=1&A=2", token=None),
                    refused("null"),
                ),
            ],
        ),
        Fact(
            "A callback token that was never issued is 403.",
            "5.5, 5.7",
            [
                Case(
                    "x-auth-token-skaha",
                    get("/session", token=None, headers={"x-auth-token-skaha": "abc~def"}),
                    text("Invalid auth token\n", 403),
                )
            ],
        ),
        Fact(
            "A callback token is not read beside other credentials.",
            "5.7",
            [
                Case(
                    "both",
                    get("/session", headers={"x-auth-token-skaha": "abc~def"}),
                    Reply(200, "application/json"),
                )
            ],
        ),
        Fact(
            "Another user's session is as good as none: never 403.",
            "1.9, 1.11, 2.8, 5.5",
            [
                Case(
                    "show",
                    get("/session/<id>", token="theirs"),
                    not_found("session <id> not found"),
                    [have(type="notebook")],
                ),
                Case(
                    "events",
                    get("/session/<id>?view=events", token="theirs"),
                    not_found("session <id> not found."),
                    [have(type="notebook")],
                ),
                Case(
                    "logs",
                    get("/session/<id>?view=logs", token="theirs"),
                    text(""),
                    [have(type="notebook")],
                ),
                Case(
                    "delete",
                    delete("/session/<id>", token="theirs"),
                    NOTHING,
                    [have(type="notebook")],
                ),
                Case(
                    "renew",
                    post("/session/<id>", {"action": "renew"}, token="theirs"),
                    refused(
                        re.compile(
                            r"No active job for user PosixPrincipal \[uidNumber=\d+,\d+,bob\]"
                            " with session <id>"
                        )
                    ),
                    [have(type="notebook")],
                ),
                Case(
                    "attach an app",
                    post("/session/<id>/app", {"image": "<image>"}, token="theirs"),
                    not_found("session <id> not found"),
                    [have(type="desktop")],
                ),
            ],
        ),
        Fact(
            "Anybody who may come in may start headless sessions.",
            "5.6",
            [Case("headless", creating(cmd="true"), text(re.compile("[a-z][a-z0-9]{7}\n")))],
        ),
    ],
)
