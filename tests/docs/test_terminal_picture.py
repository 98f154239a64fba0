"""Pictures of terminals are of what programs really did in one."""

import sys
from pathlib import Path

import pytest
from defusedxml import ElementTree

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

from terminal_picture import picture

SVG = "{http://www.w3.org/2000/svg}"


def texts(drawn):
    return {
        each.text.replace("\u00a0", " "): each
        for each in ElementTree.fromstring(drawn).iter(f"{SVG}text")
    }


def test_the_command_is_shown_with_what_it_wrote():
    drawn = ElementTree.fromstring(picture("printf 'a   b\\n'; echo to stderr >&2", "echo two"))

    assert [each.text.replace("\u00a0", " ") for each in drawn.iter(f"{SVG}text")] == [
        "$",
        "printf 'a   b\\n'; echo to stderr >&2",
        "a   b",
        "to stderr",
        "$",
        "echo two",
        "two",
    ]


def test_columns_stay_apart():
    drawn = ElementTree.fromstring(picture("printf 'ID       NAME\\n'"))

    assert [each.text.replace("\u00a0", " ") for each in drawn.iter(f"{SVG}text")][
        2
    ] == "ID       NAME"
    # The browsers of today know white-space as well, those of last year do not.
    assert drawn.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"


def test_the_program_has_a_terminal_of_the_width():
    program = "import os, sys; print(sys.stdout.isatty(), os.get_terminal_size().columns)"

    assert "True 44" in texts(picture(f"{sys.executable} -c '{program}'", width=44))


def test_what_was_overwritten_is_not_there():
    found = texts(picture("printf 'at 10%%\\rat 90%%\\n\\033[1A\\033[Kdone\\n'"))

    assert "done" in found
    assert not any(text.startswith("at ") for text in found)


def test_colours_are_dark_on_light():
    found = texts(picture("printf '\\033[32mfine\\033[0m \\033[7mreversed\\033[0m'"))

    assert found["fine"].get("fill") == "#1a6b2d"
    assert found["reversed"].get("fill") == "#ffffff"


def test_wide_characters_take_two_columns():
    drawn = texts(picture("echo 星系"))

    assert float(drawn["星系"].get("textLength")) == pytest.approx(4 * 8.4, abs=0.1)


def test_a_qr_code_has_no_gaps():
    drawn = ElementTree.fromstring(picture(r"printf '\342\226\210%.0s' 1 2 3 4"))
    shapes = drawn.iter(f"{SVG}rect")
    squares = [shape for shape in shapes if shape.get("shape-rendering")]

    assert len(squares) == 4
    assert {square.get("height") for square in squares} == {"19.0"}


def test_nothing_is_asked_of_another_server():
    drawn = picture("echo '<&>'")

    assert "<&>" in texts(drawn)
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "")


def test_a_command_that_fails_makes_no_picture():
    with pytest.raises(SystemExit, match="no such star"):
        picture("echo no such star; exit 3")


def test_columns_stay_columns_in_a_browser():
    """Which makes one space of many, whatever the picture says about white space."""
    assert "a\u00a0\u00a0\u00a0b" in picture("printf 'a   b\\n'")
