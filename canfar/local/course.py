"""What faults do to a request, in which order: the only place that says it.

Whoever answers requests, over a wire or in the process, goes along it and takes each step by means
of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, frozen

from canfar.local.contract.skaha import SERVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from canfar.local.contract.effects import Treatment
    from canfar.local.contract.messages import Reply

__all__ = ["Hang", "Send", "Silence", "Step", "course"]


@frozen
class Hang:
    """Let time pass, by the platform's clock.

    Attributes:
        seconds: How much, from where the wait before it ended.
    """

    seconds: float


@frozen
class Silence:
    """Cut the connection, with nothing said."""


@frozen
class Send:
    """Send the reply.

    Attributes:
        reply: What is sent.
        half: Whether the connection is cut in the middle of its body.
        pace: Bytes of the body that are sent per second; None sends it at once.
    """

    reply: Reply
    half: bool = False
    pace: float | None = None

    @property
    def status(self) -> int | None:
        """What the client was answered; None if it got no whole reply."""
        return None if self.half else self.reply.status


Step: TypeAlias = Hang | Silence | Send


def course(treatment: Treatment, answer: Callable[[], Reply]) -> Iterator[Step]:
    """The steps to take, each before the next is asked for. The last is no wait.

    Args:
        treatment: What was decided.
        answer: Applies the request; called between two steps.
    """
    if treatment.wait:
        yield Hang(treatment.wait)
    reply = answer() if treatment.apply else None
    if treatment.hold:
        yield Hang(treatment.hold)
    if treatment.instead is not None:
        headers = (("server", SERVER), *treatment.instead.headers)
        reply = evolve(treatment.instead, headers=headers)
    if reply is None or treatment.cut in {"before", "after"}:
        yield Silence()
    else:
        yield Send(reply, half=treatment.cut == "midway", pace=treatment.pace)
