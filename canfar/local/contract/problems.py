"""Status codes and the bodies of errors (sections 2.1 and 5).

Errors are plain text, never JSON. Which of them end in a newline is part of the contract: those
that a handler raises do, those raised while credentials are read don't, and neither does a 500.
"""

from __future__ import annotations

from canfar.local.contract.messages import Reply

__all__ = [
    "BadCredentialsError",
    "BadRequestError",
    "ForbiddenError",
    "NotFoundError",
    "ProblemError",
    "RefusedByClusterError",
    "UnauthorizedError",
    "UnavailableError",
    "UnexpectedError",
    "html_page",
]


class ProblemError(Exception):
    """Something to refuse a request with.

    Args:
        message: The sentence that the caller reads.
    """

    status = 500
    newline = True
    headers: tuple[tuple[str, str], ...] = ()

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def reply(self) -> Reply:
        """The reply that tells the caller."""
        text = self.message + ("\n" if self.newline else "")
        return Reply(self.status, "text/plain", text.encode(), self.headers)


class BadRequestError(ProblemError):
    """400: nearly every bad input, the session limit included."""

    status = 400


class UnauthorizedError(ProblemError):
    """401: nobody in particular, as a handler of Skaha before 1.4 says it, with a newline."""

    status = 401


class ForbiddenError(ProblemError):
    """403: somebody, but not somebody who may."""

    status = 403


class NotFoundError(ProblemError):
    """404: no such session, or not the caller's."""

    status = 404


class BadCredentialsError(ProblemError):
    """401: credentials that can't be read. No newline, unlike the errors of a handler.

    Args:
        message: The sentence that the caller reads.
        challenge: The ``WWW-Authenticate`` header.
    """

    status = 401
    newline = False

    def __init__(self, message: str, challenge: str = "Bearer") -> None:
        super().__init__(message)
        self.headers = (("WWW-Authenticate", challenge),)


class UnavailableError(ProblemError):
    """503: the reason is lost on the way, the body is always the same (section 2.3)."""

    status = 503
    headers = (("Retry-After", "30"),)

    def __init__(self) -> None:
        super().__init__("temporarily unavailable: null")


class UnexpectedError(ProblemError):
    """500: an exception of the server's, named. No newline.

    Args:
        exception: The text of the exception, class first.
    """

    status = 500
    newline = False

    def __init__(self, exception: str) -> None:
        super().__init__(f"unexpected exception: {exception}")


class RefusedByClusterError(UnexpectedError):
    """500: Kubernetes refuses what the server made of a request.

    The server doesn't notice that, and fails when it wants to read back what it has made.
    """

    def __init__(self) -> None:
        super().__init__(
            "java.lang.RuntimeException: io.kubernetes.client.openapi.ApiException: Not Found"
        )


def html_page(status: int, title: str) -> Reply:
    """An error of the servlet container rather than of Skaha: a page of HTML.

    Args:
        status: The status code.
        title: What the page says, plain text of our own (nothing a caller sent).
    """
    heading = f"HTTP Status {status} - {title}"
    page = (
        f"<!doctype html><html lang='en'><head><title>{heading}</title></head>"
        f"<body><h1>{heading}</h1></body></html>"
    )
    return Reply(status, "text/html;charset=utf-8", page.encode())
