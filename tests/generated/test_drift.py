"""generated/ is what the specification gives, and the check of that can be trusted."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


pytestmark = [
    pytest.mark.skipif(
        version("openapi-python-client") != "0.29.1" or version("ruff") != "0.17.6",
        reason="the dependency group `generate` isn't installed",
    ),
    pytest.mark.skipif(os.name != "posix", reason="generate.sh is a shell script"),
]


def generate(where: Path, *args: str, python: str = sys.executable):
    return subprocess.run(
        [where / "scripts" / "generate.sh", *args],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=os.environ | {"PYTHON": python},
    )


@pytest.fixture
def project(tmp_path):
    for folder in "spec", "scripts", "generated":
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / "a project" / folder, ignore=ignored)
    return tmp_path / "a project"


def test_nothing_in_generated_differs_from_the_specification():
    result = generate(ROOT, "--check")
    assert result.returncode == 0, result.stdout + result.stderr


def test_it_can_be_made_from_nothing(project):
    shutil.rmtree(project / "generated")
    # Settings of whoever runs it don't matter.
    (project / "ruff.toml").write_text("line-length = 40\nindent-width = 2\n")
    assert generate(project).returncode == 0
    assert generate(project, "--check").returncode == 0
    files = {path.relative_to(project) for path in (project / "generated").rglob("*.*")}
    here = {path.relative_to(ROOT) for path in (ROOT / "generated").rglob("*.*")}
    assert files == {path for path in here if "__pycache__" not in path.parts}


def test_whatever_differs_is_shown(project):
    types = project / "generated/skaha_client/types.py"
    types.write_text(types.read_text("utf-8").replace("import json", "import json  # mine"))
    for name in "generated/skaha_client/mine.py", "generated/mine.txt":
        (project / name).write_text(f"something of my own in {name}\n")
    (project / "generated/skaha_client/models/session.py").unlink()
    result = generate(project, "--check")
    assert result.returncode == 1
    assert "-import json  # mine" in result.stdout
    assert "# mine" in types.read_text("utf-8")
    assert "something of my own in generated/skaha_client/mine.py" in result.stdout
    assert "something of my own in generated/mine.txt" in result.stdout
    assert "class Session(Model)" in result.stdout


def test_one_file_too_many_is_a_difference(project):
    (project / "generated/mine.txt").write_text("something of my own\n")
    assert generate(project, "--check").returncode == 1


@pytest.mark.parametrize(
    ("versions", "sentence"),
    [
        ({"openapi-python-client": "0.30.0", "ruff": "0.17.6"}, "openapi-python-client 0.29.1"),
        ({"openapi-python-client": "0.29.1", "ruff": "0.18.0"}, "ruff 0.17.6"),
        ({}, "openapi-python-client 0.29.1 is needed, found: none"),
    ],
)
def test_another_version_is_refused(project, tmp_path, versions, sentence):
    python = tmp_path / "python"
    cases = "".join(f"{package}) echo {found};;\n" for package, found in versions.items())
    python.write_text(f'#!/bin/sh\ncase "$3" in\n{cases}*) exit 1;;\nesac\n')
    python.chmod(0o755)
    result = generate(project, python=str(python))
    assert result.returncode == 2
    assert sentence in result.stderr
    assert "install exactly that one" in result.stderr


def test_a_specification_that_closes_a_reply_is_refused(project):
    spec = project / "spec" / "openapi.yaml"
    text = spec.read_text("utf-8")
    closed = text.replace(
        "        status:\n          type: string\n",
        "        status:\n          type: string\n          enum: [Pending, Running]\n",
    )
    assert closed != text
    spec.write_text(closed)
    before = sorted(project.rglob("generated/**/*"))
    result = generate(project)
    assert result.returncode == 2
    assert "LiteralEnumProperty" in result.stderr
    assert sorted(project.rglob("generated/**/*")) == before


def test_an_unknown_argument_is_refused(project):
    result = generate(project, "--chekc")
    assert result.returncode == 2
    assert "--check" in result.stderr
