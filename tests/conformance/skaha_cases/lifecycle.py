"""Statuses, and how long each kind lives and is kept."""

from __future__ import annotations

from skaha_cases.vocabulary import (
    ASSUMED,
    Case,
    Fact,
    Pass,
    Subject,
    Until,
    days,
    get,
    have,
    hours,
    not_found,
    record,
)

_SHOW = get("/session/<id>")
_GONE = not_found("session <id> not found")
_INTERACTIVE = ("carta", "contributed", "desktop", "firefly", "notebook")


def _shows(name, steps, reply, **more):
    return Case(name, _SHOW, reply, steps, **more)


SUBJECT = Subject(
    "Lifecycle",
    [
        Fact(
            "Interactive sessions live four days from their start, headless ones fourteen.",
            "3.4",
            [
                _shows(
                    f"{kind}",
                    [have(type=kind)],
                    record({"expiryTime": "2026-01-06T03:04:05Z"}),
                    platform={},
                )
                for kind in _INTERACTIVE
            ]
            + [
                _shows(
                    "headless",
                    [have(cmd="true")],
                    record({"expiryTime": "2026-01-16T03:04:05Z"}),
                    platform={},
                )
            ],
        ),
        Fact(
            "Past its deadline a session is Failed.",
            "3.1",
            [
                _shows(
                    "interactive, before",
                    [have(type="notebook"), days(3.99)],
                    record({"status": "Running"}),
                ),
                _shows(
                    "interactive, after",
                    [have(type="notebook"), days(4)],
                    record({"status": "Failed"}),
                ),
                _shows(
                    "headless, before",
                    [have(cmd="sleep", args="300"), Until("<id>", "Running"), days(13.99)],
                    record({"status": "Running"}),
                ),
                _shows(
                    "headless, after",
                    [have(cmd="sleep", args="300"), Until("<id>", "Running"), days(14)],
                    record({"status": "Failed"}),
                ),
            ],
            ASSUMED,
        ),
        Fact(
            "Interactive sessions are kept a day after their end, headless ones an hour.",
            "3.4",
            [
                _shows(
                    "interactive, kept",
                    [have(type="notebook"), days(4), hours(23.9)],
                    record({"status": "Failed"}),
                ),
                _shows("interactive, gone", [have(type="notebook"), days(5)], _GONE),
                _shows(
                    "headless, kept",
                    [have(cmd="true"), Until("<id>", "Completed"), hours(0.99)],
                    record({"status": "Completed"}),
                ),
                _shows(
                    "headless, gone",
                    [have(cmd="true"), Until("<id>", "Completed"), hours(1)],
                    _GONE,
                ),
                _shows(
                    "a failure, gone", [have(cmd="false"), Until("<id>", "Failed"), hours(1)], _GONE
                ),
            ],
        ),
        Fact(
            "Running means ready: until then an interactive session is Pending, with a startTime.",
            "3.1",
            [
                _shows(
                    "not yet",
                    [have(type="notebook"), Pass(29)],
                    record({"status": "Pending", "startTime": "2026-01-02T03:04:05Z"}),
                    platform={"startup": 30},
                ),
                _shows(
                    "ready",
                    [have(type="notebook"), Pass(30)],
                    record({"status": "Running", "startTime": "2026-01-02T03:04:05Z"}),
                    platform={"startup": 30},
                ),
            ],
        ),
        Fact(
            "A headless session is Running as soon as its command runs.",
            "3.1",
            [
                _shows(
                    "sleep",
                    [have(cmd="sleep", args="300"), Until("<id>", "Running")],
                    record({"status": "Running"}),
                )
            ],
            ASSUMED,
        ),
        Fact(
            "A session that isn't Running yet can wait for ever, but not beyond its deadline.",
            "3.1, 3.4",
            [
                _shows(
                    "queued for a year",
                    [have(cmd="true"), days(365)],
                    record({"status": "Pending"}),
                    platform={"max_running": 0},
                ),
            ],
            ASSUMED,
        ),
    ],
)
