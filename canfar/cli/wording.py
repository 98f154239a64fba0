"""What the library advises, in the words of the command line."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["in_commands"]

SENTENCES: Final = (
    (
        re.compile(r"for a private one pass .*$"),
        "for a private one, `canfar config set` registry.username and registry.secret.",
    ),
    (re.compile(r"or pass (token= or certificate=|url= and token=), or set"), "or set"),
    (re.compile(r"logs in, or pass token=\."), "logs in."),
    (re.compile(r"write kind='headless'"), "write `canfar create headless`"),
    (re.compile(r"connect again later"), "open it later"),
    (re.compile(r"Images\(\)\.fetch\(\)"), "`canfar image ls`"),
    (re.compile(r"Context\(\)\.resources\(\)"), "`canfar context`"),
    (re.compile(r"\bfetch\(\)"), "`canfar ps --all`"),
    (re.compile(r"\b(logs|events|info)\(\)"), r"`canfar \1`"),
)


def in_commands(advice: str) -> str:
    """Return advice with commands in place of what a script would call.

    Example:
        >>> in_commands("events() and logs() say what happened.")
        '`canfar events` and `canfar logs` say what happened.'
    """
    for pattern, words in SENTENCES:
        advice = pattern.sub(words, advice)
    return advice
