"""Time a program that is started, from the outside: what somebody at a terminal waits for.

`python measure_start.py [KEY=VALUE...] WORD...` runs WORD... with those environment variables, and
prints the seconds by the clock and those of the processor. A first word "canfar" is the command of
the environment that this Python is of, "python" is this Python.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from itertools import takewhile
from pathlib import Path

PROGRAMS = {"python": sys.executable, "canfar": str(Path(sys.executable).with_name("canfar"))}

pairs = list(takewhile(lambda word: "=" in word, sys.argv[1:]))
program, *words = sys.argv[1 + len(pairs) :]
environment = {**os.environ, **dict(pair.split("=", 1) for pair in pairs)}
command = [PROGRAMS[program], *words]
began = time.perf_counter()
done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
seconds = time.perf_counter() - began
if done.returncode or not (done.stdout or program == "python"):
    sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"seconds": seconds, "processor": used.ru_utime + used.ru_stime}))
