"""The examples, each run as its reader would: from a folder of their own, without an account."""

import json
import os
import re
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import httpx
import numpy as np
import pytest

from canfar.local.joining import running

EXAMPLES = Path(__file__).parents[2] / "examples"
WORKERS = {"parameter_sweep": "sweep_worker", "map_reduce_fits": "map_worker"}
GOES_ON = "It goes on without this script; `canfar local stop` ends it."


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run an example in an empty folder, which is all it has for a home too."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("BROWSER", f"{sys.executable} {_browser(tmp_path)} %s")

    def start(name, folder=EXAMPLES, **environment):
        return subprocess.run(
            [sys.executable, folder / f"{name}.py"],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )

    yield start
    if running() is not None:
        local("stop")


@pytest.fixture
def no_jupyter(tmp_path, monkeypatch):
    """A machine without Jupyter, for every Python that is started from here."""
    folder = tmp_path / "without"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("import sys; sys.modules['jupyterlab'] = None\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setenv("PATH", str(folder))


def _browser(folder):
    script = folder / "browser.py"
    seen = str(folder / "opened")
    script.write_text(f"import sys; open({seen!r}, 'a').write(sys.argv[1] + '\\n')")
    return script


def local(verb):
    command = [sys.executable, "-m", "canfar.cli", "local", verb]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def said(done):
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def kept(folder):
    """The names of the files that a batch kept, without the ids of its sessions."""
    names = sorted(file.name for file in folder.iterdir())
    return [re.sub(r"-[a-z][a-z0-9]{7}\.", ".", name) for name in names]


@pytest.mark.parametrize("name", [*WORKERS, *WORKERS.values(), "notebook_from_script"])
def test_it_is_short(name):
    assert len((EXAMPLES / f"{name}.py").read_text("utf-8").splitlines()) < 40


@pytest.mark.parametrize("name", [*WORKERS, "notebook_from_script"])
def test_it_says_how_to_run_it_on_canfar(name):
    source = (EXAMPLES / f"{name}.py").read_text("utf-8")
    assert source.count("# On CANFAR") == 1


def test_the_sweep_covers_the_grid_and_finds_the_age_of_the_universe(run, tmp_path):
    from astropy.cosmology import FlatLambdaCDM

    lines = said(run("parameter_sweep"))

    sweep = tmp_path / "sweep"
    shares = [(sweep / f"{number}.txt").read_text().splitlines() for number in range(1, 5)]
    assert [len(share) for share in shares] == [8, 8, 7, 7]
    rows = [tuple(map(float, line.split())) for share in shares for line in share]
    assert [row[:2] for row in rows] == list(
        product(range(64, 76, 2), (0.26, 0.28, 0.3, 0.32, 0.34))
    )
    for h0, matter, age in rows:
        assert age == pytest.approx(FlatLambdaCDM(h0, matter).age(0).value, abs=0.02)
    assert lines == [
        "4 replicas: 4 Completed",
        "H0 = 66, Omega_m = 0.34: 13.79 Gyr",
        "H0 = 68, Omega_m = 0.3: 13.86 Gyr",
        "H0 = 70, Omega_m = 0.28: 13.73 Gyr",
    ]
    assert kept(sweep / "logs") == sorted(
        f"sweep-{number}.{ending}" for number in range(1, 5) for ending in ("events", "log")
    )


def test_the_map_shares_the_files_and_the_reduction_is_of_all_of_them(run, tmp_path):
    from astropy.io import fits

    lines = said(run("map_reduce_fits"))

    fields = tmp_path / "fields"
    images = {file.name: fits.getdata(file) for file in sorted(fields.glob("*.fits"))}
    shares = [json.loads((fields / f"{number}.json").read_text()) for number in (1, 2, 3)]
    assert [len(share) for share in shares] == [4, 4, 4]
    assert [row["file"] for share in shares for row in share] == list(images)
    mean = np.mean(list(images.values()))
    best = max(images, key=lambda name: images[name].max())
    assert lines == [
        "3 replicas: 3 Completed",
        f"12 images, mean {mean:.2f}; brightest: {images[best].max():.1f} in {best}",
    ]
    assert len(kept(fields / "logs")) == 6


def test_a_map_that_fails_is_started_again_and_then_says_why(run, tmp_path):
    fields = tmp_path / "fields"
    fields.mkdir()
    (fields / "zz.fits").write_text("no FITS file")

    done = run("map_reduce_fits")

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "3 replicas: 2 Completed, 1 Failed",
        "started again: [3]",
        "3 replicas: 2 Completed, 1 Failed",
    ]
    assert done.stderr.startswith("map-3: ")
    assert "No SIMPLE card found" in done.stderr
    assert "Traceback" not in done.stderr
    assert kept(fields / "logs").count("map-3.log") == 2


def test_a_map_that_succeeds_at_the_second_try_is_reduced(run, tmp_path):
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    shutil.copy(EXAMPLES / "map_reduce_fits.py", scripts)
    marker = str(tmp_path / "tried")
    # Quicker than the real worker, which the other tests run.
    (scripts / "map_worker.py").write_text(
        "import json, os, sys\n"
        "number = os.environ['REPLICA_ID']\n"
        f"if number == '2' and not os.path.exists({marker!r}):\n"
        f"    open({marker!r}, 'w').close()\n"
        "    sys.exit(3)\n"
        "rows = [{'file': number, 'pixels': 10, 'sum': 1000.0, 'peak': float(number)}] * 4\n"
        "with open(os.path.join(sys.argv[1], number + '.json'), 'w') as file:\n"
        "    json.dump(rows, file)\n"
    )

    lines = said(run("map_reduce_fits", scripts))

    assert lines[:3] == [
        "3 replicas: 2 Completed, 1 Failed",
        "started again: [2]",
        "3 replicas: 3 Completed",
    ]
    assert lines[3] == "12 images, mean 100.00; brightest: 3.0 in 3"


def test_a_sweep_that_fails_says_why(run, tmp_path):
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    shutil.copy(EXAMPLES / "parameter_sweep.py", scripts)
    (scripts / "sweep_worker.py").write_text("import no_such_module\n")

    done = run("parameter_sweep", scripts)

    assert (done.returncode, done.stdout) == (1, "4 replicas: 4 Failed\n")
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        f"sweep-{number}" for number in range(1, 5)
    ]
    assert done.stderr.count("No module named 'no_such_module'") == 4


def test_a_notebook_is_opened_and_found_again(run, no_jupyter, tmp_path):
    first, goes_on = said(run("notebook_from_script"))
    second, _ = said(run("notebook_from_script"))

    assert goes_on == GOES_ON
    assert second == first
    url = re.fullmatch(r"explore is Running: (http://127\.0\.0\.1:\d+/session/\S+)", first)[1]
    assert (tmp_path / "opened").read_text().splitlines() == [url, url]
    page = httpx.get(url)
    assert page.status_code == 200
    assert "this is where the notebook session" in page.text
    assert local("stop").returncode == 0
    assert running() is None


def test_a_new_notebook_is_started_when_the_last_has_ended(run, no_jupyter, tmp_path):
    first = said(run("notebook_from_script"))[0]
    local("stop")
    second = said(run("notebook_from_script"))[0]

    assert second.startswith("explore is Running: ")
    assert second != first
    assert len(set((tmp_path / "opened").read_text().splitlines())) == 2


def test_without_a_browser_the_address_is_enough(run, no_jupyter):
    done = run("notebook_from_script", BROWSER="/nowhere/browser")

    assert done.returncode == 0
    url = done.stdout.split()[3]
    assert f"open {url} yourself" in done.stderr
