"""connect: a real browser command is given the address."""

import sys

import pytest

from canfar.errors import SessionFailed

IMAGE = "images.canfar.net/skaha/astroml:latest"


@pytest.fixture
def opened(tmp_path, monkeypatch):
    """Name a program as the browser that writes down what it is asked to open."""
    import webbrowser

    seen = tmp_path / "opened"
    script = tmp_path / "browser.py"
    script.write_text(f"import sys; open({str(seen)!r}, 'a').write(sys.argv[1] + '\\n')")
    monkeypatch.setenv("BROWSER", f"{sys.executable} {script} %s")
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    return lambda: seen.read_text().splitlines() if seen.exists() else []


def test_each_session_is_opened_once_it_runs(session, opened):
    ids = session.create("nb", IMAGE, kind="notebook", replicas=2)

    addresses = session.connect(ids)

    assert list(addresses) == ids
    assert sorted(opened()) == sorted(addresses.values())
    assert all(f"/session/notebook/{each}/" in addresses[each] for each in ids)


def test_what_fetch_returned_can_be_opened(session, opened):
    session.wait(session.create("nb", IMAGE, kind="notebook"))

    session.connect(session.fetch(kind="notebook", status="Running"))

    assert len(opened()) == 1


def test_a_session_without_a_page_says_so(session, opened):
    ids = session.create("long", IMAGE, cmd="sleep", args="300")
    session.wait(ids, until="running")

    with pytest.raises(SessionFailed, match="headless session has no page"):
        session.connect(ids)
    assert opened() == []


def test_a_session_that_will_never_run_says_so(session, opened):
    ids = session.create("done", IMAGE, cmd="true")
    session.wait(ids)

    with pytest.raises(SessionFailed, match="done is Completed and will not run"):
        session.connect(ids)
    assert opened() == []


def test_the_others_are_opened_all_the_same(session, opened):
    done = session.create("done", IMAGE, cmd="true")
    ready = session.create("nb", IMAGE, kind="notebook")
    session.wait(done + ready)

    addresses = session.connect(done + ready)

    assert list(addresses) == list(ready)
    assert isinstance(addresses.errors[done[0]], SessionFailed)
    assert len(opened()) == 1


def test_without_a_browser_the_address_is_said(session, monkeypatch, caplog):
    import webbrowser

    monkeypatch.setattr(webbrowser, "open_new_tab", lambda url: False)
    ids = session.create("nb", IMAGE, kind="notebook")

    addresses = session.connect(ids)

    assert addresses[ids[0]] in caplog.text


def test_only_where_they_can_be_opened(session, opened):
    ids = session.create("nb", IMAGE, kind="notebook")
    told = []

    addresses = session.connect(ids, browser=False, on_change=told.append)

    assert f"/session/notebook/{ids[0]}/" in addresses[ids[0]]
    assert told[-1].status == "Running"
    assert opened() == []


def test_nothing_to_open(session, opened):
    assert session.connect([]) == {}
