r"""Deliver a command and its environment exactly, whatever characters they hold.

The server splits ``args`` at every space, drops environment values that are empty or hold a second
``=``, fails on ``$``, eats backslashes and breaks on quotes (protocol notes 1.6, facts of Skaha
1.4). What it delivers as it is, is sent as it is. For the rest the session runs ``/bin/sh`` with
one environment variable, :data:`CARRIER`, which holds the whole command in base64 with the alphabet
for URLs and no padding. The shell decodes it and becomes the program by ``exec``, so that the
program gets the signals and gives the exit code. That needs ``sh``, ``printenv``, ``tr``,
``base64`` and ``env`` in the image, which coreutils and busybox both have, and none of the server's
oddities: every character on the wire is one that it leaves alone, now and when they are mended.
"""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from canfar._core.sealed import Sealed
from canfar.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CARRIER: Final = "CANFAR_COMMAND"
"""The environment variable that carries a command; the program does not see it."""

# Read by the shell that args start: it must hold neither spaces nor anything else the server reads,
# and splits into words at tabs. What it evaluates first is constant, so no quoting gets lost in it.
_SECOND_STAGE: Final = f'eval "$(printenv {CARRIER}|tr _- /+|base64 -d)"'

# One argument or variable of a program has at most 128 KiB on Linux (MAX_ARG_STRLEN).
LONGEST: Final = 131_071
MOST: Final = 1_000_000
"""Bytes of a whole command with its environment; a Kubernetes object has at most 1.5 MiB."""

_PLAIN: Final = re.compile(r"[!#%-\[\]-~]*")  # visible ASCII but " $ and \
_PLAIN_VALUE: Final = re.compile(r"[ !#%-<>-\[\]-~]+")  # the same with spaces, without =
_SHELL_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# The server sets these after the user's (protocol notes 1.6 and 6.1): its own values win.
SERVERS_OWN: Final = frozenset({"HOME", "PWD", "OMP_NUM_THREADS"})
SERVERS_PREFIX: Final = "skaha_"


@frozen
class Delivery:
    """What is sent for a command and its environment.

    Attributes:
        cmd: The ``cmd`` parameter, or None.
        args: The ``args`` parameter, or None.
        env: The ``env`` parameters, ``KEY=VALUE`` each.
    """

    cmd: str | None
    args: str | None = field(repr=False)
    env: list[str] = field(repr=False)


def deliver(
    cmd: str | None, args: str | Sequence[str] | None, env: Mapping[str, str], *, exact: bool
) -> Delivery:
    """Return what to send so that exactly this command and environment arrive.

    Args:
        cmd: The program, or None for the image's own.
        args: Its arguments; a string is split at every space, as the server does.
        env: The environment.
        exact: False sends everything as it is, whatever the server makes of it.

    Raises:
        InvalidInput: It cannot be delivered, or the platform would refuse its size.
    """
    tokens = split(args) if isinstance(args, str) else list(args or ())
    problem = _problem(cmd, tokens, env)
    if problem is not None:
        raise InvalidInput(problem)
    plain_args = args if isinstance(args, str) else " ".join(tokens)
    plain = Sealed((k, v) for k, v in env.items() if not exact or _arrives(k, v))
    odd = Sealed((k, v) for k, v in env.items() if k not in plain)
    command_arrives = (cmd is None or _PLAIN_VALUE.fullmatch(cmd)) and (
        all(_PLAIN.fullmatch(token) for token in tokens) and split(plain_args) == tokens
    )
    if not exact or (command_arrives and not odd):
        return Delivery(cmd, plain_args or None, _pairs(plain))
    if cmd is None:
        raise InvalidInput(_without_a_program(tokens, odd))
    # The shell would lose a variable with a name that it cannot have.
    odd.update((k, v) for k, v in plain.items() if not _SHELL_NAME.fullmatch(k))
    kept = Sealed((k, v) for k, v in plain.items() if k not in odd)
    if "=" in cmd and odd:
        # `env` would take the program's name for one more variable.
        raise InvalidInput(f"cmd {cmd!r} holds a '=', which cannot be delivered with this env")
    carried = f"{CARRIER}={_encoded(_script(cmd, tokens, odd))}"
    if len(carried) > LONGEST:
        raise InvalidInput(
            f"the command with its environment takes {len(carried):,} bytes to deliver, and may "
            f"take {LONGEST:,}; put it into a file that the sessions read"
        )
    return Delivery("/bin/sh", _first_stage(), [*_pairs(kept), carried])


def split(args: str) -> list[str]:
    """Return the arguments that the server makes of a string: split at each space, no quoting.

    Example:
        >>> split("-m  http.server 8000 ")
        ['-m', '', 'http.server', '8000']
    """
    if not args:
        return []
    tokens = args.split(" ")
    while tokens and not tokens[-1]:
        tokens.pop()
    return tokens


def _arrives(key: str, value: str) -> bool:
    servers_own = key in SERVERS_OWN or key.startswith(SERVERS_PREFIX)
    return not servers_own and _PLAIN_VALUE.fullmatch(value) is not None


def _pairs(env: Mapping[str, str]) -> list[str]:
    return [f"{key}={value}" for key, value in env.items()]


def _script(cmd: str, tokens: Sequence[str], env: Mapping[str, str]) -> str:
    words = [_quoted(word) for word in (cmd, *tokens)]
    if env:
        words = ["env", *(_quoted(pair) for pair in _pairs(env)), *words]
    return f"unset {CARRIER};exec {' '.join(words)}"


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


def _encoded(script: str) -> str:
    raw = script.encode()
    # Spaces at the end mean nothing to the shell and make padding unnecessary.
    return urlsafe_b64encode(raw + b" " * (-len(raw) % 3)).decode()


def _first_stage() -> str:
    stage = _SECOND_STAGE.encode()
    encoded = b64encode(stage + b" " * (-len(stage) % 3)).decode()
    return f"-c eval\t`echo\t{encoded}|base64\t-d`"


def _problem(cmd: str | None, tokens: Sequence[str], env: Mapping[str, str]) -> str | None:
    named = [("cmd", cmd or "")]
    named += [(f"argument {number}", token) for number, token in enumerate(tokens, 1)]
    named += [(f"{key} in env", f"{key}={value}") for key, value in env.items()]
    total = 0
    for what, text in named:
        if "\0" in text:
            return f"{what} holds a NUL character, which no program can be given"
        try:
            size = len(text.encode())
        except UnicodeEncodeError:
            return f"{what} is no text that UTF-8 can write"
        if size > LONGEST:
            return (
                f"{what} has {size:,} bytes, and one argument or variable may have {LONGEST:,}; "
                "put it into a file that the sessions read"
            )
        total += size
    if total > MOST:
        return (
            f"the command with its environment has {total:,} bytes, and may have {MOST:,}; "
            "put it into a file that the sessions read"
        )
    return None


def _without_a_program(tokens: Sequence[str], odd: Mapping[str, str]) -> str:
    what = ", ".join([*odd, *([] if odd else [repr(token) for token in tokens])])
    return (
        f"the platform would change {what} on the way to the image's own program; "
        "name the program with cmd= and it arrives as it is"
    )
