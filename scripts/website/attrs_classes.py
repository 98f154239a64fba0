"""Lets the API reference show how classes made by attrs are called, as it does for dataclasses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from griffe import (
    Attribute,
    Class,
    ExprCall,
    ExprKeyword,
    Extension,
    Function,
    Parameter,
    Parameters,
)
from griffe import ParameterKind as Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from griffe import Expr

MADE_BY_ATTRS = {"attrs.define", "attrs.frozen", "attrs.mutable"}


def default_of(value: str | Expr | None) -> str | Expr | None:
    """Find the default among what a field is given; None when it must be given by the caller."""
    if not isinstance(value, ExprCall) or value.canonical_path != "attrs.field":
        return value
    given = {each.name: each.value for each in value.arguments if isinstance(each, ExprKeyword)}
    factory = given.get("factory")
    return f"{factory}()" if factory is not None else given.get("default")


def fields(cls: Class) -> Iterator[Attribute]:
    """The fields of a class, those that it inherits first."""
    for base in reversed(cls.mro()):
        if made_by_attrs(base):
            yield from own_fields(base)
    yield from own_fields(cls)


def own_fields(cls: Class) -> Iterator[Attribute]:
    """The fields that stand in a class itself."""
    for member in cls.members.values():
        # What is a ClassVar has no such label, and neither has a property.
        if isinstance(member, Attribute) and "instance-attribute" in member.labels:
            closed = "init=False" in str(member.value).replace(" ", "")
            if member.annotation is not None and not closed:
                yield member


def made_by_attrs(cls: Class) -> bool:
    """Whether attrs writes the initializer of a class."""
    return any(each.callable_path in MADE_BY_ATTRS for each in cls.decorators)


def initializer(cls: Class) -> Function:
    """Write down the initializer of a class."""
    parameters = [
        Parameter(
            field.name.lstrip("_"),
            annotation=field.annotation,
            kind=Kind.keyword_only,
            default=default_of(field.value),
        )
        for field in {field.name: field for field in fields(cls)}.values()
    ]
    itself = Parameter("self", kind=Kind.positional_or_keyword)
    return Function("__init__", parameters=Parameters(itself, *parameters), returns="None")


class AttrsClasses(Extension):
    """Gives every class of attrs the initializer that attrs writes."""

    def on_package(self, *, pkg: Any, **_: Any) -> None:
        """Look through a package when all of it was loaded, base classes too.

        Args:
            pkg: The package.
        """
        self._look_through(pkg)

    def _look_through(self, module: Any) -> None:
        for member in list(module.members.values()):
            if member.is_alias:
                continue
            if member.is_class and made_by_attrs(member) and "__init__" not in member.members:
                member.set_member("__init__", initializer(member))
            if member.is_module or member.is_class:
                self._look_through(member)
