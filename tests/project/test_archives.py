"""What a release's archives may hold, and which versions they are proved with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "release"))
pytest.importorskip("packaging")

import archives  # noqa: E402
import lowest  # noqa: E402
import prove  # noqa: E402
import pythons  # noqa: E402
from packaging.requirements import Requirement  # noqa: E402


@pytest.mark.parametrize(
    "name",
    [
        "canfar/__pycache__/x.cpython-311.pyc",
        "canfar/tests/test_x.py",
        "tests/test_x.py",
        ".coverage",
        "canfar/.mypy_cache/x",
        "canfar/sessions.py.orig",
        "build/peer/x.py",
    ],
)
def test_caches_tests_and_leftovers_are_faults(name):
    assert archives.faults([*archives.IN_WHEEL, name], archives.IN_WHEEL) == [
        f"{name} has no business there"
    ]


def test_what_is_missing_is_a_fault():
    without = archives.IN_WHEEL - {"skaha_client/openapi.yaml"}
    assert archives.faults(without, archives.IN_WHEEL) == ["skaha_client/openapi.yaml is missing"]


def test_lower_bounds_become_pins():
    assert lowest.lower_bound(Requirement("httpx>=0.27,<0.29")) == "0.27"
    with pytest.raises(ValueError, match="needs one lower bound"):
        lowest.lower_bound(Requirement("httpx<0.29"))
    pins = lowest.constraints().splitlines()
    assert {"attrs", "starlette", "keyring", "pandas"} <= {pin.partition("==")[0] for pin in pins}


def test_everything_is_tried_with_every_python():
    rounds = prove.rounds(["3.11", "3.12", "3.13"], quick=False)

    assert {(each.version, each.versions) for each in rounds} == {
        (version, versions)
        for version in ("3.11", "3.12", "3.13")
        for versions in ("lowest", "newest")
    }
    assert all({"local", "keyring"} <= set(each.extras) for each in rounds)


@pytest.mark.parametrize("here", [["3.11"], ["3.11", "3.12"], ["3.11", "3.12", "3.13"]])
def test_in_a_hurry_each_python_each_extra_and_both_ends_are_tried(here):
    rounds = prove.rounds(here, quick=True)

    assert {each.version for each in rounds} == set(here)
    assert {each.versions for each in rounds} == {"lowest", "newest"}
    assert {extra for each in rounds for extra in each.extras} == set(prove.EXTRAS)


def test_this_python_is_found():
    this = f"3.{sys.version_info.minor}"
    assert this in pythons.supported()
    assert list(pythons.find([this, "3.99"])) == [this]
