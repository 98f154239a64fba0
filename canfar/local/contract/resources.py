"""Cores, memory and GPUs: what is on offer and what a session gets (sections 2.2, 2.4 and 6.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from canfar.local.contract import java
from canfar.local.contract.problems import BadRequestError

if TYPE_CHECKING:
    from canfar.local.contract.generations import Generation

__all__ = [
    "Context",
    "Offer",
    "Resources",
    "cores_text",
    "desktop_app_resources",
    "gigabytes",
    "kubernetes_cores",
    "kubernetes_memory",
    "read_cores",
    "read_gpus",
    "read_ram",
    "session_resources",
]

_GIB: Final = 2**30
_GB: Final = 10**9
_MEMORY_OPTIONS: Final = (
    *(1, 2, 4, 6, 8, 10, 12, 14, 16, 20, 24, 26, 28, 30, 32, 36, 40, 44, 48),
    *(56, 64, 80, 92, 112, 128, 140, 170, 192),
)


@frozen
class Offer:
    """What is on offer of cores (a number) or of memory (in GiB).

    Attributes:
        default: A hint for user interfaces; servers since 0.30 never apply it.
        default_request: What is reserved for a session that asks for nothing.
        default_limit: What such a session may use at most.
        options: What may be asked for.

    Example:
        >>> Offer(default=2, default_request=1, default_limit=8, options=(1, 2, 4, 8)).default_limit
        8
    """

    default: int
    default_request: int
    default_limit: int
    options: tuple[int, ...]

    @property
    def default_headless(self) -> int:
        """What servers before 0.30 gave a headless session that asks for nothing.

        Assumed to be what is reserved for one today.
        """
        return self.default_request

    def given(self, *, headless: bool) -> int:
        """What servers before 0.30 gave a session that asks for nothing.

        Args:
            headless: Whether it is a headless one.

        Returns:
            Cores, or GiB of memory.

        Example:
            >>> Context().memory.given(headless=False)
            8
        """
        return self.default_headless if headless else self.default


@frozen
class Context:
    """The resources on offer, as ``GET /context`` tells them.

    The defaults are those that Skaha ships with.

    Attributes:
        cores: The cores.
        memory: The memory, in GiB.
        gpus: The numbers of GPUs that may be asked for. Never 0: leave the parameter out instead.
        limit_range: Whether the numbers come from a Kubernetes LimitRange. It changes how the
            replies spell some of them.

    Example:
        >>> Context.of_limit_range(cores=4, memory=16).cores.options
        (1, 2, 3, 4)
    """

    cores: Offer = Offer(2, 1, 8, tuple(range(1, 17)))
    memory: Offer = Offer(8, 4, 32, _MEMORY_OPTIONS)
    gpus: tuple[int, ...] = tuple(range(1, 29))
    limit_range: bool = False

    @classmethod
    def of_limit_range(
        cls,
        *,
        cores: int = 8,
        memory: int = 24,
        gpus: int = 0,
        cores_request: int = 1,
        memory_request: int = 4,
        cores_limit: int | None = None,
        memory_limit: int | None = None,
    ) -> Context:
        """The context of a platform that reads its limits from a LimitRange.

        Args:
            cores: The most cores of a session.
            memory: The most memory of a session, in GiB.
            gpus: The most GPUs of a session.
            cores_request: What is reserved without asking.
            memory_request: The same, in GiB.
            cores_limit: What may be used without asking; None means ``cores``.
            memory_limit: The same, in GiB; None means ``memory``.

        Returns:
            The context.

        Example:
            >>> Context.of_limit_range(cores=8, memory=24, gpus=2).gpus
            (1, 2)
        """
        return cls(
            cores=Offer(
                cores_request, cores_request, cores_limit or cores, tuple(range(1, cores + 1))
            ),
            memory=Offer(
                memory_request, memory_request, memory_limit or memory, tuple(range(1, memory + 1))
            ),
            gpus=tuple(range(1, gpus + 1)),
            limit_range=True,
        )


@frozen
class Resources:
    """What a session gets.

    Attributes:
        cores: The cores that are reserved.
        ram: The memory that is reserved, in GiB.
        cores_limit: The cores that may be used.
        ram_limit: The memory that may be used, in GiB.
        gpus: The GPUs.
    """

    cores: float
    ram: float
    cores_limit: float
    ram_limit: float
    gpus: int = field(default=0)

    @property
    def fixed(self) -> bool:
        """Whether the session is a fixed one: memory alone decides."""
        return self.ram == self.ram_limit

    @property
    def threads(self) -> int:
        """The number of threads that programs are told to use."""
        return max(1, int(self.cores))


def read_cores(text: str | None, context: Context, generation: Generation) -> float | None:
    """Read the ``cores`` parameter; None and blanks mean that nothing was asked for.

    Raises:
        BadRequestError: No number, or its integer part isn't on offer.
    """
    return _read("cores", text, context.cores.options, generation)


def read_ram(text: str | None, context: Context, generation: Generation) -> float | None:
    """Read the ``ram`` parameter, in GiB; None and blanks mean that nothing was asked for.

    Raises:
        BadRequestError: No number, or its integer part isn't on offer.
    """
    return _read("ram", text, context.memory.options, generation)


def read_gpus(text: str | None, context: Context) -> int:
    """Read the ``gpus`` parameter; without one it is 0, but a 0 that is sent is refused.

    Raises:
        BadRequestError: No integer, or not on offer.
    """
    if text is None or java.is_blank(text):
        return 0
    number = java.parse_int(text)
    if number is None or number not in context.gpus:
        raise BadRequestError(f"Invalid value for 'gpus': {text}")
    return number


def session_resources(
    kind: str,
    cores: float | None,
    ram: float | None,
    gpus: int,
    context: Context,
    generation: Generation,
) -> Resources:
    """What a new session gets.

    Args:
        kind: The session's type. Desktop and Firefly get what they always get.
        cores: The cores that were asked for.
        ram: The memory that was asked for, in GiB.
        gpus: The GPUs that were asked for.
        context: What is on offer.
        generation: The platform's.
    """
    if kind == "desktop":
        return Resources(0.25, 1, 1, 4, gpus)
    if kind == "firefly":
        return Resources(0.1, 4, 1, 4, gpus)
    if generation.fixed_defaults:
        headless = kind == "headless"
        cores = context.cores.given(headless=headless) if cores is None else cores
        ram = context.memory.given(headless=headless) if ram is None else ram
    return Resources(
        cores=context.cores.default_request if cores is None else cores,
        ram=context.memory.default_request if ram is None else ram,
        cores_limit=context.cores.default_limit if cores is None else cores,
        ram_limit=context.memory.default_limit if ram is None else ram,
        gpus=gpus,
    )


def desktop_app_resources(
    cores: float | None, ram: float | None, context: Context, generation: Generation
) -> Resources:
    """What a new desktop app gets: as a session, but never a GPU."""
    return session_resources("desktop-app", cores, ram, 0, context, generation)


def cores_text(cores: float) -> str:
    """A number of cores as a session shows it.

    Example:
        >>> cores_text(2.0), cores_text(2.5)
        ('2', '2.500')
    """
    return str(int(cores)) if cores == int(cores) else f"{cores:.3f}"


def gigabytes(gib: float, places: int) -> str:
    """GiB as decimal GB, rounded.

    Args:
        gib: The memory, in GiB.
        places: Digits after the point.

    Example:
        >>> gigabytes(8, 2)
        '8.59'
    """
    return f"{gib * _GIB / _GB:.{places}f}"


def kubernetes_cores(cores: float) -> str:
    """Cores as servers before 1.0 show them: as Kubernetes has them.

    Example:
        >>> kubernetes_cores(2), kubernetes_cores(0.25)
        ('2', '250m')
    """
    return str(int(cores)) if cores == int(cores) else f"{round(cores * 1000)}m"


def kubernetes_memory(gib: float) -> str:
    """Memory as servers before 1.0 show it: as Kubernetes has it, less the ``i`` of ``Gi``.

    Example:
        >>> kubernetes_memory(8)
        '8G'
    """
    return f"{gib:g}G"


def _read(
    name: str, text: str | None, options: tuple[int, ...], generation: Generation
) -> float | None:
    if text is None or java.is_blank(text):
        return None
    number = java.parse_int(text) if generation.whole_numbers else java.parse_double(text)
    # A comparison instead of int(): the text may be "NaN" or "Infinity".
    if number is None or not any(option <= number < option + 1 for option in options):
        raise BadRequestError(f"Invalid value for '{name}': {text}")
    return number
