"""The lowest allowed version of every dependency, as constraints for pip."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]


def requirements() -> list[Requirement]:
    """What canfar and its extras need, in the order of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed: list[str] = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        needed += extra
    return [Requirement(text) for text in needed]


def lower_bound(requirement: Requirement) -> str:
    """The lowest version that a requirement allows.

    Raises:
        ValueError: It has none, or more than one could be meant.
    """
    bounds = [each.version for each in requirement.specifier if each.operator in {">=", "=="}]
    if len(bounds) != 1:
        raise ValueError(f"pyproject.toml: {requirement} needs one lower bound, as in >=1.2")
    return bounds[0]


def constraints() -> str:
    """Lines of `name==version`, one for each dependency."""
    return "".join(f"{each.name}=={lower_bound(each)}\n" for each in requirements())
