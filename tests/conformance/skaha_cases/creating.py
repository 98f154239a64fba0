"""``POST /session``: what is refused, with which words, in which order."""

from __future__ import annotations

import re

from skaha_cases.vocabulary import (
    ASSUMED,
    Case,
    Fact,
    Reply,
    Subject,
    broken,
    created,
    creating,
    get,
    have,
    record,
    refused,
)

_KINDS = ("carta", "contributed", "desktop", "firefly", "headless", "notebook")
_REFUSED = re.compile(
    r"java\.lang\.RuntimeException: io\.kubernetes\.client\.openapi\.ApiException: .*"
)
_BLANK_NAME = refused("canfar.net/name label value cannot be blank")
_BAD_NAME = refused("name can only contain alpha-numeric chars and '-'")
_WRONG = {
    "image": "docker.io/x",
    "type": "foo",
    "cores": "99",
    "ram": "3",
    "name": "a_b",
    "gpus": "0",
}

_SHIPPED: dict[str, object] = {}


def _first(*right, reply):
    """Everything is wrong but what is named."""
    good = {"image": "<image>", "type": "headless", "cores": "2", "ram": "4", "name": "a"}
    fields = _WRONG | {name: good[name] for name in right}
    return Case(f"all wrong but {', '.join(right) or 'nothing'}", creating(**fields), reply)


def _cores(value, reply):
    return Case(f"cores={value!r}", creating(cores=value), reply, platform=_SHIPPED)


def _ram(value, reply):
    return Case(f"ram={value!r}", creating(ram=value), reply, platform=_SHIPPED)


def _gpus(value, reply):
    return Case(f"gpus={value!r}", creating(gpus=value), reply, platform=_SHIPPED)


SUBJECT = Subject(
    "Creating a session",
    [
        Fact(
            "The reply is 200, text/plain, eight characters and a newline; no JSON, no Location.",
            "1.4, 3.2",
            [
                Case(f"{kind}", creating(type=kind), created(), platform={"max_sessions": 9})
                for kind in _KINDS
            ]
            + [
                Case(
                    "no Location",
                    creating(),
                    Reply(
                        200,
                        "text/plain",
                        re.compile("[a-z][a-z0-9]{7}\n"),
                        headers={"Location": None},
                    ),
                )
            ],
        ),
        Fact(
            "An image is needed.",
            "1.4",
            [
                Case("none", creating(image=None), refused("Missing parameter 'image'")),
                Case("empty", creating(image=""), refused("image is required")),
                Case("blank", creating(image="  "), refused("image is required")),
            ],
        ),
        Fact(
            "An image must begin with the name of a registry; nothing else of it is looked at.",
            "1.4",
            [
                Case(
                    f"{image}",
                    creating(image=image),
                    refused(f"session image '{image}' must come from one of <registries>"),
                )
                for image in ("docker.io/x/y:1", "x", "https://<registry>/x", " <registry>/x")
            ]
            + [
                Case(
                    "two registries",
                    creating(image="z"),
                    refused("session image 'z' must come from one of [a.org, b.org]"),
                    platform={"registries": ["a.org", "b.org"], "images": ["a.org/i"]},
                ),
                Case(
                    "no slash needed after it",
                    creating(image="images.canfar.net.evil/x"),
                    created(),
                    platform={"images": ["images.canfar.net.evil/x"]},
                ),
            ],
        ),
        Fact(
            "An unknown type is refused as it was written.",
            "1.4",
            [
                Case(f"{kind}", creating(type=kind), refused(f"Invalid session type: {kind}"))
                for kind in ("foo", "notebooks", " Foo ", "desktop_app")
            ],
        ),
        Fact(
            "Case and space around a type don't count.",
            "1.4",
            [
                Case(
                    f"{kind!r}",
                    get("/session/<id>"),
                    record({"type": kind.strip().lower()}),
                    [have(type=kind)],
                )
                for kind in ("Notebook", "NOTEBOOK", " headless ")
            ],
        ),
        Fact(
            "Without a type it is headless, whatever the image's label says.",
            "1.4",
            [
                Case(
                    name,
                    get("/session/<id>"),
                    record({"type": "headless"}),
                    [have(**fields)],
                )
                for name, fields in (
                    ("none", {}),
                    ("empty", {"type": ""}),
                    ("blank", {"type": " "}),
                )
            ]
            + [
                Case(
                    "an image for another type",
                    get("/session/<id>"),
                    record({"type": "firefly"}),
                    [have(type="firefly", image="images.canfar.net/skaha/carta:4.0")],
                    platform={},
                )
            ],
        ),
        Fact(
            "The type desktop-app passes and then breaks the server.",
            "1.4",
            [
                Case(
                    "desktop-app",
                    creating(type="desktop-app"),
                    broken(
                        re.compile(
                            r"java\.nio\.file\.NoSuchFileException: .*launch-desktop_app\.yaml"
                        )
                    ),
                )
            ],
        ),
        Fact(
            "The whole part of cores must be on offer; it is read as Java reads a number.",
            "1.4",
            [
                _cores(value, refused(f"Invalid value for 'cores': {value}"))
                for value in ("99", "0", "17", "abc", "2,5", "NaN", "-1", "Infinity", "0.9", "0x2")
            ]
            + [
                _cores(value, created())
                for value in ("2", "2.5", " 2 ", "2e0", "16.9", "", " ", "+2", "2d")
            ],
        ),
        Fact(
            "The whole part of ram must be on offer.",
            "1.4",
            [
                _ram(value, refused(f"Invalid value for 'ram': {value}"))
                for value in ("3", "0", "193", "8G", "-8", "5.9")
            ]
            + [_ram(value, created()) for value in ("8", "8.5", "192", "1", "")],
        ),
        Fact(
            "Asking for 0 GPUs is refused; leave them out.",
            "1.4",
            [
                _gpus(value, refused(f"Invalid value for 'gpus': {value}"))
                for value in ("0", "29", "-1", "1.0", "abc", " 1")
            ]
            + [_gpus(value, created()) for value in ("1", "28", "", " ")],
        ),
        Fact(
            "A name is needed.",
            "1.4",
            [
                Case("none", creating(name=None), refused("Missing parameter 'name'")),
                Case("empty", creating(name=""), refused("Missing parameter 'name'")),
                Case("blank", creating(name=" "), refused("Missing parameter 'name'")),
            ],
        ),
        Fact(
            "A name has letters, digits and '-' only.",
            "1.4",
            [
                Case(f"{name!r}", creating(name=name), _BAD_NAME)
                for name in ("a_b", "a b", "a.b", " a", "\u00e9", "a\n", "a/b")
            ],
        ),
        Fact(
            "A name that begins with '-' leaves nothing for its label.",
            "1.4",
            [Case(f"{name}", creating(name=name), _BLANK_NAME) for name in ("-", "--", "-a")],
        ),
        Fact(
            "A name that ends in '-' or has more than 63 characters breaks the server.",
            "1.4",
            [
                Case("ends in -", creating(name="a-"), broken(_REFUSED)),
                Case("64 characters", creating(name="a" * 64), broken(_REFUSED)),
            ],
            ASSUMED,
        ),
        Fact(
            "A name is stored in lower case.",
            "1.4",
            [
                Case(
                    "capitals",
                    get("/session/<id>"),
                    record({"name": "demo-a1"}),
                    [have(name="Demo-A1")],
                ),
                Case(
                    "63 characters",
                    get("/session/<id>"),
                    record({"name": "a" * 63}),
                    [have(name="A" * 63)],
                ),
            ],
        ),
        Fact(
            "Checks come in one order, and the first that fails answers.",
            "1.4",
            [
                _first(
                    reply=refused("session image 'docker.io/x' must come from one of <registries>")
                ),
                _first("image", reply=refused("Invalid session type: foo")),
                _first("image", "type", reply=refused("Invalid value for 'cores': 99")),
                _first("image", "type", "cores", reply=refused("Invalid value for 'ram': 3")),
                _first("image", "type", "cores", "ram", reply=_BAD_NAME),
                _first(
                    "image",
                    "type",
                    "cores",
                    "ram",
                    "name",
                    reply=refused("Invalid value for 'gpus': 0"),
                ),
                Case(
                    "the limit before gpus",
                    creating(type="notebook", gpus="0"),
                    refused("User alice has reached the maximum of 0 active sessions."),
                    platform={"max_sessions": 0},
                ),
                Case(
                    "the name before the limit",
                    creating(type="notebook", name="a_b"),
                    _BAD_NAME,
                    platform={"max_sessions": 0},
                ),
                Case(
                    "gpus before the registry",
                    creating(image="<registry>/no/such", gpus="0"),
                    refused("Invalid value for 'gpus': 0"),
                ),
                Case(
                    "the registry before the label",
                    creating(image="<registry>/no/such", name="-"),
                    refused(re.compile("No authentication provided .*")),
                ),
            ],
        ),
        Fact(
            "Two sessions may have one name.",
            "1.4",
            [
                Case(
                    "twice",
                    get("/session?type=headless"),
                    Reply(200, "application/json", holds=("<one>", "<two>")),
                    [have("one", name="twin"), have("two", name="twin")],
                )
            ],
        ),
    ],
)
