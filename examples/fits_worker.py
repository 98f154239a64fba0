"""What each replica of fits_batch.py does: measure its share of a folder's FITS files.

It knows nothing about sessions. The platform tells it which replica it is (REPLICA_ID,
REPLICA_COUNT), fits_batch.py tells it where to read and write (FITS_FOLDER, RESULTS).
"""

# astropy comes without types:
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits

from canfar.helpers.distributed import balanced


def measure(path: Path) -> dict[str, Any]:
    """Count a file's HDUs and describe its first image."""
    result: dict[str, Any] = {"file": path.name}
    try:
        with fits.open(path) as hdus:
            result["hdus"] = len(hdus)
            images = [hdu.data for hdu in hdus if hdu.is_image and hdu.data is not None]
            if images and np.isfinite(images[0]).any():
                pixels = np.asarray(images[0], dtype=float)
                result["shape"] = pixels.shape
                result["mean"] = float(np.nanmean(pixels))
                result["std"] = float(np.nanstd(pixels))
    except OSError as error:
        result["error"] = str(error)
    return result


def main() -> None:
    """Measure this replica's share and write it as one JSON file."""
    started = time.perf_counter()
    replica, count = os.environ["REPLICA_ID"], os.environ["REPLICA_COUNT"]
    everything = sorted(Path(os.environ["FITS_FOLDER"]).rglob("*.fits"))
    results = [measure(path) for path in balanced(everything)]
    Path(os.environ["RESULTS"], f"{replica}.json").write_text(json.dumps(results), "utf-8")
    seconds = time.perf_counter() - started
    print(f"replica {replica} of {count}: {len(results)} files in {seconds:.1f} s")


if __name__ == "__main__":
    main()
