r"""What Java does to text on its way through the server (sections 1.4 and 1.6).

Scripts meet these rules through their mistakes: ``"2.5"`` is a number of cores, ``"FOO=a=b"`` is no
environment variable, ``"$HOME"`` is a reference to a group of a regular expression.
"""

from __future__ import annotations

import re
from typing import Final

from canfar.local.contract.problems import BadRequestError, UnexpectedError

__all__ = [
    "expand_replacement",
    "is_blank",
    "list_text",
    "parse_double",
    "parse_int",
    "split",
    "trim",
]

_DECIMAL: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?", re.ASCII)
_HEXADECIMAL: Final = re.compile(
    r"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?\d+[fFdD]?", re.ASCII
)
_SPECIAL: Final = {"NaN": float("nan"), "Infinity": float("inf")}
_INTEGER: Final = re.compile(r"[+-]?\d+", re.ASCII)
_LARGEST_INT: Final = 2**31


def trim(text: str) -> str:
    """Remove what Java's ``trim`` removes: every character up to the space, at both ends."""
    return text.strip("".join(map(chr, range(33))))


def is_blank(text: str | None) -> bool:
    """Whether there is nothing to see."""
    return text is None or not text.strip()


def split(text: str, separator: str) -> list[str]:
    """Split as Java does: trailing empty parts are dropped.

    Example:
        >>> split("a  b ", " "), split("FOO=", "="), split("", " ")
        (['a', '', 'b'], ['FOO'], [''])
    """
    if not text:
        return [""]
    parts = text.split(separator)
    while parts and not parts[-1]:
        parts.pop()
    return parts


def parse_double(text: str) -> float | None:
    """The number that Java reads in a text, or None.

    Example:
        >>> parse_double(" 2e0 "), parse_double("2,5")
        (2.0, None)
    """
    text = trim(text)
    sign = -1.0 if text.startswith("-") else 1.0
    unsigned = text[1:] if text[:1] in {"+", "-"} else text
    if unsigned in _SPECIAL:
        return sign * _SPECIAL[unsigned]
    if _HEXADECIMAL.fullmatch(text):
        return float.fromhex(text.rstrip("fFdD"))
    if _DECIMAL.fullmatch(text):
        return float(text.rstrip("fFdD"))
    return None


def parse_int(text: str) -> int | None:
    """The 32-bit integer that Java reads in a text (no spaces allowed), or None."""
    if not _INTEGER.fullmatch(text):
        return None
    number = int(text)
    return number if -_LARGEST_INT <= number < _LARGEST_INT else None


def list_text(items: tuple[str, ...]) -> str:
    """A list as Java prints it.

    Example:
        >>> list_text(("a.org", "b.org"))
        '[a.org, b.org]'
    """
    return f"[{', '.join(items)}]"


def expand_replacement(text: str) -> str:
    r"""Read a text as the replacement of a Java regular expression without groups.

    The server pastes ``cmd``, ``args`` and ``env`` into its template this way, inside double
    quotes. So a backslash is removed and keeps the next character as it is, and a dollar sign that
    no backslash keeps fails the request.

    Args:
        text: What stands between the double quotes.

    Raises:
        BadRequestError: A dollar sign that refers to no group: ``Illegal group reference``.
        UnexpectedError: A dollar sign and a number: ``No group 1``.

    Example:
        >>> expand_replacement(r"\$HOME a\nb c\\n")
        '$HOME anb c\\n'
    """
    if "\\" not in text and "$" not in text:
        return text
    done: list[str] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character == "\\":
            # At the end it is the template's own closing quote that the backslash keeps: no change.
            done.append(text[at + 1 : at + 2])
            at += 2
        elif character == "$":
            done.append(_group(text[at + 1 :]))
            at += 2
        else:
            done.append(character)
            at += 1
    return "".join(done)


def _group(rest: str) -> str:
    """What a ``$`` followed by this text stands for: at best the template's own placeholder."""
    if rest.startswith("{"):
        name = re.match(r"[A-Za-z0-9]*", rest[1:], re.ASCII)
        found = name.group() if name else ""
        if not found or not rest[1 + len(found) :].startswith("}"):
            raise BadRequestError("named capturing group is missing trailing '}'")
        if found[0].isdigit():
            raise BadRequestError(f"capturing group name {{{found}}} starts with digit character")
        raise BadRequestError(f"No group with name {{{found}}}")
    if not "0" <= rest[:1] <= "9":
        raise BadRequestError("Illegal group reference")
    if rest[0] == "0":
        # Group 0 is the placeholder that is being replaced. How the server's template spells it is
        # in none of the notes, so only this much of the mangling is known.
        return "<placeholder>"
    raise UnexpectedError(f"java.lang.IndexOutOfBoundsException: No group {rest[0]}")
