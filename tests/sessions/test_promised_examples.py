"""The examples that users were promised, run as written, each doing what its page says."""

import ast
import asyncio
import inspect
import re
import sys
import textwrap

import pytest

from canfar.sessions import Session

IMAGE = "images.canfar.net/skaha/astroml:latest"


EXAMPLES = {
    "notebook, flexible": """
from canfar.sessions import Session

session = Session()
ids = session.create(
    name="my-notebook",
    image="images.canfar.net/skaha/astroml:latest",
    kind="notebook",
)
print(ids)  # ["d1tsqexh"]
session.connect(ids)
""",
    "notebook, fixed": """
from canfar.sessions import Session

session = Session()
ids = session.create(
    name="my-notebook",
    image="images.canfar.net/skaha/astroml:latest",
    kind="notebook",
    cores=2,
    ram=4,
)
print(ids)  # ["d1tsqexh"]
session.connect(ids)
""",
    "notebook, async": """
from canfar.sessions import AsyncSession

session = AsyncSession()
ids = await session.create(
    name="my-notebook",
    image="images.canfar.net/skaha/astroml:latest",
    kind="notebook",
)
print(ids)  # ["d1tsqexh"]
await session.connect(ids)
""",
    "headless": """
from canfar.sessions import Session

session = Session()
ids = session.create(
    name="my-headless",
    image="images.canfar.net/skaha/astroml:latest",
    kind="headless",
    cmd="echo",
    args=["Hello, World!"],
)
print(ids)  # ["d1tsqexh"]
""",
    "headless, async": """
from canfar.sessions import AsyncSession

session = AsyncSession()
ids = await session.create(
    name="my-headless",
    image="images.canfar.net/skaha/astroml:latest",
    kind="headless",
    cmd="echo",
    args=["Hello, World!"],
)
print(ids)  # ["d1tsqexh"]
""",
    "private registry": """
import asyncio
from canfar.sessions import AsyncSession
from canfar.models.registry import ContainerRegistry
from canfar.models.config import Configuration

async def main():
    cfg = Configuration(registry=ContainerRegistry(username="username", secret="CLI_SECRET"))
    session = AsyncSession(config=cfg)
    ids = await session.create(
        name="private-job",
        image="images.canfar.net/your/private-image:latest",
        kind="headless",
        cmd="python",
        args=["/app/run.py"],
    )
    print(ids)

asyncio.run(main())
""",
    "flexible": """
from canfar.sessions import Session

session = Session()
# No cores/ram specification - uses flexible allocation
ids = session.create(
    name="flexible-notebook",
    image="images.canfar.net/skaha/astroml:latest",
    kind="notebook"
)
""",
    "fixed": """
from canfar.sessions import Session

session = Session()
# Specify exact resources for guaranteed allocation
ids = session.create(
    name="fixed-notebook",
    image="images.canfar.net/skaha/astroml:latest",
    kind="notebook",
    cores=4,
    ram=8
)
""",
    "fetch all": """
from canfar.sessions import Session

session = Session()
all_sessions = session.fetch()
print(len(all_sessions))
""",
    "fetch all, async": """
from canfar.sessions import AsyncSession

with AsyncSession() as session:
    all_sessions = await session.fetch()
    print(len(all_sessions))
""",
    "running notebooks": """
from canfar.sessions import Session

session = Session()
running = session.fetch(kind="notebook", status="Running")
print(running)
session.connect(running)
""",
    "running notebooks, async": """
from canfar.sessions import AsyncSession

async with AsyncSession() as session:
    running = await session.fetch(kind="notebook", status="Running")
    print(running)
    await session.connect(running)
""",
    "completed": """
from canfar.sessions import Session

session = Session()
completed = session.fetch(kind="headless", status="Succeeded")
print(completed)
""",
    "completed, async": """
from canfar.sessions import AsyncSession

async with AsyncSession() as session:
    completed = await session.fetch(kind="headless", status="Succeeded")
    print(completed)
""",
    "info": """
from canfar.sessions import Session

session = Session()
info = session.info(ids)
print(info)
""",
    "info, async": """
from canfar.sessions import AsyncSession

async with AsyncSession() as session:
    info = await session.info(ids)
    print(info)
""",
    "events": """
from canfar.sessions import Session

session = Session()
events = session.events(ids, verbose=True)
print(events)
""",
    "events, async": """
from canfar.sessions import AsyncSession

async with AsyncSession() as session:
    events = await session.events(ids, verbose=True)
    print(events)
""",
    "logs": """
from canfar.sessions import Session

session = Session()
logs = session.logs(ids, verbose=True)
""",
    "logs, async": """
from canfar.sessions import AsyncSession

async with AsyncSession() as session:
    logs = await session.logs(ids, verbose=True)
""",
    "destroy": """
from canfar.sessions import Session

session = Session()
result = session.destroy(ids)
print(result)  # {"id": True, ...}
""",
    "destroy, async": """
from canfar.sessions import AsyncSession

async with AsyncSession() as session:
    result = await session.destroy(ids)
    print(result)  # {"id": True, ...}
""",
    "bulk destroy": """
from canfar.sessions import Session

session = Session()
result = session.destroy_with(prefix="test-", kind="headless", status="Succeeded")
print(result)  # {"id": True, ...}
""",
    "bulk destroy, async": """
from canfar.sessions import AsyncSession

async with AsyncSession() as session:
    result = await session.destroy_with(prefix="test-", kind="headless", status="Succeeded")
    print(result)  # {"id": True, ...}
""",
}


@pytest.fixture
def opened(tmp_path, monkeypatch):
    import webbrowser

    seen = tmp_path / "opened"
    script = tmp_path / "browser.py"
    script.write_text(f"import sys; open({str(seen)!r}, 'a').write(sys.argv[1] + '\\n')")
    monkeypatch.setenv("BROWSER", f"{sys.executable} {script} %s")
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    return lambda: seen.read_text().splitlines() if seen.exists() else []


@pytest.fixture
def finished(canfar_platform):
    """Two sessions that completed, one that failed and a notebook that runs."""
    with Session() as session:
        ids = session.create("test-job", IMAGE, cmd="echo", args="Hello", replicas=2)
        failed = session.create("test-bad", IMAGE, cmd="false")
        notebook = session.create("nb", IMAGE, kind="notebook")
        session.wait(ids + failed + notebook)
        yield ids, notebook


def run(code, namespace):
    compiled = compile(textwrap.dedent(code), "<example>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = eval(compiled, namespace)  # noqa: S307 - our own examples
    if inspect.iscoroutine(result):
        asyncio.run(result)
    return namespace


def named(*words):
    return [name for name in EXAMPLES if any(name.startswith(word) for word in words)]


def test_there_are_24_of_them():
    assert len(EXAMPLES) == 24


@pytest.mark.parametrize("example", named("notebook"))
def test_a_notebook_is_created_and_opened(canfar_platform, opened, capsys, example):
    made = run(EXAMPLES[example], {})

    (each,) = made["ids"]
    assert capsys.readouterr().out == f"['{each}']\n"
    assert len(opened()) == 1
    assert each in opened()[0]
    with Session() as session:
        record = session.info(each)[0]
    assert (record.kind, record.is_fixed) == ("notebook", "fixed" in example)


@pytest.mark.parametrize("example", named("headless"))
def test_a_headless_session_says_hello(canfar_platform, capsys, example):
    (each,) = run(EXAMPLES[example], {})["ids"]

    assert capsys.readouterr().out == f"['{each}']\n"
    with Session() as session:
        assert session.wait(each)[0].status == "Completed"
        assert session.logs(each) == {each: "Hello, World!\n"}


def test_a_private_image_is_accepted(canfar_platform, capsys):
    run(EXAMPLES["private registry"], {"__name__": "__main__"})

    assert re.fullmatch(r"\['[a-z][a-z0-9]{7}'\]\n", capsys.readouterr().out)


@pytest.mark.parametrize(("example", "fixed"), [("flexible", False), ("fixed", True)])
def test_flexible_and_fixed(canfar_platform, example, fixed):
    ids = run(EXAMPLES[example], {})["ids"]

    with Session() as session:
        record = session.info(ids)[0]
    assert record.is_fixed is fixed
    assert record.requested_cores == (4 if fixed else None)


@pytest.mark.parametrize("example", named("fetch all"))
def test_all_sessions_are_counted(finished, capsys, example):
    run(EXAMPLES[example], {})

    assert capsys.readouterr().out == "4\n"


@pytest.mark.parametrize("example", named("running notebooks"))
def test_running_notebooks_are_shown_and_opened(finished, opened, capsys, example):
    run(EXAMPLES[example], {})

    assert finished[1][0] in capsys.readouterr().out
    assert len(opened()) == 1


@pytest.mark.parametrize("example", named("completed"))
def test_succeeded_finds_what_this_server_calls_completed(finished, capsys, example):
    found = run(EXAMPLES[example], {})["completed"]

    assert sorted(found.ids) == sorted(finished[0])
    printed = capsys.readouterr().out
    assert all(each in printed for each in finished[0])


@pytest.mark.parametrize("example", named("info"))
def test_details(finished, capsys, example):
    found = run(EXAMPLES[example], {"ids": finished[0]})["info"]

    assert found.ids == list(finished[0])
    printed = capsys.readouterr().out
    assert all(each in printed for each in finished[0])


@pytest.mark.parametrize("example", named("events"))
def test_events_are_printed_and_returned(finished, capsys, example):
    events = run(EXAMPLES[example], {"ids": finished[0]})["events"]

    assert [list(each) for each in events] == [[each] for each in finished[0]]
    assert capsys.readouterr().out.count("Scheduled") == 4  # printed by each, then as the list


@pytest.mark.parametrize("example", named("logs"))
def test_logs_are_printed_and_returned(finished, capsys, example):
    logs = run(EXAMPLES[example], {"ids": finished[0]})["logs"]

    assert logs == dict.fromkeys(finished[0], "Hello\n")
    assert capsys.readouterr().out.count("Hello\n") == 2


@pytest.mark.parametrize("example", named("destroy"))
def test_destroyed(finished, capsys, example):
    result = run(EXAMPLES[example], {"ids": finished[0]})["result"]

    assert result == dict.fromkeys(finished[0], True)
    assert capsys.readouterr().out == f"{dict(result)}\n"
    with Session() as session:
        assert len(session.fetch()) == 2


@pytest.mark.parametrize("example", named("bulk destroy"))
def test_bulk_destroyed(finished, example):
    result = run(EXAMPLES[example], {})["result"]

    assert result == dict.fromkeys(finished[0], True)
    with Session() as session:
        assert {record.name for record in session.fetch()} == {"test-bad", "nb"}
