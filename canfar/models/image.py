"""A public image, as the platform lists it."""

from __future__ import annotations

from attrs import frozen


@frozen(kw_only=True)
class Image:
    """A public image.

    Args:
        id: Its full name with registry and tag.
        types: The kinds of session it is labelled for; the server checks none of that (protocol
            notes 1.4 and 2.5, facts of Skaha 1.4).
        digest: Its digest, or None.

    Example:
        >>> from canfar.images import Images
        >>> [image.types for image in Images().details("carta")]
        [('carta',)]
    """

    id: str
    types: tuple[str, ...] = ()
    digest: str | None = None
