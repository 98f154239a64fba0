#!/usr/bin/env python3
"""Fails unless a tag and the changelog's topmost heading fit the version: `tag.py v2.0.0`.

Needs no packages: it runs before anything is installed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def version() -> str:
    """The version, from the one place that has it."""
    text = (ROOT / "canfar" / "__init__.py").read_text("utf-8")
    (found,) = re.findall(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    return str(found)


def faults(tag: str, wanted: str, changelog: str) -> list[str]:
    """Why a tag can't be released.

    Args:
        tag: Its name.
        wanted: The version.
        changelog: The text of CHANGELOG.md.

    Returns:
        A sentence for each fault.
    """
    found: list[str] = []
    if tag != f"v{wanted}":
        found.append(f"The tag is {tag}, and canfar/__init__.py says {wanted}.")
    if not re.fullmatch(r"\d+\.\d+\.\d+(rc\d+)?", wanted):
        found.append(f"{wanted} is no version to release: write 1.2.3 or 1.2.3rc1.")
    topmost = re.findall(r"^## \[?([^\]\s]+)\]?", changelog, re.MULTILINE)[0]
    if topmost != wanted:
        found.append(f"CHANGELOG.md begins with {topmost}, not with {wanted}.")
    return found


if __name__ == "__main__":
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    if found := faults(sys.argv[1], version(), changelog):
        sys.exit("\n".join(found))
