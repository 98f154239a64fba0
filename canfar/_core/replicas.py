"""What to send to create sessions, checked before anything is sent."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from canfar._core.delivery import deliver
from canfar._core.filters import creatable_kind, one_of
from canfar._core.sealed import Sealed, sealed
from canfar.errors import InvalidInput
from canfar.models.session import numbered
from canfar.models.types import DEFAULT_REGISTRY

if TYPE_CHECKING:
    from canfar.models.session import CreateRequest
    from canfar.models.types import CreatableKind

# The server's rule and Kubernetes' together (protocol notes, 1.4: a fact of Skaha 1.4).
NAME_RULE: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
NAME_LENGTH: Final = 63
VARIABLE_RULE: Final = re.compile(r"[A-Za-z_.-][A-Za-z0-9_.-]*")
IGNORES_RESOURCES: Final = frozenset({"desktop", "firefly"})
REPLICA_VARIABLES: Final = ("REPLICA_ID", "REPLICA_COUNT")


@frozen(kw_only=True)
class Replica:
    """What is sent to start one session.

    Attributes:
        number: Its 1-based number.
        name, image, kind, cores, ram, gpus, cmd, args, env: What the server's parameters hold.
    """

    number: int
    name: str
    image: str
    kind: CreatableKind
    cores: float | None
    ram: float | None
    gpus: int | None
    cmd: str | None = field(repr=False)
    args: str | None = field(repr=False)
    env: list[str] = field(repr=False)


def replicas(request: CreateRequest, only: Iterable[int] | None = None) -> list[Replica]:
    """Return what to send for each replica, or for those that ``only`` names.

    Raises:
        InvalidInput: The server would refuse it, or drop or mangle a part of it.
    """
    kind = creatable_kind(request.kind)
    count = _whole("replicas", request.replicas, "leave it out for one session")
    image = full_image(request.image)
    if kind != "headless":
        _headless_only(kind, request)
    if kind in IGNORES_RESOURCES and (request.cores is not None or request.ram is not None):
        warnings.warn(
            f"the platform gives every {kind} session the same resources: cores and ram are "
            "checked and then ignored",
            stacklevel=2,
        )
    cores = resource("cores", request.cores, "CPU cores")
    ram = resource("ram", request.ram, "GB")
    gpus = (
        None
        if request.gpus is None
        else _whole("gpu", request.gpus, "leave it out for a session without GPUs")
    )
    cmd, args = program(request)
    variables = environment(request.env)
    exact = one_of("delivery", request.delivery, ("exact", "plain")) == "exact"
    sent = deliver(cmd, args, variables, exact=exact)
    return [
        Replica(
            number=number,
            name=replica_name(request.name, number, count),
            image=image,
            kind=kind,
            cores=cores,
            ram=ram,
            gpus=gpus,
            cmd=sent.cmd,
            args=sent.args,
            env=[*sent.env, f"REPLICA_ID={number}", f"REPLICA_COUNT={count}"]
            if kind == "headless"
            else [],
        )
        for number in chosen(only, count)
    ]


def chosen(only: Iterable[int] | None, count: int) -> Iterable[int]:
    """Return the numbers of the replicas to start."""
    if only is None:
        return range(1, count + 1)
    if isinstance(only, str) or not isinstance(only, Iterable):
        raise InvalidInput(
            f"only must be the numbers of replicas, [3, 57] for instance, not {only!r}"
        )
    numbers = sorted(set(only))
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= count:
            raise InvalidInput(f"only holds {number!r}, and the replicas are numbered 1 to {count}")
    return numbers


def replica_name(name: object, number: int, count: int) -> str:
    """Return the checked name of a replica: ``name``, or ``name-1`` … when there are several."""
    if not isinstance(name, str) or not name.strip():
        raise InvalidInput(f"name must be a string of letters, digits and '-', not {name!r}")
    if not NAME_RULE.fullmatch(name.lower()):
        better = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "my-session"
        raise InvalidInput(
            f"name {name!r} must be letters, digits and '-', beginning and ending with a letter "
            f"or digit; write {better!r} for instance"
        )
    longest = len(numbered(name, count, count))
    if longest > NAME_LENGTH:
        raise InvalidInput(
            f"name {name!r} is too long: names have at most {NAME_LENGTH} characters"
            + (f" with the replica's number, and this needs {longest}" if count > 1 else "")
        )
    return numbered(name, number, count)


def full_image(image: object) -> str:
    """Return the image with its registry and tag.

    Example:
        >>> full_image("skaha/astroml")
        'images.canfar.net/skaha/astroml:latest'
    """
    if not isinstance(image, str) or not image.strip():
        raise InvalidInput(
            "image must be a string such as 'images.canfar.net/skaha/astroml:latest', "
            f"not {image!r}"
        )
    image = image.strip()
    parts = image.split("/")
    if any(character.isspace() for character in image) or not all(parts):
        raise InvalidInput(f"image {image!r} is not of the form registry/project/name:tag")
    if len(parts) == 1:
        raise InvalidInput(
            f"image {image!r} names no project; write {f'{DEFAULT_REGISTRY}/skaha/{image}'!r} "
            "for instance"
        )
    has_registry = "." in parts[0] or ":" in parts[0] or parts[0] == "localhost"
    if not has_registry:
        image = f"{DEFAULT_REGISTRY}/{image}"
    # The platform knows public images by their tag (protocol notes, 2.5: a fact of Skaha 1.4).
    return image if ":" in parts[-1] or "@" in parts[-1] else f"{image}:latest"


def program(request: CreateRequest) -> tuple[str | None, str | Sequence[str] | None]:
    """Return the program and its arguments, whichever way they were given."""
    if request.command is None:
        return _command(request.cmd), arguments(request.args)
    if request.cmd is not None or request.args is not None:
        raise InvalidInput("command holds the program and its arguments: leave out cmd and args")
    words = arguments(request.command)
    if not words or isinstance(words, str):
        raise InvalidInput(
            'command must be a list of the program and its arguments, ["python", "fit.py"] for '
            f"instance, not {request.command!r}"
        )
    return _command(words[0]), words[1:]


def arguments(args: str | Sequence[str] | None) -> str | Sequence[str] | None:
    """Return the arguments, after checking that they are text."""
    if args is None or isinstance(args, str):
        return args
    if not isinstance(args, Sequence):
        raise InvalidInput(f"args must be a string or a list of strings, not {args!r}")
    for token in args:
        if not isinstance(token, str):
            raise InvalidInput(
                f"arguments are text, and {token!r} is none: write {str(token)!r} instead"
            )
    return args


def environment(env: Mapping[str, str | float] | None) -> Sealed:
    """Return the variables as text, after checking their names.

    No frame that raises here holds a value: tracebacks show local variables.
    """
    if env is None:
        return Sealed()
    if not isinstance(env, Mapping):
        raise InvalidInput(
            f"env must be a mapping of names to values, not {type(env).__name__}; "
            'write env={"NAME": "value"}'
        )
    env = sealed(env)
    for key in env:
        _check_name(key)
        kind = type(env[key])
        if kind is bool or not issubclass(kind, str | int | float):
            raise InvalidInput(
                f"the value of {key} in env must be a string or a number, not {kind.__name__}"
            )
    return Sealed((key, str(value)) for key, value in env.items())


def _check_name(key: object) -> None:
    if not isinstance(key, str) or not VARIABLE_RULE.fullmatch(key):
        raise InvalidInput(
            f"{key!r} is no name for an environment variable: letters, digits, '_', '-' and '.', "
            "not beginning with a digit"
        )
    if key in REPLICA_VARIABLES:
        raise InvalidInput(f"env must not hold {key}: create sets it for each replica")
    if key == "_":
        raise InvalidInput("env must not hold _: a shell sets it to what it runs")


def _command(cmd: object) -> str | None:
    if cmd is None:
        return None
    if not isinstance(cmd, str) or not cmd.strip():
        raise InvalidInput(f"cmd must be the name of a program, not {cmd!r}; leave it out for none")
    return cmd


def _headless_only(kind: str, request: CreateRequest) -> None:
    for name in ("cmd", "args", "command", "env"):
        if getattr(request, name):
            raise InvalidInput(
                f"{name} is for headless sessions only, the platform ignores it for a {kind}",
                advice="Leave it out, or write kind='headless'.",
            )


def resource(name: str, value: Any, unit: str) -> float | None:
    """Return a checked number of cores or of GB, or None for flexible resources."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidInput(f"{name} must be a number of {unit}, not {value!r}")
    if value < 1:
        raise InvalidInput(
            f"{name}={value!r} is too little: at least 1, or leave it out for flexible resources"
        )
    return value


def _whole(name: str, value: Any, otherwise: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidInput(
            f"{name} must be a whole number of at least 1, not {value!r}; {otherwise}"
        )
    return value
