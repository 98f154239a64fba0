"""Log in with an OIDC provider by the device flow, and renew its tokens."""

from __future__ import annotations

from canfar.auth.oidc.device import DeviceCode
from canfar.auth.oidc.flow import login

__all__ = ["DeviceCode", "login"]
