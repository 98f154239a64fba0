"""Read a proxy certificate: whose it is, from when and until when, each time from the file itself.

Another program may have renewed it a moment ago, so nothing about it is remembered.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from attrs import frozen
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509 import Certificate, load_pem_x509_certificates

from canfar.errors import ConfigurationError, CredentialExpired, CredentialUnusable
from canfar.models.login import PROXY

__all__ = [
    "CertificateError",
    "ProxyCertificate",
    "expiry",
    "gather",
    "inspect",
    "parse",
    "read",
    "usable",
    "valid",
]

ADVICE: Final = "`canfar login cadc` gets a new one."


class CertificateError(CredentialUnusable):
    """The file holds no certificate with its key that can be used."""


@frozen(kw_only=True)
class ProxyCertificate:
    """A proxy certificate.

    Attributes:
        source: The file it is in, or who sent it.
        subject: Whose it is, as a distinguished name.
        not_before: From when it is valid.
        not_after: Until when it is valid.
    """

    source: str
    subject: str
    not_before: datetime
    not_after: datetime

    def check(self, now: datetime) -> None:
        """Raise if it is not valid at that time.

        Raises:
            CredentialExpired: It has expired.
            CertificateError: It is not valid yet.
        """
        if now >= self.not_after:
            raise CredentialExpired(
                f"the certificate {self.source} expired at {_shown(self.not_after)}", advice=ADVICE
            )
        if now < self.not_before:
            raise CertificateError(
                f"the certificate {self.source} is not valid before {_shown(self.not_before)}",
                advice="Is the clock of this machine right?",
            )


def read(path: str | Path) -> ProxyCertificate:
    """Read a certificate file, which holds the key too.

    Args:
        path: The PEM file.

    Returns:
        What it says; it may have expired.

    Raises:
        CertificateError: It is missing, cannot be read, or holds no certificate with its key.
    """
    file = Path(path).expanduser()
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise CertificateError(f"there is no certificate at {file}", advice=ADVICE) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CertificateError(f"the certificate {file} cannot be read: {reason}") from None
    return parse(content, str(file))


def parse(pem: bytes, source: str) -> ProxyCertificate:
    """Read a certificate with its key from PEM text.

    Args:
        pem: The text.
        source: Where it is from, for messages.

    Raises:
        CertificateError: It is none, or the key is missing or another's.
    """
    try:
        certificates = load_pem_x509_certificates(pem)
    except ValueError:
        raise CertificateError(
            f"{source} holds no certificate in PEM form", advice=ADVICE
        ) from None
    try:
        key = load_pem_private_key(pem[pem.find(b"-----BEGIN", _key_at(pem)) :], password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CertificateError(
            f"{source} holds a certificate without a key that can be read",
            advice="Certificate and key belong into one file.",
        ) from None
    leaf = certificates[0]
    if _public(key.public_key()) != _public(leaf.public_key()):
        raise CertificateError(f"the key in {source} is not the one of its certificate")
    return _described(leaf, source)


def usable(path: str | Path) -> ProxyCertificate:
    """Read a certificate file and make sure that it is valid now.

    Raises:
        CertificateError: It cannot be used.
        CredentialExpired: It has expired.
    """
    found = read(path)
    found.check(datetime.now(UTC))
    return found


def inspect(path: str | Path) -> dict[str, Any]:
    """Return a certificate's file and expiry, as canfar 1.5 does.

    Args:
        path: The PEM file.

    Returns:
        ``{"path": ..., "expiry": ...}``, the expiry in Unix seconds.

    Raises:
        CertificateError: It cannot be used.
        CredentialExpired: It has expired.
    """
    found = usable(path)
    return {"path": found.source, "expiry": found.not_after.timestamp()}


def valid(path: str | Path = PROXY) -> bool:
    """Whether a certificate can be used now.

    Args:
        path: The PEM file.
    """
    try:
        usable(path)
    except (ConfigurationError, CredentialExpired):
        return False
    return True


def expiry(path: str | Path = PROXY) -> float:
    """Return when a certificate expires, in Unix seconds; 0.0 if there is none.

    Args:
        path: The PEM file.
    """
    try:
        return read(path).not_after.timestamp()
    except ConfigurationError:
        return 0.0


def gather(username: str | None = None, cert_path: str | Path | None = None) -> dict[str, Any]:
    """Return a certificate's file and expiry; get a new one first if it cannot be used.

    Args:
        username: The user name; the password is asked for on the terminal.
        cert_path: The PEM file; ``~/.ssl/cadcproxy.pem`` by default.

    Returns:
        ``{"path": ..., "expiry": ...}``, the expiry in Unix seconds.

    Raises:
        LoginFailed: The provider refused.
    """
    path = Path(cert_path or PROXY).expanduser()
    if not valid(path):
        from getpass import getpass  # noqa: PLC0415 - only who has no certificate is asked

        from canfar._drive.blocking import run  # noqa: PLC0415 - the same
        from canfar.auth.logging_in import LoginOptions, log_in  # noqa: PLC0415 - the same

        name = username or input("Username: ")
        options = LoginOptions(username=name, password=getpass("Password: "), certificate=path)
        run(log_in("cadc", options, force=True))
    return inspect(path)


def _key_at(pem: bytes) -> int:
    end = pem.find(b"PRIVATE KEY-----")
    return max(0, pem.rfind(b"-----BEGIN", 0, end)) if end >= 0 else len(pem)


def _public(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encoded


def _described(certificate: Certificate, source: str) -> ProxyCertificate:
    return ProxyCertificate(
        source=source,
        subject=certificate.subject.rfc4514_string(),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
