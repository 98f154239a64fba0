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

__all__ = [
    "Active",
    "Draft",
    "RegistryLogin",
    "Saved",
    "aedit",
    "edit",
    "load",
    "path",
    "registry_login",
]
