"""A local platform: the contract, the runner and the server, put together."""

from __future__ import annotations

import asyncio
import atexit
import os
import secrets
from contextlib import ExitStack, closing
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from attrs import frozen

from canfar.local.clock import WallClock
from canfar.local.contract import generations, lifecycle
from canfar.local.contract.ids import Ids
from canfar.local.contract.interruption import interrupt
from canfar.local.contract.labels import is_label
from canfar.local.contract.reports import Reports
from canfar.local.contract.resources import Context
from canfar.local.contract.settings import DEFAULT_IMAGES, Image, Settings, User, image
from canfar.local.contract.world import World
from canfar.local.faulty import Faulty
from canfar.local.residence import Residence
from canfar.local.runner.conductor import Conductor
from canfar.local.runner.notebooks import find_jupyter
from canfar.local.state.folder import kept_token

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from socket import socket
    from types import TracebackType

    from canfar.local.contract.fault_plan import FaultPlan
    from canfar.local.contract.faults import Fault
    from canfar.local.contract.journal import Journal
    from canfar.local.in_process import LocalTransport

__all__ = ["LocalPlatform", "MissingExtraError"]

_STOP_GRACE_SECONDS = 1.0
_NO_HOST = "canfar.local"


class MissingExtraError(ImportError):
    """The packages that serve the local platform are not installed.

    Args:
        name: The package that was looked for.
    """

    def __init__(self, name: str | None) -> None:
        super().__init__(
            f"the local platform needs the package {name!r}: pip install 'canfar[local]'", name=name
        )


class PlatformClock(Protocol):
    """A clock that can be moved."""

    def now(self) -> datetime:
        """The time, with its zone."""
        ...

    def advance(self, by: timedelta) -> None:
        """Move it forward."""
        ...


class LocalPlatform(Faulty):
    """A Skaha on this machine, for as long as a ``with`` block lasts.

    No image is run: commands of headless sessions run as processes of yours, on this machine and
    with your rights; see :mod:`canfar.local`.

    Args:
        token: The bearer token; by default the one that the state folder holds, or a random one.
        port: The port on 127.0.0.1; 0 takes the one that it had last in this state folder, or a
            free one.
        username: The name of the one user.
        max_sessions: The most interactive sessions at a time.
        max_running: The most headless commands that run at a time; the others wait as Pending.
            With 0 all of them wait.
        registries: The hosts that images may come from.
        images: More images for the public list, as names or as
            :class:`canfar.local.contract.settings.Image`. An image that isn't in the list needs
            the registry's user name and secret, as on the real platform.
        context: The resources on offer; what Skaha ships with by default.
        gpus: Whether there are GPUs; without any they are accepted and ignored.
        metrics: Whether statistics are available; without them the answer is 503.
        startup: Seconds until an interactive session is Running.
        grace: Seconds that a deleted session's processes have to end by themselves.
        users: More users: their names, each with a token.
        seed: The same seed gives the same session IDs in the same order, and the same fate to the
            n-th request of an operation that goes wrong by chance.
        faults: What goes wrong from the beginning, as values or as the command line has them, such
            as ``"create:cut-after,chance=0.05"``; see :meth:`fail` and its neighbours.
        clock: Another clock, for tests that want time to stand still.
        generation: Which servers it answers as: ``1.4``, ``1.0`` for 1.0 to 1.2, or ``0.29`` for
            those below ``/v0``; see :mod:`canfar.local.contract.generations`.
        state: A folder that keeps sessions, logs, homes and the token for the next platform that
            is given it. By default there is a temporary one, removed when the platform stops.
        jupyter: Whether a notebook session is a real Jupyter server, which takes seconds to start,
            rather than a page that says what would be there. None means if there is one.
        serve: Whether it listens on a port. If not, only :meth:`transport` leads to it, and
            ``canfar[local]`` isn't needed.

    Example:
        >>> import httpx
        >>> with LocalPlatform() as platform:
        ...     headers = {"Authorization": f"Bearer {platform.token}"}
        ...     httpx.get(f"{platform.url}/session", headers=headers).json()
        []
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        port: int = 0,
        username: str = "canfar",
        max_sessions: int = 5,
        max_running: int = 32,
        registries: Iterable[str] = ("images.canfar.net",),
        images: Iterable[str | Image] = (),
        context: Context | None = None,
        gpus: bool = True,
        metrics: bool = True,
        startup: float = 0.0,
        grace: float = 5.0,
        users: dict[str, str] | None = None,
        seed: int | None = None,
        faults: Iterable[Fault | str] = (),
        clock: PlatformClock | None = None,
        generation: str = generations.CURRENT.name,
        state: str | os.PathLike[str] | None = None,
        jupyter: bool | None = False,
        serve: bool = True,
    ) -> None:
        super().__init__(seed, faults)
        self._generation = generations.generation(generation)
        self._state = None if state is None else Path(state)
        self._token = token or kept_token(self._state) or secrets.token_urlsafe(24)
        self._port = port
        people = {username: self._token, **(users or {})}
        for name in people:
            if not name or not is_label(name):
                raise ValueError(f"{name!r} can't be a user name: letters, digits and '-' only")
        self._users = tuple(User(name, secret) for name, secret in people.items())
        self._max_sessions = max_sessions
        self._max_running = max_running
        self._registries = tuple(registries)
        self._images = (*DEFAULT_IMAGES, *map(image, images))
        self._context = context or Context()
        self._gpus = gpus
        self._metrics = metrics
        self._startup = startup
        self._grace = grace
        self._ids = Ids(seed)
        self._clock = clock or WallClock()
        self._jupyter = jupyter is not False and find_jupyter() is not None
        if jupyter and not self._jupyter:
            raise ValueError("there is no Jupyter here to run: pip install jupyterlab")
        self._serve = serve
        self._running: _Running | None = None

    @property
    def url(self) -> str:
        """The versioned base URL, such as ``http://127.0.0.1:40123/skaha/v1``."""
        return self._started.world.settings.service_url

    @property
    def token(self) -> str:
        """The bearer token."""
        return self._token

    @property
    def username(self) -> str:
        """The name of the user that the token stands for."""
        return self._users[0].name

    @property
    def home(self) -> Path:
        """The user's home: ``HOME`` of every session."""
        return self._started.residence.folders.homes / self.username

    @property
    def environment(self) -> dict[str, str]:
        """The two variables that point a client at this platform."""
        return {"CANFAR_URL": self.url, "CANFAR_TOKEN": self.token}

    def advance(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> None:
        """Let time pass for the platform: sessions expire and are forgotten as it does.

        Processes notice nothing: only what the platform's clock decides is affected. How long
        sessions live and are remembered is in the protocol notes 3.4, facts of Skaha 1.4.

        Args:
            days: Days to move by.
            hours: Hours, on top.
            minutes: Minutes, on top.
            seconds: Seconds, on top.

        Raises:
            RuntimeError: It doesn't run.

        Example:
            >>> from canfar.sessions import Session
            >>> with LocalPlatform() as platform:
            ...     session = Session(url=platform.url, token=platform.token)
            ...     ids = session.create("one", "skaha/astroml", kind="notebook")
            ...     platform.advance(days=6)  # it lives four, and is remembered for one more
            ...     session.fetch()
            []
        """
        self._clock.advance(timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))
        running = self._started
        running.runner.refresh()
        with running.world.lock:
            lifecycle.settle(running.world, running.world.now())

    def start(self) -> Self:
        """Start it; return when requests are answered.

        Returns:
            The platform itself.

        Raises:
            MissingExtraError: ``canfar[local]`` isn't installed.
            OSError: The port is taken, or the state folder can't be used; if another platform
                has it, the sentence says which (:class:`canfar.local.StateInUseError`).
            RuntimeError: It runs already.

        Example:
            >>> platform = LocalPlatform().start()
            >>> platform.url.startswith("http://127.0.0.1:")
            True
            >>> platform.stop()
        """
        if self._running is not None:
            raise RuntimeError("this local platform runs already")
        if self._serve:
            _check_extra()
        with ExitStack() as stack:
            residence = stack.enter_context(Residence(self._state))
            folders = residence.folders
            folders.create(user.name for user in self._users)
            door = self._open_door(stack, residence.port) if self._serve else None
            settings = self._settings(door, folders.homes)
            conductor = Conductor(
                folders, residence.ledger, max_running=self._max_running, grace=self._grace
            )
            stack.callback(conductor.close, grace=min(self._grace, _STOP_GRACE_SECONDS))
            world = World(settings, self._clock, conductor, self._ids, residence.store)
            residence.settle(world)
            if self._state is not None:
                stack.callback(interrupt, world)
            conductor.start(Reports(world))
            if door is not None:
                self._serve_through(door, stack, world, conductor, folders.logs)
                residence.announce(settings.service_url, door.getsockname()[1], self._token)
            # A program that ends without stopping its platform leaves nothing behind either.
            atexit.register(self.stop)
            stack.callback(atexit.unregister, self.stop)
            self._running = _Running(
                world,
                conductor,
                folders.logs,
                self._plan,
                self._journal,
                residence,
                stack.pop_all(),
                os.getpid(),
            )
        return self

    def transport(self, *, owned: bool = False) -> LocalTransport:
        """A way to this platform for an ``httpx.Client`` or ``AsyncClient``, without a socket.

        Args:
            owned: Whether the platform stops when the client is closed.

        Returns:
            The transport; see :mod:`canfar.local.in_process`.

        Example:
            >>> import httpx
            >>> with LocalPlatform(serve=False) as platform:
            ...     door = platform.transport()
            ...     with httpx.Client(transport=door, base_url=door.url) as client:
            ...         client.get("/session").status_code  # no token: protocol notes 5.2
            400
        """
        from canfar.local.in_process import LocalTransport  # noqa: PLC0415 - it brings httpx

        return LocalTransport(self, lambda: self._started, owned=owned)

    def stop(self) -> None:
        """Stop it and end everything it runs; nothing when it doesn't run.

        Its temporary folder is removed. A state folder stays, and the sessions in it that had not
        ended are Failed.

        Example:
            >>> platform = LocalPlatform().start()
            >>> platform.stop()
            >>> platform
            <LocalPlatform stopped>
        """
        running, self._running = self._running, None
        # A process that this one forked has a copy of this object, but the platform isn't its own.
        if running is not None and running.process_id == os.getpid():
            running.parts.close()

    def __enter__(self) -> Self:
        """Start it."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()

    async def __aenter__(self) -> Self:
        """Start it, without holding up the event loop."""
        return await asyncio.to_thread(self.start)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop it, without holding up the event loop."""
        await asyncio.to_thread(self.stop)

    def __repr__(self) -> str:
        """Where it is, never its token."""
        where = "stopped" if self._running is None else self.url
        return f"<LocalPlatform {where}>"

    @property
    def _started(self) -> _Running:
        if self._running is None:
            raise RuntimeError("this local platform doesn't run: use it in a with block")
        return self._running

    def _open_door(self, stack: ExitStack, last: int) -> socket:
        from canfar.local.server.background import open_door  # noqa: PLC0415 - canfar[local]

        return stack.enter_context(closing(open_door(self._port, last)))

    def _serve_through(
        self, door: socket, stack: ExitStack, world: World, conductor: Conductor, logs: Path
    ) -> None:
        from canfar.local.server.application import application  # noqa: PLC0415 - canfar[local]
        from canfar.local.server.background import BackgroundServer  # noqa: PLC0415 - the same
        from canfar.local.server.connections import Connections  # noqa: PLC0415 - the same

        self._connections = Connections()
        app = application(
            world,
            conductor,
            logs,
            faults=self._plan,
            journal=self._journal,
            connections=self._connections,
        )
        server = BackgroundServer(app, door, self._connections)
        stack.callback(server.stop)
        server.start()

    def _settings(self, door: socket | None, homes: Path) -> Settings:
        host = _NO_HOST if door is None else f"127.0.0.1:{door.getsockname()[1]}"
        return Settings(
            users=self._users,
            base_url=f"http://{host}",
            home=str(homes),
            registries=self._registries,
            images=self._images,
            context=self._context,
            max_sessions=self._max_sessions,
            gpus=self._gpus,
            metrics=self._metrics,
            startup=self._startup,
            jupyter=self._jupyter,
            generation=self._generation,
        )


@frozen
class _Running:
    """A platform that runs: its parts, and how they are taken down again."""

    world: World
    runner: Conductor
    logs: Path
    plan: FaultPlan
    journal: Journal
    residence: Residence
    parts: ExitStack
    process_id: int


def _check_extra() -> None:
    try:
        for module in ("application", "background"):
            import_module(f"canfar.local.server.{module}")
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name) from error
