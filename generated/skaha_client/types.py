"""What the generated modules share: unset values, the base of models, replies, and how replies are read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeGuard, TypeVar
from urllib.parse import quote

from .errors import UnexpectedReply

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")


class Unset:
    """The type of UNSET: not given by the caller, or not sent by the server."""

    __slots__ = ()

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        # Copies and pickles give UNSET itself back, so that `is UNSET` holds for them too.
        return "UNSET"


UNSET: Unset = Unset()


class Model:
    """The base of all models: plain classes, which cost nothing to import."""

    __slots__ = ()

    #: Attribute names and the names on the wire.
    _names: ClassVar[Mapping[str, str]] = {}
    #: Attributes that a repr hides (`x-sensitive` in the specification).
    _sensitive: ClassVar[frozenset[str]] = frozenset()

    def to_dict(self) -> dict[str, Any]:
        """The model as it is on the wire: the same names and values, nothing for what is unset."""
        result: dict[str, Any] = {}
        for attribute, name in self._names.items():
            value = getattr(self, attribute)
            if not isinstance(value, Unset):
                result[name] = _plain(value)
        result.update(getattr(self, "additional_properties", {}))
        return result

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model) or type(other) is not type(self):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    def __repr__(self) -> str:
        parts: list[str] = []
        for attribute in self._names:
            value = getattr(self, attribute)
            if not isinstance(value, Unset):
                parts.append(f"{attribute}=<hidden>" if attribute in self._sensitive else f"{attribute}={value!r}")
        # Nobody said whether what the specification doesn't know is a secret: names only.
        parts += [f"{name}=<hidden>" for name in getattr(self, "additional_properties", {})]
        return f"{type(self).__name__}({', '.join(parts)})"


class Response(Generic[T]):
    """A reply: what came over the wire, and what it was read as."""

    __slots__ = ("content", "headers", "method", "parsed", "status_code", "url")

    #: A plain number: a status that Python's http module doesn't know is no error.
    status_code: int
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T
    #: The request's method, such as "GET".
    method: str
    #: The request's URL without user name, password and query string.
    url: str

    def __init__(
        self,
        *,
        status_code: int,
        content: bytes,
        headers: MutableMapping[str, str],
        parsed: T,
        method: str = "",
        url: str = "",
    ) -> None:
        self.status_code = status_code
        self.content = content
        self.headers = headers
        self.parsed = parsed
        self.method = method
        self.url = url

    def __repr__(self) -> str:
        return f"<Response {self.status_code} to {self.method} {self.url}>"


# Sending


def path_segment(value: str) -> str:
    """One percent-encoded part of a path.

    Raises:
        ValueError: For "", "." and "..", which name another resource and can't be encoded.
    """
    if value in ("", ".", ".."):
        raise ValueError(f"{value!r} can't be a part of a path: it would name another resource")
    return quote(value, safe="")


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are neither UNSET nor None."""
    return {name: value for name, value in values.items() if value is not UNSET and value is not None}


# Reading replies


def build(response: httpx.Response, parsed: T) -> Response[T]:
    """A reply together with what it was read as."""
    method, url = _request_line(response)
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=parsed,
        method=method,
        url=url,
    )


def media_type(response: httpx.Response) -> str:
    """The reply's Content-Type in lower case, without parameters; empty when there is none."""
    return _content_type(response).partition(";")[0].strip().lower()


def text(response: httpx.Response) -> str:
    """The body as text: UTF-8 whatever the reply says, and whatever isn't UTF-8 replaced."""
    return response.content.decode("utf-8", errors="replace")


def json_value(response: httpx.Response, read: Callable[[Any], T]) -> T:
    """The body as JSON, read as documented; UnexpectedReply if it can't be."""
    try:
        return read(json.loads(response.content))
    except (TypeError, ValueError, RecursionError) as error:
        raise unexpected(response, str(error)) from error


def unexpected(response: httpx.Response, reason: str = "") -> UnexpectedReply:
    """The exception for a reply that says success and isn't what the operation documents."""
    method, url = _request_line(response)
    return UnexpectedReply(response.status_code, _content_type(response), response.content, method, url, reason)


# Reading values. The messages name types, never values.


def as_str(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise TypeError(f"a string was expected, not {type(value).__name__}")


def as_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError(f"true or false was expected, not {type(value).__name__}")


def as_int(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError(f"an integer was expected, not {type(value).__name__}")


def as_float(value: Any) -> float:
    # An int stays an int: what is sent back is what was sent.
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise TypeError(f"a number was expected, not {type(value).__name__}")


def as_object(value: Any) -> dict[str, Any]:
    if _is_mapping(value):
        return dict(value)
    raise TypeError(f"an object was expected, not {type(value).__name__}")


def list_of(read: Callable[[Any], T]) -> Callable[[Any], list[T]]:
    def read_list(value: Any) -> list[T]:
        if _is_list(value):
            return [read(item) for item in value]
        raise TypeError(f"an array was expected, not {type(value).__name__}")

    return read_list


def one_of(first: Callable[[Any], A], second: Callable[[Any], B]) -> Callable[[Any], A | B]:
    def read_either(value: Any) -> A | B:
        try:
            return first(value)
        except (TypeError, ValueError) as error:
            try:
                return second(value)
            except (TypeError, ValueError) as other:
                raise ValueError(f"{error}; or else: {other}") from None

    return read_either


def take(values: dict[str, Any], name: str, read: Callable[[Any], T]) -> T:
    """Take a required value out of an object."""
    if name not in values:
        raise ValueError(f"{name!r} is missing")
    try:
        return read(values.pop(name))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name!r}: {error}") from None


def take_if_sent(values: dict[str, Any], name: str, read: Callable[[Any], T]) -> T | Unset:
    """Take an optional value out of an object. A null counts as not sent, and stays among the other values."""
    return UNSET if values.get(name) is None else take(values, name, read)


# A bare isinstance leaves two type checkers of different opinions about what is inside.
def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping)


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.to_dict()
    if _is_list(value):
        return [_plain(item) for item in value]
    return value


def _content_type(response: httpx.Response) -> str:
    value: str = response.headers.get("content-type", "")
    return value


def _request_line(response: httpx.Response) -> tuple[str, str]:
    try:
        request = response.request
    except RuntimeError:  # a reply that was made by hand, without a request
        return "", ""
    url = request.url
    path = url.raw_path.partition(b"?")[0].decode("ascii")
    return request.method, f"{url.scheme}://{url.netloc.decode('ascii')}{path}"


__all__ = ["UNSET", "Model", "Response", "Unset"]
