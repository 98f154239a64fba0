"""In a Jupyter kernel: top-level await, and an interrupt that loses no session."""

import importlib.util
import queue

import pytest
from holding import Holding

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


def has_ended(client, message, said):
    """Take in what the cell printed since the last look; whether the kernel is idle again."""
    try:
        found = client.get_iopub_msg(timeout=0.05)
    except queue.Empty:
        return False
    if found["parent_header"].get("msg_id") != message:
        return False
    if found["msg_type"] == "stream":
        said.append(found["content"]["text"])
    return found["content"].get("execution_state") == "idle"


@pytest.mark.parametrize("cell", CELLS)
def test_interrupting_a_cell_leaves_no_session_unknown(canfar_platform, kernel, cell):
    manager, client = kernel
    holding = Holding(canfar_platform, "create", skip=4)
    message = client.execute(CELLS[cell])
    holding.wait(2)

    manager.interrupt_kernel()
    said = []
    holding.let_go_until(lambda: has_ended(client, message, said))

    with Session() as session:
        started = session.fetch().ids
    assert "".join(said).split() == sorted(started)
    assert 6 <= len(started) < 500
