"""What can be made to happen to a request: nothing is done here, only decided.

:class:`Treatment` is what comes of all effects together, and what the server carries out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, Protocol

from attrs import evolve, field, frozen

from canfar.local.contract.messages import Reply
from canfar.local.contract.problems import BadCredentialsError

if TYPE_CHECKING:
    from attrs import Attribute

    from canfar.local.contract.messages import Request

__all__ = [
    "Cut",
    "Delay",
    "Drip",
    "Effect",
    "Fail",
    "Html",
    "Moment",
    "RefuseToken",
    "Treatment",
]

Moment = Literal["before", "after", "midway"]
"""Before the request was applied, after it, or in the middle of the reply."""

_PAGE: Final = (
    "<!doctype html><html lang='en'><head><title>Sign in</title></head>"
    "<body><h1>Sign in</h1><p>canfar.local was asked to answer with this page.</p></body></html>"
)


@frozen
class Treatment:
    """What happens to one request.

    Attributes:
        wait: Seconds until it is applied.
        hold: Seconds from then until the reply is sent.
        apply: Whether the contract sees it.
        instead: What is answered instead of the contract's reply; None answers that.
        cut: Where the connection is cut; None leaves it.
        pace: Bytes of the reply's body that are sent per second; None sends it at once.
    """

    wait: float = 0.0
    hold: float = 0.0
    apply: bool = True
    instead: Reply | None = None
    cut: Moment | None = None
    pace: float | None = None

    @property
    def settled(self) -> bool:
        """Whether it is decided what the client gets: only one fault can have that say."""
        return self.instead is not None or self.cut in {"before", "after"}


class Effect(Protocol):
    """What happens to a request that a fault strikes."""

    def onto(self, treatment: Treatment, request: Request) -> Treatment | None:
        """Add this to a treatment.

        Args:
            treatment: What other faults have made of it.
            request: The request.

        Returns:
            The treatment, or None when this effect can't be had by this request.
        """
        ...


def _positive(_instance: object, attribute: Attribute[float], value: float) -> None:
    if not value > 0:
        raise ValueError(f"{attribute.name} must be more than 0, not {value!r}")


def _status(_instance: object, _attribute: Attribute[int], value: int) -> None:
    if not 200 <= value <= 599:  # noqa: PLR2004 - what HTTP has for final replies
        raise ValueError(f"a status is a number from 200 to 599, not {value!r}")


def _moment(_instance: object, _attribute: Attribute[Moment], value: str) -> None:
    if value not in {"before", "after", "midway"}:
        raise ValueError(f"a connection is cut 'before', 'after' or 'midway', not {value!r}")


@frozen
class Fail:
    """Answer with an error.

    Attributes:
        status: The status code.
        retry_after: The ``Retry-After`` header, in seconds or as a date; None sends none.
        body: The text; None is what the server would say with that status.
        after: Whether the request is applied all the same, as when a gateway loses patience.
    """

    status: int = field(default=503, validator=_status)
    retry_after: float | str | None = None
    body: str | None = field(default=None, repr=False)
    after: bool = False

    def onto(self, treatment: Treatment, request: Request) -> Treatment | None:
        """Answer with the error, unless something else is answered already."""
        del request
        if treatment.settled:
            return None
        headers: tuple[tuple[str, str], ...] = ()
        if self.retry_after is not None:
            text = self.retry_after
            headers = (("Retry-After", text if isinstance(text, str) else f"{text:g}"),)
        body = _words(self.status) if self.body is None else self.body
        reply = Reply(self.status, "text/plain", body.encode(), headers)
        return evolve(treatment, instead=reply, apply=self.after)


@frozen
class Html:
    """Answer 200 with a page of HTML, as a portal or a proxy in between does.

    Attributes:
        body: The page.
        after: Whether the request is applied all the same.
    """

    body: str = field(default=_PAGE, repr=False)
    after: bool = False

    def onto(self, treatment: Treatment, request: Request) -> Treatment | None:
        """Answer with the page, unless something else is answered already."""
        del request
        if treatment.settled:
            return None
        reply = Reply(200, "text/html;charset=utf-8", self.body.encode())
        return evolve(treatment, instead=reply, apply=self.after)


@frozen
class RefuseToken:
    """Answer 401, as to a token that was good and is no longer.

    Attributes:
        token: The token that is refused; None refuses all. Never shown.
        message: The sentence.
    """

    token: str | None = field(default=None, repr=False)
    message: str = "Token has expired"

    def onto(self, treatment: Treatment, request: Request) -> Treatment | None:
        """Refuse the token, if it is sent and nothing else is answered already."""
        sent = [value.partition(" ")[2].strip() for value in request.every_header("authorization")]
        if treatment.settled or not sent or self.token not in {None, *sent}:
            return None
        challenge = f'Bearer error="invalid_token", error_description="{self.message}"'
        reply = BadCredentialsError(self.message, challenge).reply()
        return evolve(treatment, instead=reply, apply=False)


@frozen
class Delay:
    """Take long, by the platform's clock.

    Attributes:
        seconds: How long.
        after: Whether the request is applied at once and only its reply is late.
    """

    seconds: float = field(validator=_positive)
    after: bool = False

    def onto(self, treatment: Treatment, request: Request) -> Treatment | None:
        """Add the delay to those that are there."""
        del request
        if self.after:
            return evolve(treatment, hold=treatment.hold + self.seconds)
        return evolve(treatment, wait=treatment.wait + self.seconds)


@frozen
class Cut:
    """Close the connection without a reply, or with half of one.

    Attributes:
        when: ``before`` the request is applied, ``after`` it was, or ``midway`` in the
            reply's body.
    """

    when: Moment = field(default="after", validator=_moment)

    def onto(self, treatment: Treatment, request: Request) -> Treatment | None:
        """Cut it, unless something else is answered already."""
        del request
        if treatment.settled or treatment.cut is not None:
            return None
        return evolve(treatment, cut=self.when, apply=self.when != "before")


@frozen
class Drip:
    """Send the reply's body slowly, by the platform's clock.

    Attributes:
        bytes_per_second: How slowly; below 50, byte by byte.
    """

    bytes_per_second: float = field(validator=_positive)

    def onto(self, treatment: Treatment, request: Request) -> Treatment | None:
        """Slow it down, or down further."""
        del request
        pace = self.bytes_per_second if treatment.pace is None else treatment.pace
        return evolve(treatment, pace=min(pace, self.bytes_per_second))


def _words(status: int) -> str:
    """What the server says with a status (section 2.1), where it has words of its own."""
    if status == 503:  # noqa: PLR2004 - the one that Skaha words always alike
        return "temporarily unavailable: null\n"
    if status == 500:  # noqa: PLR2004 - the one without a newline
        return "unexpected exception: java.lang.RuntimeException: canfar.local was asked to fail"
    return f"canfar.local was asked to answer {status}.\n"
