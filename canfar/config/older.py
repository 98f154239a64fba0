"""Files of older releases of canfar, as version 2.

1.0 to 1.3 kept named contexts, each a login with its server; 1.4 wrote version 1, which differs
from version 2 by a few keys that are gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from canfar.config.nodes import as_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from canfar.config.document import Document

__all__ = ["VERSION", "upgrade", "version_of"]

VERSION: Final = 2
GONE_FROM_SERVERS: Final = ("cores", "ram", "gpus", "status")
GONE_FROM_CONSOLE: Final = ("file",)


def version_of(document: Document) -> str:
    """Return the version of a document: "1.0", "1" or "2"; that of an empty one is "2".

    Raises:
        ConfigurationFileError: It is of no version that is known.
    """
    root = document.root
    if "contexts" in root:
        return "1.0"
    stated = root.get("version", VERSION)
    # A file may have been written by hand, with quotes around the number.
    if isinstance(stated, bool) or str(stated) not in {"1", "2"}:
        raise document.wrong(["version"], f"is {stated!r}; this canfar knows 1 and 2")
    return str(stated)


def upgrade(document: Document) -> None:
    """Turn a document into one of version 2; what has no place there any more goes.

    Raises:
        ConfigurationFileError: It makes no sense.
    """
    version = version_of(document)
    root = document.root
    if version == "1.0":
        _from_contexts(document)
    if version == "1":
        for server in (as_mapping(root.get("servers")) or {}).values():
            _drop(server, GONE_FROM_SERVERS)
        _drop(root.get("console"), GONE_FROM_CONSOLE)
    if root:
        root["version"] = VERSION


def _from_contexts(document: Document) -> None:
    root = document.root
    contexts = as_mapping(root["contexts"])
    if contexts is None:
        raise document.wrong(["contexts"], "must be a mapping of contexts")
    chosen = root.get("active")
    authentication: dict[str, Any] = {}
    servers: dict[str, Any] = {}
    remembered: dict[str, str] = {}
    active: dict[str, Any] = {}
    for name, value in contexts.items():
        context = as_mapping(value)
        if context is None or context.get("mode") not in {"x509", "oidc"}:
            raise document.wrong(["contexts", str(name)], "must have the mode x509 or oidc")
        idp = _idp(context)
        # One login of each provider is kept now: that of the context in use, else the first.
        if idp not in authentication or name == chosen:
            authentication[idp] = _login(context, idp)
        server = as_mapping(context.get("server"))
        if server is not None and server.get("url"):
            key = _server_name(server, str(name))
            servers[key] = _server(server, key, idp)
            if idp not in remembered or name == chosen:
                remembered[idp] = key
        if name == chosen:
            active = {"authentication": idp, "server": remembered.get(idp)}
    active["servers"] = remembered
    del root["contexts"]
    root["active"] = active
    root["authentication"] = authentication
    root["servers"] = servers


def _idp(context: Mapping[str, Any]) -> str:
    # Those releases knew one provider of each kind.
    return "cadc" if context["mode"] == "x509" else "srcnet"


def _login(context: Mapping[str, Any], idp: str) -> dict[str, Any]:
    kept = {key: value for key, value in context.items() if key != "server"}
    return {"idp": idp, **kept}


def _server_name(server: Mapping[str, Any], context: str) -> str:
    name = str(server.get("name") or context)
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)
    return kept if kept[:1].isalpha() else f"server-{kept}"


def _server(server: Mapping[str, Any], name: str, idp: str) -> dict[str, Any]:
    kept = {key: server[key] for key in ("uri", "url", "version", "auths") if server.get(key)}
    return {"idp": idp, "name": name, **kept}


def _drop(mapping: object, keys: tuple[str, ...]) -> None:
    found = as_mapping(mapping) or {}
    for key in keys:
        found.pop(key, None)
