"""The exceptions of the generated modules."""

from __future__ import annotations


class UnexpectedReply(Exception):
    """The reply says success, but it isn't what the operation documents.

    A login page with status 200 is one, or JSON that lacks a required field. Replies that say they failed never raise:
    their text is the parsed value. What was received is in `content`, and not in the message, for it may hold secrets.
    """

    def __init__(
        self, status_code: int, content_type: str, content: bytes, method: str = "", url: str = "", reason: str = ""
    ) -> None:
        self.status_code = status_code
        self.content_type = content_type
        self.content = content
        self.method = method
        self.url = url
        self.reason = reason
        super().__init__(status_code, content_type, content, method, url, reason)

    def __str__(self) -> str:
        what = self.content_type[:80] or "no content type"
        why = self.reason[:200] or "this operation documents no such reply"
        return f"{self.method} {self.url} answered {self.status_code} with {what}: {why}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


__all__ = ["UnexpectedReply"]
