"""``DELETE``: always 200, nearly."""

from __future__ import annotations

from skaha_cases.vocabulary import (
    ASSUMED,
    NOTHING,
    Attach,
    Case,
    Fact,
    Send,
    Subject,
    Until,
    delete,
    get,
    have,
    listing,
    not_found,
    refused,
)

_GO = Send(delete("/session/<id>"))
_GONE = not_found("session <id> not found")

SUBJECT = Subject(
    "Deleting",
    [
        Fact(
            "Deleting any ID is 200 and nothing, without a Content-Type.",
            "1.11",
            [Case("own", delete("/session/<id>"), NOTHING, [have(type="notebook")])]
            + [
                Case(f"{one[:9]!r}", delete(f"/session/{one}"), NOTHING)
                for one in ("nosuch00", "a$b", "-", "a" * 64)
            ]
            + [Case("twice", delete("/session/<id>"), NOTHING, [have(type="carta"), _GO])],
        ),
        Fact(
            "Another user's session stays.",
            "1.11",
            [
                Case(
                    "theirs",
                    get("/session?type=carta", token="theirs"),
                    listing(holds=["<id>"]),
                    [have("id", "theirs", type="carta"), _GO],
                )
            ],
        ),
        Fact(
            "Everything at once is refused.",
            "1.11",
            [
                Case("DELETE /session", delete("/session"), refused("Cannot kill all sessions.")),
                Case(
                    "with a query",
                    delete("/session?type=headless"),
                    refused("Cannot kill all sessions."),
                ),
            ],
        ),
        Fact(
            "The record is gone at once.",
            "3.5",
            [
                Case("shown", get("/session/<id>"), _GONE, [have(type="notebook"), _GO]),
                Case("listed", get("/session"), listing(lacks=["<id>"]), [have(type="carta"), _GO]),
                Case(
                    "a running command",
                    get("/session/<id>"),
                    _GONE,
                    [have(cmd="sleep", args="300"), Until("<id>", "Running"), _GO],
                ),
                Case(
                    "a finished one",
                    get("/session/<id>"),
                    _GONE,
                    [have(cmd="true"), Until("<id>", "Completed"), _GO],
                ),
                Case(
                    "a queued one",
                    get("/session/<id>"),
                    _GONE,
                    [have(cmd="true"), _GO],
                    platform={"max_running": 0},
                ),
            ],
            ASSUMED,
        ),
        Fact(
            "A desktop's apps go with it.",
            "3.5",
            [
                Case(
                    "an app",
                    get("/session/<id>/app"),
                    listing(lacks=["<app>"]),
                    [have(type="desktop"), Attach("app", "<id>"), _GO],
                )
            ],
            ASSUMED,
        ),
    ],
)
