"""``GET /image``."""

from __future__ import annotations

import re

from skaha_cases.vocabulary import JSON, Case, Fact, Reply, Subject, get, refused

SUBJECT = Subject(
    "Images",
    [
        Fact(
            "The list is a JSON array, laid out, of id, types and digest in that order.",
            "2.5",
            [
                Case("GET /image", get("/image"), Reply(200, JSON)),
                Case(
                    "layout",
                    get("/image"),
                    Reply(
                        200,
                        JSON,
                        re.compile(
                            r'\[\n  \{\n    "id": "[^"]+",\n    "types": \[.*'
                            r'    "digest": "sha256:[0-9a-f]{64}"\n  \}.*\n\]'
                        ),
                    ),
                ),
            ],
        ),
        Fact(
            "type filters, with regard to case; only the seven types are known.",
            "1.12",
            [
                Case(f"type={kind}", get(f"/image?type={kind}"), Reply(200, JSON))
                for kind in (
                    "carta",
                    "contributed",
                    "desktop",
                    "desktop-app",
                    "firefly",
                    "headless",
                    "notebook",
                )
            ]
            + [
                Case(f"type={kind}", get(f"/image?type={kind}"), refused(f"unknown type: {kind}"))
                for kind in ("foo", "Notebook", "HEADLESS", "")
            ]
            + [
                Case(
                    "only those",
                    get("/image?type=carta"),
                    Reply(200, JSON, re.compile(r'(?!.*"notebook").*"carta".*')),
                    platform={},
                )
            ],
        ),
        Fact(
            "An image may be for more than one type.",
            "2.5",
            [
                Case(
                    f"as {kind}",
                    get(f"/image?type={kind}"),
                    Reply(200, JSON, re.compile(".*skaha/astroml:latest.*")),
                    platform={},
                )
                for kind in ("notebook", "headless")
            ],
        ),
    ],
)
