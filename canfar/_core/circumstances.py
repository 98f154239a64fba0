"""What a request needs to know of the call it is part of, whichever thread or task sends it."""

from __future__ import annotations

from contextvars import ContextVar
from threading import Event, Lock
from typing import TYPE_CHECKING, Final

from attrs import field, frozen, mutable

if TYPE_CHECKING:
    from canfar._core.steps import Clock

ALLOWANCE: Final = 20.0
"""Second tries that a bulk call has from the start."""

EARNED: Final = 0.5
"""Second tries that each success adds: a server that mostly works may be asked more often."""


@mutable(eq=False)
class Campaign:
    """What the requests of a bulk call share, so that they do not all press a busy server.

    Attributes:
        clock: The clock.
        not_before: The clock's time before which the server asked not to be called.
        stopping: Set when the call has been interrupted: nobody waits any longer.
    """

    clock: Clock
    not_before: float = 0.0
    stopping: Event = field(factory=Event)
    _allowance: float = ALLOWANCE
    _lock: Lock = field(factory=Lock)

    def hold(self, seconds: float) -> None:
        """Let nobody send before this many seconds are over."""
        with self._lock:
            self.not_before = max(self.not_before, self.clock() + seconds)

    def left_to_hold(self) -> float:
        """Return the seconds until sending is wanted again."""
        return max(0.0, self.not_before - self.clock())

    def take(self) -> bool:
        """Take one second try from the allowance; False when it is used up."""
        with self._lock:
            if self._allowance < 1:
                return False
            self._allowance -= 1
            return True

    def earn(self) -> None:
        """Note a success."""
        with self._lock:
            self._allowance = min(self._allowance + EARNED, ALLOWANCE)


@frozen(eq=False)
class Circumstances:
    """What holds for the requests that are sent now.

    Attributes:
        campaign: What they share.
        repeatable: Whether sending one twice does what sending it once does; None to go by method.
        deadline: The clock's time at which the whole call is to be over, or None.
        once: Whether nothing is to be sent a second time.
        streams: Whether the body goes to a file as it comes, so that it must not be read before.
    """

    campaign: Campaign
    repeatable: bool | None = None
    deadline: float | None = None
    once: bool = False
    streams: bool = False


CIRCUMSTANCES: Final[ContextVar[Circumstances | None]] = ContextVar("canfar", default=None)
