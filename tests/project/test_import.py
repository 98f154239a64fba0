"""What `import canfar.sessions` may load, and what it needs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

# Each is useful to some part of canfar or its tests; none may be paid for by every script.
HEAVY = {
    "aiohttp",
    "astropy",
    "click",
    "cryptography",
    "defusedxml",
    "filelock",
    "keyring",
    "oauthlib",
    "ruamel",
    "segno",
    "jinja2",
    "numpy",
    "pandas",
    "pydantic",
    "pytest",
    "rich",
    "starlette",
    "typer",
    "uvicorn",
    "yaml",
    "canfar.cli",
    "canfar.local",
}
# What a plain `pip install canfar` brings, by import name.
CORE = {
    "anyio",
    "attr",
    "attrs",
    "canfar",
    "certifi",
    "dateutil",
    "h11",
    "httpcore",
    "httpx",
    "idna",
    "six",
    "skaha_client",
    "sniffio",
    "typing_extensions",
}
# Our tests' environment has more, and httpx, for one, would load some of that if it found it.
PROGRAM = """
import json, sys

class OnlyCore:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in CORE and top not in sys.stdlib_module_names:
            raise ModuleNotFoundError(f"not installed for this test: {name}", name=name)

CORE = set(json.loads(sys.argv[2]))
sys.meta_path.insert(0, OnlyCore())
exec(sys.argv[1])
print(json.dumps(sorted(sys.modules)))
"""
FETCH = """
from canfar.errors import Unreachable
from canfar.sessions import Session
try:
    Session(url="http://127.0.0.1:9", token="any").fetch()
except Unreachable:
    pass
"""
AFETCH = """
import asyncio
from canfar.errors import Unreachable
from canfar.sessions import AsyncSession
async def main():
    async with AsyncSession(url="http://127.0.0.1:9", token="any") as session:
        await session.fetch()
try:
    asyncio.run(main())
except Unreachable:
    pass
"""


def loaded_by(program: str) -> set[str]:
    """Run a program where only the core dependencies are installed; list what was loaded."""
    command = [sys.executable, "-W", "error", "-c", PROGRAM, program, json.dumps(sorted(CORE))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("program", ["import canfar", "import canfar.sessions", FETCH, AFETCH])
def test_nothing_heavy_is_loaded_by_an_import_or_a_first_call(program):
    assert HEAVY & loaded_by(program) == set()


def test_an_import_leaves_http_to_the_first_call():
    assert {
        "httpx",
        "asyncio",
        "skaha_client.client",
        "xml.etree.ElementTree",
        "canfar.auth",
    } & loaded_by("import canfar.sessions") == set()


@pytest.mark.parametrize(
    "module",
    ["canfar.client", "canfar.context", "canfar.images", "canfar.overview", "skaha_client"],
)
def test_the_core_dependencies_are_enough_for(module):
    assert module in loaded_by(f"import {module}")


def test_helpers_cost_next_to_nothing():
    loaded = loaded_by("import canfar.helpers.distributed")
    assert {"httpx", "asyncio", "attrs"} & loaded == set()


def test_importing_writes_nothing_and_starts_no_thread():
    program = "import canfar.sessions, threading; print(threading.active_count())"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("1\n", "")
