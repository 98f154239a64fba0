"""Proves dist/: `prove.py [--quick] [--uv=PROGRAM]`, run by `python3 tasks.py build`.

Looks at what is in them, then uses the wheel in clean environments: the lowest and the newest
allowed dependencies, every supported Python that is here, with and without each extra. Needs
`packaging`; the environments are made by the Python behind this one and filled by its pip, many of
them by uv where it is given, which is quicker. What is timed is pip.
With --quick, as in CI, the oldest Python gets the lowest dependencies, the newest the newest.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from archives import IN_SDIST, IN_WHEEL, contents, faults, listing, names
from lowest import constraints
from pythons import ROOT, find, supported

HERE = Path(__file__).parent
EXTRAS = ("local", "keyring", "tables")
LIMIT_SECONDS = 10.0
"""What installing the wheel may take where its dependencies lie on the disk."""


class Failed(Exception):
    """What was to be proved does not hold."""


@dataclass(frozen=True)
class Round:
    """A Python, which versions of the dependencies it gets, and the extras tried one by one."""

    version: str
    versions: str
    extras: tuple[str, ...]


def rounds(here: list[str], *, quick: bool) -> list[Round]:
    """What to try.

    Args:
        here: Versions of Python, oldest first.
        quick: Not every combination.
    """
    oldest, newest = here[0], here[-1]
    if quick:
        between = [Round(each, "newest", ()) for each in here[1:-1]]
        light = tuple(each for each in EXTRAS if each != "tables")  # the largest: once will do
        return [Round(newest, "newest", EXTRAS), Round(oldest, "lowest", light), *between]
    # The lowest pandas and astropy are older than newer Pythons: there are no wheels for those.
    low = {each: EXTRAS if each == oldest else ("local", "keyring") for each in here}
    return [
        *(Round(each, "newest", EXTRAS) for each in reversed(here)),
        *(Round(each, "lowest", low[each]) for each in here),
    ]


def run(*command: object, cwd: Path, home: Path | None = None) -> None:
    """Run a program in silence; with a home of its own it sees no one's settings.

    Raises:
        Failed: It failed; with all it said.
    """
    words = [str(word) for word in command]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    if home:
        env["HOME"] = str(home)
    for name in [each for each in env if each.startswith("CANFAR_")] + ["PYTHONPATH"]:
        env.pop(name, None)
    done = subprocess.run(
        words,
        cwd=cwd,
        env=env,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        raise Failed(f"{' '.join(words)}\n{done.stdout}")


def pip(python: Path, *arguments: object, cwd: Path) -> None:
    """Have the pip behind this Python do something to an environment."""
    base = os.path.realpath(sys.executable)
    run(base, "-m", "pip", "--python", python, *arguments, cwd=cwd)


def environment(python: Path, folder: Path) -> Path:
    """Make an empty environment; return its Python."""
    run(python, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    return folder / "bin" / "python"


class Workshop:
    """Where one version of Python is given canfar with one choice of versions."""

    def __init__(self, folder: Path, python: Path, this: Round, wheel: Path) -> None:
        folder.mkdir()
        self.folder, self.python, self.round, self.wheel = folder, python, this, wheel
        self.version = wheel.name.split("-")[1]
        self.house = folder / "wheels"
        """The wheels of all dependencies: fetched once, installed from there many times."""

    def fetch(self, *more: str) -> None:
        """Have the index choose versions, and keep their wheels."""
        chosen: list[object] = ["--only-binary", ":all:", "--dest", self.house]
        if self.round.versions == "lowest":
            lowest = self.folder / "lowest.txt"
            lowest.write_text(constraints(), "utf-8")
            chosen += ["--constraint", lowest]
        extras = f"[{','.join(self.round.extras)}]" if self.round.extras else ""
        python = environment(self.python, self.folder / "empty")
        pip(python, "download", *chosen, f"{self.wheel}{extras}", *more, cwd=self.folder)

    def install(self, name: str, *arguments: str, uv: str | None = None) -> Path:
        """Fill an environment from the wheels that were fetched; return its Python."""
        python = environment(self.python, self.folder / name)
        here = ("--no-index", "--find-links", self.house)
        if uv is None:
            pip(python, "install", *here, *arguments, cwd=self.folder)
        else:
            options = ("pip", "install", "--no-cache", "--python", python)
            run(uv, *options, *here, *arguments, cwd=self.folder)
        return python

    def use(self, python: Path, *extras: str) -> None:
        """Use canfar in an environment, in a folder that has nothing of the checkout."""
        home = python.parent.parent / "home"
        home.mkdir()
        program = home / "use_installed.py"
        shutil.copy(HERE / program.name, program)
        run(python, "-I", "-W", "ignore", program, self.version, *extras, cwd=home, home=home)

    def prove(self, uv: str | None) -> str:
        """Use canfar without extras, then with each alone; uv installs it where it is given."""
        started = time.monotonic()
        # Writing bytecode would cost more than it spares: each is used once or twice.
        plain = () if uv else ("--no-compile",)
        for extra in ("", *self.round.extras):
            wanted = f"{self.wheel}[{extra}]" if extra else str(self.wheel)
            python = self.install(f"with-{extra or 'none'}", *plain, wanted, uv=uv)
            self.use(python, *([extra] if extra else []))
        shutil.rmtree(self.folder)
        tried = ", ".join(["no extra", *self.round.extras])
        seconds = time.monotonic() - started
        return f"Python {self.round.version}, {self.round.versions}: {tried} ({seconds:.0f} s)"


def timed_install(workshop: Workshop) -> str:
    """Install as a user would, bytecode and all; return how long it took.

    Raises:
        Failed: It took more processor time than an install may last on a machine that is not busy.
    """
    # A busy machine counts more processor time for the same work, so it gets three tries.
    for attempt in ("first", "second", "third"):
        started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        workshop.install(attempt, str(workshop.wheel))
        seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if busy <= LIMIT_SECONDS:
            return f"{seconds:.1f} s, of which the processor was busy {busy:.1f} s"
    raise Failed(f"installing took {busy:.1f} s, and may take {LIMIT_SECONDS:.0f} s")


def prove_sdist(workshop: Workshop, sdist: Path, uv: str | None) -> None:
    """Install from the sdist, where only hatchling is to be had, and not the generator."""
    out = workshop.folder / "from-sdist"
    here = ("--no-index", "--find-links", workshop.house)
    empty = workshop.folder / "empty" / "bin" / "python"
    pip(empty, "wheel", *here, "--no-deps", "--wheel-dir", out, sdist, cwd=workshop.folder)
    (made,) = out.glob("*.whl")
    if contents(made) != contents(workshop.wheel):
        raise Failed("the wheel that pip makes of the sdist is another than the one in dist/")
    workshop.use(workshop.install("sdist", str(made), uv=uv))


def look_into(archive: Path, wanted: set[str]) -> None:
    """List what is in an archive.

    Raises:
        Failed: Something is missing, or something is there that should not be.
    """
    files = names(archive)
    print(f"{archive.name}: {len(files)} files, {archive.stat().st_size / 1000:.0f} kB")
    print(listing(files))
    if found := faults(files, wanted):
        raise Failed("\n".join(f"{archive.name}: {fault}" for fault in found))


def main(arguments: list[str]) -> None:
    """Prove everything; say what was proved, and what was not and why."""
    (wheel,) = (ROOT / "dist").glob("*.whl")
    (sdist,) = (ROOT / "dist").glob("*.tar.gz")
    look_into(wheel, IN_WHEEL)
    look_into(sdist, IN_SDIST)
    found = find(supported())
    missing = [each for each in supported() if each not in found]
    uv = next((each.removeprefix("--uv=") for each in arguments if each.startswith("--uv=")), None)
    with tempfile.TemporaryDirectory() as scratch:
        plan = rounds(list(found), quick="--quick" in arguments)
        shops = [
            Workshop(Path(scratch) / f"{n}", found[each.version], each, wheel)
            for n, each in enumerate(plan)
        ]
        first = shops[0]
        first.fetch("hatchling>=1.27,<2")
        print(f"installing the wheel and its dependencies: {timed_install(first)}", flush=True)

        def whole(shop: Workshop) -> str:
            if shop is not first:
                shop.fetch()
                return shop.prove(uv)
            prove_sdist(shop, sdist, uv)
            same = "the sdist is installed without the generator, and gives the same wheel"
            return f"{same}\n{shop.prove(uv)}"

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for said in pool.map(whole, shops):
                print(said, flush=True)
    for version in missing:
        print(f"Python {version} isn't on this machine: not tried.")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Failed as failed:
        sys.exit(str(failed))
