"""Advice names commands, not what a script would call."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import canfar
from canfar.cli.wording import in_commands

CORE = Path(canfar.__file__).parent / "_core"
# What only scripts meet: the command makes its batches itself.
SCRIPTS = ("batch() ", "from_json()", "Start just those")


def advice():
    """Every sentence of the library that says which call helps."""
    for file in sorted(CORE.rglob("*.py")):
        tree = ast.parse(file.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "advice":
                yield from texts(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Cause":
                yield from (text for each in node.args for text in texts(each))


def texts(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


ADVICE = [text for text in advice() if not any(word in text for word in SCRIPTS)]


def test_there_is_advice():
    assert sum("()" in text for text in ADVICE) >= 7


@pytest.mark.parametrize("text", ADVICE)
def test_advice_names_commands(text):
    words = in_commands(text)
    assert "()" not in words
    assert "=" not in words.replace("KEY=VALUE", "")
    assert words.strip() == words


def test_who_is_not_logged_in_is_told_of_commands(canfar):
    done = canfar("ps")

    assert done.code == 4
    assert "`canfar login` logs in" in done.err
    assert "=" not in done.err
