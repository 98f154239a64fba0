"""Takes the steps of one request's course over the wire."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from attrs import mutable

from canfar.local.course import Hang, Send, Silence, course

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from starlette.responses import Response
    from starlette.types import Message, Receive, Scope
    from starlette.types import Send as Sending

    from canfar.local.contract.clock import Clock
    from canfar.local.contract.effects import Treatment
    from canfar.local.contract.messages import Reply
    from canfar.local.server.connections import Connections

__all__ = ["Exchange", "treat"]

_LOOK_SECONDS: Final = 0.01
_PIECES_PER_SECOND: Final = 50


class Stopping(Exception):
    """The server stops while a request waits."""


@mutable
class Exchange:
    """One request's way in and its reply's way out.

    Attributes:
        scope: The request's, as ASGI has it.
        receive: The request's.
        send: The request's.
        clock: What every wait goes by.
        connections: What can cut it off.
        due: Until when it waits: what a delay adds to, from the time of its arrival on.
    """

    scope: Scope
    receive: Receive
    send: Sending
    clock: Clock
    connections: Connections
    due: datetime

    async def cut(self) -> None:
        """Close the connection."""
        await self.connections.cut(self.scope, self.receive)

    async def wait(self, seconds: float) -> None:
        """Wait until the platform's clock has moved on, by itself or because a test moved it.

        Args:
            seconds: By how much.

        Raises:
            Stopping: The server stops before.
        """
        self.due += timedelta(seconds=seconds)
        await self.wait_until(self.due)

    async def wait_until(self, due: datetime) -> None:
        """Wait until the platform's clock shows a time.

        Args:
            due: The time.

        Raises:
            Stopping: The server stops before.
        """
        # Nobody tells when a clock is moved.
        while (left := (due - self.clock.now()).total_seconds()) > 0:
            if self.connections.closing:
                raise Stopping
            await asyncio.sleep(min(left, _LOOK_SECONDS))


async def treat(
    treatment: Treatment,
    exchange: Exchange,
    answer: Callable[[], Reply],
    render: Callable[[Reply], Awaitable[Response]],
    note: Callable[[int | None], None],
) -> None:
    """Answer a request as its treatment has it.

    Args:
        treatment: What was decided.
        exchange: The request's way in and out.
        answer: Applies the request.
        render: Makes the reply something to send.
        note: Told the status that is answered; None for a cut.
    """
    try:
        for step in course(treatment, answer):
            match step:
                case Hang():
                    await exchange.wait(step.seconds)
                case Silence():
                    note(None)
                    await exchange.cut()
                case Send():
                    response = await render(step.reply)
                    # Before anybody is told of it, who might move the clock then.
                    send = _sending(step, exchange)
                    note(step.status)
                    await response(exchange.scope, exchange.receive, send)
                    if step.half:
                        await exchange.cut()
    except Stopping:
        note(None)
        await exchange.cut()


def _sending(step: Send, exchange: Exchange) -> Sending:
    if step.half:
        return _half(exchange.send)
    return exchange.send if step.pace is None else _slow(exchange, step.pace)


def _half(send: Sending) -> Sending:
    """Sends the beginning of a reply, and of its first piece of body half."""
    start: list[Message] = []
    over = False

    async def sending(message: Message) -> None:
        nonlocal over
        if message["type"] == "http.response.start":
            start.append(message)
        elif not over:
            over = True
            body: bytes = message.get("body", b"")
            # A reply without a body has no middle: then nothing of it is sent.
            if body:
                await send(start[0])
                await send({**message, "body": body[: len(body) // 2], "more_body": True})

    return sending


def _slow(exchange: Exchange, bytes_per_second: float) -> Sending:
    """Sends bodies in small pieces, each when its time has come."""
    size = max(1, int(bytes_per_second / _PIECES_PER_SECOND))
    begun = exchange.clock.now()
    sent = 0

    async def sending(message: Message) -> None:
        nonlocal sent
        body: bytes = message.get("body", b"")
        for at in range(0, len(body), size):
            piece = body[at : at + size]
            sent += len(piece)
            await exchange.wait_until(begun + timedelta(seconds=sent / bytes_per_second))
            await exchange.send({"type": message["type"], "body": piece, "more_body": True})
        await exchange.send({**message, "body": b""} if body else message)

    return sending
