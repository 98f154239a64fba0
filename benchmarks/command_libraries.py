"""Measure libraries for command lines: what ADR 10 was decided by.

    python benchmarks/command_libraries.py [argparse click cyclopts typer]

Makes an environment for each with pip, and in it the same program: twenty commands, each in a
module of its own, loaded when it is typed where the library documents a way to do so (typer has
none). Prints a table of processor time, which says the same as a clock but on a busy machine too.
The candidates take turns; the median counts.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

REPEAT = 25
COMMANDS = ["create", *(f"other{number}" for number in range(1, 20))]
TYPED = {"`--help`": ["--help"], "one command": ["create", "notebook", "astroml", "-c", "2"]}

CLICK_COMMAND = """
import click

@click.command()
@click.argument("kind")
@click.argument("image")
@click.option("-c", "--cores", type=float, help="CPU cores.")
@click.option("-m", "--ram", type=float, help="RAM in GB.")
@click.option("-e", "--env", multiple=True, help="KEY=VALUE.")
@click.option("--wait", is_flag=True, help="Wait until it runs.")
def command(kind, image, cores, ram, env, wait):
    "Start sessions."
    print(kind, image, cores)
"""
CLICK = """
from importlib import import_module
import click

class Lazy(click.Group):
    def list_commands(self, ctx):
        return NAMES
    def get_command(self, ctx, name):
        return import_module(f"commands.{name}").command if name in NAMES else None
    def format_commands(self, ctx, formatter):
        with formatter.section("Commands"):
            formatter.write_dl([(name, "Does something.") for name in NAMES])

Lazy("canfar")()
"""
CYCLOPTS_COMMAND = """
from typing import Annotated
from cyclopts import Parameter

def command(
    kind: str, image: str, *,
    cores: Annotated[float | None, Parameter(name=["-c", "--cores"], help="CPU cores.")] = None,
    ram: Annotated[float | None, Parameter(name=["-m", "--ram"], help="RAM in GB.")] = None,
    env: Annotated[list[str] | None, Parameter(name=["-e", "--env"], help="KEY=VALUE.")] = None,
    wait: Annotated[bool, Parameter(help="Wait until it runs.")] = False,
):
    "Start sessions."
    print(kind, image, cores)
"""
CYCLOPTS = """
from cyclopts import App

app = App(name="canfar")
for name in NAMES:
    app.command(f"commands.{name}:command", name=name, help="Does something.")
app()
"""
TYPER_COMMAND = """
from typing import Annotated, Optional
import typer

def command(
    kind: str, image: str,
    cores: Annotated[Optional[float], typer.Option("-c", "--cores", help="CPU cores.")] = None,
    ram: Annotated[Optional[float], typer.Option("-m", "--ram", help="RAM in GB.")] = None,
    env: Annotated[Optional[list[str]], typer.Option("-e", "--env", help="KEY=VALUE.")] = None,
    wait: Annotated[bool, typer.Option(help="Wait until it runs.")] = False,
):
    "Start sessions."
    print(kind, image, cores)
"""
TYPER = """
from importlib import import_module
import typer

app = typer.Typer()
for name in NAMES:
    app.command(name)(import_module(f"commands.{name}").command)
app()
"""
ARGPARSE_COMMAND = """
def add(parser):
    parser.add_argument("kind")
    parser.add_argument("image")
    parser.add_argument("-c", "--cores", type=float, help="CPU cores.")
    parser.add_argument("-m", "--ram", type=float, help="RAM in GB.")
    parser.add_argument("-e", "--env", action="append", help="KEY=VALUE.")
    parser.add_argument("--wait", action="store_true", help="Wait until it runs.")

def command(options):
    print(options.kind, options.image, options.cores)
"""
ARGPARSE = """
from importlib import import_module
import argparse, sys

parser = argparse.ArgumentParser("canfar")
below = parser.add_subparsers(required=True)
typed = next((word for word in sys.argv[1:] if word in NAMES), None)
for name in NAMES:
    one = below.add_parser(name, help="Does something.")
    if name == typed:
        module = import_module(f"commands.{name}")
        module.add(one)
options = parser.parse_args()
module.command(options)
"""
PROGRAMS = {
    "argparse": (ARGPARSE, ARGPARSE_COMMAND),
    "click": (CLICK, CLICK_COMMAND),
    "cyclopts": (CYCLOPTS, CYCLOPTS_COMMAND),
    "typer": (TYPER, TYPER_COMMAND),
}
COUNT = "import atexit, sys; atexit.register(lambda: print(len(sys.modules), file=sys.stderr))\n"


def make(library: str, folder: Path) -> Path:
    """Make the environment and the program; return the environment's Python."""
    python = folder / "env" / "bin" / "python"
    base = os.path.realpath(sys.executable)  # that of an environment may have no pip
    pip = [base, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run([base, "-m", "venv", "--without-pip", str(folder / "env")], check=True)
    if library != "argparse":
        subprocess.run([*pip, "install", "--quiet", library], check=True)
    main, command = PROGRAMS[library]
    (folder / "commands").mkdir()
    for name in COMMANDS:
        (folder / "commands" / f"{name}.py").write_text(command, "utf-8")
    (folder / "canfar.py").write_text(f"NAMES = {COMMANDS}\n{main}", "utf-8")
    (folder / "counted.py").write_text(f"{COUNT}NAMES = {COMMANDS}\n{main}", "utf-8")
    (folder / "nothing.py").write_text("", "utf-8")
    return python


def start(python: Path, script: str, words: list[str]) -> float:
    """Run it once; return the seconds of processor time it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(python), script, *words], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def described(library: str, python: Path) -> list[str]:
    """Say which release it is, and what it brings along."""
    (site,) = python.parents[1].glob("lib/python*/site-packages")
    found = sorted(site.glob("*.dist-info"))
    (own,) = [each.name.split("-")[1] for each in found if each.name.startswith(f"{library}-")] or [
        f"of Python {sys.version.split()[0]}"
    ]
    size = sum(f.stat().st_size for f in site.rglob("*") if f.is_file())
    return [f"{library} {own}".removesuffix(".dist"), str(len(found)), f"{size / 2**20:.1f} MiB"]


def main() -> None:
    """Measure, and print the table."""
    libraries = sys.argv[1:] or list(PROGRAMS)
    with tempfile.TemporaryDirectory() as scratch:
        folders = {library: Path(scratch) / library for library in libraries}
        for folder in folders.values():
            folder.mkdir()
        pythons = {library: make(library, folder) for library, folder in folders.items()}
        cases = {
            (library, what): (pythons[library], str(folders[library] / "canfar.py"), words)
            for library in libraries
            for what, words in TYPED.items()
        }
        bare, nothing = pythons[libraries[0]], str(folders[libraries[0]] / "nothing.py")
        runs: dict[tuple[str, str], list[float]] = {case: [] for case in cases}
        empty: list[float] = []
        for turn in range(REPEAT + 1):
            lap = {case: start(*arguments) for case, arguments in cases.items()}
            if turn:  # in the first one Python writes its bytecode
                empty.append(start(bare, nothing, []))
                for case, seconds in lap.items():
                    runs[case].append(seconds)
        ruler = ["---", *["---:"] * (len(TYPED) + 3)]
        for row in (["", *TYPED, "modules", "packages", "disk"], ruler):
            print("| " + " | ".join(row) + " |")
        print(f"| an empty program | {statistics.median(empty) * 1000:.0f} ms | | | | |")
        for library in libraries:
            times = [f"{statistics.median(runs[library, what]) * 1000:.0f} ms" for what in TYPED]
            counted = subprocess.run(
                [str(pythons[library]), str(folders[library] / "counted.py"), "--help"],
                check=True,
                capture_output=True,
                text=True,
            )
            name, packages, disk = described(library, pythons[library])
            print("| " + " | ".join([name, *times, counted.stderr.strip(), packages, disk]) + " |")


if __name__ == "__main__":
    main()
