"""Find servers, and choose the one that clients use.

Each function has a twin for asyncio whose name begins with an a. The plain ones work in a notebook
too.

Example:
    >>> from canfar import server
    >>> [each.name for each in server.list()]
    ['local']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import builtins

    from canfar.config import Saved
    from canfar.models.server import Server
    from canfar.server.discovery import Found, OnProbe

__all__ = [
    "adiscover",
    "alist",
    "ause",
    "discover",
    "find",
    "list",
    "list_servers",
    "use",
]


def discover(
    idp: str | None = None,
    *,
    dev: bool = False,
    timeout: float = 10.0,
    save: bool = True,
    on_probe: OnProbe | None = None,
) -> Found:
    """Find the servers that registries list, and keep them.

    All registries and servers are asked at once. Nothing that is sent carries your credential:
    only a server that you choose gets to see it.

    Args:
        idp: Ask the registries of this identity provider only; None asks all.
        dev: Look for servers under development too.
        timeout: Seconds that all of it may take; who is later counts as dead.
        save: Keep what was found in the configuration file.
        on_probe: Called with each answer, a :class:`~canfar.server.discovery.Probe`.

    Returns:
        The servers that answered: a list whose ``dead`` names the others, and why.

    Raises:
        InvalidInput: There is no such identity provider.
        Unreachable: No registry could be read.
        ConfigurationError: The catalogue or the configuration file makes no sense.

    Example:
        >>> from canfar import server
        >>> found = server.discover(timeout=5)  # doctest: +SKIP
        >>> for each in found.dead:  # doctest: +SKIP
        ...     print(each.name, each.problem)
    """
    from canfar._drive.blocking import run  # noqa: PLC0415 - only who looks for servers needs it

    return run(adiscover(idp, dev=dev, timeout=timeout, save=save, on_probe=on_probe))


async def adiscover(
    idp: str | None = None,
    *,
    dev: bool = False,
    timeout: float = 10.0,
    save: bool = True,
    on_probe: OnProbe | None = None,
) -> Found:
    """For asyncio: find the servers that registries list, and keep them.

    All registries and servers are asked at once. Nothing that is sent carries your credential:
    only a server that you choose gets to see it.

    Args:
        idp: Ask the registries of this identity provider only; None asks all.
        dev: Look for servers under development too.
        timeout: Seconds that all of it may take; who is later counts as dead.
        save: Keep what was found in the configuration file.
        on_probe: Called with each answer, a :class:`~canfar.server.discovery.Probe`.

    Returns:
        The servers that answered: a list whose ``dead`` names the others, and why.

    Raises:
        InvalidInput: There is no such identity provider.
        Unreachable: No registry could be read.
        ConfigurationError: The catalogue or the configuration file makes no sense.

    Example:
        >>> from canfar import server
        >>> found = await server.adiscover(timeout=5)  # doctest: +SKIP
        >>> for each in found.dead:  # doctest: +SKIP
        ...     print(each.name, each.problem)
    """
    from canfar.config import aedit  # noqa: PLC0415 - it brings YAML
    from canfar.idp import catalogue, get_idp  # noqa: PLC0415 - only here
    from canfar.server.discovery import Found, search  # noqa: PLC0415 - it brings httpx and XML

    known = catalogue()
    providers = [get_idp(idp)] if idp is not None else [*known.providers.values()]
    found = await search(providers, known, dev=dev, timeout=timeout, on_probe=on_probe)
    if save and found:
        from canfar.server.keeping import keep  # noqa: PLC0415 - the same

        async with aedit() as draft:
            found = Found(keep(draft, found), found.dead)
    return found


def list(idp: str | None = None) -> builtins.list[Server]:  # noqa: A001 - beside discover and use
    """Return the servers that are kept, and this machine's platform, asking nobody.

    Args:
        idp: Only those whose users this identity provider knows; None for all.

    Returns:
        The servers, ``local`` last.

    Raises:
        ConfigurationFileError: The configuration file cannot be read.

    Example:
        >>> from canfar import server
        >>> server.list()[-1].name
        'local'
    """
    from canfar.config import load  # noqa: PLC0415 - it brings YAML
    from canfar.models.built_in import LOCAL  # noqa: PLC0415 - the same
    from canfar.models.server import Server  # noqa: PLC0415 - only here

    servers = [*load().servers.values()]
    if idp is not None:
        return [each for each in servers if each.idp == idp]
    if any(each.name == LOCAL for each in servers):
        return servers
    return [*servers, Server(name=LOCAL, url="http://127.0.0.1/skaha", version="v1")]


async def alist(idp: str | None = None) -> builtins.list[Server]:
    """For asyncio: return the servers that are kept, and this machine's platform, asking nobody.

    Args:
        idp: Only those whose users this identity provider knows; None for all.

    Returns:
        The servers, ``local`` last.

    Raises:
        ConfigurationFileError: The configuration file cannot be read.

    Example:
        >>> from canfar import server
        >>> (await server.alist())[-1].name
        'local'
    """
    import asyncio  # noqa: PLC0415 - who awaits this has it

    return await asyncio.to_thread(list, idp)


def list_servers(
    *, discover_if_empty: bool = True, dev: bool = False, timeout: float = 10.0
) -> builtins.list[Server]:
    """Return the servers that are kept; look for some if there are none.

    Args:
        discover_if_empty: Whether to look for some.
        dev: Look for servers under development too.
        timeout: Seconds that looking may take.

    Returns:
        The servers; the platform on this machine is among them only if it was chosen once.

    Raises:
        Unreachable: There are none, and no registry could be read.
        ConfigurationFileError: The configuration file cannot be read or written.

    Example:
        >>> from canfar import server
        >>> server.list_servers(discover_if_empty=False)
        []
    """
    from canfar.config import load  # noqa: PLC0415 - it brings YAML

    servers = [*load().servers.values()]
    if servers or not discover_if_empty:
        return servers
    return discover(dev=dev, timeout=timeout)


def use(selector: str, *, dev: bool = False, timeout: float = 10.0) -> Server:
    """Make a server the one that clients use.

    Args:
        selector: Its name, its ``ivo://`` identifier or its URL. "local" is the platform on this
            machine, which is started unless it runs.
        dev: Look for servers under development too.
        timeout: Seconds that finding it may take.

    Returns:
        The server.

    Raises:
        ServerNotKnown: There is none of that name.
        Unreachable: It does not answer.
        ConfigurationError: The URL cannot be used, the platform on this machine did not start, or
            the catalogue or the configuration file makes no sense.

    Example:
        >>> from canfar import server
        >>> server.use("local").name  # doctest: +SKIP
        'local'
    """
    from canfar._drive.blocking import run  # noqa: PLC0415 - only who chooses a server needs it

    return run(ause(selector, dev=dev, timeout=timeout))


async def ause(selector: str, *, dev: bool = False, timeout: float = 10.0) -> Server:
    """For asyncio: make a server the one that clients use.

    Args:
        selector: Its name, its ``ivo://`` identifier or its URL. "local" is the platform on this
            machine, which is started unless it runs.
        dev: Look for servers under development too.
        timeout: Seconds that finding it may take.

    Returns:
        The server.

    Raises:
        ServerNotKnown: There is none of that name.
        Unreachable: It does not answer.
        ConfigurationError: The URL cannot be used, the platform on this machine did not start, or
            the catalogue or the configuration file makes no sense.

    Example:
        >>> from canfar import server
        >>> (await server.ause("local")).name  # doctest: +SKIP
        'local'
    """
    from canfar.server.selecting import select  # noqa: PLC0415 - it brings httpx, XML and YAML

    return await select(selector, dev=dev, timeout=timeout)


def find(selector: str, saved: Saved) -> Server:
    """Return a server by its name, ``ivo://`` identifier or URL, asking nobody.

    Args:
        selector: What names it.
        saved: The configuration, as :func:`canfar.config.load` returns it.

    Returns:
        The server; of a URL that is not known, no more than that URL.

    Raises:
        ServerNotKnown: None of that name or identifier is known.
        ConfigurationError: The catalogue makes no sense.

    Example:
        >>> from canfar import config, server
        >>> server.find("ivo://cadc.nrc.ca/skaha", config.load()).name
        'canfar'
    """
    from canfar.server.known import find as look_up  # noqa: PLC0415 - it brings the catalogue

    return look_up(selector, saved)
