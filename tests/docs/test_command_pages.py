"""Each command has a page, made from the command, with its schemas beside it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import jsonschema_rs
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "website"))
pytest.importorskip("yaml")
pytest.importorskip("pyte")

import command_pages  # noqa: E402
from command_schemas import SCHEMAS  # noqa: E402

from canfar.cli.commands import canfar  # noqa: E402


@pytest.fixture
def folder(tmp_path, monkeypatch):
    drawn = []
    # What is drawn is the test of pictures; it takes a platform and many processes.
    monkeypatch.setattr(command_pages, "draw", drawn.append)
    (tmp_path / "README.md").write_text((ROOT / "docs" / "cli" / "README.md").read_text("utf-8"))
    command_pages.write_pages(tmp_path)
    assert drawn == [tmp_path / "pictures"]
    return tmp_path


def test_every_command_has_a_page(folder):
    names = canfar.list_commands(None)
    assert {file.stem for file in folder.glob("*.md")} == {*names, "README"}
    index = (folder / "README.md").read_text("utf-8")
    assert "<!--" not in index
    for name in names:
        assert f"[`canfar {name}`]({name}.md)" in index
        assert (folder / f"{name}.md").read_text("utf-8").startswith(f"# canfar {name}\n")
    assert "## canfar auth use\n" in (folder / "auth.md").read_text("utf-8")


def test_a_page_says_what_help_says(folder):
    page = (folder / "ps.md").read_text("utf-8")
    assert "Usage: canfar ps [OPTIONS] [NAME...]" in page
    assert "```sh\ncanfar ps --all 'fit-*'\n" in page
    assert "![What `canfar ps` prints](pictures/ps.svg)" in page
    assert "Usage: canfar auth use [OPTIONS] IDP" in (folder / "auth.md").read_text("utf-8")


def test_every_schema_is_a_file_that_is_one(folder):
    files = {file.stem: file for file in (folder / "schemas").glob("*.json")}
    assert set(files) == {name.replace(" ", "-") for name in SCHEMAS} | {"error"}
    for file in files.values():
        jsonschema_rs.validator_for(json.loads(file.read_text("utf-8")))


def test_every_command_has_a_picture_but_the_one_that_asks_a_person():
    assert {*command_pages.PICTURES, "login"} == set(canfar.list_commands(None))
