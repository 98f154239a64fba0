from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from ..types import Model


class RenewSessionBody(Model):
    """The request for more time, as a form.

    Attributes:
        action: The only action there is.
    """

    __slots__ = ("action",)

    _names: ClassVar[Mapping[str, str]] = {"action": "action"}

    def __init__(self, *, action: Literal["renew"] = "renew") -> None:
        self.action = action
