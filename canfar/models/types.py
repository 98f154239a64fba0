"""The closed lists of words this client sends."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

Kind: TypeAlias = Literal[
    "desktop", "notebook", "carta", "headless", "firefly", "desktop-app", "contributed"
]
"""The kinds of session that a server lists."""

CreatableKind: TypeAlias = Literal[
    "desktop", "notebook", "carta", "headless", "firefly", "contributed"
]
"""The kinds that can be created; a desktop app is attached to a desktop instead."""

Status: TypeAlias = Literal[
    "Pending", "Running", "Terminating", "Completed", "Succeeded", "Failed", "Error", "Unknown"
]
"""The statuses to filter by: those of Skaha 1.4 and the older names for the same things."""

View: TypeAlias = Literal["all", "interactive"]
"""Other lists than one's own sessions: everybody's, or one's own with desktop apps."""

ErrorPolicy: TypeAlias = Literal["ignore", "raise"]
"""What a bulk call does when some of its items failed."""

Delivery: TypeAlias = Literal["exact", "plain"]
"""Whether commands and environments arrive as they are, or as the server's parameters make them."""

DEFAULT_REGISTRY: Final = "images.canfar.net"
"""Where an image is that names no registry."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
CREATABLE_KINDS: Final[tuple[CreatableKind, ...]] = get_args(CreatableKind)
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
