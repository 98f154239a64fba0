"""`canfar local` and `canfar version` as people see them at a terminal."""

from __future__ import annotations

import re

import canfar


def test_a_platform_from_start_to_stop(at_terminal, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    started = at_terminal("local", "start", "--", "--no-jupyter")
    try:
        shown = at_terminal("local", "status")
    finally:
        ended = at_terminal("local", "stop")

    assert started.code == shown.code == ended.code == 0
    url, token, said = started.out.splitlines()[:3]
    assert url.startswith("export CANFAR_URL=http://127.0.0.1:")
    assert token.startswith("export CANFAR_TOKEN=")
    assert re.match(r"canfar\.local runs in the background as process \d+", said)
    assert "sessions: 0" in shown.out
    assert "has ended, and everything it ran" in ended.out


def test_ctrl_c_ends_one_that_serves(at_terminal, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    served = at_terminal("local", "serve", "--no-jupyter", interrupt_at="Ctrl-C ends it.")

    assert served.code == 0
    assert served.out.count("export ") == 2


def test_the_version(at_terminal, run):
    assert at_terminal("version").out == run("version").out == f"canfar {canfar.__version__}\n"


def test_the_version_for_programs(canfar):
    assert canfar("version", "-o", "name").out == canfar("--version").out.split()[1] + "\n"
