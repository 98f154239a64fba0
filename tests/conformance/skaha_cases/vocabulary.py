"""The words that conformance cases are written in. Data only: nothing here talks to a server.

A text may name what is only known when a case runs: ``<user>``, ``<image>``, ``<registry>``,
``<host>``, and whatever a step of the case called something, such as ``<id>``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

FORM: Final = "application/x-www-form-urlencoded"
TEXT: Final = "text/plain"
JSON: Final = "application/json"
XML: Final = "text/xml"
PAGE: Final = re.compile("text/html.*")

ID: Final = "[a-z][a-z0-9]{7}\n"
APP_ID: Final = "[a-z][a-z0-9]{2}\n"

SOURCE: Final = "source"
"""Read in the server's source, or that of the libraries it builds on."""
ASSUMED: Final = "assumed"
"""Concluded from how Kubernetes behaves, or left open by the source and decided here."""


def seen(server: str, date: str, version: str) -> str:
    """A fact seen on a server."""
    return f"seen on {server} ({version}), {date}"


Pairs = tuple[tuple[str, str], ...]
Text = str | re.Pattern[str]


def _pairs(given: Mapping[str, str | list[str]] | Pairs | None) -> Pairs | None:
    if given is None or isinstance(given, tuple):
        return given
    return tuple(
        (name, one)
        for name, value in given.items()
        for one in ([value] if isinstance(value, str) else value)
    )


# --- what is sent -----------------------------------------------------------------------


@frozen
class Request:
    """A request. Its path is below the versioned base, or from ``/skaha`` on.

    ``token`` is "mine", "theirs" (another user's), or None for nobody.
    """

    method: str
    path: str
    form: Pairs | None = field(default=None, converter=_pairs)
    multipart: Pairs | None = field(default=None, converter=_pairs)
    body: str | None = None
    headers: Pairs = field(default=(), converter=_pairs)
    token: str | None = "mine"


def get(path: str, **more) -> Request:
    return Request("GET", path, **more)


def post(path: str, form=None, **more) -> Request:
    return Request("POST", path, form, **more)


def delete(path: str, **more) -> Request:
    return Request("DELETE", path, **more)


def creating(**fields: str | list[str] | None) -> Request:
    """The request for a session: well-formed, but for what is given; None leaves a field out."""
    form = {"name": "conformance", "image": "<image>"} | fields
    return post("/session", {name: value for name, value in form.items() if value is not None})


# --- what happens before ----------------------------------------------------------------


@frozen
class Create:
    """Have a session, and call its ID something."""

    name: str
    fields: Mapping[str, str | list[str]]
    token: str = "mine"


@frozen
class Attach:
    """Have an app in a desktop, and call its ID something."""

    name: str
    desktop: str
    fields: Mapping[str, str] = field(factory=dict)
    token: str = "mine"


@frozen
class Send:
    """Send a request, which must succeed."""

    request: Request


@frozen
class Until:
    """Wait until a session has a status."""

    session: str
    status: str


@frozen
class Pass:
    """Let time pass. Only a platform with a clock of its own can do that."""

    seconds: float


Step = Create | Attach | Send | Until | Pass


def have(called: str = "id", by: str = "mine", /, **fields: str | list[str]) -> Create:
    return Create(called, fields, by)


def hours(number: float) -> Pass:
    return Pass(number * 3600)


def days(number: float) -> Pass:
    return hours(number * 24)


# --- what must come back ----------------------------------------------------------------


@frozen
class Reply:
    """What must come back; only what is given is looked at, but for status and Content-Type.

    ``content_type`` None means that there is none. ``body`` is exact, or a pattern for all of it.
    ``json`` is exact. ``fields`` are some of an object's, ``without`` those that it must not have,
    ``keys`` all of them in order. Of a list, ``item`` picks the object with that ID (or app ID),
    ``holds`` and ``lacks`` are IDs, ``each`` are the only keys that its objects may have.
    ``headers`` are exact or patterns; None means that there is none.
    """

    status: int
    content_type: Text | None
    body: Text | None = None
    json: object = None
    fields: Mapping[str, object] = field(factory=dict)
    without: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    item: str | None = None
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    each: tuple[str, ...] = ()
    headers: Mapping[str, Text | None] = field(factory=dict)


def text(body: Text, status: int = 200, **headers: Text) -> Reply:
    return Reply(status, TEXT, body, headers={_dashes(name): headers[name] for name in headers})


def refused(sentence: Text, **headers: Text) -> Reply:
    """400 and a sentence with a newline, as nearly every bad input is."""
    return text(_line(sentence), 400, **headers)


def not_found(sentence: str) -> Reply:
    return text(_line(sentence), 404)


def broken(exception: Text) -> Reply:
    """500 and the server's exception, without a newline."""
    if isinstance(exception, re.Pattern):
        return text(re.compile(f"unexpected exception: {exception.pattern}"), 500)
    return text(f"unexpected exception: {exception}", 500)


def created(pattern: str = ID) -> Reply:
    return text(re.compile(pattern))


def record(fields: Mapping[str, object] | None = None, **more) -> Reply:
    """One session."""
    return Reply(200, JSON, fields=fields or {}, **more)


def listing(**more) -> Reply:
    """A list of sessions."""
    return Reply(200, JSON, **more)


NOTHING: Final = Reply(200, None, "")
"""200, no Content-Type, no body."""


def _line(sentence: Text) -> Text:
    if isinstance(sentence, re.Pattern):
        return re.compile(f"(?:{sentence.pattern})\n")
    return f"{sentence}\n"


def _dashes(name: str) -> str:
    return name.replace("_", "-")


# --- cases ------------------------------------------------------------------------------


@frozen
class Case:
    """Steps, a request, what must come back.

    Attributes:
        name: A few words; with the subject's, no other case has them.
        request: What is asked.
        reply: What must come back.
        steps: What happens before.
        platform: How the local platform is set up, for a case with one of its own.
        only_local: Why no other server can be asked; empty when any can.
    """

    name: str
    request: Request
    reply: Reply
    steps: tuple[Step, ...] = ()
    platform: Mapping[str, object] | None = None
    only_local: str = ""

    @property
    def why_only_local(self) -> str:
        """Why a server that isn't ours can't be asked; empty when it can."""
        if self.only_local:
            return self.only_local
        if self.platform is not None:
            return "needs a platform that is set up for it"
        if any(isinstance(step, Pass) for step in self.steps):
            return "needs a clock that can be moved"
        if self.request.token == "theirs" or any(
            getattr(step, "token", "mine") == "theirs" for step in self.steps
        ):
            return "needs a second user"
        return ""


@frozen
class Fact:
    """What is known of the server, where from, and the cases that hold a server to it.

    Attributes:
        what: A sentence.
        section: Where the protocol notes have it.
        cases: What shows it.
        origin: ``SOURCE``, ``ASSUMED`` or :func:`seen`.
    """

    what: str
    section: str
    cases: tuple[Case, ...] = field(converter=tuple)
    origin: str = SOURCE


@frozen
class Subject:
    """Facts that belong together."""

    title: str
    facts: tuple[Fact, ...] = field(converter=tuple)
