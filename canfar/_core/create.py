"""Start sessions: one request for each replica."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skaha_client.api.sessions import create_session
from skaha_client.models.create_session_body import CreateSessionBody

from canfar._core.bulk import finish, nothing_worked
from canfar._core.replicas import Replica, replicas
from canfar._core.steps import Call, Plan, send
from canfar.errors import BadReply
from canfar.models.results import SessionIds
from canfar.models.session import CreateRequest

if TYPE_CHECKING:
    from canfar.models.registry import ContainerRegistry


def as_request(name: str | CreateRequest, **options: Any) -> CreateRequest:
    """Return the arguments of ``create`` as one request.

    Raises:
        TypeError: There is no image, or options stand beside a request that has them already.
    """
    if isinstance(name, CreateRequest):
        given = [key for key, value in options.items() if value != DEFAULTS[key]]
        if given:
            raise TypeError(f"create() got a CreateRequest and also {', '.join(given)}")
        return name
    if options["image"] is None:
        raise TypeError("create() needs an image beside the name")
    options["gpus"] = options.pop("gpu")
    return CreateRequest(name=name, **options)


DEFAULTS: dict[str, Any] = {
    "image": None,
    "cores": None,
    "ram": None,
    "kind": "headless",
    "gpu": None,
    "cmd": None,
    "args": None,
    "env": None,
    "replicas": 1,
}


def create(
    request: CreateRequest, registry: ContainerRegistry | None, policy: str
) -> Plan[SessionIds]:
    """Plan a POST for each replica."""
    outcomes = yield from send([_call(replica, registry) for replica in replicas(request)])
    ids = [outcome.value for outcome in outcomes if outcome.value is not None]
    result = SessionIds(ids, operation="create", outcomes=outcomes)
    if not ids and policy != "raise":
        raise nothing_worked(result)
    return finish(result, policy)


def _call(replica: Replica, registry: ContainerRegistry | None) -> Call[str]:
    fields: dict[str, Any] = {
        "cores": replica.cores,
        "ram": replica.ram,
        "gpus": replica.gpus,
        "cmd": replica.cmd,
        "args": replica.args,
        "env": replica.env or None,
    }
    body = CreateSessionBody(
        name=replica.name,
        image=replica.image,
        type_=replica.kind,
        **{key: value for key, value in fields.items() if value is not None},
    )
    arguments: dict[str, Any] = {"body": body}
    if registry is not None:
        arguments["x_skaha_registry_auth"] = registry.encoded()
    return Call(replica.number, create_session, arguments, _session_id)


def _session_id(parsed: Any) -> str:
    text = str(parsed or "").strip()
    if not text.isalnum():
        raise BadReply(
            f"the server's answer is no session id: {text[:100]!r}",
            advice="The session may exist: look for its name with fetch().",
        )
    return text
