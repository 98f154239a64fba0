"""What is kept of a login: where the certificate is, or the tokens and how to renew them."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TypeAlias

from attrs import field, frozen

from canfar._secrets import stars

__all__ = ["Login", "OIDCClient", "OIDCEndpoints", "OIDCLogin", "OIDCToken", "X509Login"]

PROXY: Final = Path("~/.ssl/cadcproxy.pem")
"""Where a certificate is for which no other place was named."""


@frozen(kw_only=True)
class X509Login:
    """A proxy certificate.

    Attributes:
        idp: The identity provider's key, ``"cadc"`` for instance.
        path: The PEM file with certificate and key.
        expiry: When it expires, in Unix seconds, as it was when the login was written: for canfar
            1.5, which trusts it. Nothing here does; the file itself says.

    Example:
        >>> from pathlib import Path
        >>> from canfar.models.login import X509Login
        >>> X509Login(idp="cadc", path=Path("cadcproxy.pem")).path.name
        'cadcproxy.pem'
    """

    idp: str
    path: Path
    expiry: float | None = None


@frozen(kw_only=True)
class OIDCEndpoints:
    """Where an OIDC provider answers; None for what it does not offer.

    Attributes:
        discovery: The URL of its description.
        device: Where a login is begun.
        registration: Where this machine registers.
        token: Where tokens are asked for.

    Example:
        >>> from canfar.models.login import OIDCEndpoints
        >>> OIDCEndpoints(token="https://iam.example.org/token").device is None
        True
    """

    discovery: str | None = None
    device: str | None = None
    registration: str | None = None
    token: str | None = None


@frozen(kw_only=True)
class OIDCClient:
    """This machine's registration with the provider.

    Attributes:
        identity: The client id.
        secret: The client secret; a repr shows stars.
        secret_expires_at: Unix seconds; 0 for never, None for unknown.

    Example:
        >>> from canfar.models.login import OIDCClient
        >>> OIDCClient(identity="canfar", secret="s3cret")
        OIDCClient(identity='canfar', secret='***', secret_expires_at=None)
    """

    identity: str | None = None
    secret: str | None = field(default=None, repr=stars)
    secret_expires_at: float | None = None


@frozen(kw_only=True)
class OIDCToken:
    """The tokens; a repr shows stars.

    Attributes:
        access: The access token, which is sent to the server.
        refresh: The refresh token, which is sent to the provider only.
        token_type: ``"Bearer"``.
        scope: What the access token is good for, as the provider said.
        expires: When the access token expires, in Unix seconds; None for unknown.
        refresh_expires: The same of the refresh token.

    Example:
        >>> from canfar.models.login import OIDCToken
        >>> token = OIDCToken(access="s3cret", expires=1798761600)
        >>> token.refresh is None, "s3cret" in repr(token)
        (True, False)
    """

    access: str | None = field(default=None, repr=stars)
    refresh: str | None = field(default=None, repr=stars)
    token_type: str | None = None
    scope: str | None = None
    expires: float | None = None
    refresh_expires: float | None = None


@frozen(kw_only=True)
class OIDCLogin:
    """Tokens of an OIDC provider. One that was given as a bearer token has only ``token.access``.

    Attributes:
        idp: The identity provider's key, ``"srcnet"`` for instance.
        endpoints: Where the provider answers.
        client: This machine's registration with it.
        token: The tokens.

    Example:
        >>> from canfar.models.login import OIDCLogin, OIDCToken
        >>> OIDCLogin(idp="srcnet", token=OIDCToken(access="s3cret")).client.identity is None
        True
    """

    idp: str
    endpoints: OIDCEndpoints = field(factory=OIDCEndpoints)
    client: OIDCClient = field(factory=OIDCClient)
    token: OIDCToken = field(factory=OIDCToken)


Login: TypeAlias = X509Login | OIDCLogin
