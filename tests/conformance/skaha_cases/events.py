"""``view=events``: a table."""

from __future__ import annotations

import re

from skaha_cases.vocabulary import (
    ASSUMED,
    Attach,
    Case,
    Fact,
    Send,
    Subject,
    Until,
    delete,
    get,
    have,
    hours,
    not_found,
    text,
)


def _events(one="<id>"):
    return get(f"/session/{one}?view=events")


_TABLE = re.compile(
    "TYPE {3,}REASON {3,}MESSAGE {3,}FIRST-TIME {3,}LAST-TIME *\n"
    "(?:(?:Normal|Warning) {3,}[A-Za-z]+ {3,}[^\n]*\n)+"
)
_GONE = not_found("session <id> not found.")

SUBJECT = Subject(
    "Events",
    [
        Fact(
            "Without a container events are 404, with a full stop that the JSON view lacks.",
            "2.7",
            [
                Case("unknown", _events("nosuch00"), not_found("session nosuch00 not found.")),
                Case("queued", _events(), _GONE, [have(cmd="true")], platform={"max_running": 0}),
                Case(
                    "deleted",
                    _events(),
                    _GONE,
                    [have(type="notebook"), Send(delete("/session/<id>"))],
                    platform={},
                ),
                Case(
                    "expired and forgotten",
                    _events(),
                    _GONE,
                    [have(type="carta"), hours(5 * 24)],
                ),
            ],
        ),
        Fact(
            "Events are a table: five columns, three or more spaces apart, a newline at the end.",
            "2.7",
            [
                Case("interactive", _events(), text(_TABLE), [have(type="notebook")]),
                Case(
                    "headless",
                    _events(),
                    text(_TABLE),
                    [have(cmd="true"), Until("<id>", "Completed")],
                ),
            ],
        ),
        Fact(
            "Nothing outside the table, and no space before or after it.",
            "2.7",
            [Case("trimmed", _events(), text(re.compile(r"TYPE.*\S\n")), [have(type="carta")])],
        ),
        Fact(
            "Kubernetes forgets events after about an hour; then it is <none>.",
            "2.7",
            [
                Case("an hour later", _events(), text("<none>\n"), [have(type="carta"), hours(1)]),
                Case("before that", _events(), text(_TABLE), [have(type="carta"), hours(0.9)]),
            ],
            ASSUMED,
        ),
        Fact(
            "Of a desktop with apps there is nothing useful.",
            "2.7",
            [
                Case(
                    "an app",
                    _events("<desk>"),
                    text("<none>\n"),
                    [have("desk", type="desktop"), Attach("app", "<desk>")],
                    platform={},
                )
            ],
            ASSUMED,
        ),
    ],
)
