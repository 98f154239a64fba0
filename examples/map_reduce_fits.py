"""Map-reduce over FITS files: three replicas measure a share each, the script sums it up."""
# pyright: basic

import json
import sys
from pathlib import Path

import numpy as np
from astropy.io import fits

from canfar.local import LocalPlatform
from canfar.sessions import Session

worker = Path(__file__).absolute().with_name("map_worker.py")
folder = Path("fields").absolute()
folder.mkdir(exist_ok=True)
for number in range(12):
    sky = np.random.default_rng(number).normal(100, 5, (64, 64))
    fits.writeto(folder / f"field{number:02}.fits", sky, overwrite=True)

# On CANFAR: Session() without LocalPlatform, worker and folder in /arc, canfar in the image.
with LocalPlatform() as local, Session(url=local.url, token=local.token) as session:
    command = ["python", str(worker), str(folder)]
    batch = session.submit("map", "skaha/astroml", command=command, replicas=3)
    print(batch.wait(timeout=600, save_logs=folder / "logs"))
    if batch.failed:
        print("started again:", batch.relaunch())
        print(batch.wait(timeout=600, save_logs=folder / "logs"))
    batch.destroy()

if batch.failed:
    sys.exit("\n".join(f"{each.name}: {each.failure}" for each in batch.failed))
parts = [folder / f"{each.number}.json" for each in batch.replicas]
rows = [row for part in parts for row in json.loads(part.read_text())]
mean = sum(row["sum"] for row in rows) / sum(row["pixels"] for row in rows)
best = max(rows, key=lambda row: row["peak"])
print(f"{len(rows)} images, mean {mean:.2f}; brightest: {best['peak']:.1f} in {best['file']}")
