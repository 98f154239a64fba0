"""Do what a plan asks for in the calling thread, and bulk calls in some more."""

from __future__ import annotations

from concurrent.futures import Future, wait
from contextvars import copy_context
from pathlib import Path
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING, Any, TypeVar

from canfar._core.steps import Call, Emit, OpenTab, Pause, Plan, Reply, Requests, Say, Step
from canfar._drive.browser import open_tab
from canfar._drive.feed import Feed
from canfar._drive.quick_reading import quickly_read
from canfar._drive.saving import is_wanted, saved, whole_file
from canfar._drive.settling import end_of, outcome, prepare, within

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import httpx

    from canfar._core.circumstances import Campaign
    from canfar._core.steps import Sink
    from canfar._drive.reach import Reach
    from canfar.models.outcome import Outcome

T = TypeVar("T")


def drive(plan: Plan[T], reach: Reach, seconds: float | None = None) -> T:
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
            answer = _do(step, reach, deadline)
        except BaseException as error:  # noqa: BLE001 - the plan notes what was done and passes it on
            problem = error


def each(plan: Plan[None], reach: Reach) -> Generator[Any]:
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
                answer = _do(step, reach, None)
            except BaseException as error:  # noqa: BLE001 - the plan may go on, or passes it on
                problem = error
    finally:
        plan.close()


def _do(step: Step, reach: Reach, deadline: float | None) -> Any:
    match step:
        case Requests():
            copy_context().run(_send, step, reach, deadline)
        case Pause(seconds):
            sleep(within(seconds, deadline))
        case OpenTab(url):
            return open_tab(url)
        case Emit():
            raise TypeError("this plan is iterated over")
        case Say(text):
            print(text)  # noqa: T201 - the caller asked for it with verbose=True
    return None


def _send(requests: Requests[Any], reach: Reach, deadline: float | None) -> None:
    feed = Feed(requests)

    def work() -> None:
        for index, call in feed:
            feed.settle(index, _perform(call, reach, feed.campaign, deadline))

    if len(requests.calls) == 1 and requests.calls[0].repeatable:
        # One question that can be asked again is not worth waiting for after Ctrl-C.
        work()
        return
    workers: list[Future[None]] = [
        Future() for _ in range(min(reach.concurrency, len(requests.calls)))
    ]
    try:
        for number, worker in enumerate(workers):
            _in_a_thread(work, worker, f"canfar_{number}")
        wait(workers)
    except BaseException:
        # Nothing more is started. What is in flight ends, so that its outcome is known.
        feed.stop()
        wait([worker for worker in workers if not worker.cancel()])
        raise
    for worker in workers:
        worker.result()


def _in_a_thread(work: Callable[[], None], end: Future[None], name: str) -> None:
    def do() -> None:
        if not end.set_running_or_notify_cancel():
            return
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            end.set_exception(error)
        else:
            end.set_result(None)

    # A daemon, so that who presses Ctrl-C again need not wait for a server that says nothing.
    Thread(target=copy_context().run, args=(do,), name=name, daemon=True).start()


def _perform(call: Call[T], reach: Reach, campaign: Campaign, deadline: float | None) -> Outcome[T]:
    prepare(call, campaign, deadline)
    result = _ask(call, reach)
    while not isinstance(result, Exception) and reach.adapt(result):
        result = _ask(call, reach)
    return outcome(call, result, reach)


def _ask(call: Call[Any], reach: Reach) -> Reply | Exception:
    try:
        if call.into is not None:
            return _stream(call, call.into, reach)
        if call.read is not None:
            request = call.operation.get_kwargs(**call.arguments)
            return quickly_read(call, reach.api.get_httpx_client().request(**request))
        return call.operation.sync_detailed(client=reach.api, **call.arguments)
    except Exception as error:  # noqa: BLE001 - told apart where it is settled
        return error


def _stream(call: Call[Any], into: Path | Sink, reach: Reach) -> Reply:
    request = call.operation.get_kwargs(**call.arguments)
    with reach.api.get_httpx_client().stream(**request) as response:
        if not is_wanted(response):
            response.read()
            return call.operation.build_response(response)
        if isinstance(into, Path):
            _save(response, into)
        else:
            _pour(response, into)
        return saved(response)


def _save(response: httpx.Response, path: Path) -> None:
    with whole_file(path) as file:
        for chunk in response.iter_bytes():
            file.write(chunk)


def _pour(response: httpx.Response, sink: Sink) -> None:
    sink.begin()
    for chunk in response.iter_bytes():
        if not sink.write(chunk):
            return
    sink.end()
