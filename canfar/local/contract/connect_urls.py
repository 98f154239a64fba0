"""Where a browser finds a session (section 4).

The real platform's are ``https``; here they are ``http`` on loopback, with the same paths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from canfar.local.contract.session import Session
    from canfar.local.contract.settings import Settings

__all__ = ["connect_url"]


_TEMPLATES: Final = {
    "desktop": "/session/desktop/{id}/?password={id}&path=session/desktop/{id}/",
    "notebook": "/session/notebook/{id}/lab/tree{homes}/{owner}?token={id}",
    "carta": "/session/carta/{id}/",
    "contributed": "/session/contrib/{id}/",
    "firefly": "/session/firefly/{id}/firefly/",
}


def connect_url(session: Session, settings: Settings) -> str:
    """A session's URL, there from its creation; empty for headless sessions and desktop apps.

    Args:
        session: The session.
        settings: The platform's host and where its homes are.
    """
    template = _TEMPLATES.get(session.kind)
    if template is None:
        return settings.generation.no_url
    if session.kind == "carta" and settings.generation.carta_over_http:
        # Assumed: never with `?socketUrl=wss://...` in it, which images of CARTA 1 had.
        template = "/session/carta/http/{id}/"
    path = template.format(id=session.id, homes=settings.home_path, owner=session.owner)
    return settings.base_url + path
