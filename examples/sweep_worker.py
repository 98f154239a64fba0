"""A replica of parameter_sweep.py: it takes its share by REPLICA_ID and REPLICA_COUNT."""

import os
import sys
from itertools import product
from math import asinh, sqrt
from pathlib import Path

from canfar.helpers.distributed import balanced

with Path(sys.argv[1], f"{os.environ['REPLICA_ID']}.txt").open("w") as file:
    for h0, matter in balanced(product(range(64, 76, 2), (0.26, 0.28, 0.30, 0.32, 0.34))):
        age = 651.9 / h0 * asinh(sqrt(1 / matter - 1)) / sqrt(1 - matter)
        print(h0, matter, round(age, 2), file=file)
