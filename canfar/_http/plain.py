"""Requests without the user's credential: to registries, providers and unknown servers."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, Final

import httpx
from attrs import field, frozen

from canfar import __version__
from canfar._http.failures import is_refusal
from canfar._http.trust import trusted
from canfar.errors import BadReply, InvalidInput, NotLoggedIn, TimedOut, Unreachable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answer", "BasicLogin", "ask", "new_plain_client"]

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of an answer that is read; what registries and providers send is far smaller."""

FIRST_REDIRECT: Final = 300


@frozen
class Answer:
    """What came back.

    Attributes:
        status: The HTTP status.
        media: The content type without its parameters, in lower case.
        content: The body, which may hold tokens and keys.
        url: The URL that answered, after redirects, without its query.
        date: The server's clock as its Date header says, or an empty string.
    """

    status: int
    media: str
    content: bytes = field(repr=False)
    url: str
    date: str = ""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    @property
    def ok(self) -> bool:
        """Whether it says success."""
        return self.status < FIRST_REDIRECT


@frozen
class BasicLogin:
    """A user name and a password for one request; debuggers and tracebacks show its repr."""

    username: str
    password: str = field(repr=False)


def new_plain_client(timeout: float, *, redirects: bool = True) -> httpx.AsyncClient:
    """Return a client that has no credential, follows redirects, and keeps to its time.

    Args:
        timeout: Seconds for each phase of a request.
        redirects: Whether redirects are followed.
    """
    return httpx.AsyncClient(
        headers={"User-Agent": f"python-canfar/{__version__}"},
        follow_redirects=redirects,
        timeout=timeout,
        verify=trusted(),
    )


async def ask(
    client: httpx.AsyncClient,
    url: str,
    *,
    method: str = "GET",
    accept: str = "*/*",
    form: Mapping[str, str] | None = None,
    json: Any = None,
    login: BasicLogin | None = None,
    query: Mapping[str, str] | None = None,
) -> Answer:
    """Send a request and read its answer, whatever its status.

    Args:
        client: What sends it.
        url: Where to.
        method: The HTTP method.
        accept: The content types that are wanted.
        form: The fields of a form to send.
        json: A document to send.
        login: A user name and a password for this request.
        query: Parameters of the URL.

    Returns:
        The answer; an error that a server sends is one, too.

    Raises:
        InvalidInput: The URL, or one that it leads to, is no address of http or https.
        Unreachable: It cannot be reached, or the connection broke.
        NotLoggedIn: It demands the certificate of a user.
        TimedOut: No answer came in time.
        BadReply: The answer is too long.
    """
    shown = url.split("?", maxsplit=1)[0]
    try:
        request = client.build_request(
            method, url, headers={"Accept": accept}, data=form, json=json, params=query
        )
        auth = None if login is None else httpx.BasicAuth(login.username, login.password)
        response = await client.send(request, stream=True, auth=auth)
        try:
            pieces: list[bytes] = []
            size = 0
            async for piece in response.aiter_bytes():
                size += len(piece)
                if size > LARGEST:
                    raise BadReply(f"the answer of {shown} is longer than {LARGEST} bytes")
                pieces.append(piece)
        finally:
            await response.aclose()
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        problem: Exception = InvalidInput(f"{shown!r} is no address: {error}")
    except httpx.TimeoutException:
        problem = TimedOut(f"{shown} did not answer in time", method=method, url=shown)
    except (httpx.RequestError, ssl.SSLError) as error:
        # With asyncio, an alert after the handshake is no error of httpx's.
        reason = str(error) or type(error).__name__
        if is_refusal(error):
            problem = NotLoggedIn(f"{shown} demands a certificate", method=method, url=shown)
        else:
            problem = Unreachable(f"cannot reach {shown}: {reason}", method=method, url=shown)
    else:
        media = response.headers.get("content-type", "").split(";")[0].strip().lower()
        final = str(response.url.copy_with(query=None))
        date = response.headers.get("date", "")
        return Answer(response.status_code, media, b"".join(pieces), final, date)
    # Raised here, because the frames of httpx hold what was sent.
    raise problem
