"""The Pythons of this machine that canfar supports."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


def supported() -> list[str]:
    """The versions that pyproject.toml names, oldest first, as in "3.11"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = (each.rpartition(" ")[2] for each in project["classifiers"])
    return sorted((v for v in named if v.startswith("3.")), key=lambda v: int(v[2:]))


def candidates(version: str) -> Iterator[Path]:
    """Where a Python of that version might be: among pyenv's, on the PATH."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"))
    for name in (f"python{version}", "python3"):
        if found := shutil.which(name):
            yield Path(found)


def works(python: Path, version: str) -> bool:
    """Whether that program is that Python and can make environments."""
    program = "import sys, venv; print('{}.{}'.format(*sys.version_info))"
    try:
        done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == version


def find(versions: list[str]) -> dict[str, Path]:
    """The Pythons that are here, by version, in the order of the versions.

    Args:
        versions: Those wanted, as in "3.11".
    """
    found: dict[str, Path] = {}
    for version in versions:
        here = next((each for each in candidates(version) if works(each, version)), None)
        if here:
            found[version] = here
    return found
