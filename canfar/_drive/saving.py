"""Write a reply's body to a file as it comes, so that its length does not matter."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import httpx

FIRST_REDIRECT = 300


@frozen
class Saved:
    """A reply whose body was taken in by something else than the operation's models.

    Attributes:
        status_code: The HTTP status.
        headers: The reply's headers.
        method: The request's method.
        url: The request's URL without its query.
        parsed: What it was read as, None where the body went elsewhere.
    """

    status_code: int
    headers: Mapping[str, str]
    method: str
    url: str
    parsed: Any = None


def is_wanted(response: httpx.Response, wanted: str = "text/plain") -> bool:
    """Whether this reply's body is what was asked for, and not an error or somebody's page."""
    media = response.headers.get("content-type", "").split(";")[0].strip().lower()
    return response.status_code < FIRST_REDIRECT and media == wanted


def saved(response: httpx.Response, parsed: Any = None) -> Saved:
    """Return the reply without its body, and with what that was read as."""
    request = response.request
    return Saved(
        response.status_code,
        response.headers,
        request.method,
        str(request.url.copy_with(query=None)),
        parsed,
    )


@contextmanager
def whole_file(path: Path) -> Generator[IO[bytes]]:
    """Open a file that appears under its name when it is complete, and otherwise not at all."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            yield file
            file.flush()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
