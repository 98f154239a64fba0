"""What older servers answer, difference by difference, beside what today's does."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime

import httpx
import pytest
from platform_probe import IMAGE, Probe, until

from canfar.local import Context, LocalPlatform, ManualClock
from canfar.local.contract.generations import CURRENT, GENERATIONS, generation

NAMES = ("0.29", "1.0", "1.4")
IMAGES = {
    "carta": "images.canfar.net/skaha/carta:4.0",
    "contributed": "images.canfar.net/skaha/vscode:latest",
    "desktop": "images.canfar.net/skaha/desktop:1.1.2",
    "headless": IMAGE,
    "notebook": IMAGE,
}


class Old:
    """A platform of a generation, and what two of its users may ask of it."""

    def __init__(self, name, **options):
        clock = ManualClock(datetime(2026, 1, 2, 3, 4, 0, tzinfo=UTC))
        self.name = name
        self.platform = LocalPlatform(
            username="alice",
            users={"bob": "bobs"},
            clock=clock,
            generation=name,
            **{"grace": 0.2, **options},
        )

    def __enter__(self):
        self.platform.start()
        self.alice = Probe(self.platform)
        self.bob = Probe(self.platform, "bobs")
        self.root = self.platform.url.rpartition("/")[0]
        return self

    def __exit__(self, *_):
        self.alice.close()
        self.bob.close()
        self.platform.stop()

    def session(self, kind="notebook", **fields):
        return self.alice.create(type=kind, image=IMAGES[kind], **fields)

    def shown(self, kind="notebook", **fields):
        return self.alice.show(self.session(kind, **fields))


@pytest.fixture(params=NAMES)
def old(request):
    with Old(request.param) as stage:
        yield stage


def by_name(old, *expected):
    """What is expected of the generation under test."""
    return dict(zip(NAMES, expected, strict=True))[old.name]


def test_the_versioned_path_is_the_only_one(old):
    assert old.platform.url.endswith(by_name(old, "/skaha/v0", "/skaha/v1", "/skaha/v1"))
    other = by_name(old, "v1", "v0", "v0")

    reply = old.alice.get(f"{old.root}/{other}/session")

    assert reply.status_code == 404
    assert reply.headers["content-type"] == "text/html;charset=utf-8"
    assert old.alice.get("/session").json() == []
    assert old.platform.count("list") == 1


def test_anonymous_is_401_before_1_4(old):
    reply = httpx.get(f"{old.platform.url}/session")

    unauthorized = (401, "Unauthorized\n")
    today = (400, "cannot get group memberships for anonymous\n")
    expected = by_name(old, unauthorized, unauthorized, today)
    assert (reply.status_code, reply.text) == expected
    assert reply.headers["www-authenticate"] == "Bearer"


def test_a_false_callback_token_is_403_in_all(old):
    reply = httpx.get(f"{old.platform.url}/session", headers={"x-auth-token-skaha": "x"})
    assert (reply.status_code, reply.text) == (403, "Invalid auth token\n")


def test_the_end_of_a_command_has_two_names(old):
    done = old.alice.run("true")
    failed = old.alice.run("false")

    old.alice.until_status(done, by_name(old, "Succeeded", "Completed", "Completed"))
    old.alice.until_status(failed, "Failed")
    word = by_name(old, "succeeded", "completed", "completed")
    assert old.alice.ids(status=word) == [done]


def stubborn(old):
    """A session that, once deleted, ends when there is a file ``go`` in its home."""
    script = "trap\t:\tTERM;echo\tup;until\ttest\t-e\t~/go;do\tsleep\t0.02;done"
    session = old.alice.run("sh", "-c", script)
    until(lambda: old.alice.logs(session) == "up\n")
    old.alice.delete(f"/session/{session}")
    return session


def test_what_is_being_deleted_is_seen_as_terminating_only_in_0_29():
    for name in NAMES:
        with Old(name, grace=60) as old:
            session = stubborn(old)
            found = old.alice.get("/session").json()

            assert [one["status"] for one in found] == by_name(old, ["Terminating"], [], [])
            expected = by_name(old, 200, 404, 404)
            assert old.alice.get(f"/session/{session}").status_code == expected
            assert old.alice.delete(f"/session/{session}").status_code == 200
            (old.platform.home / "go").touch()


def test_what_was_being_deleted_is_gone_in_the_end(old):
    session = stubborn(old)
    (old.platform.home / "go").touch()
    until(lambda: old.alice.get(f"/session/{session}").status_code == 404)
    assert old.alice.ids() == []


def test_missing_values_are_a_text_in_0_29():
    for name in NAMES:
        with Old(name, max_running=0) as old:
            shown = old.shown("headless", cmd="true")

            expected = by_name(old, "<none>", None, None)
            for field in (
                *("appid", "startTime", "expiryTime", "ramInUse", "cpuCoresInUse"),
                *("gpuRAMInUse", "gpuUtilization"),
            ):
                assert shown.get(field) == expected, (name, field)
            (public,) = old.alice.get("/session", params={"view": "all"}).json()
            assert public.get("startTime") == expected
            assert None not in shown.values()


def test_times_have_seconds_in_0_29(old):
    shown = old.shown()
    today = "2026-01-02T03:04Z"
    assert shown["startTime"] == by_name(old, "2026-01-02T03:04:00Z", today, today)
    assert shown["expiryTime"] == "2026-01-06T03:04:00Z"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("headless", ("not-applicable", "", "")),
        ("carta", ("/session/carta/http/{id}/",) * 2 + ("/session/carta/{id}/",)),
        ("contributed", ("/session/contrib/{id}/",) * 3),
    ],
)
def test_connect_urls(old, kind, expected):
    shown = old.shown(kind)

    path = by_name(old, *expected).format(id=shown["id"])
    base = old.root.removesuffix("/skaha") if path.startswith("/") else ""
    assert shown["connectURL"] == base + path


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"cores": "2", "ram": "8"}, [("8G", "2"), ("8.59", "2"), ("8.59", "2")]),
        ({"ram": "16"}, [("16G", "2"), ("17.18", "1"), ("17.18", "1")]),
        ({"cores": "4"}, [("8G", "4"), (None, None), (None, None)]),
        ({}, [("8G", "2"), (None, None), (None, None)]),
    ],
)
def test_requested_resources_and_defaults(old, asked, expected):
    shown = old.shown(**asked)

    found = (shown.get("requestedRAM"), shown.get("requestedCPUCores"))
    assert found == by_name(old, *expected)
    fixed = "ram" in asked
    assert shown.get("isFixedResources") == by_name(old, None, fixed, fixed)
    assert shown["requestedGPUCores"] == "0"


def test_headless_sessions_and_desktops_have_defaults_of_their_own(old):
    headless, desktop = old.shown("headless"), old.shown("desktop")

    assert headless.get("requestedRAM") == by_name(old, "4G", None, None)
    assert desktop.get("requestedRAM") == by_name(old, "1G", None, None)
    assert desktop.get("requestedCPUCores") == by_name(old, "250m", None, None)


def test_apps_have_the_default_too(old):
    desktop = old.session("desktop")
    reply = old.alice.post(f"/session/{desktop}/app", data={"image": IMAGE})
    (app,) = old.alice.get(f"/session/{desktop}/app").json()

    assert app["appid"] == reply.text.strip()
    assert app.get("requestedRAM") == by_name(old, "8G", None, None)
    assert app["connectURL"] == by_name(old, "not-applicable", "", "")


def test_fields_keep_their_order(old):
    today = list(old.shown(ram="8"))
    names = [name for name in today if name != "isFixedResources"]
    assert names[:5] == ["id", "userid", "runAsUID", "runAsGID", "supplementalGroups"]
    assert names.index("startTime") + 1 == names.index("expiryTime")
    assert today[-1] == by_name(old, "gpuUtilization", "isFixedResources", "isFixedResources")


def test_deleting_what_is_not_there(old):
    reply = old.alice.delete("/session/nosuch00")
    expected = by_name(old, (404, "nosuch00\n"), (200, ""), (200, ""))
    assert (reply.status_code, reply.text) == expected


def test_deleting_what_is_somebody_elses(old):
    session = old.session()
    reply = old.bob.delete(f"/session/{session}")

    expected = by_name(old, (403, "forbidden\n"), (200, ""), (200, ""))
    assert (reply.status_code, reply.text) == expected
    assert old.alice.ids() == [session]
    assert old.alice.delete(f"/session/{session}").status_code == 200
    assert old.alice.ids() == []


def test_an_image_must_have_the_label_of_the_type_in_0_29(old):
    reply = old.alice.form(type="carta")

    assert reply.status_code == by_name(old, 400, 200, 200)
    if reply.status_code == 400:
        assert reply.text == f"image/type mismatch: {IMAGE}/carta\n"


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"cores": "2.5"}, "cores"), ({"ram": "8.5"}, "ram"), ({"cores": "2e0"}, "cores")],
)
def test_resources_were_whole_numbers(old, fields, name):
    reply = old.alice.form(type="notebook", **fields)

    assert reply.status_code == by_name(old, 400, 400, 200)
    if reply.status_code == 400:
        assert reply.text == f"Invalid value for '{name}': {fields[name]}\n"


def test_the_resources_on_offer(old):
    reply = old.alice.get("/context")
    offered = reply.json()

    defaults = {"default", "defaultRequest", "defaultLimit", "options"}
    before = {"default", "defaultHeadless", "options"}
    assert set(offered["cores"]) == by_name(old, before, defaults, defaults)
    assert offered.get("maxInteractiveSessions") == by_name(old, None, None, "5")
    assert reply.text[-1] == by_name(old, "\n", "}", "}")
    assert reply.headers["content-type"] == "application/json"


def test_a_limit_range_is_known_since_1_1():
    with Old("1.0", context=Context.of_limit_range(cores=4)) as old:
        offered = old.alice.get("/context").json()
        assert offered["cores"]["options"] == [1, 2, 3, 4]
        assert "maxInteractiveSessions" not in offered


def test_statistics_counted_instances(old):
    desktop = old.session("desktop")
    old.alice.post(f"/session/{desktop}/app", data={"image": IMAGE})
    old.session("notebook", ram="8")
    old.alice.create(cmd="sleep", args="600")

    stats = old.alice.get("/session", params={"view": "stats"}).json()

    counted = {"session": 2, "desktopApp": 1, "headless": 1, "total": 4}
    assert stats.get("instances") == by_name(old, counted, counted, None)
    node, today = {"cpuCores": 16.0, "withRam": "192G"}, {"cpuCores": 8.0, "withRam": "32Gi"}
    assert stats["cores"]["maxCPUCores"] == by_name(old, node, node, today)


@pytest.mark.parametrize("name", NAMES)
def test_statistics_that_fail(name):
    with Old(name, metrics=False) as old:
        reply = old.alice.get("/session", params={"view": "stats"})

    assert reply.status_code == by_name(old, 500, 500, 503)
    sentence = "failed to gather resource statistics"
    today = "temporarily unavailable: null\n"
    assert reply.text.endswith(by_name(old, sentence, sentence, today))
    assert reply.headers.get("retry-after") == by_name(old, None, None, "30")


def test_the_interactive_view_is_a_plain_list_before_1_1_4(old):
    notebook = old.session()
    headless = old.alice.create()

    found = set(old.alice.ids(view="interactive"))

    both = {notebook, headless}
    assert found == by_name(old, both, both, {notebook})


def test_capabilities_name_what_is_there(old):
    reply = httpx.get(f"{old.root}/capabilities")
    paths = re.findall(r"/skaha/(v[^<]*)", reply.text)

    versioned = {path for path in paths if path.startswith("v1/")}
    expected = {"v1/session", "v1/context", "v1/image", "v1/repository"}
    assert versioned == by_name(old, set(), expected, expected)
    assert "v0" in paths


def test_renewing_and_events_and_logs_are_the_same_in_all(old):
    session = old.session()
    old.platform.advance(days=1)

    assert old.alice.post(f"/session/{session}", data={"action": "renew"}).status_code == 200
    assert old.alice.show(session)["expiryTime"] == "2026-01-07T03:04:00Z"
    assert old.alice.logs("nosuch00") == ""
    assert old.alice.get("/session/nosuch00").text == "session nosuch00 not found\n"


def test_a_generation_that_is_none_is_refused():
    assert tuple(sorted(GENERATIONS)) == NAMES
    assert generation("1.4") is CURRENT
    with pytest.raises(ValueError, match=r"no generation of Skaha; these are: 1\.4, 1\.0, 0\.29"):
        LocalPlatform(generation="1.3")


def test_the_command_line_takes_a_generation():
    command = [sys.executable, "-m", "canfar.local", "--generation", "0.29"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as serving:
        url = serving.stdout.readline().strip()
        serving.terminate()
        serving.stdout.read()
    assert url.endswith("/skaha/v0")


def test_faults_know_where_the_operations_are(old):
    old.platform.fail("list", times=1)
    assert old.alice.get("/session").status_code == 503
    assert old.alice.get("/session").status_code == 200
