"""What time and the user do to a session: expiry, retention, renewal, deletion, apps."""

from __future__ import annotations

import pytest
from platform_probe import until

TERMINAL = "images.canfar.net/skaha/terminal:1.1.2"


def test_an_interactive_session_fails_after_four_days_and_goes_a_day_later(stage):
    mine = stage.alice.create(type="notebook")

    stage.platform.advance(hours=95)
    assert stage.alice.status(mine) == "Running"
    stage.platform.advance(hours=1)
    assert stage.alice.status(mine) == "Failed"
    stage.platform.advance(hours=23, minutes=59)
    assert stage.alice.ids() == [mine]
    stage.platform.advance(minutes=1)
    assert stage.alice.ids() == []
    assert stage.alice.get(f"/session/{mine}").status_code == 404


def test_a_finished_headless_session_is_kept_for_an_hour(stage):
    mine = stage.alice.create()

    stage.platform.advance(minutes=59)
    assert stage.alice.status(mine) == "Completed"
    assert stage.alice.logs(mine)
    stage.platform.advance(minutes=1)
    assert stage.alice.ids() == []
    assert stage.alice.logs(mine) == ""
    assert stage.alice.get(f"/session/{mine}?view=events").status_code == 404


def test_a_headless_session_is_ended_after_fourteen_days(stage):
    mine = stage.alice.run("sleep", "600")
    stage.alice.until_status(mine, "Running")

    stage.platform.advance(days=14)

    assert stage.alice.status(mine) == "Failed"
    stage.platform.advance(hours=1)
    assert stage.alice.ids() == []


def test_events_are_forgotten_after_an_hour(stage):
    mine = stage.alice.create(type="carta")

    stage.platform.advance(hours=1)

    assert stage.alice.events(mine) == "<none>\n"


def test_finished_sessions_do_not_count_against_the_limit(stage):
    for _ in range(5):
        stage.alice.create(type="carta")

    stage.platform.advance(days=4)

    assert stage.alice.form(type="carta").status_code == 200


def renew(client, session_id, **form):
    return client.post(f"/session/{session_id}", data=form or {"action": "renew"})


def test_renewing_gives_four_days_from_now(stage):
    mine = stage.alice.create(type="carta")
    stage.platform.advance(hours=10)

    reply = renew(stage.alice, mine, ACTION="Renew")

    assert (reply.status_code, reply.content) == (200, b"")
    assert "content-type" not in reply.headers
    assert stage.alice.show(mine)["expiryTime"] == "2026-01-06T13:04:05Z"
    stage.platform.advance(hours=90)
    assert stage.alice.status(mine) == "Running"


def test_renewing_a_headless_session_changes_nothing_until_the_last_four_days(stage):
    mine = stage.alice.run("sleep", "600")
    stage.alice.until_status(mine, "Running")

    assert renew(stage.alice, mine).status_code == 200
    assert stage.alice.show(mine)["expiryTime"] == "2026-01-16T03:04:05Z"
    stage.platform.advance(days=13)
    renew(stage.alice, mine)
    assert stage.alice.show(mine)["expiryTime"] == "2026-01-19T03:04:05Z"


def test_renewing_a_desktop_renews_its_apps(stage):
    desktop = stage.alice.create(type="desktop")
    app = stage.alice.post(f"/session/{desktop}/app", data={"image": TERMINAL}).text.strip()
    stage.platform.advance(days=1)

    renew(stage.alice, desktop)

    shown = stage.alice.get(f"/session/{desktop}/app/{app}").json()
    assert shown["expiryTime"] == "2026-01-07T03:04:05Z"


def test_what_has_ended_or_never_was_cannot_be_renewed(stage):
    finished = stage.alice.create()

    for session_id in (finished, "nosuch00"):
        reply = renew(stage.alice, session_id)
        assert reply.status_code == 400
        assert reply.text == (
            "No active job for user PosixPrincipal [uidNumber=1000,1000,alice] "
            f"with session {session_id}\n"
        )


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ({"nothing": "x"}, "Cannot modify an existing session\n"),
        ({"action": "stop"}, "unrecognized action\n"),
        ({"action": ""}, "unrecognized action\n"),
    ],
)
def test_nothing_but_renewing_exists(still, form, body):
    reply = still.post("/session/abc", data=form)

    assert (reply.status_code, reply.text) == (400, body)


def test_renewing_by_query_needs_a_form_content_type_too(still):
    reply = still.post("/session/abc?action=renew")

    assert reply.text == "Cannot modify an existing session\n"


@pytest.mark.parametrize("session_id", ["nosuch00", "a$b", "-", "a" * 70])
def test_deleting_anything_is_200_and_empty(still, session_id):
    reply = still.delete(f"/session/{session_id}")

    assert (reply.status_code, reply.content) == (200, b"")
    assert "content-type" not in reply.headers


def test_deleting_everything_at_once_is_refused(still):
    reply = still.delete("/session")

    assert (reply.status_code, reply.text) == (400, "Cannot kill all sessions.\n")


def test_a_deleted_session_is_gone_at_once(stage):
    mine = stage.alice.create(type="notebook")

    assert stage.alice.delete(f"/session/{mine}").status_code == 200

    assert stage.alice.ids() == []
    assert stage.alice.get(f"/session/{mine}").status_code == 404
    assert stage.alice.logs(mine) == ""


def test_logs_and_events_can_be_read_while_processes_end(stage):
    mine = stage.alice.create(
        cmd="python",
        args="-uc import\tsignal,time;signal.signal(15,signal.SIG_IGN);print('up');time.sleep(60)",
    )
    until(lambda: stage.alice.logs(mine) == "up\n")

    stage.alice.delete(f"/session/{mine}")

    assert stage.alice.ids() == []
    assert stage.alice.logs(mine) == "up\n"
    assert "Killing" in stage.alice.events(mine)
    renewed = renew(stage.alice, mine)
    assert renewed.status_code == 400


def attach(client, desktop, **form):
    return client.post(f"/session/{desktop}/app", data={"image": TERMINAL, **form})


def test_an_app_is_attached_to_a_desktop(stage):
    desktop = stage.alice.create(type="desktop")

    reply = attach(stage.alice, desktop, cores="1", ram="4", name="ignored")

    app = reply.text.strip()
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/plain"
    assert (len(app), reply.text[-1]) == (3, "\n")
    shown = stage.alice.get(f"/session/{desktop}/app/{app}").json()
    assert list(shown)[5] == "appid"
    assert shown["id"] == desktop
    assert shown["appid"] == app
    assert shown["type"] == "desktop-app"
    assert shown["name"] == "terminal-1-1-2"
    assert shown["connectURL"] == ""
    assert shown["requestedRAM"] == "4.29"
    assert shown["requestedCPUCores"] == "1"
    assert stage.alice.get(f"/session/{desktop}/app").json() == [shown]


def test_apps_are_listed_whatever_the_desktop(stage):
    desktop = stage.alice.create(type="desktop")
    attach(stage.alice, desktop)
    theirs = stage.bob.create(type="desktop")
    attach(stage.bob, theirs)

    assert len(stage.alice.get("/session/whatever/app").json()) == 1
    assert stage.alice.get("/session/whatever/app?status=Failed").json() == []
    everybody = stage.alice.get("/session/whatever/app?view=all").json()
    assert [sorted(app) for app in everybody] == [["startTime", "status", "type", "userid"]] * 2


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ({"image": ""}, None),
        ({"cores": "99"}, "Invalid value for 'cores': 99\n"),
        ({"ram": "3"}, "Invalid value for 'ram': 3\n"),
        ({"image": "docker.io/any/thing"}, None),
        ({"gpus": "0"}, None),
    ],
)
def test_only_image_cores_and_ram_of_an_app_are_read(stage, form, body):
    desktop = stage.alice.create(type="desktop")

    reply = attach(stage.alice, desktop, **form)

    if body is None:
        assert reply.status_code == 200
    else:
        assert (reply.status_code, reply.text) == (400, body)


def test_an_app_needs_an_image_and_a_desktop_of_ones_own(stage):
    notebook = stage.alice.create(type="notebook")
    theirs = stage.bob.create(type="desktop")

    missing = stage.alice.post(f"/session/{notebook}/app", data={"x": "y"})
    assert (missing.status_code, missing.text) == (400, "Missing parameter 'image'\n")
    for session_id in (notebook, theirs, "abc"):
        reply = attach(stage.alice, session_id)
        assert (reply.status_code, reply.text) == (404, f"session {session_id} not found\n")


def test_an_app_cannot_be_changed(still):
    without = still.post("/session/abc/app/xyz", data={"x": "y"})
    with_image = still.post("/session/abc/app/xyz", data={"image": TERMINAL})

    assert (without.status_code, without.text) == (400, "Missing parameter 'image'\n")
    assert (with_image.status_code, with_image.text) == (400, "Cannot modify an existing app.\n")


def test_an_app_is_deleted_by_its_id_or_with_its_desktop(stage):
    desktop = stage.alice.create(type="desktop")
    first, _second = (attach(stage.alice, desktop).text.strip() for _ in range(2))
    path = f"/session/{desktop}/app"

    refused = stage.alice.delete(path)
    assert (refused.status_code, refused.text) == (400, "Missing app ID\n")
    assert "this desktop app" in stage.alice.logs(desktop)
    assert stage.alice.events(desktop) == "<none>\n"
    for _ in range(2):
        reply = stage.alice.delete(f"{path}/{first}")
        assert (reply.status_code, reply.content) == (200, b"")
    assert len(stage.alice.get(path).json()) == 1
    stage.alice.delete(f"/session/{desktop}")
    assert stage.alice.get(path).json() == []


def test_an_app_that_is_not_there_is_404(still):
    reply = still.get("/session/abc/app/xyz")
    odd = still.get("/session/abc/app/x$")

    assert reply.status_code == 404
    assert reply.text == "desktop app with session abc and app ID xyz was not found\n"
    assert (odd.status_code, odd.text) == (
        400,
        "canfar.net/appid label value must match Kubernetes label value syntax\n",
    )
