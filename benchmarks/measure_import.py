"""Run a statement in a fresh process and print what it cost, as JSON.

`python measure_import.py STATEMENT`, an import as a rule.
"""

import resource
import sys
import time

statement = compile(sys.argv[1], "statement", "exec")
before = set(sys.modules)
started = time.perf_counter()
exec(statement)  # noqa: S102 - run.py wrote it
seconds = time.perf_counter() - started
modules = len(set(sys.modules) - before)

peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
mebibytes = peak / (2**20 if sys.platform == "darwin" else 2**10)
print(f'{{"seconds": {seconds}, "modules": {modules}, "MiB": {mebibytes:.1f}}}')
