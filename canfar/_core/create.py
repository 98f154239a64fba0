"""Start sessions: one request for each replica, and never two sessions for one replica."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from skaha_client.api.sessions import create_session
from skaha_client.models.create_session_body import CreateSessionBody

from canfar._core.bulk import Tally, carrying, finish, nothing_worked
from canfar._core.fetch import listing, records
from canfar._core.reconcile import Lost, is_lost, may_exist, patience, reconcile
from canfar._core.replicas import Replica, replicas
from canfar._core.steps import Call, OnOutcome, Plan, Reply, Requests
from canfar.errors import BadReply, ConnectionLost
from canfar.models.outcome import Outcome
from canfar.models.results import SessionIds
from canfar.models.session import CreateRequest, SessionRecords

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from canfar._core.recent import Recent
    from canfar._core.steps import Clock
    from canfar.models.registry import ContainerRegistry
    from canfar.retry import RetryPolicy

DEFAULTS: Final[dict[str, Any]] = {
    "image": None,
    "cores": None,
    "ram": None,
    "kind": "headless",
    "gpu": None,
    "cmd": None,
    "args": None,
    "env": None,
    "replicas": 1,
    "command": None,
    "delivery": "exact",
}


def as_request(name: str | CreateRequest, **options: Any) -> CreateRequest:
    """Return the arguments of ``create`` as one request.

    Raises:
        TypeError: There is no image, or options stand beside a request that has them already.
    """
    if isinstance(name, CreateRequest):
        given = _given(options)
        if given:
            raise TypeError(f"create() got a CreateRequest and also {', '.join(given)}")
        return name
    if options["image"] is None:
        raise TypeError("create() needs an image beside the name")
    options["gpus"] = options.pop("gpu")
    return CreateRequest(name=name, **options)


def if_known(name: str | CreateRequest, **options: Any) -> str | CreateRequest:
    """Return the same, or only the name where nothing but that was given.

    Raises:
        TypeError: As ``as_request`` does.
    """
    return name if not _given(options) else as_request(name, **options)


def _given(options: Mapping[str, Any]) -> list[str]:
    return [key for key, value in options.items() if value != DEFAULTS[key]]


def create(
    request: CreateRequest,
    *,
    registry: ContainerRegistry | None,
    only: Iterable[int] | None,
    policy: str,
    on_outcome: OnOutcome | None,
    retry: RetryPolicy,
    recent: Recent,
    clock: Clock,
) -> Plan[SessionIds]:
    """Plan a POST for each replica, and find out what became of those whose replies were lost."""
    pieces = {replica.number: replica for replica in replicas(request, only)}
    tally: Tally[str] = Tally(list(pieces), on_outcome)
    with carrying(lambda: _shape(tally)):
        waiting = list(pieces.values())
        lost: list[Lost] = []
        before = recent.snapshot()
        for _ in range(retry.tries):
            calls: list[Call[Any]] = [call(replica, registry) for replica in waiting]
            # What was there before is asked for beside the first requests, not before them.
            look = [] if before is not None or not calls else [_look(recent)]
            lost = yield from _start([*look, *calls], waiting, tally, retry, clock)
            before = before or recent.snapshot()
            recent.started(tally.values.values())
            known = set(tally.values.values())
            try:
                settled, absent = yield from reconcile(lost, known, before, clock)
            except BaseException:
                _leave_open(lost, tally)
                raise
            for outcome in settled:
                tally.settle(outcome)
            waiting = [pieces[number] for number in absent]
        for each in lost:
            if each.replica in waiting:
                tally.settle(Outcome(each.replica.number, error=each.error))
    result = _shape(tally)
    if pieces and not result and policy != "raise":
        raise nothing_worked(result)
    return finish(result, policy)


def _look(recent: Recent) -> Call[Any]:
    return listing(settle=lambda reply: recent.listed(records(reply)))


def _start(
    calls: Sequence[Call[Any]],
    waiting: Sequence[Replica],
    tally: Tally[str],
    retry: RetryPolicy,
    clock: Clock,
) -> Plan[list[Lost]]:
    """Plan the POSTs; the value is the replicas whose replies were lost."""
    requests: Requests[Any] = Requests(calls, _unless_lost(tally))
    try:
        if calls:
            yield requests
        requests.raise_if_hopeless()
    except BaseException:
        lost = _lost(requests, waiting, retry, clock)
        _leave_open([*lost, *_not_waited_for(requests, waiting, clock)], tally)
        raise
    return _lost(requests, waiting, retry, clock)


def _unless_lost(tally: Tally[str]) -> OnOutcome:
    def settle(outcome: Outcome[Any]) -> None:
        if outcome.about is not None and not is_lost(outcome.error):
            tally.settle(outcome)

    return settle


def _lost(
    requests: Requests[Any], waiting: Sequence[Replica], retry: RetryPolicy, clock: Clock
) -> list[Lost]:
    now = clock()
    by_number = {replica.number: replica for replica in waiting}
    return [
        Lost(
            by_number[outcome.about],
            began=requests.began[index],
            until=now + patience(outcome.error, retry),
            error=outcome.error,
        )
        for index, outcome in sorted(requests.settled.items())
        if isinstance(outcome.about, int) and outcome.error and is_lost(outcome.error)
    ]


def _not_waited_for(
    requests: Requests[Any], waiting: Sequence[Replica], clock: Clock
) -> list[Lost]:
    """Return the replicas whose replies were still to come, as after a second Ctrl-C."""
    now = clock()
    by_number = {replica.number: replica for replica in waiting}
    error = ConnectionLost("nobody waited for it")
    return [
        Lost(by_number[number], began=began, until=now, error=error)
        for index, began in sorted(requests.began.items())
        if index not in requests.settled and isinstance(number := requests.calls[index].about, int)
    ]


def _leave_open(lost: Sequence[Lost], tally: Tally[str]) -> None:
    """Note that it is not known whether these were started; there is no time left to look."""
    for each in lost:
        if each.replica.number not in tally.known:
            error = may_exist(each, SessionRecords())
            tally.known[each.replica.number] = Outcome(each.replica.number, error=error)


def call(replica: Replica, registry: ContainerRegistry | None) -> Call[str]:
    """Return the request that starts a replica."""
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
    return Call(replica.number, create_session, arguments, _session_id, repeatable=False)


def _session_id(reply: Reply) -> str:
    text = str(reply.parsed or "").strip()
    if not text.isalnum():
        raise BadReply(
            f"the server's answer is no session id: {text[:100]!r}",
            advice="The session may exist: look for its name with fetch().",
        )
    return text


def _shape(tally: Tally[str]) -> SessionIds:
    return SessionIds(tally.values.values(), operation="create", outcomes=tally.outcomes)
