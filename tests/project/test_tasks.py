"""The task file: what a newcomer meets first."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[2]
TASKS = ROOT / "tasks.py"


@pytest.fixture(scope="module")
def tasks() -> ModuleType:
    """The task file, which is in no package."""
    spec = importlib.util.spec_from_file_location("tasks", TASKS)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def verbs(tasks):
    return [verb.__name__ for verb in tasks.VERBS]


def test_an_old_python_can_read_it_and_is_told_what_is_wrong():
    source = TASKS.read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    before = source.partition("if sys.version_info")[0]
    imported = [name.name for node in ast.parse(before).body for name in getattr(node, "names", [])]
    assert tree
    assert not {"tomllib", "annotations"}.intersection(imported), "not in Python 3.6"


def test_without_a_verb_it_lists_at_most_ten_with_a_sentence_each(tasks, verbs):
    with pytest.raises(SystemExit) as stop:
        tasks.main([])

    listed = re.findall(r"^  (\w+) +[A-Z].*\.$", str(stop.value), re.MULTILINE)
    assert listed == verbs
    assert {"demo", "test", "check", "ci"} <= set(verbs)
    assert len(verbs) <= 10


def test_every_command_the_documentation_names_exists(verbs):
    for page in ("README.md", "CONTRIBUTING.md"):
        named = re.findall(r"python3 tasks\.py (\w+)", (ROOT / page).read_text("utf-8"))
        assert named
        assert set(named) <= set(verbs), page


def test_contributing_has_a_row_for_every_verb_in_their_order(verbs):
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = re.findall(r"^\| `python3 tasks\.py (\w+)` \|", page, re.MULTILINE)
    assert rows == verbs


def test_ci_runs_both_commands_of_the_readme(tasks):
    assert "tasks.py ci" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert {"demo", "test"} <= set(chain(*tasks.CI_STEPS))


def test_where_uv_cannot_install_pip_does(tasks, tmp_path, monkeypatch):
    ran = []

    def run(*command, said="", env=None):
        ran.append([str(word) for word in command])
        if said == "with uv":
            sys.exit(2)

    monkeypatch.setattr(tasks, "environment", lambda folder: folder / "python")
    monkeypatch.setattr(tasks, "run", run)

    assert tasks.install(tmp_path, "httpx") == tmp_path / "python"
    assert ran[-2][1:3] == ["pip", "install"]
    assert ran[-1][1:3] == ["-m", "pip"]
    assert {"--python", str(tmp_path / "python"), "install", "httpx"} <= set(ran[-1])


def test_ci_notices_skipped_tests_and_only_those(tasks, tmp_path):
    (tmp_path / "test_some.py").write_text(
        "import pytest\n"
        "def test_runs(): pass\n"
        "@pytest.mark.skip\n"
        "def test_sleeps(): pass\n"
        "@pytest.mark.xfail\n"
        "def test_fails_as_known(): raise AssertionError\n"
    )
    (tmp_path / "test_whole.py").write_text("import pytest\npytest.importorskip('no_such')\n")
    report = tmp_path / "report.xml"
    options = ["-c", "/dev/null", f"--junit-xml={report}", str(tmp_path)]
    # Without our plug-ins, which take longer to load than these tests to run.
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    subprocess.run(
        [sys.executable, "-m", "pytest", *options], env=env, check=True, capture_output=True
    )

    one, whole = sorted(tasks.skipped(report))
    assert "test_whole" in one + whole
    assert "test_some.test_sleeps" in {one, whole}


@pytest.mark.parametrize("at_once", [1, 2])
def test_every_step_is_run_and_one_that_fails_is_told(tasks, at_once, capfd):
    program = "print('step', {}); raise SystemExit({})"
    steps = [(sys.executable, "-S", "-c", program.format(n, n % 2)) for n in range(3)]

    with pytest.raises(SystemExit, match="1 of 3 steps failed"):
        tasks.run_all(*steps, at_once=at_once)

    said = capfd.readouterr().out
    assert said.count("# ok, ") == 2
    assert said.count("# FAILED (exit status 1), ") == 1
    # What a step prints stands below it and above its verdict, however many run.
    assert re.search(r"SystemExit\(1\)\nstep 1\n# FAILED", said)
    assert len(re.findall(r"SystemExit\(0\)\nstep [02]\n# ok", said)) == 2


def test_constraints_are_plain_pins():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.+!]+", pin)] == []
