"""A batch of four replicas over real FITS files, on a CANFAR platform of your own.

Run it with `python3 tasks.py demo`. The files are those that astropy ships for its own
tests. On the real platform only three things differ: there is no LocalPlatform, the
folders are under /arc, and the image decides which Python runs.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import astropy  # pyright: ignore[reportMissingTypeStubs]  # it comes without types

from canfar.local import LocalPlatform
from canfar.sessions import Session

FITS_FOLDER = Path(astropy.__file__).parent
WORKER = Path(__file__).with_name("fits_worker.py")
SHOWN = 8


def main() -> None:
    """Start the platform, run the batch, print what it found, clean up."""
    with LocalPlatform() as platform, Session(url=platform.url, token=platform.token) as session:
        print(f"A CANFAR platform of your own answers at {platform.url}\n")

        # All sessions see the home folder, so that is where the program and its results go.
        home = Path(platform.home)
        shutil.copy(WORKER, home)
        results = home / "results"
        results.mkdir()

        ids = session.create(
            name="fits-survey",
            image="images.canfar.net/skaha/astroml:latest",
            cmd="python",
            args=[str(home / WORKER.name)],
            env={"FITS_FOLDER": str(FITS_FOLDER), "RESULTS": str(results)},
            replicas=4,
        )
        final = session.wait(ids, timeout=100)
        logs = session.logs(ids)
        for record in final:
            if record.status != "Completed":
                sys.exit(f"{record.name} is {record.status}:\n{logs[record.id]}")
            last_line = logs[record.id].splitlines()[-1]
            print(f"{record.id}  {record.name}  {record.status}  {last_line}")

        measured = [
            row for part in results.glob("*.json") for row in json.loads(part.read_text("utf-8"))
        ]
        report(measured)

        destroyed = session.destroy(ids)
        print(f"\n{sum(destroyed.values())} sessions destroyed, {len(session.fetch())} left.")


def report(rows: list[dict[str, Any]]) -> None:
    """Print the largest images as a table, then what there was in all."""
    images = [row for row in rows if len(row.get("shape", ())) > 1]
    images.sort(key=lambda row: (-row["shape"][0] * row["shape"][1], row["file"]))
    print(f"\n{'file':<24}{'HDUs':>5}{'image':>12}{'mean':>11}{'std':>11}")
    for row in images[:SHOWN]:
        shape = " x ".join(str(side) for side in row["shape"])
        print(
            f"{row['file']:<24}{row['hdus']:>5}{shape:>12}{row['mean']:>11.4g}{row['std']:>11.4g}"
        )
    unreadable = [row["file"] for row in rows if "error" in row]
    print(
        f"... {len(rows)} files with {sum(row.get('hdus', 0) for row in rows)} HDUs, "
        f"{len(images)} images; not FITS inside: {', '.join(unreadable) or 'none'}"
    )


if __name__ == "__main__":
    main()
