"""Desktop apps: ``/session/{id}/app``."""

from __future__ import annotations

from skaha_cases.vocabulary import (
    APP_ID,
    ASSUMED,
    NOTHING,
    Attach,
    Case,
    Fact,
    Send,
    Subject,
    Until,
    created,
    days,
    delete,
    get,
    have,
    listing,
    not_found,
    post,
    record,
    refused,
)

_DESK = [have("desk", type="desktop"), Until("<desk>", "Running")]
_APP = [*_DESK, Attach("app", "<desk>", {"image": "<registry>/skaha/Terminal:1.1.2_b"})]
_NO_IMAGE = refused("Missing parameter 'image'")


def _attach(**fields):
    return post("/session/<desk>/app", {"image": "i", **fields})


SUBJECT = Subject(
    "Desktop apps",
    [
        Fact(
            "The reply is 200, text/plain, three characters and a newline.",
            "1.5",
            [Case("attach", _attach(), created(APP_ID), _DESK)],
        ),
        Fact(
            "The image's registry isn't checked.",
            "1.5",
            [Case("docker.io", _attach(image="docker.io/x/y"), created(APP_ID), _DESK)],
        ),
        Fact(
            "An image is needed; cores and ram are checked as for a session; image first.",
            "1.5",
            [
                Case("no image", post("/session/<desk>/app", {"x": "y"}), _NO_IMAGE, _DESK),
                Case(
                    "no image, no desktop",
                    post("/session/nosuch00/app", {"cores": "99"}),
                    _NO_IMAGE,
                ),
                Case(
                    "cores",
                    post("/session/nosuch00/app", {"image": "i", "cores": "99", "ram": "3"}),
                    refused("Invalid value for 'cores': 99"),
                    platform={},
                ),
                Case(
                    "ram",
                    post("/session/nosuch00/app", {"image": "i", "ram": "3"}),
                    refused("Invalid value for 'ram': 3"),
                    platform={},
                ),
            ],
        ),
        Fact(
            "Name, type, command, environment and GPUs aren't read.",
            "1.5",
            [
                Case(
                    "ignored",
                    _attach(name="a_b", type="foo", cmd="$1", args="$x", env="A", gpus="0"),
                    created(APP_ID),
                    _DESK,
                )
            ],
        ),
        Fact(
            "Without a desktop of the caller's that has begun it is 404, without a full stop.",
            "1.5",
            [
                Case(
                    "unknown",
                    post("/session/nosuch00/app", {"image": "i"}),
                    not_found("session nosuch00 not found"),
                ),
                Case(
                    "not a desktop",
                    _attach(),
                    not_found("session <desk> not found"),
                    [have("desk", type="notebook")],
                ),
                Case(
                    "expired",
                    _attach(),
                    not_found("session <desk> not found"),
                    [have("desk", type="desktop"), days(4)],
                ),
                Case(
                    "deleted",
                    _attach(),
                    not_found("session <desk> not found"),
                    [*_DESK, Send(delete("/session/<desk>"))],
                ),
            ],
        ),
        Fact(
            "An app is shown as a session, with its desktop's ID, its own, and no connectURL.",
            "2.9",
            [
                Case(
                    "shown",
                    get("/session/<desk>/app/<app>"),
                    record(
                        {
                            "id": "<desk>",
                            "appid": "<app>",
                            "type": "desktop-app",
                            "connectURL": "",
                            "userid": "<user>",
                            "requestedGPUCores": "0",
                        }
                    ),
                    _APP,
                ),
                Case(
                    "appid comes sixth",
                    get("/session/<desk>/app/<app>"),
                    record(
                        keys=(
                            "id",
                            "userid",
                            "runAsUID",
                            "runAsGID",
                            "supplementalGroups",
                            "appid",
                            "image",
                            "type",
                            "status",
                            "name",
                            "startTime",
                            "expiryTime",
                            "connectURL",
                            "requestedGPUCores",
                            "isFixedResources",
                        )
                    ),
                    _APP,
                    platform={},
                ),
            ],
        ),
        Fact(
            "Its name is the last part of the image, ':', '.' and '_' as '-', in lower case.",
            "1.5",
            [
                Case(
                    "terminal-1-1-2-b",
                    get("/session/<desk>/app/<app>"),
                    record({"name": "terminal-1-1-2-b"}),
                    _APP,
                )
            ],
        ),
        Fact(
            "Its resources read back as a session's.",
            "6.3, 7",
            [
                Case(
                    "fixed",
                    get("/session/<desk>/app/<app>"),
                    record(
                        {
                            "requestedCPUCores": "1",
                            "requestedRAM": "4.29",
                            "isFixedResources": True,
                        }
                    ),
                    [*_DESK, Attach("app", "<desk>", {"cores": "1", "ram": "4"})],
                    platform={},
                ),
                Case(
                    "flexible",
                    get("/session/<desk>/app/<app>"),
                    record(
                        {"isFixedResources": False}, without=("requestedRAM", "requestedCPUCores")
                    ),
                    _APP,
                ),
            ],
        ),
        Fact(
            "It lives as long as an interactive session.",
            "3.4",
            [
                Case(
                    "four days",
                    get("/session/<desk>/app/<app>"),
                    record({"expiryTime": "2026-01-06T03:04:05Z"}),
                    _APP,
                    platform={},
                )
            ],
        ),
        Fact(
            "The list has all apps of the caller, whatever ID the path has.",
            "1.10",
            [
                Case("its own", get("/session/<desk>/app"), listing(holds=["<app>"]), _APP),
                Case("another's", get("/session/nosuch00/app"), listing(holds=["<app>"]), _APP),
                Case(
                    "none",
                    get("/session/abc/app"),
                    listing(json=[]),
                    [have(type="notebook")],
                    platform={},
                ),
                Case(
                    "no sessions in it",
                    get("/session/<desk>/app?status=Running"),
                    listing(lacks=["<note>"]),
                    [*_APP, have("note", type="notebook")],
                    platform={},
                ),
            ],
        ),
        Fact(
            "status filters the list; view=all shows everybody's, with public fields.",
            "1.10",
            [
                Case(
                    "status", get("/session/abc/app?status=Failed"), listing(lacks=["<app>"]), _APP
                ),
                Case(
                    "status in capitals",
                    get("/session/abc/app?status=RUNNING"),
                    listing(holds=["<app>"]),
                    _APP,
                    platform={},
                ),
                Case(
                    "view=all",
                    get("/session/abc/app?view=all", token="theirs"),
                    listing(
                        json=[
                            {
                                "userid": "alice",
                                "type": "desktop-app",
                                "status": "Running",
                                "startTime": "2026-01-02T03:04:05Z",
                            }
                        ]
                    ),
                    _APP,
                    platform={},
                ),
            ],
        ),
        Fact(
            "An app that isn't there is 404.",
            "1.10",
            [
                Case(
                    "unknown",
                    get("/session/abc/app/xyz"),
                    not_found("desktop app with session abc and app ID xyz was not found"),
                ),
                Case(
                    "of another desktop",
                    get("/session/nosuch00/app/<app>"),
                    not_found("desktop app with session nosuch00 and app ID <app> was not found"),
                    _APP,
                ),
            ],
        ),
        Fact(
            "An app can't be changed.",
            "1.5",
            [
                Case("without an image", post("/session/abc/app/xyz", {"x": "y"}), _NO_IMAGE),
                Case(
                    "with one",
                    post("/session/abc/app/xyz", {"image": "i"}),
                    refused("Cannot modify an existing app."),
                ),
            ],
        ),
        Fact(
            "Deleting an app is 200 and nothing, an unknown one too; without an ID it is 400.",
            "1.11",
            [
                Case("own", delete("/session/<desk>/app/<app>"), NOTHING, _APP),
                Case("unknown", delete("/session/abc/app/xyz"), NOTHING),
                Case("no ID", delete("/session/abc/app"), refused("Missing app ID")),
                Case(
                    "gone",
                    get("/session/<desk>/app"),
                    listing(lacks=["<app>"]),
                    [*_APP, Send(delete("/session/<desk>/app/<app>"))],
                ),
            ],
        ),
        Fact(
            "IDs that can't be labels are 400, when shown and when deleted.",
            "1.11, 3.2",
            [
                Case(
                    f"{request.method} {name}",
                    request,
                    refused(
                        f"canfar.net/{name} label value must match Kubernetes label value syntax"
                    ),
                )
                for name, path in (("appid", "/session/abc/app/x$"), ("id", "/session/a$/app/xyz"))
                for request in (get(path), delete(path))
            ],
            ASSUMED,
        ),
    ],
)
