"""In a Jupyter kernel: top-level await, and an interrupt that loses no session."""

import contextlib
import importlib.util
import time

import pytest

from canfar.sessions import Session

pytestmark = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("ipykernel", "jupyter_client"))),
    reason="ipykernel is not installed",
)

CELLS = {
    "Session": """
from canfar.sessions import Session
session = Session(concurrency=2)
try:
    session.create("fit", "skaha/astroml", cmd="true", replicas=500)
except KeyboardInterrupt as interrupt:
    print(*sorted(interrupt.ids))
session.close()
""",
    "AsyncSession": """
import asyncio
from canfar.sessions import AsyncSession
async with AsyncSession(concurrency=2) as session:
    try:
        await session.create("fit", "skaha/astroml", cmd="true", replicas=500)
    except (asyncio.CancelledError, KeyboardInterrupt) as interrupt:
        print(*sorted(interrupt.ids))
""",
}


@pytest.fixture
def kernel(canfar_platform):
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def printed(client, message):
    """What the cell printed until the kernel was idle again."""
    text, end = "", time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(Exception):  # queue.Empty: look again
            found = client.get_iopub_msg(timeout=1)
            if found["parent_header"].get("msg_id") != message:
                continue
            if found["msg_type"] == "stream":
                text += found["content"]["text"]
            if found["content"].get("execution_state") == "idle":
                return text
    raise AssertionError(f"the cell did not end: {text}")


@pytest.mark.parametrize("cell", CELLS)
def test_interrupting_a_cell_leaves_no_session_unknown(canfar_platform, kernel, cell):
    manager, client = kernel
    canfar_platform.delay("create", seconds=0.05)
    message = client.execute(CELLS[cell])
    end = time.monotonic() + 60
    while canfar_platform.count("create") < 6:
        assert time.monotonic() < end
        time.sleep(0.01)

    manager.interrupt_kernel()
    known = printed(client, message).split()

    with Session() as session:
        started = session.fetch().ids
    assert known == sorted(started)
    assert 4 <= len(started) < 100
