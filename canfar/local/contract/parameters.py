"""Where parameters are read from: the most important rule for a client (section 1.2).

A POST without a form content type has no parameters at all, not even those of its query.
"""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl

from attrs import field, frozen

from canfar.local.contract.problems import BadRequestError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from email.message import EmailMessage

    from canfar.local.contract.messages import Request

__all__ = ["Parameters", "read_parameters"]

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


@frozen
class Parameters:
    """The parameters of a request; names don't depend on case.

    Attributes:
        values: Each lower-case name with its values in order. Not shown: they may hold secrets.

    Example:
        >>> Parameters({"env": ("A=1", "B=2")}).every("env")
        ('A=1', 'B=2')
    """

    values: dict[str, tuple[str, ...]] = field(factory=dict[str, tuple[str, ...]], repr=False)

    def first(self, name: str) -> str | None:
        """The first value of a parameter, or None."""
        return next(iter(self.every(name)), None)

    def every(self, name: str) -> tuple[str, ...]:
        """Each value of a parameter, in order."""
        return self.values.get(name, ())


def read_parameters(request: Request) -> Parameters:
    """Read the parameters that a handler sees.

    Args:
        request: The request.

    Raises:
        BadRequestError: The same name in two spellings of case; the sentence is ``null``.
    """
    if request.method != "POST":
        return _grouped(_pairs(request.query))
    media_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if media_type == _FORM:
        body = request.body.decode("utf-8", "replace")
        return _grouped([*_pairs(request.query), *_pairs(body)])
    if media_type == _MULTIPART:
        return _grouped(_multipart(request), tolerant=True)
    return Parameters()


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, errors="replace")


def _grouped(pairs: Iterable[tuple[str, str]], *, tolerant: bool = False) -> Parameters:
    values: dict[str, tuple[str, ...]] = {}
    spellings: dict[str, str] = {}
    for name, value in pairs:
        lower = name.lower()
        if spellings.setdefault(lower, name) != name and not tolerant:
            raise BadRequestError("null")
        values[lower] = (*values.get(lower, ()), value)
    return Parameters(values)


def _multipart(request: Request) -> list[tuple[str, str]]:
    """The fields of a multipart form, without its files."""
    head = f"Content-Type: {request.header('content-type')}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + request.body)
    pairs: list[tuple[str, str]] = []
    for part in cast("Iterable[EmailMessage]", message.iter_parts()):
        name = part.get_param("name", header="content-disposition")
        if isinstance(name, str) and part.get_filename() is None:
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                pairs.append((name, content.decode("utf-8", "replace")))
    return pairs
