"""What goes in and what comes out: a request and a reply, as values."""

from __future__ import annotations

from attrs import field, frozen

__all__ = ["Reply", "Request"]


@frozen
class Request:
    """An HTTP request, complete.

    Attributes:
        method: The method, in capitals.
        path: The path as it was sent, percent-encoded, without the query.
        query: What follows the question mark, as it was sent.
        headers: Pairs of a lower-case name and a value, repeated ones included.
        body: The body, complete. Never shown in a representation: it may hold secrets.

    Example:
        >>> Request("GET", "/skaha/v1/session", "type=headless").header("accept") is None
        True
    """

    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        """The first header of that lower-case name, or None."""
        return next((value for key, value in self.headers if key == name), None)

    def every_header(self, name: str) -> list[str]:
        """Each header of that lower-case name, in order."""
        return [value for key, value in self.headers if key == name]


@frozen
class Reply:
    """An HTTP reply.

    Attributes:
        status: The status code.
        content_type: The exact ``Content-Type``; None sends none.
        body: The body, or its beginning when ``log_of`` is set.
        headers: More headers, as pairs.
        log_of: A session ID whose log file follows ``body``. Reading files is the server's job,
            not the contract's.
    """

    status: int = 200
    content_type: str | None = None
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    log_of: str | None = None
