"""How many sessions one may have."""

from __future__ import annotations

from skaha_cases.vocabulary import (
    APP_ID,
    Attach,
    Case,
    Fact,
    Send,
    Subject,
    Until,
    created,
    creating,
    days,
    delete,
    have,
    post,
    refused,
)

_FULL = refused("User alice has reached the maximum of 5 active sessions.")
_ONE = {"max_sessions": 1}
_FULL_OF_ONE = refused("User alice has reached the maximum of 1 active sessions.")
_FIVE = [
    have(kind, type=kind) for kind in ("carta", "contributed", "desktop", "firefly", "notebook")
]

SUBJECT = Subject(
    "Limits",
    [
        Fact(
            "Interactive sessions of all types count together; one too many is 400.",
            "1.4, 3.3",
            [
                Case(f"a sixth, {kind}", creating(type=kind), _FULL, _FIVE, platform={})
                for kind in ("notebook", "desktop")
            ]
            + [
                Case(
                    "another number",
                    creating(type="carta"),
                    _FULL_OF_ONE,
                    [have(type="notebook")],
                    platform=_ONE,
                )
            ],
        ),
        Fact(
            "Headless sessions are neither counted nor limited.",
            "3.3",
            [
                Case("a headless one more", creating(cmd="true"), created(), _FIVE, platform={}),
                Case(
                    "after many headless ones",
                    creating(type="notebook"),
                    created(),
                    [have(f"id{letter}", cmd="true") for letter in "abcdefgh"],
                    platform=_ONE,
                ),
            ],
        ),
        Fact(
            "Desktop apps aren't counted.",
            "3.3",
            [
                Case(
                    "an app at the limit",
                    post("/session/<id>/app", {"image": "i"}),
                    created(APP_ID),
                    [have(type="desktop"), Attach("app", "<id>")],
                    platform=_ONE,
                )
            ],
        ),
        Fact(
            "Sessions that wait to be ready count.",
            "3.3",
            [
                Case(
                    "Pending",
                    creating(type="notebook"),
                    _FULL_OF_ONE,
                    [have(type="notebook"), Until("<id>", "Pending")],
                    platform={"max_sessions": 1, "startup": 60},
                )
            ],
        ),
        Fact(
            "Sessions that have ended or are deleted don't count.",
            "3.3",
            [
                Case(
                    "expired",
                    creating(type="notebook"),
                    created(),
                    [have(type="notebook"), days(4)],
                    platform=_ONE,
                ),
                Case(
                    "deleted",
                    creating(type="notebook"),
                    created(),
                    [have(type="notebook"), Send(delete("/session/<id>"))],
                    platform=_ONE,
                ),
            ],
        ),
        Fact(
            "One user's sessions don't count for another.",
            "3.3",
            [
                Case(
                    "theirs",
                    creating(type="notebook"),
                    created(),
                    [have("id", "theirs", type="notebook")],
                    platform=_ONE,
                )
            ],
        ),
    ],
)
