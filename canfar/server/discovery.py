"""Find servers: ask registries which there are, and each of them what it is, all at once.

Nothing that is sent carries a credential: nobody chose these servers yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from attrs import evolve, field, frozen

from canfar._http.plain import ask, new_plain_client
from canfar.errors import CanfarError, NotLoggedIn, Unreachable
from canfar.models.server import Server
from canfar.server.capabilities import parse
from canfar.server.describing import described, server_name
from canfar.server.registry import records

if TYPE_CHECKING:
    import httpx

    from canfar.idp import Catalogue, IdentityProvider

__all__ = ["Found", "OnProbe", "Probe", "probe", "search"]

CAPABILITIES: Final = "/capabilities"
LEAF: Final = "skaha"
REFUSED: Final = frozenset({401, 403})

T = TypeVar("T")


@frozen(kw_only=True)
class Probe:
    """What became of one registry or server that was asked.

    Attributes:
        name: What it is called.
        url: Where it is.
        problem: Why it is of no use, or an empty string.
        server: The server, if it is one.
    """

    name: str
    url: str
    problem: str = ""
    server: Server | None = field(default=None, repr=False)

    @property
    def ok(self) -> bool:
        """Whether it answered."""
        return not self.problem


OnProbe: TypeAlias = Callable[[Probe], object]


class Found(list[Server]):
    """The servers that answered.

    Attributes:
        dead: Registries and servers that did not, and why.
    """

    dead: tuple[Probe, ...] = ()

    def __init__(self, servers: Iterable[Server] = (), dead: Iterable[Probe] = ()) -> None:
        super().__init__(servers)
        self.dead = tuple(dead)


async def search(
    providers: Sequence[IdentityProvider],
    known: Catalogue,
    *,
    dev: bool,
    timeout: float,
    on_probe: OnProbe | None = None,
) -> Found:
    """Return the servers that registries list and that answer.

    Args:
        providers: Whose registries to ask.
        known: The catalogue.
        dev: Look for servers under development too.
        timeout: Seconds that all of it may take.
        on_probe: Told of each answer as it comes.

    Raises:
        Unreachable: No registry could be read.
    """
    end = asyncio.get_running_loop().time() + timeout
    async with new_plain_client(timeout) as client:
        sources = [
            (idp, url)
            for idp in providers
            for url in (*idp.registries, *(idp.dev_registries if dev else ()))
        ]
        lists = await _in_time(
            [_read(idp, url, client) for idp, url in sources],
            [Probe(name=f"registry of {idp.key}", url=url) for idp, url in sources],
            # Half of the time, so that something is left for the servers.
            end - timeout / 2,
        )
        dead = [each for each in lists if isinstance(each, Probe)]
        found = [each for each in lists if not isinstance(each, Probe)]
        if sources and not found:
            reasons = "; ".join(each.problem for each in dead)
            raise Unreachable(
                f"no registry could be read: {reasons}",
                advice="A server can be used by its URL too, without any registry.",
            )
        candidates = _candidates(found, known, dev=dev)
        probes = await _in_time(
            [probe(each, client) for each in candidates],
            [Probe(name=each.name, url=each.url) for each in candidates],
            end,
        )
    for each in [*dead, *probes]:
        if on_probe is not None:
            on_probe(each)
    dead += [each for each in probes if not each.ok]
    return Found([each.server for each in probes if each.server is not None and each.ok], dead)


async def probe(server: Server, client: httpx.AsyncClient) -> Probe:
    """Ask one server what it is, as nobody in particular."""
    url = server.url.rstrip("/")
    try:
        answer = await ask(client, f"{url}{CAPABILITIES}", accept="application/xml, text/xml")
        if answer.status in REFUSED:
            return Probe(name=server.name, url=url, server=server)
        if not answer.ok:
            return Probe(name=server.name, url=url, problem=f"HTTP {answer.status}")
        known = described(server, parse(answer.content, url))
    except NotLoggedIn:
        return Probe(name=server.name, url=url, server=server)
    except CanfarError as error:
        return Probe(name=server.name, url=url, problem=error.message)
    return Probe(name=server.name, url=url, server=known)


Listing: TypeAlias = tuple["IdentityProvider", dict[str, str]]


async def _read(idp: IdentityProvider, url: str, client: httpx.AsyncClient) -> Listing | Probe:
    try:
        return idp, await records(url, client)
    except CanfarError as error:
        return Probe(name=f"registry of {idp.key}", url=url, problem=error.message)


async def _in_time(
    coroutines: Sequence[Coroutine[Any, Any, T]], late: Sequence[Probe], end: float
) -> list[T | Probe]:
    """Return what each comes to, and for those that are late a probe that says so."""
    if not coroutines:
        return []
    tasks = [asyncio.ensure_future(each) for each in coroutines]
    try:
        left = max(0.0, end - asyncio.get_running_loop().time())
        await asyncio.wait(tasks, timeout=left)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [
        evolve(probe, problem="it did not answer in time") if task.cancelled() else task.result()
        for task, probe in zip(tasks, late, strict=True)
    ]


def _candidates(found: Sequence[Listing], known: Catalogue, *, dev: bool) -> list[Server]:
    """Return the servers in these lists, each once, under names that are theirs alone."""
    servers: dict[str, Server] = {}
    for idp, listing in found:
        for uri, capabilities in listing.items():
            if uri.rstrip("/").rpartition("/")[2] != LEAF or (idp.key, uri) in known.hidden:
                continue
            if not dev and any(word in f"{uri} {capabilities}" for word in known.hidden_words):
                continue
            if not capabilities.endswith(CAPABILITIES):
                continue
            url = capabilities.removesuffix(CAPABILITIES)
            name = server_name(uri, url, known.names)
            server = Server(name=name, idp=idp.key, uri=uri, url=url)
            same = next((s for s in known.servers.values() if (s.uri, s.url) == (uri, url)), None)
            if same is not None:  # what it doesn't say to people without a certificate
                server = evolve(server, version=same.version, auths=same.auths)
            before = servers.get(name)
            if before is not None and before.url == url:
                continue  # two registries know the same server: the first one's users use it
            if before is not None:
                server = evolve(server, name=f"{name}-{idp.key}")
            servers[server.name] = server
    return list(servers.values())
