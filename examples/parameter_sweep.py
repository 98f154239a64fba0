"""A parameter sweep: four replicas share a grid of cosmologies and say how old each would be."""

import sys
from pathlib import Path

from canfar.local import LocalPlatform
from canfar.sessions import Session

worker = Path(__file__).absolute().with_name("sweep_worker.py")
folder = Path("sweep").absolute()
folder.mkdir(exist_ok=True)
command = ["python", str(worker), str(folder)]

# On CANFAR: Session() without LocalPlatform, worker and folder in /arc, canfar in the image.
with (
    LocalPlatform() as local,
    Session(url=local.url, token=local.token) as session,
    session.submit("sweep", "skaha/astroml", command=command, replicas=4) as batch,
):
    print(batch.wait(timeout=600, save_logs=folder / "logs"))

if batch.failed:
    sys.exit("\n".join(f"{each.name}: {each.failure}" for each in batch.failed))
parts = [folder / f"{each.number}.txt" for each in batch.replicas]
rows = [line.split() for part in parts for line in part.read_text().splitlines()]
for h0, matter, age in sorted(rows, key=lambda row: abs(float(row[2]) - 13.8))[:3]:
    print(f"H0 = {h0}, Omega_m = {matter}: {age} Gyr")
