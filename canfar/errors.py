"""Everything that can go wrong, as one family of exceptions.

Catch :class:`CanfarError` for all of it, one of its kinds to react to a cause, or the builtin that
fits (``ValueError``, ``PermissionError``, ``LookupError``, ``ConnectionError``, ``TimeoutError``).

Example:
    >>> from canfar.errors import CanfarError
    >>> from canfar.sessions import Session
    >>> try:
    ...     Session(url="http://127.0.0.1:9", token="none").fetch()
    ... except CanfarError as error:
    ...     print(type(error).__name__)
    Unreachable
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from canfar._secrets import hide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from canfar.models.batch import RunResult
    from canfar.models.session import SessionRecords

__all__ = [
    "BadReply",
    "CanfarError",
    "ConfigurationError",
    "ConfigurationFileError",
    "ConnectionLost",
    "CredentialExpired",
    "CredentialUnusable",
    "DeadlinePassed",
    "Forbidden",
    "ImageNotAllowed",
    "InvalidInput",
    "InvalidSetting",
    "LoginFailed",
    "LoginTimeout",
    "MayExist",
    "NoServer",
    "NotFound",
    "NotLoggedIn",
    "OptionNotOffered",
    "QuotaReached",
    "RegistryLoginNeeded",
    "RequestRefused",
    "RunFailed",
    "ServerBusy",
    "ServerError",
    "ServerNotKnown",
    "SessionFailed",
    "SessionRequestError",
    "TimedOut",
    "Unreachable",
    "WaitTimeout",
]


ENDS = (".", "!", "?", ":", ";", "]")
"""After these, advice needs no full stop before it."""


class CanfarError(Exception):
    """Something went wrong; the message says what and, where there is one, the next step.

    Attributes:
        message: What went wrong.
        about: The session id, the replica number, or None when no single item is concerned.
        advice: What to do next, one sentence, or an empty string.
        status_code: The HTTP status of the server's answer, or None when there was no answer.
        method: The HTTP method of the request, or None when nothing was sent.
        url: The URL of the request without its query, or None when nothing was sent.
        server_text: The server's own words, or an empty string.
        retry_after: Seconds after which the server asked to try again, or None.
        results: In an error that ends a bulk call: what the call had got done.
        errors: In an error that ends a bulk call: the failures, by id or replica number.
        ids: In an error that ends a create: every session that was started.
    """

    systemic: ClassVar[bool] = False
    """True when the next request would fail for the same reason, so a bulk call stops."""

    about: str | int | None = None
    advice: str = ""
    status_code: int | None = None
    method: str | None = None
    url: str | None = None
    server_text: str = ""
    retry_after: float | None = None
    results: Any = None
    errors: Mapping[str | int, CanfarError] = {}
    ids: tuple[str, ...] = ()

    def __init__(
        self,
        message: str = "",
        *,
        about: str | int | None = None,
        advice: str = "",
        status_code: int | None = None,
        method: str | None = None,
        url: str | None = None,
        server_text: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.about = about
        self.advice = advice
        self.status_code = status_code
        self.method = method
        self.url = url
        self.server_text = server_text
        self.retry_after = retry_after

    def concerning(self, about: str | int | None) -> Self:
        """Say which session or replica this is about, unless that is known already.

        Args:
            about: The session id, the 1-based replica number, or None.

        Returns:
            The error itself.

        Example:
            >>> from canfar.errors import NotFound
            >>> print(NotFound("there is no such session").concerning("k3x9a0bz"))
            k3x9a0bz: there is no such session
        """
        if self.about is None:
            self.about = about
        return self

    def without(self, secrets: Sequence[str]) -> Self:
        """Take out of the server's words what nobody may see.

        Args:
            secrets: What is to become stars.

        Returns:
            The error itself.

        Example:
            >>> from canfar.errors import Forbidden
            >>> print(Forbidden("s3cret may not do that").without(["s3cret"]))
            *** may not do that
        """
        self.message = hide(self.message, secrets)
        self.server_text = hide(self.server_text, secrets)
        self.args = (self.message,)
        return self

    @property
    def text(self) -> str:
        """What happened, with whom it is about and the request it came of, without the advice.

        Example:
            >>> from canfar.errors import CanfarError
            >>> CanfarError("the disk is full", about=3, advice="Tidy up.").text
            'replica 3: the disk is full'
        """
        text = self.message
        if isinstance(self.about, int):
            text = f"replica {self.about}: {text}"
        elif self.about is not None and self.about not in text:
            text = f"{self.about}: {text}"
        if self.status_code is not None:
            text = f"{text} [HTTP {self.status_code} to {self.method} {self.url}]"
        return text

    def __str__(self) -> str:
        text = self.text
        if not self.advice:
            return text
        return f"{text}{'' if text.endswith(ENDS) else '.'} {self.advice}"

    def __reduce__(self) -> tuple[Any, ...]:
        # The default would call the class with the message alone and lose the keywords.
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(kind: type[CanfarError], args: tuple[Any, ...], state: dict[str, Any]) -> CanfarError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class InvalidInput(CanfarError, ValueError):
    """A value that the server would refuse or mangle; nothing was sent."""


class ConfigurationError(CanfarError, ValueError):
    """No server or no credential to use, or a setting that makes no sense."""

    systemic = True


class NoServer(ConfigurationError):
    """There is no server to use: none was named, and nobody is logged in."""


class ConfigurationFileError(ConfigurationError):
    """The configuration file cannot be read or written; the message names the file and the line.

    Attributes:
        path: The file.
        line: The line, counted from 1, or None.
    """

    path: str = ""
    line: int | None = None


class CredentialUnusable(ConfigurationError):
    """The token, certificate or netrc file to use is not there, cannot be read, or is none."""


class InvalidSetting(ConfigurationError):
    """A setting that makes no sense, with its value: a timeout, say, or a server's address."""


class ServerNotKnown(ConfigurationError, LookupError):
    """No server of that name, IVOA identifier or URL is known or could be found."""


class LoginFailed(CanfarError, PermissionError):
    """The identity provider refused, or somebody denied the request; nothing was saved."""


class LoginTimeout(LoginFailed, TimeoutError):
    """Nobody approved the login while it could be approved; nothing was saved."""


class Unreachable(CanfarError, ConnectionError):
    """The server could not be reached: nothing was sent."""

    systemic = True


class ConnectionLost(CanfarError, ConnectionError):
    """The connection broke before the reply was through: the request may have been carried out."""


class TimedOut(CanfarError, TimeoutError):
    """The server did not answer in time: the request may have been carried out."""


class DeadlinePassed(CanfarError, TimeoutError):
    """The time that the whole call was given is over."""

    systemic = True


class MayExist(CanfarError):
    """The reply to a create was lost and it cannot be told whether the session was started.

    Attributes:
        candidates: The sessions with that name, of which one may be it.
    """

    candidates: SessionRecords


class BadReply(CanfarError):
    """The reply is not what the server sends: a proxy's page, say, or broken JSON."""


class ServerError(CanfarError):
    """The server answered with an error that has no kind of its own."""


class RequestRefused(ServerError, ValueError):
    """The server refused the request as wrong (400)."""


class NotLoggedIn(ServerError, PermissionError):
    """The server does not know who is asking."""

    systemic = True


class CredentialExpired(NotLoggedIn):
    """The token or certificate was good once and has expired."""


class Forbidden(ServerError, PermissionError):
    """The server knows who is asking and says no."""


class NotFound(ServerError, LookupError):
    """There is no such session, or it is somebody else's, or it has been removed."""


class QuotaReached(RequestRefused):
    """The user has as many interactive sessions as the platform allows."""


class ImageNotAllowed(RequestRefused):
    """The image is not from a registry that this platform trusts."""


class RegistryLoginNeeded(RequestRefused):
    """The image is private or unknown; the platform needs a login to its registry."""


class OptionNotOffered(RequestRefused):
    """This platform does not offer that number of cores, that RAM or that many GPUs."""


class ServerBusy(ServerError):
    """The server cannot answer now and may later (429, 503)."""


class SessionFailed(CanfarError, RuntimeError):
    """A session ended, or will never run, so it cannot do what was asked."""


class RunFailed(SessionFailed):
    """Replicas of a run failed; the message has the end of their logs and their events.

    Attributes:
        results: The :class:`~canfar.models.batch.RunResult`, with all that was written.
    """

    results: RunResult


class WaitTimeout(CanfarError, TimeoutError):
    """A wait ended before the sessions did; ``results`` has every session's last known state."""

    results: SessionRecords


class SessionRequestError(CanfarError):
    """Some items of a bulk call failed and the call was asked to raise.

    Args:
        operation: The method that was called, ``"create"`` for instance.
        results: What the call would have returned.
        errors: The failures, by id or by 1-based replica number.
        advice: What to do about them.
    """

    def __init__(
        self,
        operation: str,
        results: Any,
        errors: Mapping[str | int, CanfarError],
        *,
        advice: str = "",
    ) -> None:
        first = next(iter(errors.values()))
        count = f"{len(errors)} failure{'s' if len(errors) != 1 else ''}"
        super().__init__(f"{operation} met {count}, the first: {first}", advice=advice)
        self.operation = operation
        self.results = results
        self.errors = errors
        if operation == "create":
            self.ids = tuple(results)
