"""What is in the wheel, built as a release would be."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import canfar

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def test_it_holds_both_packages_and_nothing_else(wheel):
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"canfar", "skaha_client", f"canfar-{canfar.__version__}.dist-info"}


def test_both_packages_are_typed(wheel):
    assert {"canfar/py.typed", "skaha_client/py.typed"} <= set(wheel.namelist())


def test_every_module_of_the_checkout_is_in_it(wheel):
    sources = {
        str(path.relative_to(base))
        for base, package in ((ROOT, "canfar"), (ROOT / "generated", "skaha_client"))
        for path in (base / package).rglob("*.py")
    }
    assert sources <= set(wheel.namelist())
    assert "canfar/catalogue.toml" in wheel.namelist()


def test_the_contract_is_in_it_word_for_word(wheel):
    assert wheel.read("skaha_client/openapi.yaml") == (ROOT / "spec/openapi.yaml").read_bytes()


def test_metadata_says_what_people_look_for(wheel):
    text = wheel.read(f"canfar-{canfar.__version__}.dist-info/METADATA").decode()
    metadata = Parser().parsestr(text)
    assert metadata["Version"] == canfar.__version__
    assert metadata["License-Expression"] == "BSD-3-Clause"
    assert metadata["Requires-Python"] == ">=3.11"
    core = {r for r in metadata.get_all("Requires-Dist", []) if "extra ==" not in r}
    names = {re.split(r"[<>=!~]", requirement)[0] for requirement in core}
    # Each is paid for by every user; docs/adr/0008 says why these are worth it.
    assert names == {
        "attrs", "click", "cryptography", "defusedxml", "filelock", "httpx", "oauthlib",
        "python-dateutil", "ruamel-yaml", "segno", "sniffio",
    }  # fmt: skip
    assert all("<" in requirement for requirement in core), "an unbounded one broke canfar 1.5.2"


def test_nothing_in_it_names_a_machine(wheel):
    for name in wheel.namelist():
        content = wheel.read(name)
        assert b"/root/" not in content, name
        assert str(ROOT).encode() not in content, name
