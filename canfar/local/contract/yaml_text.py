r"""Text between double quotes in YAML, as the server's template is read (section 1.6).

After :func:`canfar.local.contract.java.expand_replacement` the server's text stands in a YAML file,
in double quotes. Reading it back joins lines, resolves the escapes that are left, and fails where a
quote of the user's own ended the text too early.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["BrokenYamlError", "quoted", "quoted_list"]

_SIMPLE_ESCAPES: Final = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_CODE_ESCAPES: Final = {"x": 2, "u": 4, "U": 8}
_BREAK: Final = re.compile(r"[ \t]*(?:\r\n|[\r\n\x85\u2028\u2029])")
_PLAIN: Final = re.compile(r'[^"\\ \t\r\n\x85\u2028\u2029]+')
_NOT_PRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_LARGEST_CODE: Final = 0x10FFFF


class BrokenYamlError(ValueError):
    """The text breaks the file it is pasted into."""


def quoted(text: str) -> str:
    r"""What a text between double quotes is read as.

    Args:
        text: The text, without the quotes around it.

    Raises:
        BrokenYamlError: It holds a quote, an unknown escape or a character that YAML refuses.

    Example:
        >>> quoted("two\nlines"), quoted(r"a\x20b")
        ('two lines', 'a b')
    """
    value, end = _scalar(text + '"', 0)
    if end != len(text) + 1:
        raise BrokenYamlError(text)
    return value


def quoted_list(texts: list[str]) -> list[str]:
    r"""What a list of texts, each between double quotes, is read as.

    Quotes inside a text may add items to the list: that is what the server's template makes of
    them.
    Any other thing that quotes could inject counts as broken here.

    Args:
        texts: The texts, without the quotes around them.

    Raises:
        BrokenYamlError: See :func:`quoted`.

    Example:
        >>> quoted_list(["-c", 'a", "b'])
        ['-c', 'a', 'b']
    """
    whole = ",".join(f'"{text}"' for text in texts)
    items: list[str] = []
    at = 0
    while at < len(whole):
        if whole[at] != '"':
            raise BrokenYamlError(whole)
        value, at = _scalar(whole, at + 1)
        items.append(value)
        at = _skip_spaces(whole, at)
        if at == len(whole):
            break
        if whole[at] != ",":
            raise BrokenYamlError(whole)
        at = _skip_spaces(whole, at + 1)
    return items


def _skip_spaces(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _scalar(text: str, at: int) -> tuple[str, int]:
    """Read from after an opening quote; return the value and where its closing quote ended."""
    if _NOT_PRINTABLE.search(text):
        raise BrokenYamlError(text)
    done: list[str] = []
    while at < len(text):
        if plain := _PLAIN.match(text, at):
            done.append(plain.group())
            at = plain.end()
        elif text[at] == '"':
            return "".join(done), at + 1
        elif text[at] == "\\":
            value, at = _escape(text, at + 1)
            done.append(value)
        elif line_break := _BREAK.match(text, at):
            value, at = _fold(text, line_break.end())
            done.append(value)
        else:
            done.append(text[at])
            at += 1
    raise BrokenYamlError(text)


def _fold(text: str, at: int) -> tuple[str, int]:
    """One line break is a space, more are one fewer; the next line's indentation is dropped."""
    breaks = 0
    while following := _BREAK.match(text, at):
        breaks += 1
        at = following.end()
    while at < len(text) and text[at] in " \t":
        at += 1
    return "\n" * breaks or " ", at


def _escape(text: str, at: int) -> tuple[str, int]:
    """Read the escape whose letter is at this place."""
    letter = text[at : at + 1]
    if letter in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[letter], at + 1
    if letter in _CODE_ESCAPES:
        digits = text[at + 1 : at + 1 + _CODE_ESCAPES[letter]]
        if len(digits) == _CODE_ESCAPES[letter] and re.fullmatch(r"[0-9a-fA-F]+", digits):
            code = int(digits, 16)
            if code <= _LARGEST_CODE:
                return chr(code), at + 1 + len(digits)
    elif line_break := _BREAK.match(text, at):
        # An escaped line break joins two lines without a space between them.
        at = line_break.end()
        while at < len(text) and text[at] in " \t":
            at += 1
        return "", at
    raise BrokenYamlError(text)
