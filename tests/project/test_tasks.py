"""The task file: what a newcomer meets first."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TASKS = ROOT / "tasks.py"


def verbs() -> list[str]:
    said = subprocess.run([sys.executable, TASKS], capture_output=True, text=True, check=False)
    assert said.returncode == 1
    return re.findall(r"^  (\w+) ", said.stderr, re.MULTILINE)


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


def test_ci_says_the_two_words_of_the_readme():
    assert "tasks.py ci" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert '("check", "build", "demo", "test")' in TASKS.read_text("utf-8")


def test_constraints_are_plain_pins():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.+!]+", pin)] == []
