"""VOSI: availability and capabilities, for anybody."""

from __future__ import annotations

import re

from skaha_cases.vocabulary import XML, Case, Fact, Reply, Request, Subject, get, text

_UP = "/skaha/availability"
_CAN = "/skaha/capabilities"
_NAMES = ("session", "context", "image", "repository")


def _capability(standard, url, use, path=".*"):
    return re.compile(
        rf'.*<capability standardID="{re.escape(standard)}">\s+'
        rf'<interface xsi:type="vs:ParamHTTP" role="std" version="1.0">\s+'
        rf'<accessURL use="{use}">https?://[^/]+{url}</accessURL>.*'
    )


SUBJECT = Subject(
    "VOSI",
    [
        Fact(
            "Availability is XML with CRLF, and true.",
            "5.8",
            [
                Case(
                    f"{method}, {who}",
                    Request(method, _UP, token=token),
                    Reply(
                        200,
                        XML,
                        re.compile(
                            r'<\?xml version="1.0" encoding="UTF-8"\?>\r\n<vosi:availability '
                            r'xmlns:vosi="http://www.ivoa.net/xml/VOSIAvailability/v1.0">\r\n'
                            r"  <vosi:available>true</vosi:available>\r\n.*"
                            r"</vosi:availability>\s*"
                        ),
                    ),
                )
                for method in ("GET", "POST")
                for who, token in (("nobody", None), ("somebody", "mine"))
            ],
        ),
        Fact(
            "With detail=min it is 200 and nothing.",
            "5.8",
            [
                Case(
                    "detail=min",
                    get(f"{_UP}?detail=min", token=None),
                    Reply(200, None, ""),
                )
            ],
        ),
        Fact(
            "Bad credentials make it 503.",
            "5.8",
            [
                Case(
                    "a bad token",
                    get(_UP, token=None, headers={"Authorization": "Bearer x"}),
                    text(re.compile("temporarily unavailable: .*\n"), 503, Retry_After="30"),
                )
            ],
        ),
        Fact(
            "Another method is 405.",
            "1.1",
            [
                Case(
                    f"{method} {path}",
                    Request(method, path, token=None),
                    Reply(405, "text/plain;charset=ISO-8859-1", headers={"Allow": allowed}),
                )
                for method, path, allowed in (
                    ("PUT", _UP, "GET, POST"),
                    ("DELETE", _UP, "GET, POST"),
                    ("DELETE", _CAN, "GET, HEAD"),
                )
            ],
        ),
        Fact(
            "Capabilities are XML and name the four current services.",
            "5.8",
            [
                Case(
                    name,
                    get(_CAN, token=None),
                    Reply(
                        200,
                        XML,
                        _capability(
                            f"http://www.opencadc.org/std/platform#{name}-1",
                            f"/skaha/v1/{name}",
                            "base",
                        ),
                    ),
                )
                for name in _NAMES
            ],
        ),
        Fact(
            "They name VOSI's own two, in full.",
            "5.8",
            [
                Case(
                    name,
                    get(_CAN, token=None),
                    Reply(
                        200,
                        XML,
                        _capability(f"ivo://ivoa.net/std/VOSI#{name}", f"/skaha/{name}", "full"),
                    ),
                )
                for name in ("capabilities", "availability")
            ],
        ),
        Fact(
            "They still name a /v0 that isn't there.",
            "1.1, 5.8",
            [
                Case(
                    "sessions-1.0",
                    get(_CAN, token=None),
                    Reply(
                        200,
                        XML,
                        _capability(
                            "vos://cadc.nrc.ca~vospace/CADC/std/Proc#sessions-1.0",
                            "/skaha/v0",
                            "base",
                        ),
                    ),
                )
            ],
        ),
        Fact(
            "Capabilities have no namespace of their own; the root has VOSI's.",
            "5.8",
            [
                Case(
                    "root",
                    get(_CAN, token=None),
                    Reply(
                        200,
                        XML,
                        re.compile(
                            r".*<vosi:capabilities[^>]*"
                            r'xmlns:vosi="http://www.ivoa.net/xml/VOSICapabilities/v1.0".*'
                            r"\s<capability .*</vosi:capabilities>\s*"
                        ),
                    ),
                )
            ],
        ),
        Fact(
            "HEAD of capabilities is 200.",
            "1.1, 5.8",
            [Case("HEAD", Request("HEAD", _CAN, token=None), Reply(200, XML, ""))],
        ),
        Fact(
            "Under OpenID Connect the token's interface alone has a securityMethod.",
            "5.8",
            [
                Case(
                    "token",
                    get(_CAN, token=None),
                    Reply(
                        200,
                        XML,
                        re.compile(
                            "(?!.*sso#cookie)(?!.*tls-with-certificate)"
                            '.*<securityMethod standardID="ivo://ivoa.net/sso#token" />.*'
                        ),
                    ),
                    platform={},
                )
            ],
        ),
    ],
)
