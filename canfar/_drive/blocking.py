"""Do what is written for asyncio in a plain function, inside a notebook too."""

from __future__ import annotations

import asyncio
import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

__all__ = ["run"]


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns.

    Where an event loop runs already, as in a notebook, it runs in a thread of its own meanwhile.
    Ctrl-C cancels it, and is raised when it has come to its end.

    Args:
        coroutine: What to do.
    """
    if not _in_a_loop():
        # Not where that was found out: what goes wrong would be shown as its consequence.
        return asyncio.run(coroutine)
    runner = asyncio.Runner()
    loop = runner.get_loop()
    result: list[T] = []
    problem: list[BaseException] = []
    tasks: list[asyncio.Task[T]] = []

    async def main() -> T:
        tasks.append(asyncio.create_task(coroutine))
        return await tasks[0]

    def work() -> None:
        try:
            with runner:
                result.append(runner.run(main()))
        except BaseException as error:  # noqa: BLE001 - raised in the caller's thread
            problem.append(error)

    thread = threading.Thread(target=copy_context().run, args=(work,), name="canfar")
    thread.start()
    try:
        thread.join()
    except KeyboardInterrupt:
        loop.call_soon_threadsafe(lambda: [task.cancel() for task in tasks])
        thread.join()
        raise
    if problem:
        raise problem[0]
    return result[0]


def _in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
