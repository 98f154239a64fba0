"""A login by the device flow, from the provider's description to tokens that are kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from canfar._http.plain import new_plain_client
from canfar.auth.oidc.device import DeviceCode, poll, start
from canfar.auth.oidc.discovery import discover
from canfar.auth.oidc.registration import kept_client, register
from canfar.errors import LoginFailed
from canfar.models.login import OIDCLogin

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from canfar.idp import IdentityProvider

__all__ = ["login"]

TIMEOUT: Final = 30.0
REFUSED: Final = frozenset({400, 401})


async def login(
    provider: IdentityProvider,
    *,
    known: OIDCLogin | None,
    show: Callable[[DeviceCode], object] | None,
    on_login: Callable[[OIDCLogin], Awaitable[object]],
) -> OIDCLogin:
    """Have somebody approve a login, and return it.

    Args:
        provider: The identity provider.
        known: An earlier login, whose registration is used again.
        show: Shows the code; the default prints it.
        on_login: Keeps the login. It is called as soon as there are tokens, and is not cancelled.

    Raises:
        LoginFailed: It was denied, or the provider refused.
        LoginTimeout: Nobody approved it in time.
        Unreachable: The provider cannot be reached.
    """
    async with new_plain_client(TIMEOUT, redirects=False) as http:
        endpoints = await discover(provider, http)
        client = kept_client(known, endpoints)
        old = client is not None
        client = client or await register(endpoints, http)
        try:
            code = await start(endpoints, client, http)
        except LoginFailed as error:
            # A provider may forget programs that were registered with it long ago.
            if not old or error.status_code not in REFUSED:
                raise
            client = await register(endpoints, http)
            code = await start(endpoints, client, http)
        (show or _print)(code)
        token = await poll(code, endpoints, client, http)
    approved = OIDCLogin(idp=provider.key, endpoints=endpoints, client=client, token=token)
    keeping = asyncio.ensure_future(on_login(approved))
    try:
        await asyncio.shield(keeping)
    except asyncio.CancelledError:
        # Somebody approved it: it is kept before anything else happens.
        await keeping
        raise
    return approved


def _print(code: DeviceCode) -> None:
    print(f"To log in, open {code.best_uri}")  # noqa: T201 - who logs in has to read it
    print(f"and approve the code {code.user_code}")  # noqa: T201 - the same
