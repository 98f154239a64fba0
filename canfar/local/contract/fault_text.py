"""Faults as text, for the command line.

``OPERATION:EFFECT[,OPTION=VALUE]...``, for example ``create:cut-after,chance=0.05``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from canfar.local.contract.effects import Cut, Delay, Drip, Fail, Html, RefuseToken
from canfar.local.contract.faults import Fault

if TYPE_CHECKING:
    from canfar.local.contract.effects import Effect

__all__ = ["HELP", "read_fault"]

HELP: Final = """\
Faults are written OPERATION:EFFECT[,OPTION=VALUE]...

operations: create list info logs events stats renew delete images context ..., the names of
            spec/openapi.yaml (create_session ...), or * for all

effects:    status=503        answer with this status; options retry-after=SECONDS, after=yes
                              (the request is applied all the same)
            cut-before        close the connection, the request was not applied
            cut-after         close the connection, the request was applied
            cut-midway        close the connection in the middle of the reply
            delay=SECONDS     take long; option after=yes (only the reply is late)
            html              answer 200 with a page of HTML
            drip=BYTES        send the reply slowly, so many bytes per second
            refuse-token      answer 401

options:    times=N           strike N requests, then no more
            skip=N            let N requests pass first
            chance=0.05       strike each request with this chance; repeatable with --seed

example:    --fault create:cut-after,chance=0.05 --fault list:status=503,times=2 --seed 7
"""

_PLAIN: Final[dict[str, Effect]] = {
    "cut-before": Cut("before"),
    "cut-after": Cut("after"),
    "cut-midway": Cut("midway"),
    "refuse-token": RefuseToken(),
}
_ON: Final = {"yes": True, "no": False}


def read_fault(text: str) -> Fault:
    """Read a fault.

    Args:
        text: The text.

    Raises:
        ValueError: It can't be read; the sentence says what of it.

    Example:
        >>> read_fault("create:status=503,retry-after=2,times=3").times
        3
    """
    operation, colon, rest = text.partition(":")
    head, *pairs = rest.split(",")
    if not colon or not head:
        raise ValueError(f"{text!r} is no OPERATION:EFFECT")
    name, _, value = head.partition("=")
    options = dict(_pair(pair) for pair in pairs)
    try:
        chance = float(options.pop("chance", "1"))
        times = int(options.pop("times")) if "times" in options else None
        skip = int(options.pop("skip", "0"))
        effect = _effect(name, value, options)
    except (KeyError, ValueError) as error:
        raise ValueError(f"the fault {text!r} can't be read: {error}") from None
    if options:
        raise ValueError(f"{name} has no option {', '.join(options)}")
    return Fault(operation, ((chance, effect),), times, skip)


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _effect(name: str, value: str, options: dict[str, str]) -> Effect:
    """Read an effect, taking its own options out of ``options``."""
    if name in _PLAIN and not value:
        return _PLAIN[name]
    if name == "drip":
        return Drip(float(value))
    if name not in {"status", "delay", "html"}:
        raise ValueError(f"there is no effect {name!r}")
    after = _ON[options.pop("after", "no")]
    if name == "status":
        return Fail(int(value), options.pop("retry-after", None), after=after)
    return Html(after=after) if name == "html" else Delay(float(value), after)
