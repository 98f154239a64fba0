"""Import one module in a fresh process and print what it cost, as JSON.

`python measure_import.py MODULE`; "pass" imports nothing, for comparison.
"""

import resource
import sys
import time

before = set(sys.modules)
started = time.perf_counter()
if sys.argv[1] != "pass":
    __import__(sys.argv[1])
seconds = time.perf_counter() - started
modules = len(set(sys.modules) - before)

peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
mebibytes = peak / (2**20 if sys.platform == "darwin" else 2**10)
print(f'{{"seconds": {seconds}, "modules": {modules}, "MiB": {mebibytes:.1f}}}')
