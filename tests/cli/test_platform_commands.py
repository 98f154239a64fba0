"""`canfar stats`, `context`, `image ls` and `repository ls`: what there is."""

from __future__ import annotations

import json

import pytest

from canfar.cli.completion_cache import kept
from canfar.local import Image, LocalPlatform

EVERY = [("stats",), ("context",), ("image", "ls"), ("repository", "ls")]


@pytest.fixture(scope="module")
def shared_platform():
    images = [Image("images.canfar.net/lab/fitter:2", ("headless",)), "images.canfar.net/lab/any:1"]
    with LocalPlatform(images=images) as platform:
        yield platform


def test_how_full_it_is(canfar, platform):
    done = canfar("stats")
    heading, cores, ram = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    assert heading == "RESOURCE\tGIVEN OUT\tOF ALL\tFLEXIBLE AT MOST"
    data = json.loads(canfar("stats", "-o", "json").out)
    assert cores == f"cores\t0\t{data['cores']['cpuCoresAvailable']:g}\t8"
    assert ram == f"RAM\t0G\t{data['ram']['ramAvailable']}\t32Gi"
    assert canfar("stats", "-o", "name").out == "cores\nram\n"


def test_what_sessions_can_ask_for(canfar, platform):
    done = canfar("context")
    rows = dict(line.split("\t", 1) for line in done.out.splitlines())
    assert (done.code, done.err) == (0, "")
    assert rows["RESOURCE"] == "FLEXIBLE\tFIXED"
    assert rows["cores"] == "1 to 8\t1-16"
    assert rows["RAM (GiB)"].startswith("4 to 32\t1 2 4 6 8 10 12 14 16 20 24 26")
    assert rows["GPUs"] == "\t1-28"
    assert rows["sessions"] == "5 interactive at a time\t"
    assert json.loads(canfar("context", "--json").out)["maxInteractiveSessions"] == "5"


def test_which_images_there_are(canfar, platform):
    done = canfar("image", "ls")
    heading, *lines = done.out.splitlines()
    assert (done.code, done.err, heading) == (0, "", "IMAGE\tKINDS")
    assert "images.canfar.net/lab/fitter:2\theadless" in lines
    assert "images.canfar.net/lab/any:1\t" in "\n".join(lines)
    assert lines == sorted(lines)
    assert canfar("image", "list", "-o", "wide").out.startswith("IMAGE\tKINDS\tDIGEST\n")


def test_images_for_a_kind(canfar, platform):
    names = canfar("image", "ls", "--kind", "HEADLESS", "-o", "name").out.split()
    assert "images.canfar.net/lab/fitter:2" in names
    data = json.loads(canfar("image", "ls", "-k", "notebook", "-o", "json").out)
    assert data
    assert all(
        "notebook" in image["types"] and set(image) == {"id", "types", "digest"} for image in data
    )
    done = canfar("image", "ls", "-k", "firefly")
    assert done.out.splitlines()[0] == "IMAGE\tKINDS"
    wrong = canfar("image", "ls", "-k", "note")
    assert (wrong.code, wrong.out) == (2, "")


def test_where_images_may_come_from(canfar, platform):
    assert canfar("repository", "ls").out == "REGISTRY\nimages.canfar.net\n"
    assert json.loads(canfar("repository", "ls", "-o", "json").out) == ["images.canfar.net"]
    assert canfar("repository", "list", "-o", "name").out == "images.canfar.net\n"


def test_a_platform_without_statistics(canfar, monkeypatch):
    with LocalPlatform(metrics=False) as platform:
        for name, value in platform.environment.items():
            monkeypatch.setenv(name, value)
        done = canfar("stats")
    assert (done.code, done.out) == (5, "")
    assert "temporarily unavailable" in done.err


@pytest.mark.parametrize(("status", "code"), [(503, 5), (401, 4), (403, 4), (500, 1)])
@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_what_a_failing_server_says(canfar, platform, words, status, code):
    platform.fail(status=status, body="the words of the server", retry_after=0)
    done = canfar(*words, "-o", "json")
    assert (done.code, done.out) == (code, "")
    assert json.loads(done.err)["server_text"] == "the words of the server"


def test_in_a_pipe_and_at_a_terminal(run, at_terminal, platform):
    done = run("image", "ls", "-o", "name", "-k", "desktop-app")
    assert (done.code, done.err) == (0, "")
    shown = at_terminal("context")
    assert shown.code == 0
    assert max(map(len, shown.out.splitlines())) <= 80
    assert "92 112 128 140 170 192" in shown.out


def test_images_that_were_listed_are_completed(canfar, platform, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    canfar("image", "ls", "--kind", "headless")
    assert list(tmp_path.iterdir()) == []
    canfar("image", "ls")
    assert ["images.canfar.net/lab/fitter:2", "headless"] in kept("images", None)
