"""What is in the wheel and in the sdist, and what must not be."""

from __future__ import annotations

import re
import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Of caches, tests, the project's own tools, and of what an editor or a system leaves lying about.
UNWANTED = re.compile(
    r"(^|/)(__pycache__|tests?|\.[^/]*|build|dist|node_modules|benchmarks|examples|scripts)(/|$)"
    r"|\.(pyc|pyo|orig|rej|swp)$|~$"
)
ALLOWED = {".gitignore"}  # hatchling puts it into every sdist
IN_WHEEL = {
    "canfar/__init__.py",
    "canfar/py.typed",
    "canfar/catalogue.toml",
    "skaha_client/__init__.py",
    "skaha_client/openapi.yaml",
    "skaha_client/py.typed",
}
IN_SDIST = {
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "PKG-INFO",
    "README.md",
    "canfar/__init__.py",
    "generated/skaha_client/__init__.py",
    "pyproject.toml",
    "spec/openapi.yaml",
}


def names(archive: Path) -> list[str]:
    """The files of a wheel, or those of an sdist below its one folder."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return sorted(wheel.namelist())
    with tarfile.open(archive) as sdist:
        files = [member.name for member in sdist.getmembers() if not member.isdir()]
    return sorted(name.partition("/")[2] for name in files)


def faults(files: Iterable[str], wanted: set[str]) -> list[str]:
    """What is wrong with a list of files.

    Args:
        files: The names.
        wanted: Those that must be among them.

    Returns:
        A sentence for each fault.
    """
    have = set(files)
    missing = [f"{name} is missing" for name in sorted(wanted - have)]
    strays = (name for name in sorted(have) if UNWANTED.search(name) and name not in ALLOWED)
    return missing + [f"{name} has no business there" for name in strays]


def contents(wheel: Path) -> dict[str, bytes]:
    """The files of a wheel with their bytes, but for the record of its making."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def listing(files: Iterable[str]) -> str:
    """How many files there are in each folder, two deep, a line each."""
    count: dict[str, int] = {}
    for name in files:
        folder = "/".join(name.split("/")[:-1][:2]) or "."
        count[folder] = count.get(folder, 0) + 1
    return "\n".join(f"    {folder}: {number}" for folder, number in sorted(count.items()))
