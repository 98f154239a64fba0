"""Pages for people: at a connectURL, and at the service's own front door."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from canfar.local.contract.lifecycle import RUNNING, status
from canfar.local.contract.messages import Reply
from canfar.local.contract.problems import html_page

if TYPE_CHECKING:
    from datetime import datetime

    from canfar.local.contract.messages import Request
    from canfar.local.contract.world import Call, World

__all__ = ["description", "front_page", "is_page", "session_page"]

_KINDS: Final = {
    "desktop": "desktop",
    "notebook": "notebook",
    "carta": "carta",
    "contrib": "contributed",
    "firefly": "firefly",
}
_PREFIX: Final = "/session/"


def is_page(path: str) -> bool:
    """Whether a path belongs to the sessions' pages rather than to the service."""
    return path.startswith(_PREFIX)


def session_page(request: Request, world: World, now: datetime) -> Reply:
    """Answer in place of a session's program, or send to where it answers itself.

    The session's ID in the URL is all that guards it, as on the real platform.

    Args:
        request: The request.
        world: The platform.
        now: The time.
    """
    kind, _, rest = unquote(request.path[len(_PREFIX) :], errors="replace").partition("/")
    session = world.store.get(rest.partition("/")[0])
    if (
        session is None
        or session.deleted_at is not None
        or session.kind != _KINDS.get(kind)
        or session.finished_at is not None
    ):
        return html_page(404, "No such session")
    if status(session, now) != RUNNING:
        return html_page(503, "The session has not started yet")
    address = world.engine.address(session.key)
    if address is not None:
        query = request.query and f"?{request.query}"
        return Reply(307, headers=(("location", f"{address}{request.path}{query}"),))
    name, image, owner = escape(session.name), escape(session.image), escape(session.owner)
    page = f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{name} ({session.kind}, canfar.local)</title></head>
<body>
<h1>{name}</h1>
<p>On the real platform this is where the {session.kind} session <code>{session.id}</code> of
{owner} would be, from the image <code>{image}</code>.</p>
<p>This is canfar.local: it runs no images, so there is only this page.</p>
</body>
</html>
"""
    return Reply(200, "text/html;charset=utf-8", page.encode())


def front_page(_call: Call) -> Reply:
    """Say what this is, where the real server shows its documentation."""
    page = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>canfar.local</title></head>
<body>
<h1>canfar.local</h1>
<p>The HTTP interface of the CANFAR Science Platform's Skaha service, on this machine only.
It runs no images; commands of headless sessions run as the user who started it.</p>
</body>
</html>
"""
    return Reply(200, "text/html;charset=utf-8", page.encode())


def description(_call: Call) -> Reply:
    """Answer that the server's own description of itself isn't here."""
    text = "canfar.local doesn't serve the server's own description of its interface.\n"
    return Reply(501, "text/plain", text.encode())
