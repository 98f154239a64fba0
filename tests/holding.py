"""Requests that the platform holds until a test lets them go.

A test that races a clock instead fails on a machine that is busy.
"""

from __future__ import annotations

import time

PATIENCE = 60.0
"""Seconds after which something that never happens fails a test."""

HELD = 60.0
"""Seconds of the platform's clock; after an hour it would forget what has ended."""


def until(what):
    """Wait until ``what()`` is true, and return what it gave."""
    end = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < end, "it never became true"
        time.sleep(0.01)
    return found


class Holding:
    """Hold the replies of an operation, after some that pass.

    They go by the platform's clock, so that moving it lets go all that are held. What comes
    later is held again.
    """

    def __init__(self, platform, operation, *, skip):
        self._platform = platform
        self._operation = operation
        self._skip = skip + platform.count(operation)
        platform.delay(operation, seconds=HELD, after=True, skip=skip)

    def wait(self, held):
        """Wait until so many are held, all of which the platform has done already."""
        until(lambda: self._platform.count(self._operation, applied=True) >= self._skip + held)

    def let_go(self):
        """Let go those that are held."""
        self._platform.advance(seconds=HELD)

    def let_go_until(self, over):
        """Let go what is held, and what comes later, until ``over()``."""
        last, since = None, 0.0

        def step():
            nonlocal last, since
            held = self._held()
            # Applied a moment ago, one may begin to wait only after the clock was moved.
            if held and (held != last or time.monotonic() > since + 1):
                last, since = held, time.monotonic()
                self.let_go()
            return over()

        until(step)

    def _held(self):
        return [
            arrival.number
            for arrival in self._platform.requests
            if arrival.is_of(self._operation) and arrival.applied and arrival.status is None
        ]
