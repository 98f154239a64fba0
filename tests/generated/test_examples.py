"""Every reply that the specification shows can be read, and nothing of it is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from every_operation import OPERATIONS, name
from skaha_client.types import Model
from spec_validation import specification

if TYPE_CHECKING:
    from collections.abc import Iterator

SPEC = specification()


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    _, _, kind, key = node["$ref"].split("/")
    return SPEC["components"][kind][key]


def shown() -> Iterator[Any]:
    by_id = {name(operation): operation for operation in OPERATIONS}
    for item in SPEC["paths"].values():
        for about in item.values():
            if "operationId" not in about:
                continue
            operation = by_id[about["operationId"]]
            for status, response in about["responses"].items():
                for media, content in resolved(response).get("content", {}).items():
                    several = content.get(
                        "examples", {"example": {"value": content.get("example")}}
                    )
                    for key, example in several.items():
                        yield pytest.param(
                            operation,
                            599 if status == "default" else int(status),
                            media,
                            resolved(example)["value"],
                            id=f"{about['operationId']}-{status}-{media}-{key}",
                        )


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.to_dict() if isinstance(value, Model) else value


@pytest.mark.parametrize(("operation", "status", "media", "example"), list(shown()))
def test_an_example_is_read(operation, status, media, example):
    body = json.dumps(example) if media == "application/json" else example
    # In memory: there are many, and what differs is only in how they're read.
    reply = httpx.Response(status, content=body.encode(), headers={"Content-Type": media})
    parsed = operation.build_response(reply).parsed
    assert plain(parsed) == example
    assert isinstance(parsed, str) is (media != "application/json")
