"""What is mistyped is said in the words of whoever types, with what to write."""

from __future__ import annotations

import json
import re

import pytest

IMAGE = "images.canfar.net/skaha/astroml:latest"
CREATE = ("create", "headless", IMAGE)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*CREATE, "--ram", "512M"), "'512M' is not a number of GB; write 4, for instance."),
        ((*CREATE, "--ram", "big"), "'big' is not a number of GB; write 4, for instance."),
        ((*CREATE, "-c", "two"), "'two' is not a number; write 2, for instance."),
        ((*CREATE, "-r", "two"), "'two' is not a whole number; write 3, for instance."),
        ((*CREATE, "-g", "1.5"), "'1.5' is not a whole number; write 3, for instance."),
        (("app", "attach", "desk", IMAGE, "-m", "x"), "'x' is not a number of GB; write 4"),
        (("logs", "fit", "--tail", "few"), "'few' is not a whole number"),
        (("--timeout", "soon", "ps"), "'soon' is not a number"),
        (("create", "notebook", IMAGE, "--", "echo"), "write `canfar create headless`"),
        (("create", "carta", IMAGE, "-e", "A=1"), "write `canfar create headless`"),
    ],
)
def test_a_value(canfar, platform, words, said):
    done = canfar(*words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "not a valid" not in done.err
    assert "kind=" not in done.err


@pytest.mark.parametrize("text", ["4", "4GB", "4gb", "4G", "4 GB", "4Gi", "4.0GiB"])
def test_ram_may_have_its_unit(canfar, platform, text):
    done = canfar(*CREATE, "--ram", text, "--dry-run", "-o", "json", "--", "true")
    [request] = json.loads(done.out)
    assert float(dict(request["form"])["ram"]) == 4


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("--bogus", None),
        ("--image", None),
        ("--replica", "--replicas"),
        ("--quite", "--quiet"),
        ("--verbos", "--verbose"),
        ("--no-colour", "--no-color"),
    ],
)
def test_an_option_that_is_not_there(canfar, platform, word, meant):
    done = canfar(*CREATE, word)
    said, hint = done.err.splitlines()
    guess = f" Did you mean {meant}?" if meant else ""
    assert (done.code, said) == (2, f"Error: No such option {word!r}.{guess}")
    assert hint == "`canfar create --help` says more."


def test_a_configuration_that_is_not_there(canfar, tmp_path):
    file = str(tmp_path / "none.yaml")
    for words in (["ps"], ["--server", "canfar", "ps"]):
        done = canfar(*words, CANFAR_CONFIG=file)
        assert done.code == 4
        assert f"CANFAR_CONFIG names {file}, which is not there" in done.err
    done = canfar("ps", CANFAR_CONFIG=file, CANFAR_AUTHENTICATION_IDP="cadc")
    assert f"CANFAR_CONFIG names {file}, which is not there" in done.err


def test_help_says_in_which_order_ids_come(canfar):
    for name in ("create", "run"):
        shown = " ".join(canfar(name, "--help").out.split())
        assert re.search("(not|nothing) in the order of the replicas", shown)
