"""The way in: an ASGI application and the thread that serves it on loopback."""

from __future__ import annotations
