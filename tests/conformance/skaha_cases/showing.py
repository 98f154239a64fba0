"""``GET /session/{id}``: one session as JSON."""

from __future__ import annotations

import re

from skaha_cases.vocabulary import (
    Case,
    Fact,
    Reply,
    Subject,
    Until,
    get,
    have,
    not_found,
    record,
    refused,
)

_NOTE = [have(type="notebook", name="Show")]
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z")
_LONG_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SYNTAX = refused("canfar.net/id label value must match Kubernetes label value syntax")

_DOCUMENT = """{
  "id": "<id>",
  "userid": "alice",
  "runAsUID": "1000",
  "runAsGID": "1000",
  "supplementalGroups": [
    30000
  ],
  "image": "images.canfar.net/skaha/astroml:latest",
  "type": "headless",
  "status": "Completed",
  "name": "demo",
  "startTime": "2026-01-02T03:04:05Z",
  "expiryTime": "2026-01-16T03:04:05Z",
  "connectURL": "",
  "requestedGPUCores": "0",
  "isFixedResources": false
}"""

SUBJECT = Subject(
    "Showing a session",
    [
        Fact(
            "A session that isn't there is 404, without a full stop.",
            "1.9, 2.7",
            [
                Case(f"{one}", get(f"/session/{one}"), not_found(f"session {one} not found"))
                for one in ("nosuch00", "a", "NOSUCH00")
            ]
            + [
                Case(
                    "case counts in IDs",
                    get("/session/Q<id>"),
                    not_found("session Q<id> not found"),
                    _NOTE,
                )
            ],
        ),
        Fact(
            "An ID that Kubernetes can't have as a label is 400, in each view.",
            "3.2",
            [
                Case(f"{one!r} {view}", get(f"/session/{one}{view}"), _SYNTAX)
                for one in ("a$b", "-", "-a", "a_")
                for view in ("", "?view=logs", "?view=events")
            ]
            + [
                Case(
                    "64 characters",
                    get(f"/session/{'a' * 64}"),
                    refused("canfar.net/id label value exceeds 63 characters"),
                )
            ],
        ),
        Fact(
            "It is laid out with two spaces, has no newline at its end, and no nulls.",
            "2.2",
            [
                Case(
                    "to the byte",
                    get("/session/<id>"),
                    Reply(200, "application/json", _DOCUMENT),
                    [have(name="demo", cmd="true"), Until("<id>", "Completed")],
                    platform={},
                )
            ],
        ),
        Fact(
            "What it is: owner, image, type, name, numbers as texts.",
            "2.2",
            [
                Case(
                    "fields",
                    get("/session/<id>"),
                    record(
                        {
                            "id": "<id>",
                            "userid": "<user>",
                            "runAsUID": re.compile(r"\d*"),
                            "runAsGID": re.compile(r"\d*"),
                            "image": "<image>",
                            "type": "notebook",
                            "name": "show",
                            "isFixedResources": False,
                            "requestedGPUCores": "0",
                        },
                        without=("gpuRAMInUse", "gpuUtilization", "appid"),
                    ),
                    _NOTE,
                ),
                Case(
                    "fixed",
                    get("/session/<id>"),
                    record(
                        keys=(
                            "id",
                            "userid",
                            "runAsUID",
                            "runAsGID",
                            "supplementalGroups",
                            "image",
                            "type",
                            "status",
                            "name",
                            "startTime",
                            "expiryTime",
                            "connectURL",
                            "requestedRAM",
                            "requestedCPUCores",
                            "requestedGPUCores",
                            "isFixedResources",
                        )
                    ),
                    [have(type="notebook", ram="8")],
                    platform={},
                ),
            ],
        ),
        Fact(
            "Any other view is ignored, and logs and events depend on case.",
            "1.9",
            [
                Case(
                    f"view={view}", get(f"/session/<id>?view={view}"), record({"id": "<id>"}), _NOTE
                )
                for view in ("Logs", "EVENTS", "all", "stats", "")
            ],
        ),
        Fact(
            "Until it has started there is no startTime and no expiryTime.",
            "2.2",
            [
                Case(
                    "queued",
                    get("/session/<id>"),
                    record({"status": "Pending"}, without=("startTime", "expiryTime")),
                    [have(cmd="true")],
                    platform={"max_running": 0},
                )
            ],
        ),
        Fact(
            "startTime leaves seconds out when they are zero; expiryTime never does.",
            "2.2",
            [
                Case(
                    "second 00",
                    get("/session/<id>"),
                    record(
                        {"startTime": "2026-01-02T03:04Z", "expiryTime": "2026-01-06T03:04:00Z"}
                    ),
                    [have(type="carta")],
                    platform={"start": "2026-01-02T03:04:00+00:00"},
                ),
                Case(
                    "second 01",
                    get("/session/<id>"),
                    record(
                        {"startTime": "2026-01-02T03:04:01Z", "expiryTime": "2026-01-06T03:04:01Z"}
                    ),
                    [have(type="carta")],
                    platform={"start": "2026-01-02T03:04:01+00:00"},
                ),
                Case(
                    "fractions are none",
                    get("/session/<id>"),
                    record({"startTime": "2026-01-02T03:04Z"}),
                    [have(type="carta")],
                    platform={"start": "2026-01-02T03:04:00.700+00:00"},
                ),
                Case(
                    "either form",
                    get("/session/<id>"),
                    record({"startTime": _TIME, "expiryTime": _LONG_TIME}),
                    [have(cmd="true"), Until("<id>", "Completed")],
                ),
            ],
        ),
    ],
)
