"""The task file: what a newcomer meets first."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
TASKS = ROOT / "tasks.py"


def verbs() -> list[str]:
    said = subprocess.run([sys.executable, TASKS], capture_output=True, text=True, check=False)
    assert said.returncode == 1
    return re.findall(r"^  (\w+) ", said.stderr, re.MULTILINE)


def load() -> ModuleType:
    """Import the task file, which is in no package."""
    spec = importlib.util.spec_from_file_location("tasks", TASKS)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_can_read_it_and_is_told_what_is_wrong():
    source = TASKS.read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    before = source.partition("if sys.version_info")[0]
    imported = [name.name for node in ast.parse(before).body for name in getattr(node, "names", [])]
    assert tree
    assert not {"tomllib", "annotations"}.intersection(imported), "not in Python 3.6"


def test_without_a_verb_it_lists_at_most_ten_with_a_sentence_each():
    assert {"demo", "test", "check", "ci"} <= set(verbs())
    assert len(verbs()) <= 10


def test_every_command_the_documentation_names_exists():
    for page in ("README.md", "CONTRIBUTING.md"):
        named = re.findall(r"python3 tasks\.py (\w+)", (ROOT / page).read_text("utf-8"))
        assert named
        assert set(named) <= set(verbs()), page


def test_contributing_names_every_verb():
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert [verb for verb in verbs() if f"tasks.py {verb}`" not in page] == []


def test_ci_runs_both_commands_of_the_readme():
    assert "tasks.py ci" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert {"demo", "test"} <= set(load().CI_STEPS)


def test_ci_notices_skipped_tests_and_only_those(tmp_path):
    (tmp_path / "test_some.py").write_text(
        "import pytest\n"
        "def test_runs(): pass\n"
        "@pytest.mark.skip\n"
        "def test_sleeps(): pass\n"
        "@pytest.mark.xfail\n"
        "def test_fails_as_known(): raise AssertionError\n"
    )
    report = tmp_path / "report.xml"
    options = ["-c", "/dev/null", "-p", "no:randomly", f"--junit-xml={report}", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pytest", *options], check=True, capture_output=True)
    assert load().skipped(report) == ["test_some.test_sleeps"]


def test_ci_notices_a_whole_file_that_is_skipped(tmp_path):
    (tmp_path / "test_some.py").write_text("import pytest\npytest.importorskip('no_such')\n")
    report = tmp_path / "report.xml"
    options = ["-c", "/dev/null", f"--junit-xml={report}", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "pytest", *options], check=False, capture_output=True)
    assert len(load().skipped(report)) == 1


def test_constraints_are_plain_pins():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.+!]+", pin)] == []
