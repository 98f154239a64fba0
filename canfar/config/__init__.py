"""The configuration file: logins, servers, and the login for private images.

It is ``~/.canfar/config.yaml``, or what ``CANFAR_CONFIG`` names. Files of canfar 1.0 to 1.5 are
read; what is written can be read by canfar 1.5.
"""

from __future__ import annotations

from canfar.config.draft import Draft
from canfar.config.editing import aedit, edit, load
from canfar.config.location import path
from canfar.config.registry_login import registry_login
from canfar.config.saved import Active, RegistryLogin, Saved
from canfar.config.showing import document, parse_value, setting

__all__ = [
    "Active",
    "Draft",
    "RegistryLogin",
    "Saved",
    "aedit",
    "document",
    "edit",
    "load",
    "parse_value",
    "path",
    "registry_login",
    "setting",
]
