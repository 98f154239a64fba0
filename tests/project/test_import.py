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
# httpx looks for its command line's packages, which our tests' environment has; a user's has not.
PROGRAM = """
import importlib, json, sys

class OnlyCore:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in CORE and top not in sys.stdlib_module_names:
            raise ModuleNotFoundError(f"not installed for this test: {name}", name=name)

CORE = set(json.loads(sys.argv[2]))
sys.meta_path.insert(0, OnlyCore())
importlib.import_module(sys.argv[1])
print(json.dumps(sorted(sys.modules)))
"""


def loaded_by(module: str) -> set[str]:
    """Import a module where only the core dependencies are installed; list what was loaded."""
    command = [sys.executable, "-c", PROGRAM, module, json.dumps(sorted(CORE))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("module", ["canfar", "canfar.sessions", "canfar.helpers.distributed"])
def test_importing_loads_nothing_heavy(module):
    assert HEAVY & loaded_by(module) == set()


@pytest.mark.parametrize(
    "module",
    [
        "canfar.images",
        "canfar.context",
        "canfar.overview",
        "canfar.client",
        "canfar.models.config",
        "skaha_client",
    ],
)
def test_the_core_dependencies_are_enough(module):
    assert module in loaded_by(module)


def test_helpers_cost_next_to_nothing():
    loaded = loaded_by("canfar.helpers.distributed")
    assert {"httpx", "asyncio", "attrs"} & loaded == set()


def test_importing_writes_nothing_and_starts_no_thread():
    program = "import canfar.sessions, threading; print(threading.active_count())"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("1\n", "")
