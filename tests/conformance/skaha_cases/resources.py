"""Cores, memory and GPUs: what reads back."""

from __future__ import annotations

from skaha_cases.vocabulary import Case, Fact, Subject, get, have, record

_SHOW = get("/session/<id>")
_REQUESTED = ("requestedRAM", "requestedCPUCores")


def _asked(fields, shown, without=(), name=None, **platform):
    return Case(
        name or ", ".join(f"{key}={value}" for key, value in fields.items()) or "nothing",
        _SHOW,
        record(shown, without=without),
        [have(**{"type": "notebook", **fields})],
        platform=platform,
    )


_RAM = {
    "1": "1.07",
    "2": "2.15",
    "4": "4.29",
    "8": "8.59",
    "16": "17.18",
    "32": "34.36",
    "192": "206.16",
    "8.5": "9.13",
}
_CORES = {"2": "2", "2.5": "2.500", "2.0": "2", "16": "16", "1.25": "1.250"}

SUBJECT = Subject(
    "Fixed and flexible resources",
    [
        Fact(
            "Memory alone decides: with ram a session is fixed, without it flexible.",
            "6.3",
            [
                _asked({"ram": "8"}, {"isFixedResources": True, "requestedCPUCores": "1"}),
                _asked({"ram": "8", "cores": "2"}, {"isFixedResources": True}),
                _asked({"cores": "2"}, {"isFixedResources": False}, _REQUESTED),
                _asked({}, {"isFixedResources": False}, _REQUESTED),
                _asked({"type": "headless", "ram": "8"}, {"isFixedResources": True}),
                _asked({"type": "headless"}, {"isFixedResources": False}, _REQUESTED),
            ],
        ),
        Fact(
            "Memory is asked for in GiB and reads back in decimal GB, with two places.",
            "2.2",
            [_asked({"ram": ram}, {"requestedRAM": shown}) for ram, shown in _RAM.items()],
        ),
        Fact(
            "Whole cores read back as an integer, others with three places.",
            "2.2",
            [
                _asked({"ram": "4", "cores": cores}, {"requestedCPUCores": shown})
                for cores, shown in _CORES.items()
            ],
        ),
        Fact(
            "The number of GPUs is always there.",
            "2.2",
            [
                _asked({}, {"requestedGPUCores": "0"}, name="none"),
                _asked({"gpus": "2"}, {"requestedGPUCores": "2"}),
                _asked({"type": "headless", "gpus": "1"}, {"requestedGPUCores": "1"}),
            ],
        ),
        Fact(
            "On a platform without GPUs they are checked and then ignored.",
            "1.4",
            [_asked({"gpus": "2"}, {"requestedGPUCores": "0"}, name="ignored", gpus=False)],
        ),
        Fact(
            "A desktop's cores and memory are what they always are, and flexible.",
            "6.3",
            [
                _asked(
                    {"type": "desktop", "ram": "8", "cores": "2"},
                    {"isFixedResources": False},
                    _REQUESTED,
                )
            ],
        ),
        Fact(
            "Firefly's are what they always are, and fixed.",
            "6.3",
            [
                _asked(
                    {"type": "firefly", **asked},
                    {
                        "isFixedResources": True,
                        "requestedCPUCores": "0.100",
                        "requestedRAM": "4.29",
                    },
                )
                for asked in ({}, {"ram": "8", "cores": "2"})
            ],
        ),
    ],
)
