"""Do what a plan asks for in the running event loop, bulk calls in several tasks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from canfar._core.replies import settle
from canfar._core.steps import Batch, Call, OpenTab, Outcome, Pause, Plan, Say, Step
from canfar._drive.browser import open_tab
from canfar._drive.feed import Feed
from canfar._http import translated
from canfar.errors import CanfarError

if TYPE_CHECKING:
    from canfar._drive.reach import Reach

T = TypeVar("T")


async def drive(plan: Plan[T], reach: Reach) -> T:
    """Do what the plan asks for and return what it comes to."""
    answer: Any = None
    problem: BaseException | None = None
    while True:
        try:
            step = plan.send(answer) if problem is None else plan.throw(problem)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]  # the plan's own value
        answer = problem = None
        try:
            answer = await _do(step, reach)
        except BaseException as error:  # noqa: BLE001 - the plan notes what was done and passes it on
            problem = error


async def _do(step: Step, reach: Reach) -> Any:
    match step:
        case Batch():
            await _send(step, reach)
        case Pause(seconds):
            await asyncio.sleep(seconds)
        case OpenTab(url):
            return await asyncio.to_thread(open_tab, url)
        case Say(text):
            print(text)
    return None


async def _send(batch: Batch[Any], reach: Reach) -> None:
    feed = Feed(batch)

    async def work() -> None:
        for index, call in feed:
            batch.settle(index, await _perform(call, reach))

    workers = [asyncio.create_task(work()) for _ in range(min(reach.concurrency, len(batch.calls)))]
    try:
        await asyncio.wait(workers)
    except asyncio.CancelledError:
        # Nothing more is started; what is in flight ends, so that its outcome is known.
        feed.stop()
        await asyncio.wait(workers)
        raise
    for worker in workers:
        worker.result()


async def _perform(call: Call[T], reach: Reach) -> Outcome[T]:
    try:
        with translated():
            reply = await call.operation.asyncio_detailed(client=reach.api, **call.arguments)
        return Outcome(call.about, settle(call, reply))
    except CanfarError as error:
        return Outcome(call.about, error=error.concerning(call.about))
