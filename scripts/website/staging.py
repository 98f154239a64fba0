"""Puts the pages of the site into one folder: those of docs/, and what the project has elsewhere.

In the repository a link names a file of the repository, so that it can be followed there too; in
the site it has to name a page. What has no page is a mistake in the link.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
# Pages whose text stands outside docs/, where people look for it first.
ELSEWHERE = {
    "CHANGELOG.md": "changelog.md",
    "CODE_OF_CONDUCT.md": "conduct.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "benchmarks/results.md": "benchmarks.md",
    "scripts/openapi/README.md": "generator.md",
}
# What a link to something that is not Markdown leads to.
SHOWN_BY = {
    "docs/adr": "adr/README.md",
    "docs/cli": "cli/README.md",
    "examples": "programs.md",
    "spec/openapi.yaml": "contract.md",
    "LICENSE": "license.md",
}
FENCE = re.compile(r"^\s*(```+|~~~+)")
LINK = re.compile(r"(?<=\]\()(?!https?://|mailto:|#)([^)\s#]+)")


class DeadLink(Exception):
    """A link of a page that leads to no page of the site."""


def programs() -> dict[str, str]:
    """The examples, each with the page that shows it."""
    found = sorted((ROOT / "examples").glob("*.py")) + sorted((ROOT / "examples").glob("*.ipynb"))
    return {f"examples/{each.name}": f"programs/{each.stem}.md" for each in found}


def pages() -> dict[str, str]:
    """Every file of the repository that is a page or is shown by one, with that page."""
    own = {str(page.relative_to(ROOT)): str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}
    return {**SHOWN_BY, **programs(), **ELSEWHERE, **own}


def relinked(text: str, source: str, known: dict[str, str]) -> str:
    """Make the links of a page lead to pages.

    Args:
        text: The page's Markdown.
        source: Its file, relative to the repository.
        known: `pages()`.

    Returns:
        The Markdown for the site.

    Raises:
        DeadLink: A link leads to no page.
    """
    page, code = known[source], ""

    def lead(link: re.Match[str]) -> str:
        target = os.path.normpath(os.path.join(os.path.dirname(source), link[1]))  # noqa: PTH118, PTH120
        if target not in known:
            if target.startswith("docs/") and (ROOT / target).is_file():
                return link[1]  # a picture
            raise DeadLink(f"{source}: {link[1]} leads to no page of the site")
        return os.path.relpath(known[target], os.path.dirname(page))  # noqa: PTH120

    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        fence = FENCE.match(line)
        if fence and (not code or fence[1] == code):
            code = "" if code else fence[1]
        lines.append(line if code else LINK.sub(lead, line))
    return "".join(lines)


def listing(source: str) -> str:
    """Make the page of a program: its text, as it stands in the repository."""
    text = (ROOT / source).read_text("utf-8")
    return f"# {Path(source).name}\n\n```python\n{text}```\n"


def stage(folder: Path) -> None:
    """Write the pages that need no more than copying, and what lies beside them, to a folder.

    Args:
        folder: Where to; what was there is removed.

    Raises:
        DeadLink: A link leads to no page of the site.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS, folder, ignore=shutil.ignore_patterns("*.md", "site.yml", "ruff.toml"))
    known = pages()
    for source, page in known.items():
        if source.endswith(".md"):
            text = relinked((ROOT / source).read_text("utf-8"), source, known)
        elif source.endswith(".py"):
            text = listing(source)
        else:
            continue
        file = folder / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    license_text = (ROOT / "LICENSE").read_text("utf-8")
    (folder / "license.md").write_text(f"# Licence\n\n```text\n{license_text}```\n", "utf-8")
    shutil.copy(ROOT / "spec" / "openapi.yaml", folder)
