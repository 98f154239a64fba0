"""What a platform is set up as: its users, its images, its limits."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from attrs import field, frozen

from canfar.local.contract.generations import CURRENT, Generation
from canfar.local.contract.resources import Context

__all__ = ["DEFAULT_IMAGES", "KINDS", "Image", "Settings", "User", "image"]

KINDS: Final = (
    "carta",
    "contributed",
    "desktop",
    "notebook",
    "headless",
    "desktop-app",
    "firefly",
)
"""The session types that the server knows."""


@frozen
class Image:
    """An image of the public list.

    Attributes:
        id: Its full name, registry host first.
        types: The session types that its labels name.

    Example:
        >>> Image("images.canfar.net/lab/pipeline:2").types
        ('headless',)
    """

    id: str
    types: tuple[str, ...] = ("headless",)

    @property
    def digest(self) -> str:
        """A digest: of the name, as there is no content here."""
        return f"sha256:{sha256(self.id.encode()).hexdigest()}"


DEFAULT_IMAGES: Final = (
    Image("images.canfar.net/skaha/astroml:latest", ("notebook", "headless")),
    Image("images.canfar.net/skaha/astroml:24.07", ("notebook", "headless")),
    Image("images.canfar.net/skaha/base-notebook:latest", ("notebook", "headless")),
    Image("images.canfar.net/skaha/carta:4.0", ("carta",)),
    Image("images.canfar.net/skaha/desktop:1.1.2", ("desktop",)),
    Image("images.canfar.net/skaha/firefly:2024.3", ("firefly",)),
    Image("images.canfar.net/skaha/terminal:1.1.2", ("desktop-app", "headless")),
    Image("images.canfar.net/skaha/vscode:latest", ("contributed",)),
)
"""What is offered unless more is asked for."""


def image(value: str | Image) -> Image:
    """An image, from itself or from its name alone (which then is a headless one)."""
    return Image(value) if isinstance(value, str) else value


@frozen
class User:
    """Somebody with an account.

    Attributes:
        name: The user name.
        token: The bearer token; never shown.
        uid: The numeric user ID, which is the numeric group ID too.
        groups: The numeric IDs of the user's other groups.
    """

    name: str
    token: str = field(repr=False)
    uid: int = 1000
    groups: tuple[int, ...] = (30000,)

    @property
    def principal(self) -> str:
        """The user as the server's messages print it."""
        return f"PosixPrincipal [uidNumber={self.uid},{self.uid},{self.name}]"


@frozen
class Settings:
    """A platform's settings. The defaults are those that Skaha ships with.

    Attributes:
        users: Who may come in.
        base_url: Scheme, host and port, as in ``http://127.0.0.1:8080``.
        home: The folder that holds the users' homes; a session's ``HOME`` is below it.
        home_path: The path of that folder inside the platform, which notebooks' URLs name.
        registries: The hosts that images may come from.
        images: The public images.
        context: The resources on offer.
        max_sessions: The most interactive sessions that a user may have running or pending.
        gpus: Whether there are GPUs. Without any they are accepted and ignored.
        metrics: Whether statistics are available; without them the answer is 503.
        capacity_cores: All the cores of the platform, for the statistics.
        capacity_ram: All the memory of the platform, in GiB, for the statistics.
        jupyter: Whether a notebook session is a Jupyter server rather than a page.
        startup: Seconds until an interactive session without a server of its own is Running.
        expiry: Seconds that an interactive session lives, and that a renewal gives.
        headless_expiry: Seconds that a headless session may run.
        retention: Seconds that an interactive session is kept after its end.
        headless_retention: The same of a headless session.
        generation: Which generation of servers it answers as.
    """

    users: tuple[User, ...]
    base_url: str
    home: str
    home_path: str = "/cavern/home"
    registries: tuple[str, ...] = ("images.canfar.net",)
    images: tuple[Image, ...] = DEFAULT_IMAGES
    context: Context = field(factory=Context)
    max_sessions: int = 5
    gpus: bool = True
    metrics: bool = True
    capacity_cores: float = 64.0
    capacity_ram: float = 512.0
    jupyter: bool = False
    startup: float = 0.0
    expiry: int = 345_600
    headless_expiry: int = 1_209_600
    retention: int = 86_400
    headless_retention: int = 3_600
    generation: Generation = CURRENT

    @property
    def host(self) -> str:
        """Host and port."""
        return self.base_url.partition("//")[2]

    @property
    def service_url(self) -> str:
        """What the service's resources are below, such as ``http://127.0.0.1:8080/skaha/v1``."""
        return f"{self.base_url}{self.generation.base_path}"
