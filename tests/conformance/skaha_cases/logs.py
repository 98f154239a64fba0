"""``view=logs``: never a 404."""

from __future__ import annotations

from skaha_cases.vocabulary import (
    Case,
    Fact,
    Send,
    Subject,
    Until,
    delete,
    get,
    have,
    text,
)


def _logs(one="<id>"):
    return get(f"/session/{one}?view=logs")


SUBJECT = Subject(
    "Logs",
    [
        Fact(
            "Logs of a session that isn't there are 200 and empty.",
            "2.8",
            [
                Case("unknown", _logs("nosuch00"), text("")),
                Case(
                    "deleted",
                    _logs(),
                    text(""),
                    [
                        have(cmd="echo", args="hello"),
                        Until("<id>", "Completed"),
                        Send(delete("/session/<id>")),
                    ],
                    platform={},
                ),
            ],
        ),
        Fact(
            "Logs of a session that waits are 200 and empty.",
            "2.8",
            [
                Case(
                    "queued",
                    _logs(),
                    text(""),
                    [have(cmd="echo", args="hello")],
                    platform={"max_running": 0},
                )
            ],
        ),
        Fact(
            "Logs are what the command wrote, as it wrote it, errors with them.",
            "2.8",
            [
                Case(
                    "hello",
                    _logs(),
                    text("hello\n"),
                    [have(cmd="echo", args="hello"), Until("<id>", "Completed")],
                ),
                Case(
                    "no newline",
                    _logs(),
                    text("a b"),
                    [
                        have(cmd="printf", args="a\tb".replace("\t", "\\\\x20")),
                        Until("<id>", "Completed"),
                    ],
                ),
                Case(
                    "errors too",
                    _logs(),
                    text("out\nerr\n"),
                    [
                        have(cmd="sh", args="-c echo\tout;echo\terr>&2"),
                        Until("<id>", "Completed"),
                    ],
                ),
                Case(
                    "of a failure",
                    _logs(),
                    text("sorry\n"),
                    [have(cmd="sh", args="-c echo\tsorry;exit\t3"), Until("<id>", "Failed")],
                ),
                Case(
                    "UTF-8",
                    _logs(),
                    text("\u2603\n"),
                    [have(cmd="echo", args="\u2603"), Until("<id>", "Completed")],
                ),
                Case(
                    "nothing",
                    _logs(),
                    text(""),
                    [have(cmd="true"), Until("<id>", "Completed")],
                ),
            ],
        ),
        Fact(
            "Logs belong to their session.",
            "2.8",
            [
                Case(
                    "the second's",
                    _logs("<two>"),
                    text("two\n"),
                    [
                        have("one", cmd="echo", args="one"),
                        have("two", cmd="echo", args="two"),
                        Until("<one>", "Completed"),
                        Until("<two>", "Completed"),
                    ],
                )
            ],
        ),
    ],
)
