from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..types import UNSET, Model, Unset


class AttachDesktopAppBody(Model):
    """What to start in a desktop, as a form.

    Attributes:
        image: A container image. Its registry isn't checked.
        cores: CPU cores, as for a session.
        ram: Memory in GiB, as for a session.
    """

    __slots__ = ("image", "cores", "ram")

    _names: ClassVar[Mapping[str, str]] = {"image": "image", "cores": "cores", "ram": "ram"}

    def __init__(self, *, image: str, cores: float | Unset = UNSET, ram: float | Unset = UNSET) -> None:
        self.image = image
        self.cores = cores
        self.ram = ram
