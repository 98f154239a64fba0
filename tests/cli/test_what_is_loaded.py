"""Nothing is loaded that a command does not need."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from command_tree import COMMANDS

from canfar.sessions import Session

IMAGE = "skaha/astroml"

HELP = {
    *("httpx", "skaha_client", "ruamel", "cryptography", "oauthlib", "defusedxml", "segno"),
    *("canfar.sessions", "canfar.local", "canfar.batches", "tempfile", "difflib", "asyncio"),
}
"""What no help needs."""

WORK = {
    *("ruamel", "cryptography", "oauthlib", "defusedxml", "segno", "keyring", "canfar.local"),
    *("astropy", "pandas", "IPython", "canfar.batches", "asyncio"),
}
"""What no work with sessions needs, where it goes well and nothing else is asked for."""

LINES = (
    ["ps", "-q"],
    ["ps"],
    ["info", "job"],
    ["wait", "job"],
    ["open", "page", "--no-browser"],
    ["prune", "nothing", "--yes"],
    ["delete", "--yes", "job"],
)

STARTING = (
    ["create", "headless", IMAGE, "--", "true"],
    ["run", IMAGE, "--rm", "--", "true"],
)
"""Those look into the configuration for a login to the registry of private images."""

PROGRAM = """
import json, sys
from canfar.cli import main
lines, absent = json.loads(sys.argv[1])
for words in lines:
    code = main(words)
    print(json.dumps([words, code, sorted(set(absent) & set(sys.modules))]), file=sys.stderr)
"""


def loaded(lines, absent):
    """Run lines one after the other, and return what each loaded that was to be absent."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([lines, sorted(absent)])],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("[[")]
    assert [(words, code) for words, code, _ in told] == [(words, 0) for words in lines]
    return {" ".join(words): modules for words, _, modules in told if modules}


def test_help_loads_nothing():
    assert loaded([[*name.split(), "--help"] for name in COMMANDS], HELP) == {}


@pytest.fixture
def sessions(platform):
    with Session(url=platform.url, token=platform.token) as session:
        ids = session.create("job", IMAGE, cmd="true")
        ids += session.create("page", IMAGE, kind="notebook")
        session.wait(ids)
        yield ids
        session.destroy(session.fetch())


def test_work_loads_what_it_needs(sessions):
    assert loaded(LINES, WORK) == {}
    assert loaded(STARTING, WORK - {"ruamel", "asyncio"}) == {}
