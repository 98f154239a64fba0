"""A replica of map_reduce_fits.py: it takes its files by REPLICA_ID and REPLICA_COUNT."""
# pyright: basic

import json
import os
import sys
from pathlib import Path

import numpy as np
from astropy.io import fits

from canfar.helpers.distributed import balanced

folder = Path(sys.argv[1])
rows = []
for file in balanced(sorted(folder.glob("*.fits"))):
    image = np.asarray(fits.getdata(file))
    peak, total = float(image.max()), float(image.sum())
    rows.append({"file": file.name, "pixels": image.size, "sum": total, "peak": peak})
(folder / f"{os.environ['REPLICA_ID']}.json").write_text(json.dumps(rows))
