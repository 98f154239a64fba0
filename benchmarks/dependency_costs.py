"""Measures what each dependency costs and writes it into docs/dependencies.md.

`dependency_costs.py PYTHON`: that Python's environment has canfar with all its extras and nothing
else. Needs `packaging`. The text of the page is by hand; only the columns of numbers, and what they
were measured with, are written here.
"""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from importlib.util import cache_from_source
from os import cpu_count, getloadavg
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts" / "release"))

from lowest import requirements  # noqa: E402 - it is found by the line above

PAGE = ROOT / "docs" / "dependencies.md"
STARTS = 11
# What is imported of a package, where it isn't what the package is called.
IMPORTED = {
    "attrs": "attrs",
    "cryptography": "cryptography.x509",
    "astropy": "astropy.table",
    "defusedxml": "defusedxml.ElementTree",
    "oauthlib": "oauthlib.oauth2",
    "python-dateutil": "dateutil.parser",
    "starlette": "starlette.applications",
}
MEASURE = "import time; t = time.process_time(); import {}; print(time.process_time() - t)"


def import_milliseconds(python: str, name: str) -> float:
    """The least processor time of several fresh processes: what else the machine did only adds."""
    program = MEASURE.format(IMPORTED.get(name, name))
    command = [python, "-I", "-W", "ignore", "-c", program]
    runs = [
        subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(STARTS)
    ]
    return min(float(done.stdout) for done in runs) * 1000


def closure(name: str, have: dict[str, Distribution]) -> set[str]:
    """A distribution and all that it brings along here, by name."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each in found or each not in have:
            continue
        found.add(each)
        for text in have[each].requires or ():
            needed = Requirement(text)
            if not needed.marker or needed.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(needed.name))
    return found


def bytes_of(distribution: Distribution) -> int:
    """What its files take, bytecode included."""
    files = {Path(str(each.locate())) for each in distribution.files or ()}
    # pip lists the bytecode that it makes, uv does not.
    files |= {Path(cache_from_source(str(file))) for file in files if file.suffix == ".py"}
    return sum(file.stat().st_size for file in files if file.is_file())


def megabytes(size: int) -> str:
    """A size for people."""
    return f"{size / 1e6:.1f}"


def with_numbers(page: str, numbers: dict[str, tuple[str, str]], said: str) -> str:
    """Write the numbers into the page.

    Args:
        page: Its text.
        numbers: What the last two columns say, by the package of the row.
        said: The sentence on how they were measured.

    Returns:
        The new text.

    Raises:
        KeyError: A row's package wasn't measured.
    """
    lines: list[str] = []
    for line in page.splitlines():
        row = re.fullmatch(r"\| ([\w.-]+) (\|.*\|)[^|]*\|[^|]*\|", line)
        if row and row[1] != "package":
            time, size = numbers[row[1]]
            lines.append(f"| {row[1]} {row[2]} {time} | {size} |")
        else:
            lines.append(line)
    between = re.compile(r"(<!-- measured: below -->\n).*?(<!-- measured: above -->)", re.DOTALL)
    return between.sub(rf"\g<1>{said}\n\g<2>", "\n".join(lines) + "\n")


def main(python: str) -> None:
    """Measure everything and write it down."""
    site = subprocess.run(
        [python, "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    have: dict[str, Distribution] = {
        canonicalize_name(each.name): each for each in distributions(path=[site])
    }
    numbers: dict[str, tuple[str, str]] = {}
    for needed in requirements():
        name = canonicalize_name(needed.name)
        alone = bytes_of(have[name])
        whole = sum(bytes_of(have[each]) for each in closure(name, have))
        size = megabytes(alone) + " MB"
        if megabytes(whole) != megabytes(alone):
            size += f" ({megabytes(whole)})"
        milliseconds = f"{import_milliseconds(python, needed.name):.0f} ms"
        numbers[needed.name] = milliseconds, size
        print(f"{needed.name} {have[name].version}: {milliseconds}, {size}", flush=True)
    core = set[str]()
    for text in have["canfar"].requires or ():
        if "extra ==" not in text:
            core |= closure(canonicalize_name(Requirement(text).name), have)
    total = megabytes(sum(bytes_of(have[each]) for each in core))
    busy = ", on a machine that had other work, too" if getloadavg()[0] > (cpu_count() or 1) else ""
    said = (
        f"Measured in {datetime.now(UTC):%B %Y} with Python {platform.python_version()} on "
        f"{platform.system()}, {platform.machine()}, {cpu_count()} cores; the least of {STARTS} "
        f"processes{busy}. Without extras, canfar brings {len(core)} packages and {total} MB."
    )
    PAGE.write_text(with_numbers(PAGE.read_text("utf-8"), numbers, said), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
