"""Which sessions a caller means: by kind, by status in either vocabulary, by name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from canfar.errors import InvalidInput
from canfar.models.status import SYNONYMS
from canfar.models.types import CREATABLE_KINDS, KINDS, STATUSES, CreatableKind

METACHARACTERS: Final = frozenset(".^$*+?{}[]()|\\")


def one_of(what: str, value: object, allowed: Sequence[str]) -> str:
    """Return the allowed word that a value means, whatever its case.

    Raises:
        InvalidInput: It is none of them.
    """
    if isinstance(value, str):
        for word in allowed:
            if word.lower() == value.strip().lower():
                return word
        near = difflib.get_close_matches(value.lower(), [word.lower() for word in allowed], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
    else:
        hint = ""
    raise InvalidInput(f"{what} {value!r} is none of {', '.join(allowed)}{hint}")


def several_of(what: str, value: str | Iterable[str] | None, allowed: Sequence[str]) -> list[str]:
    """Return the allowed words that a value, or an iterable of values, means; None is none."""
    if value is None:
        return []
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [one_of(what, value, allowed)]
    return list(dict.fromkeys(one_of(what, item, allowed) for item in value))


def kinds(value: str | Iterable[str] | None) -> list[str]:
    """Return the kinds to keep; an empty list keeps all."""
    return several_of("kind", value, KINDS)


def creatable_kind(value: object) -> CreatableKind:
    """Return the kind to create, or raise InvalidInput for a word that is none."""
    return one_of("kind", value, CREATABLE_KINDS)  # type: ignore[return-value]  # it is one of them


def statuses(value: str | Iterable[str] | None) -> list[str]:
    """Return the statuses to keep, lower-case, with their synonyms; an empty list keeps all."""
    words = [word.lower() for word in several_of("status", value, STATUSES)]
    return sorted({synonym for word in words for synonym in SYNONYMS.get(word, {word})})


def name_filter(prefix: str | re.Pattern[str], *, regex: bool) -> Callable[[str], bool]:
    """Return a test for names: a literal prefix, or a pattern matched at the start.

    Raises:
        InvalidInput: The prefix is empty, no pattern, or looks like one without ``regex=True``.
    """
    if isinstance(prefix, re.Pattern):
        return lambda name: prefix.match(name) is not None
    if not isinstance(prefix, str) or not prefix:
        raise InvalidInput(
            f"prefix must be the beginning of names, not {prefix!r}; "
            "to mean every name write '.*' with regex=True"
        )
    if regex:
        try:
            pattern = re.compile(prefix)
        except re.error as error:
            raise InvalidInput(f"{prefix!r} is no regular expression: {error}") from None
        return lambda name: pattern.match(name) is not None
    odd = sorted(METACHARACTERS.intersection(prefix))
    if odd:
        raise InvalidInput(
            f"prefix {prefix!r} holds {' '.join(odd)}, which no session name can: "
            f"write regex=True if it is a regular expression, or leave out {' '.join(odd)}"
        )
    # The server stores names in lower case (protocol notes, 1.4: a fact of Skaha 1.4).
    literal = prefix.lower()
    return lambda name: name.lower().startswith(literal)
