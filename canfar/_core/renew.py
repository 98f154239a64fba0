"""Give sessions more time."""

from __future__ import annotations

from skaha_client.api.sessions import renew_session
from skaha_client.models.renew_session_body import RenewSessionBody

from canfar._core.bulk import finish
from canfar._core.ids import Ids, session_ids
from canfar._core.steps import Call, Plan, send
from canfar.models.results import Renewed


def renew(ids: Ids, policy: str) -> Plan[Renewed]:
    """Plan a renewal for each session."""
    calls = [
        Call(
            each,
            renew_session,
            {"session_id": each, "body": RenewSessionBody(action="renew")},
            lambda _: True,
        )
        for each in session_ids(ids)
    ]
    outcomes = yield from send(calls)
    done = {str(outcome.about): outcome.ok for outcome in outcomes}
    return finish(Renewed(done, operation="renew", outcomes=outcomes), policy)
