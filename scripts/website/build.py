#!/usr/bin/env python3
"""Builds the site: static files in build/site, to be read from a folder or put on any server.

Fails on any warning, on a page that the navigation does not have, on a link that leads nowhere, and
on anything that a page would fetch from elsewhere. Needs the `docs` dependency group.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

import yaml
from checking import faults
from command_pages import write_pages
from contract_page import contract_page
from house_picture import house_picture
from notebook_page import notebook_page
from staging import DOCS, ROOT, DeadLink, stage
from terminals import MARKED, drawn

from canfar.local import LocalPlatform

BUILD = ROOT / "build" / "docs"
PAGES = BUILD / "pages"
SITE = ROOT / "build" / "site"


def expanded(entries: list[Any]) -> list[Any]:
    """Put pages where the navigation has "folder/*" or "name*", but for those it names."""
    named = {entry for entry in walk(entries) if not entry.endswith("*")}
    whole: list[Any] = []
    for entry in entries:
        if isinstance(entry, dict):
            ((title, below),) = cast("dict[str, list[Any] | str]", entry).items()
            filled = expanded(below) if isinstance(below, list) else below
            whole += [{title: filled}] if filled else []
        elif entry.endswith("*"):
            found = sorted(str(page.relative_to(PAGES)) for page in PAGES.glob(f"{entry}.md"))
            whole += [page for page in found if page not in named]
        else:
            whole.append(entry)
    return whole


def walk(entries: Any) -> list[str]:
    """All pages of a navigation."""
    if isinstance(entries, str):
        return [entries]
    below: Any = cast("dict[str, Any]", entries).values() if isinstance(entries, dict) else entries
    return [page for entry in below for page in walk(entry)]


def configuration() -> dict[str, Any]:
    """What Zensical is told, with every page in its navigation.

    Raises:
        SystemExit: A page has no place there, or a place has no page.
    """
    settings: dict[str, Any] = yaml.safe_load((DOCS / "site.yml").read_text("utf-8"))
    settings["nav"] = expanded(settings["nav"])
    have = {str(page.relative_to(PAGES)) for page in PAGES.rglob("*.md")}
    listed = walk(settings["nav"])
    if stray := have.symmetric_difference(listed):
        sys.exit(f"docs/site.yml: not both a page and in the navigation: {', '.join(stray)}")
    return settings


def draw_terminals() -> None:
    """Draw the terminals of all pages, each page's on a platform of its own."""
    for page in PAGES.rglob("*.md"):
        text = page.read_text("utf-8")
        if not MARKED.search(text):
            continue
        with tempfile.TemporaryDirectory() as home, LocalPlatform() as platform:
            env = {
                **platform.environment,
                "HOME": home,
                "CANFAR_CONFIG": f"{home}/config.yaml",
                "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            }
            page.write_text(drawn(text, env), "utf-8")


def main() -> None:
    """Build the site and check it."""
    try:
        stage(PAGES)
    except DeadLink as dead:
        sys.exit(str(dead))
    (PAGES / "contract.md").write_text(contract_page(ROOT / "spec" / "openapi.yaml"), "utf-8")
    architecture = PAGES / "architecture.md"
    # In a figure, because Markdown takes a picture alone for words.
    figure = f"<figure>\n{house_picture()}\n</figure>"
    text = architecture.read_text("utf-8").replace("<!-- the house -->", figure)
    architecture.write_text(text, "utf-8")
    write_pages(PAGES / "cli")
    draw_terminals()
    notebook = ROOT / "examples" / "batch.ipynb"
    (PAGES / "programs" / "batch.md").write_text(notebook_page(notebook), "utf-8")
    (BUILD / "mkdocs.yml").write_text(yaml.safe_dump(configuration(), sort_keys=False), "utf-8")
    # Beside this file is the extension that reads docstrings.
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "zensical",
            "build",
            "--clean",
            "--strict",
            "-f",
            BUILD / "mkdocs.yml",
        ],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(Path(__file__).parent)},
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
    # What is wrong with a docstring is told, but not counted.
    if done.returncode or "griffe:" in said:
        sys.exit(said)
    shutil.rmtree(SITE, ignore_errors=True)
    (BUILD / "site").rename(SITE)
    (SITE / "404.html").unlink()  # for servers that know to show it; its links work in no folder
    if found := list(faults(SITE)):
        sys.exit("\n".join(found))
    print(f"{SITE.relative_to(Path.cwd())}/index.html: {len(list(SITE.rglob('*.html')))} pages")


if __name__ == "__main__":
    main()
