"""Makes the page of the HTTP contract from spec/openapi.yaml."""

from __future__ import annotations

import json
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

METHODS = ("get", "post", "delete")
BEGINNING = """\
# The HTTP contract

What the service answers, operation by operation. This page is made from one file,
[openapi.yaml](openapi.yaml){ download }, and so are the [generated client](low-level.md) and the
checks of the [local platform](local-platform.md): what is written here holds for all three.
"""


class Contract:
    """The contract, written out as Markdown."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """Follow a reference; anything else stays as it is."""
        while "$ref" in node:
            found: Any = self._document
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            node = found
        return node

    def page(self) -> str:
        """Write the whole page."""
        return "\n".join([BEGINNING, *self._introduction(), *self._operations(), *self._schemas()])

    def _introduction(self) -> Iterator[str]:
        info = self._document["info"]
        yield f"The service is {info['title']} {info['version']}.\n"
        yield info["description"]
        yield "## Logging in\n"
        for name, scheme in self._document["components"]["securitySchemes"].items():
            yield f"- **{name}**: {one_line(scheme.get('description', ''))}"
        yield ""

    def _operations(self) -> Iterator[str]:
        for tag in self._document["tags"]:
            yield f"## {tag['name']}\n\n{tag['description']}\n"
            for path, item in self._document["paths"].items():
                for method in METHODS:
                    operation = item.get(method)
                    if operation and tag["name"] in operation["tags"]:
                        yield from self._operation(path, method, item, operation)

    def _operation(
        self, path: str, method: str, item: Mapping[str, Any], operation: Mapping[str, Any]
    ) -> Iterator[str]:
        name = operation["operationId"]
        yield f"### {operation['summary']} {{ #{name} }}\n"
        yield f"`{method.upper()} {path}`{{ .operation }} as `{name}` in the generated client\n"
        yield operation.get("description", "")
        parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
        if parameters:
            yield "| parameter | in | what it is |\n|---|---|---|"
            for parameter in map(self.resolved, parameters):
                schema = self.resolved(parameter["schema"])
                told = parameter.get("description") or schema.get("description", "")
                yield row(f"`{parameter['name']}`", parameter["in"], one_line(told) + words(schema))
            yield ""
        for body in operation.get("requestBody", {}).get("content", {}).values():
            yield "The form:\n"
            yield from self._fields(self.resolved(body["schema"]))
        for sample in operation.get("x-codeSamples", ()):
            yield f"```sh\n{sample['source'].rstrip()}\n```\n"
        yield "| status | what it means |\n|---|---|"
        replies = [(code, self.resolved(each)) for code, each in operation["responses"].items()]
        for code, reply in replies:
            kinds = ", ".join(f"`{kind}`" for kind in reply.get("content", {}))
            yield row(code, one_line(reply["description"]) + (f" ({kinds})" if kinds else ""))
        yield ""
        for code, reply in replies:
            yield from self._examples(code, reply)

    def _examples(self, code: str, reply: Mapping[str, Any]) -> Iterator[str]:
        shown: list[str] = []
        for kind, content in reply.get("content", {}).items():
            examples = [self.resolved(each) for each in content.get("examples", {}).values()]
            if "example" in content:
                examples.append({"value": content["example"]})
            for example in examples:
                value = example.get("value", "")
                text = value if isinstance(value, str) else json.dumps(value, indent=2)
                language = "json" if kind == "application/json" else "text"
                summary = f"{example['summary']}:\n\n" if "summary" in example else ""
                shown.append(f"{summary}```{language}\n{text.rstrip()}\n```\n")
        if shown:
            word = "an example" if len(shown) == 1 else f"{len(shown)} examples"
            yield f'??? note "{code}: {word}"\n'
            yield indent("\n".join(shown), "    ") + "\n"

    def _schemas(self) -> Iterator[str]:
        yield "## Objects\n"
        for name, schema in self._document["components"]["schemas"].items():
            yield f"### {name}\n"
            yield dedent(schema.get("description", "")).strip() + words(schema) + "\n"
            if "properties" in schema:
                yield from self._fields(schema)

    def _fields(self, schema: Mapping[str, Any]) -> Iterator[str]:
        required = schema.get("required", ())
        yield "| field | type | |\n|---|---|---|"
        for name, field in schema.get("properties", {}).items():
            whole = self.resolved(field)
            told = one_line(field.get("description") or whole.get("description", ""))
            star = "" if name not in required else ", **required**"
            yield row(f"`{name}`", f"{self._type(field)}{star}", told + words(whole))
        yield ""

    def _type(self, node: Mapping[str, Any]) -> str:
        if "$ref" in node:
            name = node["$ref"].rpartition("/")[2]
            return f"[{name}](#{name.lower()})"
        if node.get("type") == "array":
            return f"list of {self._type(node['items'])}"
        for choice in ("anyOf", "oneOf"):
            if choice in node:
                return " or ".join(self._type(each) for each in node[choice])
        kind = node.get("type", "anything")
        return kind if isinstance(kind, str) else " or ".join(kind)


def one_line(text: str) -> str:
    """Put a description into one line, for a table."""
    return " ".join(text.split())


def words(schema: Mapping[str, Any]) -> str:
    """Say which words a closed list has."""
    if "enum" not in schema:
        return ""
    return " One of " + ", ".join(f"`{word}`" for word in schema["enum"]) + "."


def row(*cells: str) -> str:
    """Write a line of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def contract_page(specification: Path) -> str:
    """Write the page of a contract.

    Args:
        specification: An OpenAPI 3.1 document.

    Returns:
        Markdown.
    """
    return Contract(yaml.safe_load(specification.read_text("utf-8"))).page()
