"""What is promised is written down, and what would break it is noticed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "scripts" / "website")]
pytest.importorskip("griffe")

import surface  # noqa: E402

BEFORE = """
from typing import Literal
__all__ = ["Kind", "Session", "free"]
Kind = Literal["headless", "notebook"]
def free(items, *, limit: int = 3): ...
class Session:
    def __init__(self, url: str) -> None:
        self.url = url
    async def create(self, name: str, cores: int | None = None) -> list[str]: ...
    def stop(self) -> None: ...
    def _quietly(self) -> None: ...
def unpromised(): ...
"""


def sections(folder, text):
    package = folder / "made"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(text)
    return surface.sections("made", folder, ["made"])


def test_what_is_promised_is_written_as_a_stub(tmp_path):
    assert sections(tmp_path, BEFORE) == {
        "made": """\
Kind = Literal['headless', 'notebook']
class Session:
    def __init__(self, url: str) -> None: ...
    async def create(self, name: str, cores: int | None = None) -> list[str]: ...
    def stop(self) -> None: ...
def free(items, *, limit: int = 3): ...
"""
    }


def test_a_file_gives_back_the_stubs_that_were_put_into_it(tmp_path):
    stubs = sections(tmp_path, BEFORE)

    assert surface.stubs_of(surface.text_of("canfar", stubs)) == stubs


CHANGES = [
    ("    def stop(self) -> None: ...\n", "", {"Session.stop"}),
    (", cores: int | None = None", "", {"Session.create", "cores"}),
    ("cores: int | None = None", "cores: int | None = 1", {"Session.create", "cores"}),
    ("url: str", "url: str, token: str", {"Session", "token"}),
    ('"headless", ', "", {"Kind", "headless"}),
    ("limit", "most", {"free", "limit"}),
]
HARMLESS = [
    ("cores: int | None = None", "cores: int | None = None, ram: int = 1"),
    ('"headless"', '"headless", "desktop"'),
    ("def unpromised(): ...", ""),
    ("    def _quietly(self) -> None: ...\n", ""),
    ("def free", "def more(): ...\ndef free"),
]


@pytest.mark.parametrize(("old", "new", "words"), CHANGES)
def test_what_breaks_scripts_must_be_named_in_the_changelog(old, new, words, tmp_path):
    before = sections(tmp_path / "1", BEFORE)
    after = sections(tmp_path / "2", BEFORE.replace(old, new))

    found = surface.breaks(before, after)

    assert words in found.values()
    silent = "# Changelog\n\n## Next\n\n- Faster.\n\n## Last\n\n- `Session.stop` and all.\n"
    assert surface.unnamed(found, silent) == list(found)
    named = "".join(
        f"- `{' '.join(sorted(each))}` is another now,\n  which is better.\n"
        for each in found.values()
    )
    assert surface.unnamed(found, silent.replace("- Faster.\n", named)) == []


@pytest.mark.parametrize(("old", "new"), HARMLESS)
def test_what_is_added_breaks_nothing(old, new, tmp_path):
    before = sections(tmp_path / "1", BEFORE)
    after = sections(tmp_path / "2", BEFORE.replace(old, new))

    assert surface.breaks(before, after) == {}


def test_both_colours_are_named_at_once_and_words_apart_do_not_count():
    found = {"AsyncSession.create: parameter was removed: cores": {"Session.create", "cores"}}

    assert not surface.unnamed(found, "## Next\n| `Session.create(cores=1)` | gone |\n")
    assert not surface.unnamed(found, "## Next\n- `AsyncSession.create` has no `cores`.\n")
    assert surface.unnamed(found, "## Next\n- `Session.create` is faster.\n- `cores` are nice.\n")
    assert surface.unnamed(found, "## Next\n- Session.create has no cores.\n")


def test_a_change_of_the_contract_shows_what_comes_and_goes(tmp_path, monkeypatch, capsys):
    (tmp_path / "surface").mkdir()
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## Next\n\n- Faster.\n")
    kept = tmp_path / "surface" / "skaha_client.txt"
    real = (ROOT / "surface" / "skaha_client.txt").read_text("utf-8")
    monkeypatch.setattr(surface, "ROOT", tmp_path)
    monkeypatch.setattr(surface, "SURFACE", tmp_path / "surface")
    monkeypatch.setattr(surface, "FOLDERS", {"skaha_client": ROOT / "generated"})
    once = surface.stubs_of(real)
    start = "    def __init__(\n        self,\n        *,\n"
    # As if the contract had lost an operation and a field, and won a field.
    once["skaha_client.api.sessions.pause_session"] = "def sync(*, client) -> str | None: ...\n"
    once["skaha_client.models"] = once["skaha_client.models"].replace(
        f"class Session(Model):\n{start}",
        f"class Session(Model):\n{start}        mood: str = '',\n",
    )
    once["skaha_client.api.images.list_images"] = "def sync(*, client) -> list[Image]: ...\n"
    kept.write_text(surface.text_of("skaha_client", once))

    with pytest.raises(SystemExit) as stop:
        surface.main([])

    said = str(stop.value)
    assert "skaha_client.api.sessions.pause_session is gone" in said
    assert "Session: parameter was removed: mood (write `Session` and `mood`)" in said
    assert "list_images" not in said, "it only has one more parameter"
    assert kept.read_text() != real

    (tmp_path / "CHANGELOG.md").write_text(
        "## Next\n\n- `pause_session` is gone; `Session(mood=)` too.\n"
    )
    with pytest.raises(SystemExit) as stop:
        surface.main(["--check"])
    lines = str(stop.value).splitlines()
    assert "- skaha_client.models: class Session: mood: str = ''," in lines
    assert any(line.startswith("+ skaha_client.api.images.list_images") for line in lines)

    surface.main([])
    assert kept.read_text() == real
    surface.main(["--check"])
    assert capsys.readouterr().out.endswith("The surface is what surface/ says.\n")
