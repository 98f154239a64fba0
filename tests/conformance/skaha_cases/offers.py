"""``GET /context``: what may be asked for."""

from __future__ import annotations

import re

from canfar.local import Context
from skaha_cases.vocabulary import JSON, Case, Fact, Reply, Subject, created, creating, get, refused

_FILE = {
    "cores": {
        "default": 2,
        "defaultRequest": 1,
        "defaultLimit": 8,
        "options": list(range(1, 17)),
    },
    "memoryGB": {
        "default": 8,
        "defaultRequest": 4,
        "defaultLimit": 32,
        "options": [
            *(1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 26, 28, 30, 32, 36, 40, 44, 48),
            *(56, 64, 80, 92, 112, 128, 140, 170, 192),
        ],
    },
    "gpus": {"options": list(range(1, 29))},
    "maxInteractiveSessions": "5",
}
_LIMIT_RANGE = {
    "context": Context.of_limit_range(
        cores=4, memory=8, cores_request=1, memory_request=2, cores_limit=2, memory_limit=4
    )
}

SUBJECT = Subject(
    "Resources on offer",
    [
        Fact(
            "They are one line of JSON, without a newline.",
            "2.4",
            [
                Case(
                    "one line",
                    get("/context"),
                    Reply(200, JSON, re.compile(r'\{[^\n ]*"cores":\{[^\n ]*"memoryGB":[^\n ]*\}')),
                )
            ],
        ),
        Fact(
            "As shipped they come from a file, and the number of sessions is a text.",
            "2.4",
            [
                Case("to the value", get("/context"), Reply(200, JSON, json=_FILE), platform={}),
                Case(
                    "another number of sessions",
                    get("/context"),
                    Reply(200, JSON, fields={"maxInteractiveSessions": "3"}),
                    platform={"max_sessions": 3},
                ),
            ],
        ),
        Fact(
            "From a LimitRange, every integer is an option and the number of sessions is one too.",
            "2.4",
            [
                Case(
                    "to the value",
                    get("/context"),
                    Reply(
                        200,
                        JSON,
                        json={
                            "cores": {
                                "default": 1,
                                "defaultRequest": 1,
                                "defaultLimit": 2,
                                "options": [1, 2, 3, 4],
                            },
                            "memoryGB": {
                                "default": 2,
                                "defaultRequest": 2,
                                "defaultLimit": 4,
                                "options": [1, 2, 3, 4, 5, 6, 7, 8],
                            },
                            "gpus": {"options": []},
                            "maxInteractiveSessions": 5,
                        },
                    ),
                    platform=_LIMIT_RANGE,
                ),
                Case(
                    "gpus",
                    get("/context"),
                    Reply(200, JSON, fields={"gpus": {"options": [1, 2]}}),
                    platform={"context": Context.of_limit_range(gpus=2)},
                ),
                Case("ram=3 is fine", creating(ram="3"), created(), platform=_LIMIT_RANGE),
                Case(
                    "ram=9 is not",
                    creating(ram="9"),
                    refused("Invalid value for 'ram': 9"),
                    platform=_LIMIT_RANGE,
                ),
                Case(
                    "no GPU at all",
                    creating(gpus="1"),
                    refused("Invalid value for 'gpus': 1"),
                    platform=_LIMIT_RANGE,
                ),
            ],
        ),
    ],
)
