"""Keep what discovery found, without taking the name of a server that is kept already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canfar.config import Draft
    from canfar.models.server import Server

__all__ = ["keep"]


def keep(draft: Draft, found: Sequence[Server]) -> list[Server]:
    """Put servers into the configuration; return them under the names they have there.

    Args:
        draft: The configuration.
        found: The servers.
    """
    kept: list[Server] = []
    for server in found:
        before = draft.saved.servers.get(server.name)
        if before is not None and before.url != server.url and before.idp != server.idp:
            # Two providers may call different servers the same.
            server = evolve(server, name=f"{server.name}-{server.idp}")  # noqa: PLW2901 - renamed
        elif before is not None:
            server = evolve(  # noqa: PLW2901 - with what is known of it
                server,
                idp=before.idp or server.idp,
                version=server.version or before.version,
                auths=server.auths or before.auths,
                storage=before.storage,
                resources=before.resources,
            )
        draft.put_server(server)
        kept.append(server)
    return kept
