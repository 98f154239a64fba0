"""The code blocks of a page: what is to be run, what it must print, and what stands in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *(ROOT / name for name in ("benchmarks/results.md", "scripts/openapi/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
FENCE = re.compile(
    r"^(?P<indent>[ ]*)```(?P<language>\w+)(?P<info>[^\n]*)\n(?P<body>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
TITLE = re.compile(r'title="([^"]*)"')
NEEDS_CANFAR = "needs CANFAR"


@dataclass(frozen=True)
class Block:
    """A block of a page, and what the page says that it prints."""

    where: str
    language: str
    title: str
    source: str
    prints: str | None

    @property
    def is_file(self) -> bool:
        """Whether it is the text of a file, whose name is its title."""
        return Path(self.title).suffix != ""

    @property
    def needs_canfar(self) -> bool:
        """Whether it can only be read, for want of an account."""
        return self.title == NEEDS_CANFAR

    @property
    def runs(self) -> bool:
        """Whether it is to be run."""
        return self.language in {"python", "sh"} and not self.is_file and not self.needs_canfar


def name_of(page: Path) -> str:
    """What a page is called: its file in the repository."""
    return str(page.relative_to(ROOT))


def blocks(text: str, page: str = "page") -> list[Block]:
    """Find all blocks, each with the text block that follows it at once, if one does."""
    fences = list(FENCE.finditer(text))
    found: list[Block] = []
    for fence, following in zip_longest(fences, fences[1:]):
        between = text[fence.end() : following.start()] if following else ""
        shown = following and following["language"] == "text" and len(between.split()) <= 2
        title = TITLE.search(fence["info"])
        found.append(
            Block(
                where=f"{page}:{text.count(chr(10), 0, fence.start()) + 1}",
                language=fence["language"],
                title=title[1] if title else "",
                source=dedent(fence["body"]),
                prints=dedent(following["body"]) if following and shown else None,
            )
        )
    return found


def blocks_of(page: Path) -> list[Block]:
    """Find the blocks of a page of the repository."""
    return blocks(page.read_text("utf-8"), name_of(page))
