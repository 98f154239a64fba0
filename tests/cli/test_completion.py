"""What shells complete, and that they never wait for a server."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time

import pytest

from canfar import config
from canfar.cli import completion_cache, main
from canfar.cli.completion_refresh import ask
from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "canfar" / "completion"


@pytest.fixture(autouse=True)
def started(monkeypatch):
    """What completion starts beside the shell, which a test must not leave behind."""
    processes, real = [], subprocess.Popen

    def popen(words, **settings):
        process = real(words, **settings)
        if "canfar.cli.completion_refresh" in words:
            processes.append(process)
        return process

    monkeypatch.setattr(subprocess, "Popen", popen)
    yield processes
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def sessions(shared_platform):
    with Session(url=shared_platform.url, token=shared_platform.token) as session:
        ids = session.create("fit", IMAGE, command=["sleep", "600"], replicas=2)
        [note] = session.create("notes", IMAGE, kind="notebook")
        twins = [session.create("twin", IMAGE, command=["true"])[0] for _ in range(2)]
        session.wait(twins)
    return {"fit-1": ids[0], "fit-2": ids[1], "notes": note, "twins": twins}


@pytest.fixture
def complete(monkeypatch, capfd):
    """Complete a line as the scripts of the shells ask for it: words, and what is said of each."""

    def words(line, shell="bash"):
        monkeypatch.setenv("COMP_LINE", line)
        monkeypatch.setenv("_CANFAR_COMPLETE", f"{shell}_complete")
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([])
        out, err = capfd.readouterr()
        assert (ended.value.code, err) == (0, "")
        return dict(each.split("\t")[1:] for each in out.splitlines() if each)

    return words


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("canfar cre", ["create"]),
        ("canfar server u", ["use"]),
        ("canfar create n", ["notebook"]),
        ("canfar create N", ["notebook"]),
        ("canfar ps --kind note", ["notebook"]),
        ("canfar ps --kind=note", ["notebook"]),
        ("canfar ps --status Pen", ["pending"]),
        ("canfar --log-file /nowhere/x -v ps -o j", ["json", "jsonl"]),
        ("canfar ps -", None),
        ("canfar create --dry", ["--dry-run"]),
    ],
)
def test_words_that_need_no_server(complete, line, found, cache):
    completed = complete(line)
    assert list(completed) == found if found else "--all" in completed
    assert not cache.exists()


def test_every_shell_is_told_what_commands_do(complete):
    for shell in ("bash", "zsh", "fish"):
        assert complete("canfar who", shell) == {
            "whoami": "Who you are to which server, and until when."
        }


def test_sessions_by_name_and_id(complete, platform, sessions):
    ask("sessions", None)
    before = platform.count("*")
    one, two = sorted(sessions["twins"])

    assert sorted(complete("canfar info ")) == sorted(["fit-1", "fit-2", "notes", one, two])
    assert list(complete("canfar info fit-1 fit-")) == ["fit-2"]
    assert sessions["fit-1"] in complete(f"canfar delete {sessions['fit-1'][:4]}")
    assert complete("canfar info NOTES") == {"notes": f"Running notebook, {sessions['notes']}"}
    assert list(complete("canfar ps 'fit-2")) == ["fit-2"]
    # A name of two sessions means neither.
    assert complete("canfar info twin") == {}
    assert platform.count("*") == before


def test_images_by_kind_and_with_their_registry(complete, platform):
    ask("images", None)

    short = list(complete("canfar create notebook skaha/astro"))
    assert "skaha/astroml:latest" in short
    assert not any(word.startswith("skaha/desktop") for word in complete("canfar create notebook "))
    assert list(complete("canfar create carta ")) == [
        word for word in complete("canfar create carta skaha/") if "carta" in word
    ]
    assert IMAGE in complete("canfar create notebook images.canfar.net/skaha/astroml:")


def test_commands_at_a_terminal_leave_what_they_saw(at_terminal, complete, platform, sessions, run):
    assert run("ps", "-q").code == 0
    assert completion_cache.kept("sessions", "a server without a process") == []
    at_terminal("ps")
    assert "fit-1" in complete("canfar info fit-")


def test_what_is_kept_is_private_and_goes(platform, sessions, cache, monkeypatch):
    ask("sessions", None)
    [file] = cache.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert platform.token not in file.name + file.read_text()
    asked = []
    monkeypatch.setattr(completion_cache, "_ask", lambda *words: asked.append(words))
    assert len(completion_cache.kept("sessions", None)) == 5
    assert asked == []
    os.utime(file, (time.time() - 60,) * 2)
    assert len(completion_cache.kept("sessions", None)) == 5
    assert len(asked) == 1
    os.utime(file, (time.time() - 3600,) * 2)
    assert completion_cache.kept("sessions", None) == []
    os.utime(file, (time.time() - 100_000,) * 2)
    completion_cache.keep("images", None, [["a/b/c:1", "headless"]])
    assert not file.exists()


def test_nobody_is_offered_what_another_has(platform, sessions, monkeypatch):
    ask("sessions", None)
    monkeypatch.setattr(completion_cache, "_ask", lambda *_: None)
    assert completion_cache.kept("sessions", None)
    assert completion_cache.kept("sessions", "another") == []
    monkeypatch.setenv("CANFAR_TOKEN", "another")
    assert completion_cache.kept("sessions", None) == []


def test_a_file_that_is_broken_or_cannot_be_written_offers_nothing(
    platform, sessions, cache, complete, monkeypatch
):
    ask("sessions", None)
    [file] = cache.iterdir()
    file.write_text("[[")
    assert complete("canfar info fit-") == {}
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    assert complete("canfar info fit-") == {}
    completion_cache.keep("sessions", None, [])


def test_a_login_that_changes_is_another(monkeypatch):
    """The file is the one that the configuration is in, though its module is not loaded."""
    monkeypatch.setattr(completion_cache, "_ask", lambda *_: None)
    completion_cache.keep("sessions", None, [["a", "b", "c", "d"]])
    assert completion_cache.kept("sessions", None)
    with config.edit() as draft:
        draft.set("registry.username", "ada")
    assert completion_cache.kept("sessions", None) == []


def test_completing_starts_no_local_platform(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    ask("sessions", "local")
    assert not (tmp_path / "state").exists()


@pytest.fixture
def silent_server(monkeypatch):
    """A server that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("CANFAR_URL", f"http://127.0.0.1:{listening.getsockname()[1]}/skaha/v1")
        monkeypatch.setenv("CANFAR_TOKEN", "t")
        yield listening


def test_a_server_that_hangs_is_not_waited_for(complete, silent_server, started):
    complete("canfar info ")  # loads what a shell's own process has loaded by then
    began, worked = time.monotonic(), time.process_time()
    for _ in range(3):
        assert complete("canfar info ") == {}
    # Working, not waiting, may take longer on a busy machine.
    waited = time.monotonic() - began - (time.process_time() - worked)
    assert waited < 3 * 0.2
    assert len(started) == 1
    silent_server.settimeout(30)
    silent_server.accept()[0].close()  # it is asked, beside the shell


def test_the_next_time_it_is_there(complete, platform, sessions):
    assert complete("canfar info fit-") == {}
    end = time.monotonic() + 30
    while not complete("canfar info fit-") and time.monotonic() < end:
        time.sleep(0.05)
    assert list(complete("canfar info fit-")) == ["fit-1", "fit-2"]


BASH = """
source <({canfar} completion bash)
complete -p canfar
try() {{
    COMP_LINE="$1" COMP_POINT=${{#1}} COMP_WORDS=($1) COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
    _canfar_completion canfar; echo "${{COMPREPLY[@]}}"
}}
try 'canfar info fit-'
try 'canfar create notebook images.canfar.net/skaha/astroml:la'
try 'canfar create notebook skaha/astroml:la'
COMP_WORDBREAKS=${{COMP_WORDBREAKS//:}}
try 'canfar create notebook skaha/astroml:la'
try 'canfar create head'
"""
ZSH = """
autoload -Uz compinit && compinit -u -D
source <({canfar} completion zsh)
print $_comps[canfar]
"""
FISH = """
source ({canfar} completion fish | psub)
complete -C 'canfar info fit-'
complete -C 'canfar create notebook skaha/astroml:la'
complete -C 'canfar create head'
"""


def in_shell(shell, script, monkeypatch, tmp_path):
    where = shutil.which(shell)
    if where is None:
        pytest.skip(f"{shell} is not installed")
    # The scripts call it by its name.
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "canfar").write_text(f'#!/bin/sh\nexec {sys.executable} -m canfar.cli "$@"\n')
    (folder / "canfar").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    words = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    done = subprocess.run(
        [where, *words, "-c", script.format(canfar="canfar")],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_bash(platform, sessions, monkeypatch, tmp_path):
    ask("sessions", None)
    ask("images", None)
    assert in_shell("bash", BASH, monkeypatch, tmp_path) == [
        "complete -o nosort -F _canfar_completion canfar",
        "fit-1 fit-2",
        "latest",
        "latest",
        "skaha/astroml:latest",
        "headless",
    ]


def test_fish(platform, sessions, monkeypatch, tmp_path):
    ask("sessions", None)
    ask("images", None)
    one, two, image, kind = in_shell("fish", FISH, monkeypatch, tmp_path)
    assert one.startswith("fit-1\t")
    assert two.startswith("fit-2\t")
    assert image.rstrip() == "skaha/astroml:latest"
    assert kind.rstrip() == "headless"


def test_zsh_takes_the_script(monkeypatch, tmp_path):
    assert in_shell("zsh", ZSH, monkeypatch, tmp_path) == ["_canfar_completion"]


def test_zsh_completes_as_one_types(platform, sessions, monkeypatch, tmp_path):
    ask("sessions", None)
    in_shell("zsh", ZSH, monkeypatch, tmp_path)  # or skipped; leaves `canfar` in the path
    monkeypatch.setenv("TERM", "dumb")
    process_id, screen = pty.fork()
    if process_id == 0:
        os.execvp("zsh", ["zsh", "-f", "-i"])  # noqa: S606, S607 - a shell of our own

    def typed(keys, wanted):
        shown, end = "", time.monotonic() + 30
        os.write(screen, keys)
        while wanted not in shown and time.monotonic() < end:
            if select.select([screen], [], [], 0.1)[0]:
                shown += os.read(screen, 4096).decode(errors="replace")
        assert wanted in shown, shown

    try:
        # What is awaited is not in what is typed, which is shown too.
        typed(f"PS1='% '; {ZSH.format(canfar='canfar')}".encode(), "_canfar_completion\r\n")
        typed(b"canfar inf\t", "o ")
        typed(b"note\t", "s ")
        typed(b"\x15canfar create head\t", "less ")
    finally:
        os.kill(process_id, signal.SIGKILL)
        os.waitpid(process_id, 0)
        os.close(screen)


def test_the_command_names_the_shells(canfar):
    done = canfar("completion", "tcsh")
    assert (done.code, done.out) == (2, "")
    assert "'bash', 'zsh', 'fish'" in done.err
