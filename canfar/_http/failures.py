"""Say in our own errors what went wrong with a request."""

from __future__ import annotations

import re
import ssl
from typing import Final

import httpx
from skaha_client.errors import UnexpectedReply

from canfar.errors import (
    BadReply,
    CanfarError,
    ConnectionLost,
    InvalidInput,
    NotLoggedIn,
    TimedOut,
    Unreachable,
)

NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
"""What goes wrong before anything of a request has left."""

# In this order: some of httpx's errors are kinds of others.
MEANINGS: Final[tuple[tuple[tuple[type[httpx.RequestError], ...], type[CanfarError], str], ...]] = (
    (NOT_SENT, Unreachable, "cannot reach the server"),
    ((httpx.TimeoutException,), TimedOut, "the server did not answer in time"),
    ((httpx.DecodingError, httpx.TooManyRedirects), BadReply, "the reply is garbled"),
    ((httpx.RequestError,), ConnectionLost, "the connection broke before the reply was through"),
)


# What a server says in TLS about the certificate of a client, or the lack of one.
CERTIFICATE_ALERT: Final = re.compile(
    r"ALERT_(BAD_CERTIFICATE|CERTIFICATE_(REQUIRED|EXPIRED|REVOKED|UNKNOWN)|UNKNOWN_CA"
    r"|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)|alert (bad|expired|revoked) certificate"
    r"|alert (unknown ca|certificate|unsupported certificate|access denied)",
    re.IGNORECASE,
)


def as_ours(error: Exception) -> CanfarError:
    """Return the error of :mod:`canfar.errors` that says what went wrong with a request.

    It is to be raised where ``error`` is not being handled: the frames of httpx hold what was sent,
    and tracebacks that show local variables would show it.

    Raises:
        Exception: The error itself, when it is not about the request.
    """
    if isinstance(error, CanfarError):
        return error
    if isinstance(error, UnexpectedReply):
        return _unexpected(error)
    if isinstance(error, httpx.InvalidURL):
        return InvalidInput(f"the request cannot be sent: {error}")
    if isinstance(error, httpx.RequestError) and is_refusal(error):
        return _about(NotLoggedIn, error, "the server does not take the certificate, or wants one")
    for kinds, ours, what in MEANINGS:
        if isinstance(error, kinds):
            return _about(ours, error, what)
    raise error


def is_refusal(error: Exception) -> bool:
    """Whether the server refused in TLS who asks, so that asking again changes nothing."""
    return isinstance(error, httpx.RequestError | ssl.SSLError) and bool(
        CERTIFICATE_ALERT.search(str(error))
    )


def was_sent(error: Exception) -> bool:
    """Whether anything of a request that failed like this can have reached the server."""
    return not isinstance(error, NOT_SENT)


def _about(kind: type[CanfarError], error: httpx.RequestError, what: str) -> CanfarError:
    reason = str(error) or type(error).__name__
    request = error.request
    return kind(
        f"{what}: {reason}",
        method=request.method,
        url=str(request.url.copy_with(query=None)),
    )


def _unexpected(error: UnexpectedReply) -> BadReply:
    page = "html" in error.content_type.lower()
    text = error.content.decode(errors="replace").strip()
    return BadReply(
        "something between you and the server answered with a page"
        if page
        else f"the reply is not understood: {text[:200]!r}",
        advice="Check the URL, and whether a proxy or a login page is in the way." if page else "",
        status_code=error.status_code,
        method=error.method,
        url=error.url,
        server_text=text,
    )
