"""Where a browser finds a session."""

from __future__ import annotations

import re

from skaha_cases.vocabulary import Case, Fact, Subject, get, have, record

_PATHS = {
    "desktop": "/session/desktop/<id>/[?]password=<id>&path=session/desktop/<id>/",
    "notebook": "/session/notebook/<id>/lab/tree/.+/<user>[?]token=<id>",
    "carta": "/session/carta/<id>/",
    "contributed": "/session/contrib/<id>/",
    "firefly": "/session/firefly/<id>/firefly/",
}

SUBJECT = Subject(
    "Connect URLs",
    [
        Fact(
            "Each interactive type has its own form, there from the creation on.",
            "4",
            [
                Case(
                    kind,
                    get("/session/<id>"),
                    record({"connectURL": re.compile(f"https?://[^/]+{path}")}),
                    [have(type=kind)],
                )
                for kind, path in _PATHS.items()
            ]
            + [
                Case(
                    f"{kind}, before it runs",
                    get("/session/<id>"),
                    record({"status": "Pending", "connectURL": re.compile(f"http://<host>{path}")}),
                    [have(type=kind)],
                    platform={"startup": 60},
                )
                for kind, path in _PATHS.items()
            ],
        ),
        Fact(
            "A notebook's names the home below the platform's folder of homes.",
            "4",
            [
                Case(
                    "as shipped",
                    get("/session/<id>"),
                    record(
                        {"connectURL": re.compile(".*/lab/tree/cavern/home/alice[?]token=<id>")}
                    ),
                    [have(type="notebook")],
                    platform={},
                )
            ],
        ),
        Fact(
            "A headless session's is empty, but there.",
            "2.2, 4",
            [
                Case(
                    "headless",
                    get("/session/<id>"),
                    record({"connectURL": ""}),
                    [have(cmd="true")],
                )
            ],
        ),
    ],
)
