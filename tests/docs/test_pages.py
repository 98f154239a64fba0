"""Every block of the documentation runs, and prints what the page says it prints.

Python runs in this process, shell in `sh`, both on a local platform and in a folder of the page's
own, one block after the other. A block whose title is the name of a file is that file. A block
titled "needs CANFAR" is only read; how many of them there are, and where, is below.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import os
import re
import shlex
import subprocess
import sys
import tomllib
import webbrowser
from collections import Counter
from itertools import chain
from pathlib import Path
from types import CodeType
from typing import Any

import click
import pytest
from page_blocks import PAGES, ROOT, blocks, blocks_of, name_of

from canfar.cli import main
from canfar.cli.commands import canfar
from canfar.local.joining import default_state

sys.path.insert(0, str(ROOT))

import tasks

# What a page has instead of a platform that CANFAR_URL names.
SCENES = {
    "docs/index.md": "nothing",  # its first lines start one
    "docs/logging-in.md": "cadc",
}
# Where an account is needed, how often: a person who logs in, and the real platform.
NEED_CANFAR = {"docs/logging-in.md": 3, "docs/first-session.md": 1, "docs/ci.md": 1}
# Lines of the shell that other steps of CI run, or that a test here looks at.
ELSEWHERE = re.compile(
    r"^(?:\w+=\S+ )*(pip install|python3 (?:tasks\.py|-m venv)|scripts/generate\.sh|\.)(?= )(.*)$"
)
# What differs from run to run.
VARIES = [
    (re.compile(r"\b[a-z][a-z0-9]{7}\b"), "########"),  # the id of a session
    (re.compile(r"\b\d+(\.\d+)?( ?m?s\b| seconds\b)"), "# s"),
    (re.compile(r"(?<=127\.0\.0\.1:)\d+|(?<=process )\d+|(?<=process: )\d+"), "#"),
    (re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+]00:00| UTC)?)?"), "DATE"),
]
RUNNABLE = [page for page in PAGES if any(block.runs for block in blocks_of(page))]


def run_python(source: str, where: str, namespace: dict[str, Any]) -> None:
    """Run a block as IPython would, where `await` needs no function around it."""
    code = compile(source, where, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert isinstance(code, CodeType)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(eval(code, namespace))  # noqa: S307 - our own documentation
    else:
        exec(code, namespace)  # noqa: S102 - the same


def run_shell(source: str, where: str, folder: Path) -> tuple[str, dict[str, str]]:
    """Run a block in `sh`; return what it wrote, and the environment that it leaves."""
    lines = [line for line in source.splitlines() if not ELSEWHERE.match(line)]
    left = folder / ".environment"
    done = subprocess.run(
        ["/bin/sh", "-eu", "-c", "\n".join([*lines, f"env -0 > '{left}'"])],
        cwd=folder,
        # Not measured: a start of the command would take twice as long.
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
        text=True,
    )
    assert done.returncode == 0, f"{where} exits with {done.returncode}: {done.stdout}"
    pairs = (entry.partition("=") for entry in left.read_text("utf-8").split("\0") if entry)
    return done.stdout, {name: value for name, _, value in pairs}


def alike(text: str, folder: Path) -> str:
    """Replace what differs from run to run, and spaces at the ends of lines."""
    text = text.replace(str(folder), "/home/ada")
    for pattern, word in VARIES:
        text = pattern.sub(word, text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty home, which is also the working folder."""
    home = tmp_path / "ada"
    home.mkdir()
    monkeypatch.chdir(home)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv(
        "PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    )
    monkeypatch.setenv("BROWSER", "true")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(webbrowser, "open_new_tab", bool)
    yield home
    if default_state().exists():
        main(["local", "stop"])


@pytest.fixture
def scene(request, folder, monkeypatch):
    """What there is before the first block of a page."""
    scene = SCENES.get(name_of(request.param), "platform")
    if scene == "cadc":
        request.getfixturevalue("credential_service")
        monkeypatch.setenv("HOME", str(folder))
        monkeypatch.setenv("PASSWORD", "s3cret é")
    elif scene == "platform":
        request.getfixturevalue("canfar_platform")
    return request.param


@pytest.mark.parametrize("scene", RUNNABLE, ids=name_of, indirect=True)
def test_the_blocks_of_a_page_run(scene, folder, monkeypatch, capsys):
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks_of(scene):
        if block.is_file:
            Path(block.title).write_text(block.source, "utf-8")
        if not block.runs:
            continue
        if block.language == "python":
            run_python(block.source, block.where, namespace)
            written = capsys.readouterr().out
        else:
            written, environment = run_shell(block.source, block.where, folder)
            for name, value in environment.items():
                if name not in {"_", "PWD", "OLDPWD", "SHLVL"}:
                    monkeypatch.setenv(name, value)
        if block.prints is not None:
            assert alike(written, folder) == alike(block.prints, folder), block.where


def command_lines(source: str) -> list[str]:
    """The lines of a shell block, those that go on joined."""
    return source.replace("\\\n", " ").splitlines()


def test_what_needs_an_account_is_little_and_can_at_least_be_read():
    found = Counter[str]()
    for page in PAGES:
        for block in blocks_of(page):
            if not block.needs_canfar:
                continue
            found[name_of(page)] += 1
            if block.language == "python":
                compile(block.source, block.where, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                continue
            for line in command_lines(block.source):
                assert reads(line), f"{block.where}: {line}"
    assert found == NEED_CANFAR


def reads(line: str) -> bool:
    """Whether `canfar` takes a command line; anything else is taken for granted."""
    words = shlex.split(line, comments=True)
    if not words or words[0] != "canfar":
        return True
    command, context = canfar, canfar.make_context("canfar", words[1:])
    try:
        while isinstance(command, click.Group):
            rest = [*context._protected_args, *context.args]
            _, command, words = command.resolve_command(context, rest)
            context = command.make_context(command.name, words, parent=context)
    except click.UsageError as error:
        return "does not exist" in str(error)  # the reader's own file
    return True


def lines_run_elsewhere() -> list[Any]:
    """What blocks have that is not run with them."""
    found = []
    for page in PAGES:
        for block in blocks_of(page):
            if block.language == "sh":
                matches = [ELSEWHERE.match(line) for line in block.source.splitlines()]
                found += [pytest.param(m[1], m[2], id=block.where) for m in matches if m]
    return found


@pytest.mark.parametrize(("program", "rest"), lines_run_elsewhere())
def test_what_is_not_run_here_exists(program, rest):
    words = shlex.split(rest, comments=True)
    if program == "pip install":
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        for word in words:
            found = re.fullmatch(r"(?:\.|canfar)(?:\[([\w,]+)\])?", word)
            assert found, word
            assert set((found[1] or "local").split(",")) <= set(project["optional-dependencies"])
    elif program == "python3 tasks.py":
        verb = vars(tasks)[words[0]]
        assert verb in tasks.VERBS
    elif program.startswith("scripts/"):
        assert (ROOT / program).is_file()
    else:
        assert words[0].startswith(".venv"), "an environment is made, and entered"


def test_the_verbs_that_the_readme_begins_with_are_steps_of_ci():
    text = (ROOT / "README.md").read_text("utf-8")
    assert {"demo", "test"} <= set(re.findall(r"python3 tasks\.py (\w+)", text))
    assert {"demo", "test"} <= set(chain(*tasks.CI_STEPS))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    """In the repository, as it lies there; the site's are looked at when it is built."""
    links = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text("utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", [p for p in PAGES if (ROOT / "docs") in p.parents], ids=name_of)
def test_code_is_as_wide_as_a_page(page):
    """On the site, at 1280 pixels, nothing of it is hidden; what is printed is as it is."""
    code = [each.source for each in blocks_of(page) if each.language != "text"]
    lines = [line for each in code for line in each.splitlines()]
    assert [line for line in lines if len(line) > 80] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_belongs_to_an_item_of_a_list_is_indented_by_four(page):
    """With less, it and all that follows are no part of the list, which begins again at 1."""
    assert re.findall(r"\n\n {1,3}(?=\S).*", page.read_text("utf-8")) == []


def test_the_readme_has_examples_that_are_run():
    assert ROOT / "README.md" in RUNNABLE


def test_the_readme_is_at_most_two_screens_long():
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 80


def test_every_block_says_in_what_language_it_is():
    """One that does not would be run by nobody, and read as prose by nobody either."""
    for page in PAGES:
        fences = re.findall(r"^ *```(.*)$", page.read_text("utf-8"), re.MULTILINE)
        assert all(opening.strip() for opening in fences[::2]), name_of(page)
        assert not any(closing.strip() for closing in fences[1::2]), name_of(page)


def test_blocks_are_found_in_tabs_and_with_their_output():
    text = "    ```python\n    print(1)\n    ```\nprints\n```text\n1\n```\n```sh\nx\n```\n"
    first, _, second = blocks(text)
    assert (first.source, first.prints, second.prints) == ("print(1)\n", "1\n", None)


def test_files_and_what_needs_an_account_are_told_by_their_titles():
    titled = '```python title="fit.py"\n1\n```\n```sh title="needs CANFAR"\nx\n```\n'
    file, account = blocks(titled)
    assert (file.is_file, file.runs) == (True, False)
    assert (account.needs_canfar, account.runs) == (True, False)
