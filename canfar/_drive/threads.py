"""Do what a plan asks for in the calling thread, and bulk calls in some more."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from time import sleep
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


def drive(plan: Plan[T], reach: Reach) -> T:
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
            answer = _do(step, reach)
        except BaseException as error:  # noqa: BLE001 - the plan notes what was done and passes it on
            problem = error


def _do(step: Step, reach: Reach) -> Any:
    match step:
        case Batch():
            _send(step, reach)
        case Pause(seconds):
            sleep(seconds)
        case OpenTab(url):
            return open_tab(url)
        case Say(text):
            print(text)  # noqa: T201 - the caller asked for it with verbose=True
    return None


def _send(batch: Batch[Any], reach: Reach) -> None:
    feed = Feed(batch)

    def work() -> None:
        for index, call in feed:
            batch.settle(index, _perform(call, reach))

    workers = min(reach.concurrency, len(batch.calls))
    if workers == 1:
        work()
        return
    with ThreadPoolExecutor(workers, thread_name_prefix="canfar") as pool:
        futures = [pool.submit(copy_context().run, work) for _ in range(workers)]
        try:
            wait(futures)
        finally:
            # After Ctrl-C nothing more is started; what is in flight ends before the pool closes.
            feed.stop()
    for future in futures:
        future.result()


def _perform(call: Call[T], reach: Reach) -> Outcome[T]:
    try:
        with translated():
            reply = call.operation.sync_detailed(client=reach.api, **call.arguments)
        return Outcome(call.about, settle(call, reply))
    except CanfarError as error:
        return Outcome(call.about, error=error.concerning(call.about))
