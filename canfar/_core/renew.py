"""Give sessions more time."""

from __future__ import annotations

from skaha_client.api.sessions import renew_session
from skaha_client.models.renew_session_body import RenewSessionBody

from canfar._core.bulk import Tally, carrying, finish
from canfar._core.ids import Ids, session_ids
from canfar._core.steps import Call, OnOutcome, Plan
from canfar.models.results import Renewed


def renew(ids: Ids, policy: str, on_outcome: OnOutcome | None = None) -> Plan[Renewed]:
    """Plan a renewal for each session."""
    tally: Tally[bool] = Tally(session_ids(ids), on_outcome)
    with carrying(lambda: _shape(tally)):
        yield from tally.send([_request(str(each)) for each in tally.items])
    return finish(_shape(tally), policy)


def _request(session_id: str) -> Call[bool]:
    body = RenewSessionBody(action="renew")
    return Call(session_id, renew_session, {"session_id": session_id, "body": body}, lambda _: True)


def _shape(tally: Tally[bool]) -> Renewed:
    done = {str(outcome.about): outcome.ok for outcome in tally.outcomes}
    return Renewed(done, operation="renew", outcomes=tally.outcomes)
