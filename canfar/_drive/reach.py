"""What a driver needs to know of the client it works for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from skaha_client import Client

    from canfar._core.steps import Reply


@frozen(eq=False)
class Reach:
    """Where calls go and how many at a time.

    Attributes:
        api: The generated client that sends them.
        concurrency: How many are in flight at most.
        secrets: Tells what no message may show, even when a server repeats it.
        adapt: Turns to the server's other base if ours is unknown there; True to ask again.
    """

    api: Client
    concurrency: int
    secrets: Callable[[], tuple[str, ...]] = field(repr=False)
    adapt: Callable[[Reply], bool]
