"""A public image, as the platform lists it."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Image:
    """A public image.

    Args:
        id: Its full name with registry and tag.
        types: The kinds of session it is labelled for; the server checks none of that.
        digest: Its digest, or None.
    """

    id: str
    types: tuple[str, ...] = ()
    digest: str | None = None
