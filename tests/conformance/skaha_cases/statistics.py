"""``view=stats``."""

from __future__ import annotations

import re

from canfar.local import Context
from skaha_cases.vocabulary import ASSUMED, JSON, Case, Fact, Reply, Subject, get, have, text

_STATS = get("/session?view=stats")
_EMPTY = """{
  "cores": {
    "requestedCPUCores": 0.0,
    "cpuCoresAvailable": 64.0,
    "maxCPUCores": {
      "cpuCores": 8.0,
      "withRam": "32Gi"
    }
  },
  "ram": {
    "requestedRAM": "0G",
    "ramAvailable": "549.756G",
    "maxRAM": {
      "ram": "32Gi",
      "withCPUCores": 8.0
    }
  }
}"""

SUBJECT = Subject(
    "Statistics",
    [
        Fact(
            "Without a metrics service they are 503, always with the same words and Retry-After.",
            "2.1, 2.3",
            [
                Case(
                    "503",
                    _STATS,
                    text("temporarily unavailable: null\n", 503, Retry_After="30"),
                    platform={"metrics": False},
                )
            ],
        ),
        Fact(
            "They are JSON, laid out; the ceiling of a session is in Gi; there are no instances.",
            "2.3",
            [
                Case("an empty platform", _STATS, Reply(200, JSON, _EMPTY), platform={}),
            ],
        ),
        Fact(
            "What sessions ask for is summed up, everybody's.",
            "2.3",
            [
                Case(
                    "two users",
                    _STATS,
                    Reply(
                        200,
                        JSON,
                        re.compile('.*"requestedCPUCores": 3[.]0.*"requestedRAM": "12[.]885G".*'),
                    ),
                    [
                        have("one", type="notebook", cores="2", ram="8"),
                        have("two", "theirs", type="carta"),
                    ],
                    platform={},
                )
            ],
            ASSUMED,
        ),
        Fact(
            "From a LimitRange the ceiling is its greatest, in GiB but spelt G.",
            "2.3",
            [
                Case(
                    "24G",
                    _STATS,
                    Reply(
                        200,
                        JSON,
                        re.compile('.*"cpuCores": 6[.]0.*"withRam": "24G".*"ram": "24G".*'),
                    ),
                    platform={"context": Context.of_limit_range(cores=6, memory=24)},
                )
            ],
        ),
        Fact(
            "Filters don't count.",
            "1.8",
            [
                Case(
                    "type",
                    get("/session?view=stats&type=foo&status="),
                    Reply(200, JSON, _EMPTY),
                    platform={},
                )
            ],
            ASSUMED,
        ),
    ],
)
