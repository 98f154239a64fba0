"""What the files at the top of the project say of each other."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

import canfar

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "release"))
yaml = pytest.importorskip("yaml")

import tag  # noqa: E402

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def read(name):
    return (ROOT / name).read_text("utf-8")


def test_the_version_stands_in_one_place():
    project = tomllib.loads(read("pyproject.toml"))

    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "canfar/__init__.py"
    assert tag.version() == canfar.__version__
    cited = yaml.safe_load(read("CITATION.cff"))
    assert cited["version"] == canfar.__version__, "write it into CITATION.cff too"
    assert cited["license"] == project["project"]["license"]


def test_pages_name_no_other_version_of_canfar():
    """A page that says "canfar 2.0.0" would have to be mended with each release."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    said = {
        (page.name, version)
        for page in pages
        for version in re.findall(r"canfar[ =]+v?(2\.\d+\.\w+)", page.read_text("utf-8"))
    }
    assert {(page, version) for page, version in said if version != canfar.__version__} == set()


def test_what_is_in_the_making_stands_at_the_top_of_the_changelog():
    headings = re.findall(r"^## (.*)$", read("CHANGELOG.md"), re.MULTILINE)
    if "dev" in canfar.__version__:
        assert headings[0] == "[Unreleased]"
    assert headings.count("[Unreleased]") <= 1


def test_tables_of_the_changelog_are_whole():
    """A blank line in a table makes text of the rows below it."""
    assert not re.findall(r"^\|.*\|\n\n\|(?!.*\|\n\|-)", read("CHANGELOG.md"), re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "version", "heading", "fault"),
    [
        ("v2.0.0", "2.0.0", "[2.0.0] - 2026-12-01", None),
        ("v2.1.0rc1", "2.1.0rc1", "[2.1.0rc1] - 2026-12-01", None),
        ("v2.0.1", "2.0.0", "[2.0.0]", "The tag is v2.0.1, and canfar/__init__.py says 2.0.0."),
        ("v2.0.0.dev0", "2.0.0.dev0", "[2.0.0.dev0]", "2.0.0.dev0 is no version to release"),
        ("v2.0.0", "2.0.0", "[Unreleased]", "CHANGELOG.md begins with Unreleased, not with 2.0.0."),
    ],
)
def test_only_a_tag_that_fits_is_released(name, version, heading, fault):
    found = tag.faults(name, version, f"# Changelog\n\n## {heading}\n\n## [1.0.0]\n")

    assert len(found) == bool(fault)
    assert not fault or found[0].startswith(fault)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_do_nothing_that_the_project_can_not_do_itself(workflow):
    jobs = yaml.safe_load(workflow.read_text("utf-8"))["jobs"].values()
    commands = [step["run"] for job in jobs for step in job["steps"] if "run" in step]

    assert commands
    ours = r"\.ci/run|python3 tasks\.py \w+|python3 scripts/release/tag\.py \"\$GITHUB_REF_NAME\""
    assert [command for command in commands if not re.fullmatch(ours, command)] == []


def test_every_python_that_is_promised_is_tried():
    matrix = yaml.safe_load(read(".github/workflows/ci.yml"))["jobs"]["linux"]["strategy"]["matrix"]
    named = re.findall(r"Python :: (3\.\d+)", read("pyproject.toml"))

    assert named
    assert set(named) <= set(matrix["python"])


@pytest.mark.parametrize("name", ["SECURITY.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md"])
def test_links_between_them_lead_somewhere(name):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", read(name))

    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_dependency_has_its_reason_and_its_cost():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    extras = project["optional-dependencies"].values()
    needed = [re.match(r"[\w.-]+", each)[0] for each in sum(extras, start=project["dependencies"])]
    rows = re.findall(r"^\| ([\w.-]+) \|(.*)\|$", read("docs/dependencies.md"), re.MULTILINE)
    told = {name: [cell.strip() for cell in rest.split("|")] for name, rest in rows}

    assert [name for name in told if name != "package"] == needed
    for name in needed:
        *reasons, milliseconds, size = told[name]
        assert all(reasons), name
        assert re.fullmatch(r"\d+ ms", milliseconds), name
        assert re.fullmatch(r"[\d.]+ MB( \([\d.]+\))?", size), name
