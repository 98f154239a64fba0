"""Share out work among replicas, each of which calls the same function on the same items.

Without ``replica`` and ``total`` the functions read ``REPLICA_ID`` and ``REPLICA_COUNT``, which
``create`` sets in each replica; outside a replica everything is one share. Of the three,
:func:`balanced` is the one to use for items that lie next to each other, :func:`stripe` for every
N-th item; :func:`chunk` leaves the whole remainder to the last replica and is kept for scripts that
rely on its boundaries.
"""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

__all__ = ["balanced", "chunk", "stripe"]


def balanced(
    iterable: Iterable[T], replica: int | None = None, total: int | None = None
) -> Iterator[T]:
    """Return this replica's share: neighbouring items, no replica with more than one item extra.

    Args:
        iterable: The items, the same and in the same order in every replica.
        replica: The replica, 1 to ``total``; else from the environment.
        total: The number of replicas; else from the environment.

    Returns:
        The items of the share, to iterate over.

    Raises:
        ValueError: ``replica`` is not between 1 and ``total``, or a variable makes no sense.

    Example:
        >>> [list(balanced("abcdefg", each, 3)) for each in (1, 2, 3)]
        [['a', 'b', 'c'], ['d', 'e'], ['f', 'g']]
    """
    replica, total = _checked(replica, total)
    items = list(iterable)
    size, extra = divmod(len(items), total)
    start = (replica - 1) * size + min(replica - 1, extra)
    return iter(items[start : start + size + (replica <= extra)])


def chunk(
    iterable: Iterable[T], replica: int | None = None, total: int | None = None
) -> Iterator[T]:
    """Return this replica's share: neighbouring items, as many for each, the rest for the last.

    With fewer items than replicas the first replicas get one each.

    Args:
        iterable: The items, the same and in the same order in every replica.
        replica: The replica, 1 to ``total``; else from the environment.
        total: The number of replicas; else from the environment.

    Returns:
        The items of the share, to iterate over.

    Raises:
        ValueError: ``replica`` is not between 1 and ``total``, or a variable makes no sense.

    Example:
        >>> [list(chunk("abcdefg", each, 3)) for each in (1, 2, 3)]
        [['a', 'b'], ['c', 'd'], ['e', 'f', 'g']]
    """
    replica, total = _checked(replica, total)
    items = list(iterable)
    size = max(1, len(items) // total)
    start = (replica - 1) * size
    end = len(items) if replica == total else start + size
    return iter(items[start:end])


def stripe(
    iterable: Iterable[T], replica: int | None = None, total: int | None = None
) -> Iterator[T]:
    """Return this replica's share: every ``total``-th item, beginning with the ``replica``-th.

    Args:
        iterable: The items, the same and in the same order in every replica.
        replica: The replica, 1 to ``total``; one outside of that has no share.
        total: The number of replicas; else from the environment.

    Returns:
        The items of the share, to iterate over.

    Raises:
        ValueError: ``total`` is less than 1, or a variable makes no sense.

    Example:
        >>> [list(stripe("abcdefg", each, 3)) for each in (1, 2, 3)]
        [['a', 'd', 'g'], ['b', 'e'], ['c', 'f']]
    """
    number, count = _from_environment(replica, total)
    if count < 1:
        which = "REPLICA_COUNT" if total is None else "total"
        raise ValueError(f"{which} must be at least 1, not {count}")
    if not 1 <= number <= count:
        return iter(())
    return islice(iterable, number - 1, None, count)


def _from_environment(replica: int | None, total: int | None) -> tuple[int, int]:
    number = _variable("REPLICA_ID") if replica is None else replica
    count = _variable("REPLICA_COUNT") if total is None else total
    if replica is None and total is None and number != 1 and "REPLICA_COUNT" not in os.environ:
        raise ValueError(
            f"REPLICA_ID is {number} and REPLICA_COUNT is not set; "
            "set it too, or pass replica= and total="
        )
    return number, count


def _variable(name: str) -> int:
    text = os.environ.get(name, "1")
    try:
        return int(text)
    except ValueError:
        raise ValueError(
            f"{name} must be a whole number, not {text!r}; correct it, or pass replica= and total="
        ) from None


def _checked(replica: int | None, total: int | None) -> tuple[int, int]:
    number, count = _from_environment(replica, total)
    if not 1 <= number <= count:
        which = "REPLICA_ID" if replica is None else "replica"
        read = total is None and "REPLICA_COUNT" in os.environ
        most = f"REPLICA_COUNT, which is {count}" if read else f"the total of {count}"
        raise ValueError(f"{which} must be between 1 and {most}, not {number}")
    return number, count
