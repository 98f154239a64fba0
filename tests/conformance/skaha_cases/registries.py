"""``x-skaha-registry-auth``: images that are not in the public list; and ``GET /repository``."""

from __future__ import annotations

from base64 import b64encode

from attrs import evolve

from skaha_cases.vocabulary import (
    JSON,
    Case,
    Fact,
    Reply,
    Subject,
    created,
    creating,
    get,
    refused,
)

_PRIVATE = creating(image="<registry>/private/thing:1")
_NO_AUTH = refused(
    "No authentication provided for unknown or private image.  Use x-skaha-registry-auth "
    "request header with base64Encode(username:secret)."
)
_FORM = refused("Invalid input.  Must be in form of username:secret")


def _with(value, request=_PRIVATE):
    return evolve(request, headers={"x-skaha-registry-auth": value})


def _said(text, reply):
    return Case(f"{text!r}", _with(b64encode(text.encode()).decode()), reply)


SUBJECT = Subject(
    "Registries",
    [
        Fact(
            "The list is a compact JSON array of host names.",
            "2.6",
            [
                Case("GET /repository", get("/repository"), Reply(200, JSON)),
                Case(
                    "one",
                    get("/repository"),
                    Reply(200, JSON, '["images.canfar.net"]'),
                    platform={},
                ),
                Case(
                    "two",
                    get("/repository"),
                    Reply(200, JSON, '["a.org","b.org"]'),
                    platform={"registries": ["a.org", "b.org"], "images": ["a.org/i"]},
                ),
            ],
        ),
        Fact(
            "An image that isn't in the public list needs a registry's user name and secret.",
            "1.4",
            [
                Case("no header", _PRIVATE, _NO_AUTH),
                Case("interactive too", creating(image="<registry>/no", type="notebook"), _NO_AUTH),
                Case("an unknown tag of a known image", creating(image="<image>x"), _NO_AUTH),
            ],
        ),
        Fact(
            "The header is base64 of username:secret, neither of them blank.",
            "1.4",
            [
                _said("alice:secret", created()),
                _said("alice", _FORM),
                _said("alice:", _FORM),
                _said("alice:a:b", _FORM),
                _said(":secret", refused("username is required.")),
                _said(" :secret", refused("username is required.")),
                _said("alice: ", refused("secret value cannot be empty.")),
            ],
        ),
        Fact(
            "With any well-formed header an image that doesn't exist is accepted.",
            "1.4",
            [
                Case(
                    f"{kind}",
                    _with("YWxpY2U6c2VjcmV0", creating(image="<registry>/no/such:1", type=kind)),
                    created(),
                )
                for kind in ("headless", "notebook")
            ],
        ),
        Fact(
            "For an image of the public list the header isn't read, even when it is malformed.",
            "1.4",
            [
                Case("malformed", _with("!!", creating()), created()),
                Case("without a colon", _with("YWxpY2U=", creating()), created()),
            ],
        ),
    ],
)
