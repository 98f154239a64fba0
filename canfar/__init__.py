"""The Python client of the CANFAR Science Platform.

Most scripts need one line: ``from canfar.sessions import Session``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from canfar.authentication import alogin, login

__all__ = ["__version__", "alogin", "login"]

__version__ = "2.0.0.dev0"


def __getattr__(name: str) -> Any:
    """Load what logging in needs when somebody logs in, and not before."""
    if name in {"alogin", "login"}:
        from canfar import authentication  # noqa: PLC0415 - most scripts never log in

        return getattr(authentication, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
