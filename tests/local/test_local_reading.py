"""Lists, single sessions, statistics and the small resources."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest
from platform_probe import IMAGE, Probe

from canfar.local import Context, Image, LocalPlatform


def test_a_headless_session_reads_as_the_worked_example(stage):
    mine = stage.alice.create()

    reply = stage.alice.get(f"/session/{mine}")

    assert reply.headers["content-type"] == "application/json"
    assert reply.text == dedent(
        f"""\
        {{
          "id": "{mine}",
          "userid": "alice",
          "runAsUID": "1000",
          "runAsGID": "1000",
          "supplementalGroups": [
            30000
          ],
          "image": "images.canfar.net/skaha/astroml:latest",
          "type": "headless",
          "status": "Completed",
          "name": "demo",
          "startTime": "2026-01-02T03:04:05Z",
          "expiryTime": "2026-01-16T03:04:05Z",
          "connectURL": "",
          "requestedGPUCores": "0",
          "isFixedResources": false
        }}"""
    )


def test_a_fixed_notebook_with_a_gpu_reads_as_the_worked_example(stage):
    mine = stage.alice.create(type="notebook", cores="2", ram="8", gpus="1")

    shown = stage.alice.show(mine)

    root = stage.platform.url.removesuffix("/skaha/v1")
    assert (
        shown["connectURL"]
        == f"{root}/session/notebook/{mine}/lab/tree/cavern/home/alice?token={mine}"
    )
    assert list(shown)[-5:] == [
        "connectURL",
        "requestedRAM",
        "requestedCPUCores",
        "requestedGPUCores",
        "isFixedResources",
    ]
    assert shown["requestedRAM"] == "8.59"
    assert shown["requestedCPUCores"] == "2"
    assert shown["requestedGPUCores"] == "1"
    assert shown["isFixedResources"] is True
    assert shown["expiryTime"] == "2026-01-06T03:04:05Z"


@pytest.mark.parametrize(
    ("form", "ram", "cores"),
    [
        ({"ram": "1"}, "1.07", "1"),
        ({"ram": "192"}, "206.16", "1"),
        ({"ram": "2.5", "cores": "2.5"}, "2.68", "2.500"),
        ({"cores": "4"}, None, None),
        ({"type": "desktop", "cores": "2", "ram": "8"}, None, None),
        ({"type": "firefly"}, "4.29", "0.100"),
    ],
)
def test_memory_alone_decides_whether_resources_are_fixed(stage, form, ram, cores):
    shown = stage.alice.show(stage.alice.create(**form))

    assert shown["isFixedResources"] is (ram is not None)
    assert shown.get("requestedRAM") == ram
    assert shown.get("requestedCPUCores") == cores


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("desktop", "/session/desktop/{0}/?password={0}&path=session/desktop/{0}/"),
        ("notebook", "/session/notebook/{0}/lab/tree/cavern/home/alice?token={0}"),
        ("carta", "/session/carta/{0}/"),
        ("contributed", "/session/contrib/{0}/"),
        ("firefly", "/session/firefly/{0}/firefly/"),
    ],
)
def test_an_interactive_session_answers_at_its_url_until_it_is_deleted(stage, kind, path):
    mine = stage.alice.create(type=kind)
    url = stage.alice.show(mine)["connectURL"]
    root = stage.platform.url.removesuffix("/skaha/v1")

    page = stage.alice.get(url)

    assert url == root + path.format(mine)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html;charset=utf-8"
    assert mine in page.text
    assert IMAGE in page.text
    stage.alice.delete(f"/session/{mine}")
    assert stage.alice.get(url).status_code == 404


def test_a_page_under_the_wrong_type_is_not_there(stage):
    mine = stage.alice.create(type="carta")
    root = stage.platform.url.removesuffix("/skaha/v1")

    assert stage.alice.get(f"{root}/session/notebook/{mine}/").status_code == 404


def test_a_session_that_starts_slowly_is_pending_first():
    with LocalPlatform(startup=30) as platform, Probe(platform) as probe:
        mine = probe.create(type="carta")
        url = probe.show(mine)["connectURL"]

        assert probe.status(mine) == "Pending"
        assert probe.get(url).status_code == 503
        assert "Started" not in probe.events(mine)
        platform.advance(seconds=31)
        assert probe.status(mine) == "Running"
        assert probe.get(url).status_code == 200
        assert "Started" in probe.events(mine)


def test_an_empty_list_is_two_brackets(stage):
    assert stage.alice.get("/session").text == "[]"


def test_a_list_is_laid_out_and_ordered_by_type_and_id(stage):
    ids = [stage.alice.create(type=kind) for kind in ("notebook", "headless", "carta", "headless")]

    reply = stage.alice.get("/session")

    assert reply.text == json.dumps(reply.json(), indent=2)
    assert [(one["type"], one["id"]) for one in reply.json()] == [
        ("carta", ids[2]),
        *(("headless", one) for one in sorted([ids[1], ids[3]])),
        ("notebook", ids[0]),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"carta", "desktop", "headless"}),
        ({"type": "CARTA"}, {"carta"}),
        ({"type": "nonsense"}, set()),
        ({"type": "desktop-app"}, {"desktop-app"}),
        ({"status": "running"}, {"carta", "desktop"}),
        ({"status": "Completed"}, {"headless"}),
        ({"status": "Run"}, set()),
        ({"status": ""}, set()),
        ({"type": "carta", "status": "Completed"}, set()),
        ({"view": "interactive"}, {"carta", "desktop", "desktop-app"}),
        ({"view": "INTERACTIVE", "type": "carta"}, {"carta", "desktop", "desktop-app"}),
        ({"view": "interactive", "status": "Completed"}, set()),
        ({"view": "ALL"}, {"carta", "desktop", "headless"}),
        ({"view": "whatever"}, {"carta", "desktop", "headless"}),
    ],
)
def test_filters_never_fail(stage, query, found):
    alice = stage.alice
    alice.create(type="carta")
    alice.create()
    desktop = alice.create(type="desktop")
    alice.post(f"/session/{desktop}/app", data={"image": "images.canfar.net/skaha/terminal:1.1.2"})
    stage.bob.create(type="notebook")

    reply = alice.get("/session", params=query)

    assert reply.status_code == 200
    assert {one["type"] for one in reply.json()} == found


def test_everybodys_sessions_show_four_fields(stage):
    stage.alice.create()
    stage.bob.create(type="notebook")

    reply = stage.alice.get("/session", params={"view": "all"})
    running = stage.alice.get("/session", params={"view": "all", "status": "running"})

    assert len(reply.json()) == 2
    assert running.text == dedent(
        """\
        [
          {
            "userid": "bob",
            "type": "notebook",
            "status": "Running",
            "startTime": "2026-01-02T03:04:05Z"
          }
        ]"""
    )


def test_a_start_on_the_minute_has_no_seconds(stage):
    stage.platform.advance(seconds=55)

    shown = stage.alice.show(stage.alice.create())

    assert shown["startTime"] == "2026-01-02T03:05Z"
    assert shown["expiryTime"] == "2026-01-16T03:05:00Z"


def test_somebody_elses_session_is_no_session(stage):
    hers = stage.alice.create(type="notebook")

    assert stage.bob.get(f"/session/{hers}").status_code == 404
    assert stage.bob.logs(hers) == ""
    assert stage.bob.get(f"/session/{hers}?view=events").status_code == 404
    renewed = stage.bob.post(f"/session/{hers}", data={"action": "renew"})
    assert renewed.status_code == 400
    assert stage.bob.delete(f"/session/{hers}").status_code == 200
    assert stage.alice.status(hers) == "Running"


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/session/nosuch00", 404, "session nosuch00 not found\n"),
        ("/session/nosuch00?view=LOGS", 404, "session nosuch00 not found\n"),
        ("/session/nosuch00?view=events", 404, "session nosuch00 not found.\n"),
        ("/session/nosuch00?view=logs", 200, ""),
        ("/session/?view=events", 404, "session  not found.\n"),
    ],
)
@pytest.mark.parametrize("_again", range(1))
def test_an_unknown_session_is_404_but_its_logs_are_empty(still, path, status, body, _again):
    reply = still.get(path)

    assert (reply.status_code, reply.text) == (status, body)
    assert reply.headers["content-type"] == "text/plain"


@pytest.mark.parametrize("view", ["", "?view=logs", "?view=events"])
@pytest.mark.parametrize(
    ("session_id", "problem"),
    [
        ("a$b", "must match Kubernetes label value syntax"),
        ("-a", "must match Kubernetes label value syntax"),
        ("a" * 64, "exceeds 63 characters"),
    ],
)
def test_an_id_that_is_no_label_is_400(still, view, session_id, problem):
    reply = still.get(f"/session/{session_id}{view}")

    assert (reply.status_code, reply.text) == (400, f"canfar.net/id label value {problem}\n")


def test_events_are_a_table(stage):
    mine = stage.alice.create(type="carta")

    reply = stage.alice.get(f"/session/{mine}?view=events")

    assert reply.headers["content-type"] == "text/plain"
    lines = reply.text.splitlines()
    assert lines[0].split() == ["TYPE", "REASON", "MESSAGE", "FIRST-TIME", "LAST-TIME"]
    assert reply.text.endswith("Z\n")
    for line in lines[1:]:
        parts = [part for part in line.split("   ") if part.strip()]
        assert len(parts) == 5
        assert lines[0].index("MESSAGE") == line.index(parts[2].strip())
        assert parts[4].strip() == "2026-01-02T03:04:05Z"
    assert [line.split()[1] for line in lines[1:]] == ["Scheduled", "Pulled", "Created", "Started"]


def test_statistics_sum_up_what_is_reserved(stage):
    stage.alice.create(type="notebook", cores="2.5", ram="8")
    stage.bob.create(type="carta")

    reply = stage.alice.get("/session?view=stats")

    assert reply.text == dedent(
        """\
        {
          "cores": {
            "requestedCPUCores": 3.5,
            "cpuCoresAvailable": 64.0,
            "maxCPUCores": {
              "cpuCores": 8.0,
              "withRam": "32Gi"
            }
          },
          "ram": {
            "requestedRAM": "12.885G",
            "ramAvailable": "549.756G",
            "maxRAM": {
              "ram": "32Gi",
              "withCPUCores": 8.0
            }
          }
        }"""
    )


def test_a_platform_without_metrics_has_no_statistics():
    with LocalPlatform(metrics=False) as platform, Probe(platform) as probe:
        reply = probe.get("/session?view=stats")

    assert (reply.status_code, reply.text) == (503, "temporarily unavailable: null\n")
    assert reply.headers["retry-after"] == "30"


def test_the_context_is_compact_and_says_what_skaha_ships_with(still):
    reply = still.get("/context")

    assert reply.headers["content-type"] == "application/json"
    assert reply.text.startswith('{"cores":{"default":2,"defaultRequest":1,"defaultLimit":8,')
    context = reply.json()
    assert context["cores"]["options"] == list(range(1, 17))
    assert context["memoryGB"]["options"][-1] == 192
    assert context["gpus"]["options"] == list(range(1, 29))
    assert context["maxInteractiveSessions"] == "5"


def test_a_limit_range_spells_some_things_in_another_way():
    limits = Context.of_limit_range(cores=8, memory=24)
    with LocalPlatform(context=limits) as platform, Probe(platform) as probe:
        context = probe.get("/context").json()
        stats = probe.get("/session?view=stats").json()
        refused = probe.form(gpus="1")

    assert context["memoryGB"]["options"] == list(range(1, 25))
    assert context["cores"]["default"] == context["cores"]["defaultRequest"] == 1
    assert context["gpus"]["options"] == []
    assert context["maxInteractiveSessions"] == 5
    assert stats["ram"]["maxRAM"] == {"ram": "24G", "withCPUCores": 8.0}
    assert stats["ram"]["requestedRAM"] == "0G"
    assert refused.text == "Invalid value for 'gpus': 1\n"


def test_images_are_listed_by_type(still):
    everything = still.get("/image")
    cartas = still.get("/image?type=carta").json()

    assert everything.headers["content-type"] == "application/json"
    assert IMAGE in [image["id"] for image in everything.json()]
    assert everything.text == json.dumps(everything.json(), indent=2)
    assert list(cartas[0]) == ["id", "types", "digest"]
    assert {kind for image in cartas for kind in image["types"]} == {"carta"}


@pytest.mark.parametrize("kind", ["foo", "", "Carta"])
def test_an_image_type_that_is_unknown_is_refused(still, kind):
    reply = still.get("/image", params={"type": kind})

    assert (reply.status_code, reply.text) == (400, f"unknown type: {kind}\n")


def test_images_of_ones_own_come_on_top():
    own = Image("images.canfar.net/me/mine:1", ("notebook",))
    with (
        LocalPlatform(images=[own, "images.canfar.net/me/job:2"]) as platform,
        Probe(platform) as p,
    ):
        found = {image["id"]: image["types"] for image in p.get("/image").json()}

    assert found["images.canfar.net/me/mine:1"] == ["notebook"]
    assert found["images.canfar.net/me/job:2"] == ["headless"]
    assert IMAGE in found


def test_the_registries_are_a_compact_list_of_texts(still):
    reply = still.get("/repository")

    assert reply.text == '["images.canfar.net"]'
    assert reply.headers["content-type"] == "application/json"
