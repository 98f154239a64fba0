"""What older servers answer, by generation."""

from __future__ import annotations

import re

from skaha_cases.vocabulary import (
    ASSUMED,
    NOTHING,
    PAGE,
    TEXT,
    Case,
    Fact,
    Reply,
    Subject,
    Until,
    creating,
    delete,
    get,
    have,
    listing,
    not_found,
    record,
    refused,
    text,
)

_OLD, _MIDDLE = ({"generation": name} for name in ("0.29", "1.0"))
_SHOW = get("/session/<id>")
_NOTE = [have(type="notebook")]


def _shown(name, fields, platform, steps=tuple(_NOTE), **more):
    return Case(name, _SHOW, record(fields, **more), steps, platform=platform)


SUBJECT = Subject(
    "Older servers",
    [
        Fact(
            "Servers up to 0.29.2 answer below /v0 only.",
            "9",
            [
                Case(
                    "0.29, /v0",
                    get("/skaha/v0/session"),
                    listing(json=[]),
                    platform=_OLD,
                ),
                Case("0.29, /v1", get("/skaha/v1/session"), Reply(404, PAGE), platform=_OLD),
                Case("1.0, /v0", get("/skaha/v0/session"), Reply(404, PAGE), platform=_MIDDLE),
            ],
        ),
        Fact(
            "Up to 1.2.1 nobody is told so with 401.",
            "5.2, 9",
            [
                Case(
                    f"{platform['generation']} {path}",
                    get(path, token=None),
                    text("Unauthorized\n", 401, WWW_Authenticate=re.compile(".*Bearer.*")),
                    platform=platform,
                )
                for platform in (_OLD, _MIDDLE)
                for path in ("/session", "/context", "/image")
            ],
        ),
        Fact(
            "Up to 0.30.1 a headless session that ended well is Succeeded.",
            "9",
            [
                _shown(
                    "0.29",
                    {"status": "Succeeded"},
                    _OLD,
                    [have(cmd="true"), Until("<id>", "Succeeded")],
                ),
                _shown(
                    "1.0",
                    {"status": "Completed"},
                    _MIDDLE,
                    [have(cmd="true"), Until("<id>", "Completed")],
                ),
            ],
        ),
        Fact(
            "Up to 0.30.1 a missing value is the text <none>, and there is no isFixedResources.",
            "9",
            [
                _shown(
                    "0.29",
                    {"appid": "<none>", "gpuRAMInUse": "<none>", "ramInUse": "<none>"},
                    _OLD,
                    without=("isFixedResources",),
                ),
                _shown("1.0", {"isFixedResources": False}, _MIDDLE, without=("appid",)),
            ],
        ),
        Fact(
            "Up to 0.30.1 the connectURL of a headless session is not-applicable.",
            "9",
            [
                _shown(name, {"connectURL": url}, platform, [have(cmd="true")])
                for name, url, platform in (("0.29", "not-applicable", _OLD), ("1.0", "", _MIDDLE))
            ],
        ),
        Fact(
            "Up to 1.1.7 CARTA's has the segment http.",
            "9",
            [
                _shown(
                    platform["generation"],
                    {"connectURL": re.compile("https?://[^/]+/session/carta/http/<id>/.*")},
                    platform,
                    [have(type="carta", image="images.canfar.net/skaha/carta:4.0")],
                )
                for platform in (_OLD, _MIDDLE)
            ],
        ),
        Fact(
            "Up to 0.30.1 memory reads back as it was asked for, with its unit.",
            "9",
            [
                _shown(name, {"requestedRAM": ram}, platform, [have(type="notebook", ram="8")])
                for name, ram, platform in (("0.29", "8G", _OLD), ("1.0", "8.59", _MIDDLE))
            ],
        ),
        Fact(
            "Up to 0.30.1 deleting what isn't there is 404 and its ID, and another's is 403.",
            "9",
            [
                Case("unknown", delete("/session/nosuch00"), not_found("nosuch00"), platform=_OLD),
                Case(
                    "another's",
                    delete("/session/<id>", token="theirs"),
                    text("forbidden\n", 403),
                    _NOTE,
                    platform=_OLD,
                ),
                Case("own", delete("/session/<id>"), NOTHING, _NOTE, platform=_OLD),
                Case("1.0", delete("/session/nosuch00"), NOTHING, platform=_MIDDLE),
            ],
        ),
        Fact(
            "Up to 0.29.2 an image must be labelled with the session's type.",
            "9",
            [
                Case(
                    "0.29",
                    creating(type="carta"),
                    refused("image/type mismatch: <image>/carta"),
                    platform=_OLD,
                ),
                Case("1.0", creating(type="carta"), Reply(200, TEXT), platform=_MIDDLE),
            ],
        ),
        Fact(
            "Up to 1.1.7 cores and memory are whole numbers.",
            "9",
            [
                Case(
                    f"{platform['generation']} {name}",
                    creating(**{name: "2.5"}),
                    refused(f"Invalid value for '{name}': 2.5"),
                    platform=platform,
                )
                for platform in (_OLD, _MIDDLE)
                for name in ("cores", "ram")
            ],
        ),
        Fact(
            "Up to 1.1.3 view=interactive is ignored.",
            "9",
            [
                Case(
                    platform["generation"],
                    get("/session?view=interactive"),
                    listing(holds=["<id>"]),
                    [have(cmd="true")],
                    platform=platform,
                )
                for platform in (_OLD, _MIDDLE)
            ],
        ),
        Fact(
            "Up to 1.1.3 statistics count sessions.",
            "9",
            [
                Case(
                    platform["generation"],
                    get("/session?view=stats"),
                    record(
                        {"instances": {"session": 1, "desktopApp": 0, "headless": 0, "total": 1}}
                    ),
                    _NOTE,
                    platform=platform,
                )
                for platform in (_OLD, _MIDDLE)
            ],
        ),
        Fact(
            "Older servers' context doesn't tell the number of sessions.",
            "2.4, 9",
            [
                Case(
                    platform["generation"],
                    get("/context"),
                    Reply(200, re.compile("application/json"), re.compile("(?!.*maxInter).*")),
                    platform=platform,
                )
                for platform in (_OLD, _MIDDLE)
            ],
            ASSUMED,
        ),
    ],
)
