"""``GET /session``: views and filters."""

from __future__ import annotations

from skaha_cases.vocabulary import (
    JSON,
    Attach,
    Case,
    Fact,
    Reply,
    Subject,
    Until,
    days,
    get,
    have,
    hours,
    listing,
)

_BOTH = [have("note", type="notebook"), have("batch", cmd="true"), Until("<batch>", "Completed")]
_DESKTOP = [have("desk", type="desktop"), Attach("app", "<desk>")]
_PUBLIC = ("userid", "type", "status", "startTime")


def _by(query, holds=(), lacks=(), steps=tuple(_BOTH), **more):
    return Case(query, get(f"/session?{query}"), listing(holds=holds, lacks=lacks), steps, **more)


SUBJECT = Subject(
    "Listing sessions",
    [
        Fact(
            "The list is a bare JSON array; without sessions it is [].",
            "2.2",
            [
                Case("none", get("/session"), Reply(200, JSON, "[]"), platform={}),
                Case("some", get("/session"), listing(holds=["<note>", "<batch>"]), _BOTH),
            ],
        ),
        Fact(
            "It has the caller's own sessions of every type, finished ones too.",
            "1.8",
            [
                Case(
                    "finished",
                    get("/session"),
                    listing(item="<batch>", fields={"status": "Completed"}),
                    _BOTH,
                ),
                Case(
                    "not theirs",
                    get("/session"),
                    listing(holds=["<note>"], lacks=["<theirs>"]),
                    [have("note", type="notebook"), have("theirs", "theirs", type="notebook")],
                ),
            ],
        ),
        Fact(
            "It has no desktop apps, unless type=desktop-app asks for them.",
            "1.8",
            [
                Case(
                    "plain", get("/session"), listing(holds=["<desk>"], lacks=["<app>"]), _DESKTOP
                ),
                Case(
                    "type=desktop-app",
                    get("/session?type=desktop-app"),
                    listing(item="<app>", fields={"type": "desktop-app", "id": "<desk>"}),
                    _DESKTOP,
                ),
            ],
        ),
        Fact(
            "type is compared without regard to case; what matches nothing gives [].",
            "1.8",
            [
                _by("type=notebook", ["<note>"], ["<batch>"]),
                _by("type=headless", ["<batch>"], ["<note>"]),
                _by("type=NoteBook", ["<note>"], ["<batch>"]),
                _by("type=carta", [], ["<note>", "<batch>"]),
            ]
            + [
                Case(query, get(f"/session?{query}"), listing(json=[]), _BOTH)
                for query in ("type=foo", "type=note", "type=", "type=notebook,headless")
            ],
        ),
        Fact(
            "status is one whole word, without regard to case; no lists, no beginnings.",
            "1.8",
            [
                _by("status=Completed", ["<batch>"], ["<note>"]),
                _by("status=completed", ["<batch>"], ["<note>"]),
                _by("status=COMPLETED", ["<batch>"], ["<note>"]),
            ]
            + [
                Case(query, get(f"/session?{query}"), listing(json=[]), _BOTH)
                for query in ("status=", "status=Run", "status=Running,Completed", "status=foo")
            ],
        ),
        Fact(
            "Filters are combined.",
            "1.8",
            [
                _by("type=headless&status=Completed", ["<batch>"], ["<note>"]),
                Case(
                    "both, nothing",
                    get("/session?type=carta&status=Completed"),
                    listing(lacks=["<note>", "<batch>"]),
                    _BOTH,
                ),
            ],
        ),
        Fact(
            "view=all has everybody's sessions, with four fields and no ID.",
            "1.8, 2.2",
            [
                Case(
                    "own",
                    get("/session?view=all"),
                    listing(each=_PUBLIC),
                    _BOTH,
                ),
                Case(
                    "theirs",
                    get("/session?view=all"),
                    listing(
                        json=[
                            {
                                "userid": "bob",
                                "type": "notebook",
                                "status": "Running",
                                "startTime": "2026-01-02T03:04:05Z",
                            }
                        ]
                    ),
                    [have("theirs", "theirs", type="notebook")],
                    platform={},
                ),
                Case(
                    "filtered",
                    get("/session?view=all&type=carta&status=running"),
                    listing(json=[]),
                    [have("theirs", "theirs", type="notebook")],
                    platform={},
                ),
                Case(
                    "apps",
                    get("/session?view=all&type=desktop-app"),
                    listing(each=_PUBLIC),
                    _DESKTOP,
                ),
                Case(
                    "queued",
                    get("/session?view=all"),
                    listing(json=[{"userid": "alice", "type": "headless", "status": "Pending"}]),
                    [have(cmd="true")],
                    platform={"max_running": 0},
                ),
            ],
        ),
        Fact(
            "view=interactive leaves headless sessions out, has desktop apps, and ignores type.",
            "1.8",
            [
                _by("view=interactive", ["<note>"], ["<batch>"]),
                _by("view=Interactive", ["<note>"], ["<batch>"]),
                _by("view=interactive&type=headless", ["<note>"], ["<batch>"]),
                _by("view=interactive&type=carta", ["<note>"], ["<batch>"]),
                _by("view=interactive&status=Completed", [], ["<note>", "<batch>"]),
                Case(
                    "apps",
                    get("/session?view=interactive"),
                    listing(holds=["<desk>", "<app>"]),
                    _DESKTOP,
                ),
            ],
        ),
        Fact(
            "Another view, and all or stats in capitals, is ignored.",
            "1.8",
            [_by(f"view={view}", ["<note>", "<batch>"]) for view in ("All", "STATS", "foo", "")],
        ),
        Fact(
            "Finished sessions stay for a while: headless ones an hour, others a day.",
            "3.4",
            [
                _by(
                    "type=headless",
                    ["<id>"],
                    steps=[have(cmd="true"), Until("<id>", "Completed"), hours(0.99)],
                ),
                Case(
                    "headless, an hour later",
                    get("/session"),
                    listing(json=[]),
                    [have(cmd="true"), Until("<id>", "Completed"), hours(1)],
                ),
                Case(
                    "interactive, 23 hours later",
                    get("/session"),
                    listing(item="<id>", fields={"status": "Failed"}),
                    [have(type="carta"), days(4), hours(23)],
                ),
                Case(
                    "interactive, a day later",
                    get("/session"),
                    listing(json=[]),
                    [have(type="carta"), days(5)],
                ),
            ],
        ),
    ],
)
