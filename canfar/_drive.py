"""The two drivers: they do what plans ask for, with threads or with asyncio."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from canfar._core.replies import settle
from canfar._core.steps import Batch, Call, OpenTab, Outcome, Pause, Plan, Reply, Say, Step
from canfar._http import translated
from canfar.errors import CanfarError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from skaha_client import Client

T = TypeVar("T")


class Reach(Protocol):
    """Where calls go and how many at a time."""

    @property
    def concurrency(self) -> int: ...
    def api_for(self, *, versioned: bool) -> Client: ...


def drive(plan: Plan[T], reach: Reach) -> T:
    """Do what the plan asks for, in this thread and for bulk calls in some more."""
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
            return _open_tab(url)
        case Say(text):
            print(text)  # noqa: T201 - the caller asked for it with verbose=True
    return None


def _send(batch: Batch[Any], reach: Reach) -> None:
    workers = min(reach.concurrency, len(batch.calls))
    if workers == 1:
        for index, call in enumerate(batch.calls):
            batch.settle(index, _perform(call, reach))
            if batch.hopeless:
                return
        return
    feed = _Feed(batch)

    def work() -> None:
        for index, call in feed:
            batch.settle(index, _perform(call, reach))

    with ThreadPoolExecutor(workers, thread_name_prefix="canfar") as pool:
        futures = [pool.submit(copy_context().run, work) for _ in range(workers)]
        try:
            wait(futures)
        finally:
            # After Ctrl-C nothing more is started; what is in flight ends before the pool closes.
            feed.stop()
    for future in futures:
        future.result()


class _Feed:
    """Hands each call to one worker, until stopped or shown to be hopeless."""

    def __init__(self, batch: Batch[Any]) -> None:
        self._batch = batch
        self._calls = enumerate(batch.calls)
        self._stopped = False
        self._lock = Lock()

    def __iter__(self) -> Iterator[tuple[int, Call[Any]]]:
        return self

    def __next__(self) -> tuple[int, Call[Any]]:
        with self._lock:
            if self._stopped or self._batch.hopeless:
                raise StopIteration
            return next(self._calls)

    def stop(self) -> None:
        self._stopped = True


def _perform(call: Call[T], reach: Reach) -> Outcome[T]:
    api = reach.api_for(versioned=call.versioned)
    try:
        with translated():
            reply = call.operation.sync_detailed(client=api, **call.arguments)
        return _settled(call, reply)
    except CanfarError as error:
        return Outcome(call.about, error=error.concerning(call.about))


async def adrive(plan: Plan[T], reach: Reach) -> T:
    """Do what the plan asks for in the running event loop."""
    answer: Any = None
    problem: BaseException | None = None
    while True:
        try:
            step = plan.send(answer) if problem is None else plan.throw(problem)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]  # the plan's own value
        answer = problem = None
        try:
            answer = await _ado(step, reach)
        except BaseException as error:  # noqa: BLE001 - the plan notes what was done and passes it on
            problem = error


async def _ado(step: Step, reach: Reach) -> Any:
    match step:
        case Batch():
            await _asend(step, reach)
        case Pause(seconds):
            await asyncio.sleep(seconds)
        case OpenTab(url):
            return await asyncio.to_thread(_open_tab, url)
        case Say(text):
            print(text)  # noqa: T201 - the caller asked for it with verbose=True
    return None


async def _asend(batch: Batch[Any], reach: Reach) -> None:
    feed = _Feed(batch)

    async def work() -> None:
        for index, call in feed:
            batch.settle(index, await _aperform(call, reach))

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


async def _aperform(call: Call[T], reach: Reach) -> Outcome[T]:
    api = reach.api_for(versioned=call.versioned)
    try:
        with translated():
            reply = await call.operation.asyncio_detailed(client=api, **call.arguments)
        return _settled(call, reply)
    except CanfarError as error:
        return Outcome(call.about, error=error.concerning(call.about))


def _settled(call: Call[T], reply: Reply) -> Outcome[T]:
    return Outcome(call.about, value=settle(call, reply))


def _open_tab(url: str) -> bool:
    import webbrowser  # noqa: PLC0415 - only connect needs it

    return webbrowser.open_new_tab(url)
