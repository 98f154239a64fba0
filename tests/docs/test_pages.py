"""Every Python block of the documentation runs, and prints what the page says it prints."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import webbrowser
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from textwrap import dedent
from types import CodeType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(
    r"^(?P<indent>[ ]*)```(?P<language>\w+)[^\n]*\n(?P<body>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
SESSION_ID = re.compile(r"\b[a-z][a-z0-9]{7}\b")


@dataclass
class Block:
    """One runnable block of a page."""

    line: int
    source: str
    prints: str | None


def blocks(text: str) -> list[Block]:
    """Find the Python blocks, each with the text block that follows it, if one does."""
    fences = list(FENCE.finditer(text))
    found: list[Block] = []
    for fence, following in zip_longest(fences, fences[1:]):
        if fence["language"] != "python":
            continue
        between = text[fence.end() : following.start()] if following else ""
        shown = following and following["language"] == "text" and len(between.split()) <= 2
        found.append(
            Block(
                line=text.count("\n", 0, fence.start()) + 1,
                source=dedent(fence["body"]),
                prints=dedent(following["body"]) if following and shown else None,
            )
        )
    return found


def run(source: str, where: str, namespace: dict[str, Any]) -> None:
    """Run a block as IPython would, where `await` needs no function around it."""
    code = compile(source, where, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert isinstance(code, CodeType)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(eval(code, namespace))  # noqa: S307 - our own documentation
    else:
        exec(code, namespace)  # noqa: S102 - the same


def without_ids(text: str) -> str:
    """Replace what differs from run to run."""
    return SESSION_ID.sub("########", text.strip())


RUNNABLE = [page for page in PAGES if blocks(page.read_text("utf-8"))]


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: str(page.relative_to(ROOT)))
@pytest.mark.usefixtures("canfar_platform")
def test_python_blocks_run(page, monkeypatch, capsys):
    monkeypatch.setattr(webbrowser, "open_new_tab", bool)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(page.read_text("utf-8")):
        where = f"{page.relative_to(ROOT)}:{block.line}"
        run(block.source, where, namespace)
        printed = capsys.readouterr().out
        if block.prints is not None:
            assert without_ids(printed) == without_ids(block.prints), where


@pytest.mark.parametrize("page", [*PAGES, *ROOT.glob("C*.md")], ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text("utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing


def test_the_readme_has_examples_that_are_run():
    assert ROOT / "README.md" in RUNNABLE


def test_the_readme_is_at_most_two_screens_long():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 80


def test_blocks_are_found_in_tabs_and_with_their_output():
    text = "    ```python\n    print(1)\n    ```\nprints\n```text\n1\n```\n```python\nx\n```\n"
    first, second = blocks(text)
    assert (first.source, first.prints, second.prints) == ("print(1)\n", "1\n", None)
