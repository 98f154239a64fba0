"""Which requests go wrong, decided in the order of their arrival."""

from __future__ import annotations

import random
from threading import Lock
from typing import TYPE_CHECKING

from attrs import define, field

from canfar.local.contract.effects import Treatment

if TYPE_CHECKING:
    from canfar.local.contract.faults import Fault
    from canfar.local.contract.messages import Request
    from canfar.local.contract.operations import Operation

__all__ = ["FaultPlan"]

_PLAIN = Treatment()


@define
class _Entry:
    """A fault and how far it has come."""

    fault: Fault
    random: random.Random
    seen: int = field(default=0)
    struck: int = field(default=0)

    @property
    def over(self) -> bool:
        return self.fault.times is not None and self.struck >= self.fault.times


class FaultPlan:
    """The faults of a platform.

    Each fault draws from a sequence of its own, once for each request of its operation. So with the
    same seed the n-th ``create`` meets the same fate in every run, however many other requests come
    in between and whichever client sends it.

    Faults are asked in the order in which they were added. Delays add up, and the slowest drip
    counts; but of those that decide what the client gets (an error, a page, a cut) the first one
    does, and the others wait for a later request. So "fail twice, then cut once" is two faults.

    Args:
        seed: Makes what is drawn repeatable; None draws something else each time.

    Example:
        >>> from canfar.local.contract.effects import Fail
        >>> from canfar.local.contract.faults import Fault
        >>> from canfar.local.contract.messages import Request
        >>> from canfar.local.contract.operations import Operation
        >>> plan = FaultPlan(seed=7)
        >>> plan.add(Fault.certain("list", Fail(503), times=1))
        >>> request, operation = Request("GET", "/skaha/v1/session"), Operation("list_sessions")
        >>> [plan.treat(request, operation).instead is None for _ in range(2)]
        [False, True]
    """

    def __init__(self, seed: int | None = None) -> None:
        self._seed = seed
        self._lock = Lock()
        self._added = 0
        self._entries: list[_Entry] = []

    def add(self, fault: Fault) -> None:
        """Add a fault, after those that are there.

        Args:
            fault: The fault.
        """
        with self._lock:
            seed = fault.seed
            if seed is None and self._seed is not None:
                # Two alike must not strike the same requests.
                seed = self._seed + self._added
            self._added += 1
            self._entries.append(_Entry(fault, random.Random(seed)))  # noqa: S311 - no secret

    def clear(self) -> None:
        """Drop all faults; a seed begins anew."""
        with self._lock:
            self._entries.clear()
            self._added = 0

    def treat(self, request: Request, operation: Operation) -> Treatment:
        """Decide what happens to a request that has arrived.

        Args:
            request: The request.
            operation: What it asks for.
        """
        if not self._entries:
            return _PLAIN
        treatment = _PLAIN
        with self._lock:
            for entry in self._entries:
                if not entry.fault.takes(operation):
                    continue
                # Drawn even when it is over or not yet begun: a request's number is its fate.
                effect = entry.fault.draw(entry.random.random())
                entry.seen += 1
                if effect is None or entry.over or entry.seen <= entry.fault.skip:
                    continue
                changed = effect.onto(treatment, request)
                if changed is not None:
                    treatment = changed
                    entry.struck += 1
        return treatment
