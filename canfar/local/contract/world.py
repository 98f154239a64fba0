"""What a reply depends on besides the request."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from canfar.local.contract.ids import Ids
from canfar.local.contract.problems import BadCredentialsError
from canfar.local.contract.store import Store
from canfar.local.contract.times import NEVER

if TYPE_CHECKING:
    from datetime import datetime

    from canfar.local.contract.clock import Clock
    from canfar.local.contract.engine import Engine
    from canfar.local.contract.messages import Request
    from canfar.local.contract.parameters import Parameters
    from canfar.local.contract.routing import Route
    from canfar.local.contract.settings import Settings, User

__all__ = ["Call", "World"]


@define
class World:
    """A platform, without the machinery.

    Attributes:
        settings: How it is set up.
        clock: What time it is.
        engine: What runs commands.
        ids: Where IDs come from.
        store: The sessions.
        due: When time next does something to a session that was there when it was last looked at.
        lock: Held while a request is answered or a report is taken, never while anything waits.
    """

    settings: Settings
    clock: Clock
    engine: Engine
    ids: Ids = field(factory=Ids)
    store: Store = field(factory=Store)
    due: datetime = NEVER
    lock: RLock = field(factory=RLock, repr=False)

    def now(self) -> datetime:
        """The time in whole seconds, as Kubernetes keeps it."""
        return self.clock.now().replace(microsecond=0)


@frozen
class Call:
    """A request on its way through the contract.

    Attributes:
        request: The request.
        route: The resource that it is for.
        parameters: What its handler sees.
        world: The platform.
        now: The time, the same for the whole call.
        caller: Who asks; None is nobody in particular.
    """

    request: Request
    route: Route
    parameters: Parameters
    world: World
    now: datetime
    caller: User | None

    @property
    def user(self) -> User:
        """Who asks, for the handlers that only somebody with an account reaches."""
        if self.caller is None:
            raise BadCredentialsError("Unauthorized")
        return self.caller
