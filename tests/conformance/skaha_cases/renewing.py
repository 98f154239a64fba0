"""``POST /session/{id}``: renewing, and nothing else."""

from __future__ import annotations

import re

from skaha_cases.vocabulary import (
    NOTHING,
    Attach,
    Case,
    Fact,
    Send,
    Subject,
    Until,
    days,
    get,
    have,
    hours,
    post,
    record,
    refused,
)

_RENEW = post("/session/<id>", {"action": "renew"})
_NOTE = [have(type="notebook")]


def _inactive(one="<id>", user="<user>"):
    return refused(
        re.compile(
            rf"No active job for user PosixPrincipal \[uidNumber=\d+,\d+,{user}\]"
            rf" with session {one}"
        )
    )


def _expiry(name, steps, expiry):
    return Case(name, get("/session/<id>"), record({"expiryTime": expiry}), steps, platform={})


SUBJECT = Subject(
    "Renewing",
    [
        Fact(
            "It is 200 and nothing, without a Content-Type, whether anything changed or not.",
            "1.7",
            [
                Case("interactive", _RENEW, NOTHING, _NOTE),
                Case("twice", _RENEW, NOTHING, [*_NOTE, Send(_RENEW)]),
                Case(
                    "headless",
                    _RENEW,
                    NOTHING,
                    [have(cmd="sleep", args="300"), Until("<id>", "Running")],
                ),
            ],
        ),
        Fact(
            "The value doesn't depend on case, and no image is needed.",
            "1.7",
            [Case("RENEW", post("/session/<id>", {"action": "RENEW"}), NOTHING, _NOTE)],
        ),
        Fact(
            "An interactive session then has four days from now.",
            "1.7",
            [
                _expiry("a day later", [*_NOTE, days(1), Send(_RENEW)], "2026-01-07T03:04:05Z"),
                _expiry("at once", [*_NOTE, Send(_RENEW)], "2026-01-06T03:04:05Z"),
                _expiry(
                    "twice",
                    [*_NOTE, days(1), Send(_RENEW), days(2), Send(_RENEW)],
                    "2026-01-09T03:04:05Z",
                ),
            ],
        ),
        Fact(
            "A renewed session lives on.",
            "1.7",
            [
                Case(
                    "past its first end",
                    get("/session/<id>"),
                    record({"status": "Running"}),
                    [*_NOTE, days(3), Send(_RENEW), days(3)],
                )
            ],
        ),
        Fact(
            "A headless session keeps its fourteen days until fewer than four are left.",
            "1.7",
            [
                _expiry(
                    "at once",
                    [have(cmd="sleep", args="300"), Until("<id>", "Running"), Send(_RENEW)],
                    "2026-01-16T03:04:05Z",
                ),
                _expiry(
                    "on day 9",
                    [
                        have(cmd="sleep", args="300"),
                        Until("<id>", "Running"),
                        days(9),
                        Send(_RENEW),
                    ],
                    "2026-01-16T03:04:05Z",
                ),
                _expiry(
                    "on day 11",
                    [
                        have(cmd="sleep", args="300"),
                        Until("<id>", "Running"),
                        days(11),
                        Send(_RENEW),
                    ],
                    "2026-01-17T03:04:05Z",
                ),
            ],
        ),
        Fact(
            "A desktop's apps are renewed with it.",
            "1.7",
            [
                Case(
                    "an app",
                    get("/session/<id>/app/<app>"),
                    record({"expiryTime": "2026-01-07T03:04:05Z"}),
                    [have(type="desktop"), Attach("app", "<id>"), days(1), Send(_RENEW)],
                    platform={},
                )
            ],
        ),
        Fact(
            "What isn't running or starting can't be renewed: 400, not 404.",
            "1.7",
            [
                Case(
                    "unknown", post("/session/nosuch00", {"action": "renew"}), _inactive("nosuch00")
                ),
                Case(
                    "finished",
                    _RENEW,
                    _inactive(),
                    [have(cmd="true"), Until("<id>", "Completed")],
                ),
                Case("expired", _RENEW, _inactive(), [*_NOTE, days(4), hours(1)]),
                Case(
                    "queued",
                    _RENEW,
                    _inactive(),
                    [have(cmd="true")],
                    platform={"max_running": 0},
                ),
                Case(
                    "its exact words",
                    post("/session/abc", {"action": "renew"}),
                    refused(
                        "No active job for user PosixPrincipal [uidNumber=1000,1000,alice]"
                        " with session abc"
                    ),
                    platform={},
                ),
            ],
        ),
        Fact(
            "There is no other action.",
            "1.7",
            [
                Case(
                    "none",
                    post("/session/<id>", {"name": "new"}),
                    refused("Cannot modify an existing session"),
                    _NOTE,
                ),
                Case(
                    "another",
                    post("/session/<id>", {"action": "stop"}),
                    refused("unrecognized action"),
                    _NOTE,
                ),
                Case(
                    "of a session that isn't there",
                    post("/session/nosuch00", {"action": "stop"}),
                    refused("unrecognized action"),
                ),
                Case(
                    "empty",
                    post("/session/<id>", {"action": ""}),
                    refused(re.compile("unrecognized action|Cannot modify an existing session")),
                    _NOTE,
                ),
            ],
        ),
    ],
)
