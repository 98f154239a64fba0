"""From a reply to a value or to the error that says why there is none."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, TypeVar

from attrs import frozen

from canfar import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from canfar._core.steps import Call, Reply

T = TypeVar("T")

FIRST_REDIRECT: Final = 300
SECONDS: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")

SERVER_TEXT_LIMIT: Final = 500
"""Characters of a server's text that a message shows; ``server_text`` has all of it."""


@frozen
class Cause:
    """A kind of error, and how to recognise it in an answer."""

    kind: type[errors.ServerError]
    status: range
    words: re.Pattern[str] = re.compile("")
    advice: str = ""


def _only(status: int) -> range:
    return range(status, status + 1)


_LOG_IN = "`canfar login` logs in; or pass token= or certificate=, or set CANFAR_TOKEN."

# In this order; texts are those of Skaha 1.4 (protocol notes, sections 1.4, 1.7 and 5).
CAUSES: Final = (
    Cause(errors.CredentialExpired, _only(401), re.compile("expired", re.IGNORECASE), _LOG_IN),
    Cause(errors.NotLoggedIn, _only(401), advice=_LOG_IN),
    Cause(
        errors.NotLoggedIn,
        _only(400),
        re.compile("cannot get group memberships for anonymous"),
        _LOG_IN,
    ),
    Cause(
        errors.QuotaReached,
        _only(400),
        re.compile("has reached the maximum"),
        "Destroy a session that is no longer needed; fetch() lists yours.",
    ),
    Cause(
        errors.ImageNotAllowed,
        _only(400),
        re.compile("must come from one of"),
        "Use an image from one of these registries; Images().fetch() lists public ones.",
    ),
    Cause(
        errors.RegistryLoginNeeded,
        _only(400),
        re.compile("No authentication provided for unknown or private image"),
        "Check the image's name and tag; for a private one pass "
        "config=Configuration(registry=ContainerRegistry(username=..., secret=...)).",
    ),
    Cause(
        errors.OptionNotOffered,
        _only(400),
        re.compile(r"Invalid value for '(cores|ram|gpus)'"),
        "Context().resources() lists what this platform offers.",
    ),
    Cause(errors.RequestRefused, _only(400)),
    Cause(errors.Forbidden, _only(403)),
    Cause(errors.NotFound, _only(404)),
    Cause(errors.ServerBusy, _only(429), advice="Try again later."),
    Cause(errors.ServerBusy, _only(503), advice="Try again later."),
    Cause(errors.ServerError, range(FIRST_REDIRECT, 1000)),
)


def settle(call: Call[T], reply: Reply) -> T:
    """Return what a good reply means, or raise what a bad one says."""
    if reply.status_code < FIRST_REDIRECT:
        return call.settle(reply)
    raise error_for(reply)


def error_for(reply: Reply) -> errors.CanfarError:
    """Return the error that a reply with a status of 300 or more stands for."""
    text = str(reply.parsed or "").strip()
    if "html" in reply.headers.get("content-type", "").lower():
        text = _title(text)
    cause = next(c for c in CAUSES if reply.status_code in c.status and c.words.search(text))
    return cause.kind(
        text[:SERVER_TEXT_LIMIT] or "the server gave no reason",
        advice=cause.advice,
        status_code=reply.status_code,
        method=reply.method,
        url=reply.url,
        server_text=text,
        retry_after=retry_after(reply.headers),
    )


def _title(page: str) -> str:
    found = re.search(r"<title>(.*?)</title>", page, re.IGNORECASE | re.DOTALL)
    title = f" called {found[1].strip()!r}" if found else ""
    return f"something between you and the server answered with a page{title}"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a Retry-After header asks for, None when it makes no sense."""
    value = headers.get("retry-after", "").strip()
    if SECONDS.fullmatch(value):
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    # RFC 9110 dates are GMT; one without a zone is read as that.
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
