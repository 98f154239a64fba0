"""What `-o json` prints, as JSON Schema: one for each command that prints data.

What the platform sends is passed on as it comes, so those schemas are the contract's and open;
the others are ours and closed. With `-o jsonl` each line is an item of the array.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
MAYBE: Schema = {"type": ["string", "null"]}


def said(schema: Schema, description: str) -> Schema:
    """Add what a value means."""
    return {**schema, "description": description}


def record(description: str, /, **fields: Schema) -> Schema:
    """Make the schema of an object that has these fields and no others."""
    return {
        "type": "object",
        "description": description,
        "properties": fields,
        "required": sorted(fields),
        "additionalProperties": False,
    }


def each(items: Schema, description: str = "") -> Schema:
    """Make the schema of an array."""
    return {
        "type": "array",
        "items": items,
        **({"description": description} if description else {}),
    }


CONTRACT = yaml.safe_load((Path(__file__).parents[2] / "spec" / "openapi.yaml").read_text("utf-8"))[
    "components"
]["schemas"]


def contract(name: str) -> Schema:
    """Take a schema from the contract of the service, without what only OpenAPI knows."""

    def plain(value: Schema | list[Any] | str | float | None) -> Any:
        if isinstance(value, list):
            return [plain(item) for item in value]
        if not isinstance(value, dict):
            return " ".join(value.split()) if isinstance(value, str) else value
        if "$ref" in value:
            return plain(CONTRACT[value["$ref"].rpartition("/")[2]])
        return {
            key: plain(item)
            for key, item in value.items()
            if not (isinstance(key, str) and key.startswith("x-"))
            and key not in {"example", "examples"}
        }

    whole: Schema = plain(CONTRACT[name])
    return whole


ID = said(STRING, "The session's id.")
NAME = said(STRING, "The session's name.")
SESSIONS = each(contract("Session"), "The sessions, as the platform sends them.")
GONE = each(record("One that is gone.", id=ID, name=NAME), "Those that are gone.")

LOGIN = record(
    "A login that is kept.",
    idp=said(STRING, "The key of the identity provider."),
    name=said(STRING, "Its name."),
    mode=said(STRING, "How one is known: x509 or oidc."),
    expiry=said({"type": ["number", "null"]}, "Until when, in seconds since 1970 (UTC)."),
    active=said(FLAG, "Whether it is the one that is used."),
    server=said(MAYBE, "The server it is used with."),
)

SERVER = record(
    "A server.",
    name=said(STRING, "What it is called here."),
    idp=said(MAYBE, "The identity provider whose users it knows."),
    uri=said(MAYBE, "Its IVOA identifier."),
    url=said(STRING, "Where it is, without version."),
    version=said(MAYBE, "The version of its interface."),
    auths=each(STRING, "How one can log in there."),
    storage=said({"type": "object"}, "The VOSpace services beside it, by name."),
    resources=said({"type": "object"}, "What it offers, as canfar 1.5 keeps it."),
    active=said(FLAG, "Whether it is the one that is used."),
)

SENT = record(
    "A request that would be sent.",
    method=STRING,
    url=STRING,
    headers={"type": "object", "additionalProperties": STRING},
    form=each(each(STRING), "Pairs of name and value."),
)

SCHEMAS: dict[str, Schema] = {
    "create": {
        "anyOf": [
            each(STRING, "The ids of the sessions that were started."),
            each(SENT, "With --dry-run: what would be sent."),
        ]
    },
    "ps": SESSIONS,
    "info": SESSIONS,
    "top": SESSIONS,
    "wait": SESSIONS,
    "prune": {"anyOf": [GONE, SESSIONS], "description": "With --dry-run, sessions."},
    "delete": GONE,
    "logs": each(
        {
            "anyOf": [
                record("A log.", id=ID, name=NAME, log=said(STRING, "The text.")),
                record(
                    "With --output-dir: a log that was saved.",
                    id=ID,
                    name=NAME,
                    bytes=said(WHOLE, "How long it is."),
                    file=said(STRING, "Where it is."),
                ),
            ]
        }
    ),
    "events": each(
        record(
            "An event.",
            id=ID,
            name=NAME,
            type=said(STRING, "Normal or Warning."),
            reason=said(STRING, "What happened, in a word."),
            message=said(STRING, "What happened, in a sentence."),
            firstTime=said(MAYBE, "When it happened first, ISO 8601."),
            lastTime=said(MAYBE, "When it happened last, ISO 8601."),
        )
    ),
    "open": each(
        record("One that was opened.", id=ID, name=NAME, url=said(STRING, "Its address."))
    ),
    "renew": each(
        record(
            "One that was asked for.",
            id=ID,
            name=NAME,
            expiryTime=said(MAYBE, "When it ends now, ISO 8601."),
            extended=said(FLAG, "Whether that is later than before."),
        )
    ),
    "app ls": each(contract("Session"), "The apps; `id` is that of the desktop."),
    "app attach": record("The app.", id=said(STRING, "The desktop's id."), appid=STRING),
    "app rm": each(
        record(
            "An app that has ended.",
            id=said(STRING, "The desktop's id."),
            appid=said(STRING, "The app's id."),
            name=said(STRING, "The app's name."),
        )
    ),
    "image ls": each(
        record(
            "An image.",
            id=said(STRING, "Its full name, with registry and tag."),
            types=each(STRING, "The kinds of session that it is labelled for."),
            digest=said(MAYBE, "Its digest."),
        )
    ),
    "repository ls": each(STRING, "The registries that images may come from."),
    "context": contract("ResourceContext"),
    "stats": contract("PlatformStats"),
    "login": LOGIN,
    "whoami": record(
        "Who you are.",
        kind=said(STRING, "anonymous, token, certificate or oidc."),
        identity_provider=said(MAYBE, "The key of the identity provider."),
        user=said(MAYBE, "Your name there, where it is known."),
        source=said(STRING, "Where the credential was found."),
        server=said(STRING, "The server."),
        expires=said(MAYBE, "Until when, ISO 8601."),
    ),
    "auth": LOGIN,
    "auth login": LOGIN,
    "auth show": LOGIN,
    "auth list": each(LOGIN),
    "auth use": LOGIN,
    "auth remove": record("What was done.", removed=said(STRING, "The login that is forgotten.")),
    "auth purge": record("What was done.", removed=each(STRING, "The logins that are forgotten.")),
    "server list": each(SERVER),
    "server use": SERVER,
    "config show": said({"type": "object"}, "The configuration file; secrets are stars."),
    "config get": said({}, "The setting: text, a number, a flag or an object."),
    "config set": record("What was done.", set=said(STRING, "The setting that was changed.")),
    "config path": record("Where it is.", path=said(STRING, "The configuration file.")),
    "doctor": record(
        "What was found.",
        ok=said(FLAG, "Whether nothing is wrong."),
        findings=each(
            record(
                "Something that was looked at.",
                name=said(STRING, "What it is."),
                verdict=said(STRING, "ok, warning or wrong."),
                text=said(STRING, "What is so."),
                advice=said(STRING, "What to do, or empty."),
            )
        ),
    ),
    "local start": record(
        "The platform that runs.",
        url=said(STRING, "Its versioned base."),
        token=said(STRING, "Its token."),
        process_id=said(WHOLE, "Its process."),
        state=said(STRING, "Its folder."),
        started=said(FLAG, "Whether it was started just now."),
    ),
    "local status": {
        "anyOf": [
            record(
                "One runs.",
                running={"const": True},
                state=said(STRING, "Its folder."),
                url=said(MAYBE, "Its versioned base; null while it starts."),
                process_id=said(WHOLE, "Its process."),
                sessions=said(
                    {"type": ["object", "null"], "additionalProperties": WHOLE},
                    "How many sessions it has, by status; null while it starts.",
                ),
            ),
            record("None runs.", running={"const": False}, state=said(STRING, "The folder.")),
        ]
    },
    "version": record("This program.", name={"const": "canfar"}, version=STRING),
}

ERROR = record(
    "What went wrong, on standard error.",
    code=said(STRING, "A word for programs."),
    message=said(STRING, "What went wrong, in a sentence."),
    hint=said(STRING, "What to do, or empty."),
)
ERROR["properties"] |= {
    "about": said({"type": ["string", "integer", "null"]}, "The session or replica concerned."),
    "server_text": said(STRING, "The server's own words, or empty."),
}


def schema_of(name: str) -> Schema:
    """Return the schema of what a command prints, whole."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"canfar {name} -o json",
        **SCHEMAS[name],
    }
