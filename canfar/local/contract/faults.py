"""What goes wrong: which effects, for which requests, how often and how likely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen
from attrs.validators import optional

from canfar.local.contract.operations import Operation, Selector, selector

if TYPE_CHECKING:
    from attrs import Attribute

    from canfar.local.contract.effects import Effect

__all__ = ["Fault"]


def _outcomes(
    _instance: object,
    _attribute: Attribute[tuple[tuple[float, Effect], ...]],
    value: tuple[tuple[float, Effect], ...],
) -> None:
    for chance, _effect in value:
        if not 0 <= chance <= 1:
            raise ValueError(f"a chance is a number from 0 to 1, not {chance!r}")
    total = sum(chance for chance, _effect in value)
    if not value or total > 1 + 1e-9:
        raise ValueError(f"the chances of one fault add up to at most 1, not {total:g}")


def _count(_instance: object, attribute: Attribute[int], value: int) -> None:
    if value < 0:
        raise ValueError(f"{attribute.name} can't be negative: {value}")


@frozen
class Fault:
    """Something that goes wrong for some requests.

    Attributes:
        operation: Whose requests: a name of the specification's, an alias or ``*``.
        outcomes: What happens, each with its chance. For each request one of them is drawn, or,
            with what the chances leave, nothing.
        times: How many requests it strikes at most; None is no end.
        skip: How many requests pass before it begins.
        seed: Makes what is drawn repeatable by itself; None takes the plan's seed.

    Example:
        >>> from canfar.local.contract.effects import Cut, Fail
        >>> Fault("create", ((0.5, Cut("after")), (0.25, Fail(503))), times=2).times
        2
    """

    operation: str
    outcomes: tuple[tuple[float, Effect], ...] = field(validator=_outcomes)
    times: int | None = field(default=None, validator=optional(_count))
    skip: int = field(default=0, validator=_count)
    seed: int | None = None
    _selector: Selector = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_selector", selector(self.operation))

    @classmethod
    def certain(
        cls, operation: str, effect: Effect, *, times: int | None = None, skip: int = 0
    ) -> Fault:
        """A fault that strikes each request.

        Args:
            operation: Whose requests.
            effect: What happens.
            times: How many requests it strikes at most; None is no end.
            skip: How many requests pass before it begins.

        Returns:
            The fault.

        Raises:
            ValueError: There is no such operation, or a number is negative.

        Example:
            >>> from canfar.local.contract.effects import Cut
            >>> Fault.certain("create", Cut("after"), times=1).outcomes
            ((1.0, Cut(when='after')),)
        """
        return cls(operation, ((1.0, effect),), times, skip)

    def takes(self, operation: Operation) -> bool:
        """Whether requests of an operation are its business.

        Args:
            operation: What a request asks for.

        Returns:
            True if they are, struck or not.

        Example:
            >>> from canfar.local.contract.effects import Fail
            >>> Fault.certain("logs", Fail(503)).takes(Operation("get_session", "events"))
            False
        """
        return self._selector.takes(operation)

    def draw(self, number: float) -> Effect | None:
        """The outcome that a number from 0 (included) to 1 (not included) stands for.

        Args:
            number: The number.

        Returns:
            What happens, or None for nothing.

        Example:
            >>> from canfar.local.contract.effects import Drip
            >>> Fault("list", ((0.25, Drip(10)),)).draw(0.3) is None
            True
        """
        for chance, effect in self.outcomes:
            number -= chance
            if number < 0:
                return effect
        return None
