"""A Skaha on your own machine: the platform's HTTP contract, with commands as real processes.

No image is run here: an image is a label, checked as the real server checks it and shown where the
real server shows it. What runs is the ``cmd`` and ``args`` of a headless session, as a process of
the user who started the platform, with that user's rights, files and network. So a session can do
to this machine whatever you can; nothing is contained. Start on it only what you would type into
your own terminal, and give its token to nobody: whoever has it can run commands as you. It listens
on 127.0.0.1 only, and makes up a new token each time unless it is given one.

Example:
    >>> from canfar.local import LocalPlatform
    >>> with LocalPlatform() as platform:
    ...     sorted(platform.environment)
    ['CANFAR_TOKEN', 'CANFAR_URL']

From a terminal, ``python -m canfar.local`` serves until Ctrl-C, and ``canfar local start`` in the
background; in tests, the fixture ``canfar_platform`` (:mod:`canfar.local.pytest_plugin`) does.
Serving needs two more packages: ``pip install 'canfar[local]'``. Without them, :func:`transport`
leads an httpx client there (:mod:`canfar.local.in_process`).

What it remembers (:mod:`canfar.local.state`) is forgotten when it stops, unless it is given a
folder: ``LocalPlatform(state="folder")``. Its processes end with it, even if it is killed
(:mod:`canfar.local.runner.guard`).

What a headless session finds: its ``HOME`` is the same folder for all sessions of the platform, as
shared storage is on the real one, its working folder is its own, ``python`` is the interpreter that
runs the platform. On Linux it has a limit on its memory (:mod:`canfar.local.runner.limits`).
Interactive sessions become Running and answer at their ``connectURL`` with a page that says what
would be there; that URL is ``http`` here and ``https`` on the real platform. With ``jupyter=True``
notebooks are Jupyter servers (:mod:`canfar.local.runner.notebooks`).

It fails on demand, so that you can see what a script makes of it: see
:class:`canfar.local.faulty.Faulty`, whose methods a platform has.

Example:
    >>> with LocalPlatform() as platform:
    ...     platform.fail("create", times=2, status=503)  # then it works again
    ...     platform.cut("create", times=1)  # started, but the reply is lost
    ...     platform.faults("*", seed=7, busy=0.05)  # by chance, the same in every run

And with ``LocalPlatform(generation="0.29")`` or ``"1.0"`` it answers as older servers do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from canfar.local.contract.clock import ManualClock
    from canfar.local.contract.faults import Fault
    from canfar.local.contract.journal import Arrival
    from canfar.local.contract.resources import Context, Offer
    from canfar.local.contract.settings import Image
    from canfar.local.in_process import transport
    from canfar.local.platform import LocalPlatform, MissingExtraError
    from canfar.local.state.folder import StateInUseError

__all__ = [
    "Arrival",
    "Context",
    "Fault",
    "Image",
    "LocalPlatform",
    "ManualClock",
    "MissingExtraError",
    "Offer",
    "StateInUseError",
    "transport",
]

_WHERE = {
    "Arrival": "canfar.local.contract.journal",
    "Context": "canfar.local.contract.resources",
    "Fault": "canfar.local.contract.faults",
    "Image": "canfar.local.contract.settings",
    "LocalPlatform": "canfar.local.platform",
    "ManualClock": "canfar.local.contract.clock",
    "MissingExtraError": "canfar.local.platform",
    "Offer": "canfar.local.contract.resources",
    "StateInUseError": "canfar.local.state.folder",
    "transport": "canfar.local.in_process",
}


def __getattr__(name: str) -> object:
    if name in _WHERE:
        # Not before it is asked for: pytest imports this package in every run of everybody's tests.
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'canfar.local' has no attribute {name!r}")
