"""Send again what failed in passing, as the policy says, together with all of a bulk call."""

from __future__ import annotations

import logging
import random
from time import monotonic
from typing import TYPE_CHECKING, Final

import httpx

from canfar._core.circumstances import CIRCUMSTANCES, Campaign, Circumstances
from canfar._core.replies import retry_after
from canfar._http.failures import is_refusal, was_sent
from canfar.errors import DeadlinePassed
from canfar.retry import Attempt

if TYPE_CHECKING:
    from canfar.retry import RetryPolicy

logger: Final = logging.getLogger("canfar.http")

REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})
FIRST_FAILURE: Final = 400
LONGEST_NAP: Final = 0.2
"""Seconds after which somebody who waits looks whether the call has been interrupted."""


class Tries:
    """The tries of one request: pure bookkeeping, which either colour drives.

    Args:
        policy: How persistent to be.
        request: What is sent.
    """

    def __init__(self, policy: RetryPolicy, request: httpx.Request) -> None:
        found = CIRCUMSTANCES.get()
        self.reads_body = found is not None and not found.streams
        self._now = found if found is not None else Circumstances(Campaign(monotonic))
        self._policy = policy
        self._request = request
        self._number = 1
        self._waited = 0.0
        stated = self._now.repeatable
        self._repeatable = request.method in REPEATABLE if stated is None else stated
        self._timeout: dict[str, float | None] = dict(request.extensions.get("timeout", {}))

    @property
    def campaign(self) -> Campaign:
        """What the requests of a bulk call share."""
        return self._now.campaign

    def hold(self) -> float:
        """Return the seconds to wait before sending, because the server asked for a pause."""
        return self._within_deadline(self.campaign.left_to_hold())

    def begin(self) -> None:
        """Leave each phase of this try no more time than the whole call has left."""
        left = self._left()
        if left is None:
            return
        if left <= 0:
            raise self._too_late()
        self._request.extensions["timeout"] = {
            phase: left if seconds is None else min(seconds, left)
            for phase, seconds in self._timeout.items()
        }

    def after_reply(self, response: httpx.Response) -> float | None:
        """Return the seconds to wait before the next try, None when this reply is the answer."""
        if response.status_code < FIRST_FAILURE:
            self.campaign.earn()
            return None
        asked = retry_after(response.headers)
        pause = self._pause(status=response.status_code, asked=asked, sent=True)
        if asked is not None and pause is not None:
            self.campaign.hold(asked)
        if pause is not None:
            self._log(pause, f"HTTP {response.status_code}")
        return pause

    def after_failure(self, error: httpx.TransportError) -> float | None:
        """Return the seconds to wait before the next try, None when the failure stands."""
        if is_refusal(error):
            return None
        pause = self._pause(status=None, asked=None, sent=was_sent(error))
        if pause is not None:
            self._log(pause, type(error).__name__)
        return pause

    def _pause(self, *, status: int | None, asked: float | None, sent: bool) -> float | None:
        attempt = Attempt(
            number=self._number,
            repeatable=self._repeatable,
            status=status,
            sent=sent,
            retry_after=asked,
            waited=self._waited,
        )
        pause = self._policy.pause(attempt, chance=random.random())  # noqa: S311 - spreads load
        interrupted = self.campaign.stopping.is_set()
        if pause is None or interrupted or self._now.once or not self.campaign.take():
            return None
        left = self._left()
        if left is not None and pause >= left:
            return None
        self._number += 1
        self._waited += pause
        return pause

    def _left(self) -> float | None:
        end = self._now.deadline
        return None if end is None else end - self.campaign.clock()

    def _within_deadline(self, seconds: float) -> float:
        left = self._left()
        if left is not None and seconds > left:
            raise self._too_late()
        return seconds

    def _too_late(self) -> DeadlinePassed:
        return DeadlinePassed(
            "the time for the whole call is over",
            method=self._request.method,
            url=str(self._request.url.copy_with(query=None)),
        )

    def _log(self, pause: float, reason: str) -> None:
        logger.info(
            "%s %s: %s; try %d of %d in %.1f s",
            self._request.method,
            self._request.url.path,
            reason,
            self._number,
            self._policy.tries,
            pause,
        )


class Retrying(httpx.BaseTransport):
    """Sends a request again when the policy says so.

    Args:
        inner: What sends.
        policy: How persistent to be.
    """

    def __init__(self, inner: httpx.BaseTransport, policy: RetryPolicy) -> None:
        self._inner = inner
        self._policy = policy

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request as often as it is worth it."""
        tries = Tries(self._policy, request)
        while True:
            self._sleep(tries, tries.hold())
            tries.begin()
            try:
                response = self._inner.handle_request(request)
                if tries.reads_body:
                    # Here, because a connection that breaks in the body is worth another try too.
                    self._read(response)
            except httpx.TransportError as error:
                pause = tries.after_failure(error)
                if pause is None:
                    raise
            else:
                pause = tries.after_reply(response)
                if pause is None:
                    return response
                response.close()
            self._sleep(tries, pause)

    @staticmethod
    def _read(response: httpx.Response) -> None:
        try:
            response.read()
        except BaseException:
            # httpx closes only what was read to its end.
            response.close()
            raise

    @staticmethod
    def _sleep(tries: Tries, seconds: float) -> None:
        # In a worker thread the wait ends with the call; the main thread's is ended by Ctrl-C.
        if seconds > 0:
            tries.campaign.stopping.wait(seconds)

    def close(self) -> None:
        """Close what sends."""
        self._inner.close()


class AsyncRetrying(httpx.AsyncBaseTransport):
    """The same for asyncio.

    Args:
        inner: What sends.
        policy: How persistent to be.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, policy: RetryPolicy) -> None:
        self._inner = inner
        self._policy = policy

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request as often as it is worth it."""
        tries = Tries(self._policy, request)
        while True:
            await self._sleep(tries, tries.hold())
            tries.begin()
            try:
                response = await self._inner.handle_async_request(request)
                if tries.reads_body:
                    await self._read(response)
            except httpx.TransportError as error:
                pause = tries.after_failure(error)
                if pause is None:
                    raise
            else:
                pause = tries.after_reply(response)
                if pause is None:
                    return response
                await response.aclose()
            await self._sleep(tries, pause)

    @staticmethod
    async def _read(response: httpx.Response) -> None:
        try:
            await response.aread()
        except BaseException:
            await response.aclose()
            raise

    @staticmethod
    async def _sleep(tries: Tries, seconds: float) -> None:
        import asyncio  # noqa: PLC0415 - who awaits this has it

        end = tries.campaign.clock() + seconds
        # The flag is a thread's, which nobody can await.
        while (left := end - tries.campaign.clock()) > 0:
            if tries.campaign.stopping.is_set():
                return
            await asyncio.sleep(min(left, LONGEST_NAP))

    async def aclose(self) -> None:
        """Close what sends."""
        await self._inner.aclose()
