"""When a request is sent again, and how long to wait before."""

from __future__ import annotations

from typing import Final

from attrs import frozen

__all__ = ["Attempt", "RetryPolicy"]

PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses after which the same request may well work."""

TOO_MANY: Final = 429
UNAVAILABLE: Final = 503


@frozen(kw_only=True)
class Attempt:
    """How one attempt to send a request ended.

    Attributes:
        number: 1 for the first attempt.
        repeatable: Whether sending the request twice does what sending it once does.
        status: The status of the reply, or None when there was none.
        sent: Whether anything of the request can have reached the server.
        retry_after: Seconds after which the server asked to try again, or None.
        waited: Seconds that were already spent waiting between attempts.

    Example:
        >>> from canfar.retry import Attempt, RetryPolicy
        >>> busy = Attempt(number=1, repeatable=False, status=429, retry_after=2)
        >>> RetryPolicy().pause(busy, chance=0.5)
        2
    """

    number: int
    repeatable: bool
    status: int | None = None
    sent: bool = True
    retry_after: float | None = None
    waited: float = 0.0


@frozen(kw_only=True)
class RetryPolicy:
    """How persistent a client is; times are in seconds.

    Reads, deletions and renewals are sent again after a passing failure. A create is sent again
    only when the server surely did nothing with it; when its reply is lost, the session is looked
    for by its name first.

    Args:
        tries: How often a request is sent at most; 1 never repeats.
        first: The longest pause before the second try; it doubles with each further one.
        longest: The longest pause that we choose ourselves.
        budget: The longest time a request spends in pauses; a server that asks for a longer one
            gets no second try.
        listed_within: How long a server takes at most to list a session that it has started.
        slow_create: The same for a create that was not answered in time and may still be under way.

    Example:
        >>> from canfar.retry import Attempt, RetryPolicy
        >>> policy = RetryPolicy(tries=3, first=0.5)
        >>> policy.pause(Attempt(number=1, repeatable=True, status=503), chance=1.0)
        0.5
        >>> policy.pause(Attempt(number=1, repeatable=False, status=502), chance=1.0) is None
        True
    """

    tries: int = 3
    first: float = 0.5
    longest: float = 8.0
    budget: float = 60.0
    listed_within: float = 5.0
    slow_create: float = 60.0

    def pause(self, attempt: Attempt, *, chance: float) -> float | None:
        """Return the seconds to wait before the next try, None when there is to be none.

        Args:
            attempt: How the last try ended.
            chance: A random number from 0 to 1, so that many clients do not return at once.

        Returns:
            Seconds, or None.

        Example:
            >>> from canfar.retry import Attempt, RetryPolicy
            >>> third = Attempt(number=3, repeatable=True, status=503)
            >>> RetryPolicy(tries=5).pause(third, chance=0.5)
            1.0
        """
        if attempt.number >= self.tries or not self._worth_it(attempt):
            return None
        if attempt.retry_after is not None:
            pause = attempt.retry_after
        else:
            pause = chance * min(self.longest, self.first * 2 ** (attempt.number - 1))
        return pause if attempt.waited + pause <= self.budget else None

    @staticmethod
    def _worth_it(attempt: Attempt) -> bool:
        if not attempt.sent or attempt.status == TOO_MANY:
            return True
        if attempt.status == UNAVAILABLE and attempt.retry_after is not None:
            return True
        return attempt.repeatable and (attempt.status is None or attempt.status in PASSING)
