"""The platform as an httpx transport: the same contract without a socket.

What is asked is what would be asked over the wire, headers and body included, and so is what comes
back. Headless commands are real processes all the same. Nothing of ``canfar[local]`` is needed.

Example:
    >>> import httpx
    >>> import canfar.local
    >>> door = canfar.local.transport(token="mine")
    >>> with httpx.Client(transport=door, base_url=door.url) as client:
    ...     client.get("/session", headers={"Authorization": "Bearer mine"}).json()
    []
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

import httpx
from attrs import evolve

from canfar.local.answering import answer
from canfar.local.contract.messages import Request
from canfar.local.contract.operations import operation_of
from canfar.local.course import Hang, Send, Silence, course

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from canfar.local.answering import Runner
    from canfar.local.contract.effects import Treatment
    from canfar.local.contract.fault_plan import FaultPlan
    from canfar.local.contract.journal import Journal
    from canfar.local.contract.messages import Reply
    from canfar.local.contract.world import World
    from canfar.local.platform import LocalPlatform

__all__ = ["LocalTransport", "transport"]

_LOOK_SECONDS: Final = 0.01
_CONNECTION: Final = 0


class Parts(Protocol):
    """A running platform's parts."""

    @property
    def world(self) -> World:
        """What answers."""
        ...

    @property
    def runner(self) -> Runner:
        """What runs commands."""
        ...

    @property
    def logs(self) -> Path:
        """The folder with a file for each session that wrote something."""
        ...

    @property
    def plan(self) -> FaultPlan:
        """What goes wrong."""
        ...

    @property
    def journal(self) -> Journal:
        """Where requests are written down."""
        ...


class LocalTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends requests straight to a platform of this process, for ``Client`` and ``AsyncClient``.

    Faults strike here as they do over the wire. A connection that is cut is an
    ``httpx.RemoteProtocolError``.

    Args:
        platform: The platform.
        parts: Its parts, asked for again with each request.
        owned: Whether the platform stops when the transport is closed.
    """

    def __init__(
        self, platform: LocalPlatform, parts: Callable[[], Parts], *, owned: bool = False
    ) -> None:
        self._platform = platform
        self._parts = parts
        self._owned = owned

    @property
    def platform(self) -> LocalPlatform:
        """The platform, for its token, its home and its clock."""
        return self._platform

    @property
    def url(self) -> str:
        """The versioned base URL that clients of this transport use."""
        return self._platform.url

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of an ``httpx.Client``."""
        request.read()
        visit = _Visit(self._parts(), request)
        for seconds in visit.pauses():
            time.sleep(seconds)
        return visit.response(_Body(visit.pieces()))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of an ``httpx.AsyncClient``."""
        await request.aread()
        visit = _Visit(self._parts(), request)
        for seconds in visit.pauses():
            await asyncio.sleep(seconds)
        return visit.response(_AsyncBody(visit.pieces()))

    def close(self) -> None:
        """Stop the platform, if it is this transport's own."""
        if self._owned:
            self._platform.stop()

    async def aclose(self) -> None:
        """Stop the platform, if it is this transport's own, without holding up the event loop."""
        await asyncio.to_thread(self.close)

    def __repr__(self) -> str:
        """Where it leads, never a token."""
        return f"<LocalTransport to {self._platform!r}>"


def transport(**options: Any) -> LocalTransport:
    """Start a platform that has no port, and give the only way to it.

    Args:
        options: Those of :class:`canfar.local.LocalPlatform`.

    Returns:
        A transport for one ``httpx.Client`` or ``httpx.AsyncClient``. The platform stops when the
        client is closed; or stop it with ``transport.close()``.

    Raises:
        ValueError: An option makes no sense.
        OSError: The state folder can't be used.

    Example:
        >>> import httpx
        >>> from canfar.local import transport
        >>> door = transport(username="ada")
        >>> with httpx.Client(transport=door, base_url=door.url) as client:
        ...     door.platform.username, client.get("/session").status_code
        ('ada', 400)
    """
    from canfar.local.platform import LocalPlatform  # noqa: PLC0415 - it imports this module

    return LocalPlatform(serve=False, **options).start().transport(owned=True)


class _Visit:
    """One request on its way through the platform."""

    def __init__(self, parts: Parts, request: httpx.Request) -> None:
        self._parts = parts
        self._method = request.method
        self._request = _contract_request(request)
        operation = operation_of(self._request, parts.world.settings.generation.base_path)
        # Before anybody is told of it, who might move the clock then.
        self._due = parts.world.clock.now()
        self._number = parts.journal.arrived(self._request, operation, _CONNECTION)
        self._treatment: Treatment = parts.plan.treat(self._request, operation)
        self._reply: Reply | None = None

    def pauses(self) -> Iterator[float]:
        """Do it all; each value is a time to sleep, in seconds, before going on.

        Raises:
            httpx.RemoteProtocolError: The connection is cut.
        """
        for step in course(self._treatment, self._answer):
            match step:
                case Hang():
                    yield from self._wait(step.seconds)
                case Silence():
                    self._parts.journal.answered(self._number, None)
                    raise httpx.RemoteProtocolError(
                        "Server disconnected without sending a response."
                    )
                case Send():
                    self._reply = step.reply
                    self._parts.journal.answered(self._number, step.status)
                    if step.pace is not None:
                        yield from self._wait(len(self._content()) / step.pace)

    def response(self, stream: httpx.SyncByteStream | httpx.AsyncByteStream) -> httpx.Response:
        """The reply, with its body."""
        reply = self._reply
        if reply is None:
            raise RuntimeError("there is no reply yet")
        now = self._parts.world.clock.now()
        headers = [("date", format_datetime(now, usegmt=True)), *reply.headers]
        headers.append(("content-length", str(len(self._content()))))
        if reply.content_type is not None:
            headers.append(("content-type", reply.content_type))
        return httpx.Response(
            reply.status,
            headers=headers,
            stream=stream,
            extensions={"http_version": b"HTTP/1.1"},
        )

    def pieces(self) -> Iterator[bytes]:
        """The body.

        Raises:
            httpx.RemoteProtocolError: The connection is cut in the middle.
        """
        content = b"" if self._method == "HEAD" else self._content()
        if self._treatment.cut != "midway":
            yield content
            return
        yield content[: len(content) // 2]
        raise httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body"
        )

    def _answer(self) -> Reply:
        reply = answer(self._request, self._parts.world, self._parts.runner)
        self._parts.journal.applied(self._number)
        return reply

    def _content(self) -> bytes:
        reply = self._reply
        if reply is None:
            return b""
        if reply.log_of is not None:
            # Once: the session may go on writing between this and the next time.
            with suppress(FileNotFoundError):
                log = (self._parts.logs / f"{reply.log_of}.log").read_bytes()
                reply = evolve(reply, body=reply.body + log)
            self._reply = reply = evolve(reply, log_of=None)
        return reply.body

    def _wait(self, seconds: float) -> Iterator[float]:
        """Times to sleep until the platform's clock has moved on."""
        if seconds <= 0:
            return
        clock = self._parts.world.clock
        self._due += timedelta(seconds=seconds)
        # Nobody tells when a clock is moved.
        while (left := (self._due - clock.now()).total_seconds()) > 0:
            yield min(left, _LOOK_SECONDS)


class _Body(httpx.SyncByteStream):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


def _contract_request(request: httpx.Request) -> Request:
    path, _, query = request.url.raw_path.decode("latin-1").partition("?")
    return Request(
        method=request.method,
        path=path,
        query=query,
        headers=tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in request.headers.raw
        ),
        body=request.content,
    )
