"""Write a reply's body to a file as it comes, so that its length does not matter."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import httpx

FIRST_REDIRECT = 300


@frozen
class Saved:
    """A reply whose body is in a file.

    Attributes:
        status_code: The HTTP status.
        headers: The reply's headers.
        method: The request's method.
        url: The request's URL without its query.
        parsed: Always None.
    """

    status_code: int
    headers: Mapping[str, str]
    method: str
    url: str
    parsed: None = None


def is_wanted(response: httpx.Response) -> bool:
    """Whether this reply's body is what was asked for, and not an error or somebody's page."""
    media = response.headers.get("content-type", "").split(";")[0].strip().lower()
    return response.status_code < FIRST_REDIRECT and media == "text/plain"


def saved(response: httpx.Response) -> Saved:
    """Return the reply without its body."""
    request = response.request
    return Saved(
        response.status_code,
        response.headers,
        request.method,
        str(request.url.copy_with(query=None)),
    )


@contextmanager
def whole_file(path: Path) -> Generator[IO[bytes]]:
    """Open a file that appears under its name when it is complete, and otherwise not at all."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            yield file
        except BaseException:
            Path(file.name).unlink()
            raise
    Path(file.name).replace(path)
