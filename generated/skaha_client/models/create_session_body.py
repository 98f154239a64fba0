from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ..models.create_session_body_type import CreateSessionBodyType
from ..types import UNSET, Model, Unset


class CreateSessionBody(Model):
    """What to start, as a form.

    Attributes:
        name: 1 to 63 letters, digits and dashes, no dash at either end; the server stores it in lower case. (It only checks
            the characters itself, but the container's host name is made of it, so anything else fails later, with 500.)
        image: A container image whose name starts with one of the platform's registry hosts. Tag and existence aren't
            checked.
        type_: The kind of session. Left out, the server starts a headless one. Never inferred from the image.
        cores: CPU cores, fixed. The whole part must be among the options of the context. Left out, cores are flexible.
        ram: Memory in GiB, fixed. The whole part must be among the options of the context. Whether the session counts as
            fixed or flexible depends on this alone. It reads back in decimal GB: 8 becomes `"8.59"`.
        gpus: GPUs, among the options of the context. Leave it out for none: 0 is refused. Where a platform has GPUs
            switched off, it is checked and then ignored.
        cmd: Headless only. The program, as **one** string that is never split: `python -V` would be a program of that
            name. Left out, the image's own command runs.
        args: Headless only. The arguments, split at **every** single space; no quotes, no shell. Two spaces make an empty
            argument. A dollar sign before a letter fails with 400, and a single backslash is removed.
        env: Headless only. One `KEY=VALUE` each. The pattern is what arrives: the server **silently drops** a variable
            without a value or with another `=` inside it, and cuts `=` signs off its end (base64 padding, for instance).
            Names that the server sets itself (`HOME`, `PWD`, `OMP_NUM_THREADS`, `skaha_*`) keep the server's value.
    """

    __slots__ = ("name", "image", "type_", "cores", "ram", "gpus", "cmd", "args", "env")

    _names: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "image": "image",
        "type_": "type",
        "cores": "cores",
        "ram": "ram",
        "gpus": "gpus",
        "cmd": "cmd",
        "args": "args",
        "env": "env",
    }
    _sensitive: ClassVar[frozenset[str]] = frozenset({"cmd", "args", "env"})

    def __init__(
        self,
        *,
        name: str,
        image: str,
        type_: CreateSessionBodyType | Unset = UNSET,
        cores: float | Unset = UNSET,
        ram: float | Unset = UNSET,
        gpus: int | Unset = UNSET,
        cmd: str | Unset = UNSET,
        args: str | Unset = UNSET,
        env: list[str] | Unset = UNSET,
    ) -> None:
        self.name = name
        self.image = image
        self.type_ = type_
        self.cores = cores
        self.ram = ram
        self.gpus = gpus
        self.cmd = cmd
        self.args = args
        self.env = env
