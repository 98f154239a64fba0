"""The contract as an ASGI application."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING, BinaryIO, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse

from canfar.local.answering import answer
from canfar.local.contract.fault_plan import FaultPlan
from canfar.local.contract.journal import Journal
from canfar.local.contract.messages import Reply, Request
from canfar.local.contract.operations import operation_of
from canfar.local.server.connections import Connections
from canfar.local.server.treating import Exchange, treat

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from canfar.local.answering import Runner
    from canfar.local.contract.world import World

__all__ = ["application"]

_CHUNK: Final = 1 << 16


def application(
    world: World,
    runner: Runner,
    logs: Path,
    *,
    faults: FaultPlan | None = None,
    journal: Journal | None = None,
    connections: Connections | None = None,
) -> ASGIApp:
    """Make the application.

    Args:
        world: The platform that answers.
        runner: What runs its commands.
        logs: The folder with a file for each session that wrote something.
        faults: What goes wrong.
        journal: Where requests are written down.
        connections: The server's.
    """
    plan, written, lines = faults or FaultPlan(), journal or Journal(), connections or Connections()

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        http = HttpRequest(scope, receive)
        try:
            body = await http.body()
        except ClientDisconnect:
            return
        request = _request(http, body)
        operation = operation_of(request, world.settings.generation.base_path)
        # Before anybody is told of it, who might move the clock then.
        arrival = world.clock.now()
        number = written.arrived(request, operation, lines.number(scope))
        await treat(
            plan.treat(request, operation),
            Exchange(scope, receive, send, world.clock, lines, arrival),
            answer=lambda: answered(request, number),
            render=lambda reply: _response(reply, logs, world.clock.now()),
            note=lambda status: written.answered(number, status),
        )

    def answered(request: Request, number: int) -> Reply:
        # Answering takes about a millisecond, less than handing it to another thread would.
        reply = answer(request, world, runner)
        written.applied(number)
        return reply

    return serve


def _request(http: HttpRequest, body: bytes) -> Request:
    scope = http.scope
    return Request(
        method=http.method,
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=tuple(http.headers.items()),
        body=body,
    )


async def _response(reply: Reply, logs: Path, now: datetime) -> Response:
    response: Response
    if reply.log_of is None:
        response = Response(reply.body, reply.status)
    else:
        response = await _with_log(reply, logs / f"{reply.log_of}.log")
    if reply.content_type is not None:
        # Set here and not through media_type, to which Starlette would add a charset.
        response.headers["content-type"] = reply.content_type
    # By the platform's clock, which is what the times in its replies are read from.
    response.headers["date"] = format_datetime(now, usegmt=True)
    for name, value in reply.headers:
        response.headers.append(name, value)
    return response


async def _with_log(reply: Reply, path: Path) -> Response:
    """A reply that goes on with a file; the file may not be there yet, or no longer."""
    try:
        file = await run_in_threadpool(_open, path)
    except FileNotFoundError:
        return Response(reply.body, reply.status)
    beginning = await run_in_threadpool(file.read, _CHUNK)
    if len(beginning) < _CHUNK:
        file.close()
        return Response(reply.body + beginning, reply.status)
    return StreamingResponse(_pieces(reply.body + beginning, file), reply.status)


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


async def _pieces(beginning: bytes, file: BinaryIO) -> AsyncIterator[bytes]:
    """A long file in pieces: its length isn't told, for the session may be writing."""
    with file:
        yield beginning
        while chunk := await run_in_threadpool(file.read, _CHUNK):
            yield chunk
