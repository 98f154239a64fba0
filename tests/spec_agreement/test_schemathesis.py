"""Requests that nobody thought of, made from spec/openapi.yaml: each reply is as it says.

Valid ones and invalid ones, the same in every run. The commands among them are never run: on this
platform every headless session waits.
"""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi import checks
from spec_validation import specification

from canfar.local import LocalPlatform

IMAGE = "images.canfar.net/skaha/astroml:latest"


def content_type_conformance(context, response, case):
    """The check of that name, but nothing needs no content type (`?detail=min`)."""
    if not response.content:
        return None
    return checks.content_type_conformance(context, response, case)


CHECKS = [
    checks.status_code_conformance,
    content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
BOUNDED = settings(
    max_examples=25,
    derandomize=True,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)


def described(*, of_the_root):
    """The operations of the service's root, or those of a version of it.

    Without their `default` replies: what only those allow is undocumented for a platform of ours.
    """
    spec = specification()
    spec["paths"] = {
        path: {name: about for name, about in item.items() if name != "servers"}
        for path, item in spec["paths"].items()
        if ("servers" in item) == of_the_root
    }
    for item in spec["paths"].values():
        for about in item.values():
            if isinstance(about, dict):
                del about["responses"]["default"]
    return schemathesis.openapi.from_dict(spec)


VERSIONED = described(of_the_root=False)
ROOT = described(of_the_root=True)


@pytest.fixture(scope="module")
def platform():
    with LocalPlatform(max_running=0, max_sessions=50, seed=1) as running:
        yield running


@pytest.fixture(scope="module")
def real(platform):
    """IDs to find: of a desktop and its app."""
    import httpx

    with httpx.Client(headers={"Authorization": f"Bearer {platform.token}"}) as client:
        form = {"name": "real", "image": IMAGE, "type": "desktop"}
        desktop = client.post(f"{platform.url}/session", data=form).text.strip()
        apps = f"{platform.url}/session/{desktop}/app"
        app = client.post(apps, data={"image": IMAGE}).text.strip()
    return {"sessionID": desktop, "appID": app}


def hold(case, base_url, token):
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    case.call_and_validate(base_url=base_url, headers=headers, checks=CHECKS)


@VERSIONED.parametrize()
@BOUNDED
def test_with_any_id(case, platform):
    hold(case, platform.url, platform.token)


@VERSIONED.include(path_regex="sessionID").exclude(method="DELETE").parametrize()
@BOUNDED
def test_with_an_id_that_is_there(case, platform, real):
    case.path_parameters = {name: real[name] for name in case.path_parameters}
    hold(case, platform.url, platform.token)


@VERSIONED.parametrize()
@settings(BOUNDED, max_examples=5)
@pytest.mark.parametrize("token", [None, "wrong"])
def test_without_a_good_token(case, platform, token):
    hold(case, platform.url, token)


@ROOT.parametrize()
@BOUNDED
def test_vosi(case, platform):
    hold(case, platform.url.removesuffix("/v1"), None)
