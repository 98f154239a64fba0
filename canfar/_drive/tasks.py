"""Do what a plan asks for in the running event loop, bulk calls in several tasks."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from canfar._core.steps import Call, Emit, OpenTab, Pause, Plan, Reply, Requests, Say, Step
from canfar._drive.browser import open_tab
from canfar._drive.feed import Feed
from canfar._drive.quick_reading import quickly_read
from canfar._drive.saving import is_wanted, saved, whole_file
from canfar._drive.settling import end_of, outcome, prepare, unchanged, within

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import httpx

    from canfar._core.circumstances import Campaign
    from canfar._core.steps import Sink
    from canfar._drive.reach import Reach
    from canfar.models.outcome import Outcome

T = TypeVar("T")


async def drive(plan: Plan[T], reach: Reach, seconds: float | None = None) -> T:
    """Do what the plan asks for, within that many seconds, and return what it comes to."""
    deadline = end_of(seconds)
    answer: Any = None
    problem: BaseException | None = None
    while True:
        try:
            step = plan.send(answer) if problem is None else plan.throw(problem)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]  # the plan's own value
        answer = problem = None
        try:
            answer = await _do(step, reach, deadline)
        except BaseException as error:  # noqa: BLE001 - the plan notes what was done and passes it on
            problem = error


async def each(plan: Plan[None], reach: Reach) -> AsyncGenerator[Any]:
    """Do what the plan asks for, and give what it emits to whoever iterates."""
    answer: Any = None
    problem: BaseException | None = None
    try:
        while True:
            try:
                step = plan.send(answer) if problem is None else plan.throw(problem)
            except StopIteration:
                return
            answer = problem = None
            if isinstance(step, Emit):
                yield step.value
                continue
            try:
                answer = await _do(step, reach, None)
            except BaseException as error:  # noqa: BLE001 - the plan may go on, or passes it on
                problem = error
    finally:
        plan.close()


async def _do(step: Step, reach: Reach, deadline: float | None) -> Any:
    match step:
        case Requests():
            await _send(step, reach, deadline)
        case Pause(seconds):
            await asyncio.sleep(within(seconds, deadline))
        case OpenTab(url):
            return await asyncio.to_thread(open_tab, url)
        case Emit():
            raise TypeError("this plan is iterated over")
        case Say(text):
            print(text)
    return None


async def _send(requests: Requests[Any], reach: Reach, deadline: float | None) -> None:
    feed = Feed(requests)

    async def work() -> None:
        for index, call in feed:
            feed.settle(index, await _perform(call, reach, feed.campaign, deadline))

    if len(requests.calls) == 1 and requests.calls[0].repeatable:
        # One question that can be asked again is not worth waiting for when this is cancelled.
        with unchanged():
            await work()
        return
    workers = [
        asyncio.create_task(work()) for _ in range(min(reach.concurrency, len(requests.calls)))
    ]
    try:
        await asyncio.wait(workers)
    except asyncio.CancelledError:
        feed.stop()
        try:
            # Nothing more is started. What is in flight ends, so that its outcome is known.
            await asyncio.wait(workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        raise
    for worker in workers:
        worker.result()


async def _perform(
    call: Call[T], reach: Reach, campaign: Campaign, deadline: float | None
) -> Outcome[T]:
    prepare(call, campaign, deadline)
    result = await _ask(call, reach)
    while not isinstance(result, Exception) and reach.adapt(result):
        result = await _ask(call, reach)
    return outcome(call, result, reach)


async def _ask(call: Call[Any], reach: Reach) -> Reply | Exception:
    try:
        if call.into is not None:
            return await _stream(call, call.into, reach)
        if call.read is not None:
            request = call.operation.get_kwargs(**call.arguments)
            return quickly_read(call, await reach.api.get_async_httpx_client().request(**request))
        return await call.operation.asyncio_detailed(client=reach.api, **call.arguments)
    except Exception as error:  # noqa: BLE001 - told apart where it is settled
        return error


async def _stream(call: Call[Any], into: Path | Sink, reach: Reach) -> Reply:
    request = call.operation.get_kwargs(**call.arguments)
    async with reach.api.get_async_httpx_client().stream(**request) as response:
        if not is_wanted(response):
            await response.aread()
            return call.operation.build_response(response)
        if isinstance(into, Path):
            await _save(response, into)
        else:
            await _pour(response, into)
        return saved(response)


async def _save(response: httpx.Response, path: Path) -> None:
    with whole_file(path) as file:
        async for chunk in response.aiter_bytes():
            file.write(chunk)


async def _pour(response: httpx.Response, sink: Sink) -> None:
    sink.begin()
    async for chunk in response.aiter_bytes():
        if not sink.write(chunk):
            return
    sink.end()
