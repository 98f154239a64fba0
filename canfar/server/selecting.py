"""Find the one server that somebody names, and make it the active one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from attrs import evolve

from canfar._http.addresses import VERSION, origin, versioned
from canfar._http.plain import new_plain_client
from canfar.config import aedit, load
from canfar.config.nodes import as_mapping
from canfar.errors import CanfarError, ServerNotKnown, Unreachable
from canfar.idp import catalogue
from canfar.models.built_in import LOCAL
from canfar.models.login import OIDCLogin, OIDCToken
from canfar.models.server import Server
from canfar.server.describing import server_name
from canfar.server.discovery import probe, search
from canfar.server.known import known_server

if TYPE_CHECKING:
    from canfar.config import Saved

__all__ = ["select"]

logger: Final = logging.getLogger("canfar")


async def select(selector: str, *, dev: bool, timeout: float) -> Server:
    """Make a server the active one.

    Args:
        selector: Its name, ``ivo://`` identifier or URL, or "local".
        dev: Look for servers under development too.
        timeout: Seconds that finding it may take.

    Raises:
        ServerNotKnown: There is none.
        Unreachable: It was named by its URL and does not answer.
    """
    if selector == LOCAL:
        return await _local()
    server = await _identified(selector.strip(), dev=dev, timeout=timeout)
    async with aedit() as draft:
        saved = draft.saved
        idp = server.idp or _sole_login(saved)
        draft.put_server(evolve(server, idp=idp))
        chosen = idp if idp in saved.authentication else saved.active.authentication
        draft.activate(authentication=chosen, server=server.name)
    return await _with_resources(server, timeout)


async def _local() -> Server:
    import asyncio  # noqa: PLC0415 - it is there by now

    from canfar.local.joining import join_or_start  # noqa: PLC0415 - only for this server

    joined = await asyncio.to_thread(join_or_start)
    server = Server(name=LOCAL, idp=LOCAL, url=VERSION.sub("", joined.url), version="v1")
    # canfar 1.5 reads no file whose active server has no login; ours asks the platform itself.
    token = OIDCToken(access=joined.token, token_type="Bearer")  # noqa: S106 - its type
    async with aedit() as draft:
        draft.put_login(LOCAL, OIDCLogin(idp=LOCAL, token=token))
        draft.put_server(server)
        draft.activate(authentication=LOCAL, server=LOCAL)
    return server


async def _identified(selector: str, *, dev: bool, timeout: float) -> Server:
    saved = load()
    found = known_server(selector, saved)
    if found is not None:
        return await _described(found, timeout)
    if selector.startswith(("https://", "http://")):
        return await _at(selector, saved, timeout)
    known = catalogue()
    listed = await search(list(known.providers.values()), known, dev=dev, timeout=timeout)
    for server in listed:
        if selector == server.uri or selector.lower() == server.name.lower():
            return server
    for each in listed.dead:
        if selector.lower() == each.name.lower():
            raise Unreachable(f"the server {each.name} ({each.url}) is of no use: {each.problem}")
    names = sorted({server.name for server in [*listed, *saved.servers.values()]} | {LOCAL})
    raise ServerNotKnown(
        f"there is no server {selector!r}",
        advice=f"There are: {', '.join(names)}. Or write its URL.",
    )


async def _described(server: Server, timeout: float) -> Server:
    """Return a server that is known, with what it says of itself if it says anything."""
    async with new_plain_client(timeout) as client:
        answer = await probe(server, client)
    if not answer.ok:
        logger.warning("%s does not say what it can do: %s", server.url, answer.problem)
    return answer.server or server


async def _at(url: str, saved: Saved, timeout: float) -> Server:
    base = VERSION.sub("", versioned(url))
    server = Server(
        name=server_name(None, base, catalogue().names),
        url=base,
        version=(VERSION.search(urlsplit(url).path.rstrip("/")) or _NONE)[0].lstrip("/") or None,
    )
    taken = saved.servers.get(server.name)
    if taken is not None and origin(taken.url) != origin(base):
        server = evolve(server, name=f"{server.name}-{origin(base)[2]}")
    async with new_plain_client(timeout) as client:
        answer = await probe(server, client)
    if answer.server is None:
        raise Unreachable(f"no server answers at {base}: {answer.problem}")
    return answer.server


_NONE: Final = ("",)


def _sole_login(saved: Saved) -> str | None:
    """Return the login that a server without a known provider can only mean."""
    active = saved.active.authentication
    if active not in {None, LOCAL}:
        return active
    others = [key for key in saved.authentication if key != LOCAL]
    return others[0] if len(others) == 1 else None


async def _with_resources(server: Server, timeout: float) -> Server:
    """Ask the chosen server what it offers, as the user; without an answer it is chosen too."""
    from canfar.context import AsyncContext  # noqa: PLC0415 - it is needed only here

    try:
        async with AsyncContext(server=server.name, timeout=timeout) as context:
            offers = await context.resources()
    except CanfarError as error:
        logger.info("what %s offers is not known: %s", server.name, error)
        return server
    known = evolve(server, resources=_resources(offers))
    async with aedit() as draft:
        draft.put_server(evolve(known, idp=draft.saved.servers[server.name].idp))
    return known


def _resources(offers: dict[str, Any]) -> dict[str, Any]:
    """Return a platform's context in the words of canfar 1.5's file."""
    parts = {name: as_mapping(offers.get(name)) or {} for name in ("cores", "memoryGB", "gpus")}
    found: dict[str, Any] = {"flexible": {}, "fixed": {}}
    for name, part in (("cores", parts["cores"]), ("ram", parts["memoryGB"])):
        if part.get("defaultRequest") is not None and part.get("defaultLimit") is not None:
            found["flexible"][name] = _range(part["defaultRequest"], part["defaultLimit"])
        options: list[float] = part.get("options") or []
        if options:
            found["fixed"][name] = _range(min(options), max(options))
    gpus: list[int] = parts["gpus"].get("options") or [0]
    found["gpus"] = _range(min(gpus), max(gpus))
    if offers.get("maxInteractiveSessions") is not None:
        # A number or text, by where the server has it from (protocol notes 2.4, Skaha 1.4).
        found["sessions"] = int(offers["maxInteractiveSessions"])
    return {key: value for key, value in found.items() if value != {}}


def _range(least: float, most: float) -> dict[str, int]:
    # canfar 1.5 reads whole numbers only.
    return {"min": int(least), "max": int(most)}
