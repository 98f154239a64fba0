"""How the numbers get into the page of the dependencies."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
pytest.importorskip("packaging")

import dependency_costs  # noqa: E402

PAGE = """# Title

<!-- measured: below -->
Once.
<!-- measured: above -->

| package | what for | import | disk |
|---|---|---:|---:|
| attrs | records, `|` no | 1 ms | 2 MB |
| ruamel.yaml | files | | |
"""


def test_only_the_numbers_change():
    numbers = {"attrs": ("9 ms", "0.5 MB"), "ruamel.yaml": ("3 ms", "1.0 MB (1.5)")}

    page = dependency_costs.with_numbers(PAGE, numbers, "Twice.")

    assert page == (
        PAGE.replace("Once.", "Twice.")
        .replace("1 ms | 2 MB", "9 ms | 0.5 MB")
        .replace("files | | |", "files | 3 ms | 1.0 MB (1.5) |")
    )
    assert dependency_costs.with_numbers(page, numbers, "Twice.") == page


def test_a_row_of_what_was_not_measured_is_an_error():
    with pytest.raises(KeyError, match=r"ruamel\.yaml"):
        dependency_costs.with_numbers(PAGE, {"attrs": ("9 ms", "0.5 MB")}, "Twice.")
