from __future__ import annotations

from base64 import b64encode

import httpx
import pytest
from platform_probe import IMAGE, Probe

from canfar.local import LocalPlatform

UNKNOWN = "images.canfar.net/your/private-image:latest"
NO_AUTH = (
    "No authentication provided for unknown or private image.  Use x-skaha-registry-auth request "
    "header with base64Encode(username:secret).\n"
)
REFUSED = (
    "unexpected exception: java.lang.RuntimeException: "
    "io.kubernetes.client.openapi.ApiException: Not Found"
)


@pytest.mark.parametrize(
    ("form", "status", "body"),
    [
        ({}, 400, "Missing parameter 'image'\n"),
        ({"name": "a"}, 400, "Missing parameter 'image'\n"),
        ({"image": " "}, 400, "image is required\n"),
        (
            {"image": "docker.io/x/y:1"},
            400,
            "session image 'docker.io/x/y:1' must come from one of [images.canfar.net]\n",
        ),
        ({"image": IMAGE, "type": "foo"}, 400, "Invalid session type: foo\n"),
        ({"image": IMAGE, "cores": "99"}, 400, "Invalid value for 'cores': 99\n"),
        ({"image": IMAGE, "cores": "abc"}, 400, "Invalid value for 'cores': abc\n"),
        ({"image": IMAGE, "cores": "2,5"}, 400, "Invalid value for 'cores': 2,5\n"),
        ({"image": IMAGE, "cores": "NaN"}, 400, "Invalid value for 'cores': NaN\n"),
        ({"image": IMAGE, "cores": "-1"}, 400, "Invalid value for 'cores': -1\n"),
        ({"image": IMAGE, "cores": "0"}, 400, "Invalid value for 'cores': 0\n"),
        ({"image": IMAGE, "cores": "Infinity"}, 400, "Invalid value for 'cores': Infinity\n"),
        ({"image": IMAGE, "ram": "3"}, 400, "Invalid value for 'ram': 3\n"),
        ({"image": IMAGE, "ram": "193"}, 400, "Invalid value for 'ram': 193\n"),
        ({"image": IMAGE}, 400, "Missing parameter 'name'\n"),
        ({"image": IMAGE, "name": " "}, 400, "Missing parameter 'name'\n"),
        (
            {"image": IMAGE, "name": "a_b"},
            400,
            "name can only contain alpha-numeric chars and '-'\n",
        ),
        (
            {"image": IMAGE, "name": "a\n"},
            400,
            "name can only contain alpha-numeric chars and '-'\n",
        ),
        ({"image": IMAGE, "name": "a", "gpus": "0"}, 400, "Invalid value for 'gpus': 0\n"),
        ({"image": IMAGE, "name": "a", "gpus": "1.0"}, 400, "Invalid value for 'gpus': 1.0\n"),
        ({"image": IMAGE, "name": "a", "gpus": "29"}, 400, "Invalid value for 'gpus': 29\n"),
        ({"image": UNKNOWN, "name": "a"}, 400, NO_AUTH),
        (
            {"image": IMAGE, "name": "--"},
            400,
            "canfar.net/name label value cannot be blank\n",
        ),
        (
            {"image": IMAGE, "name": "-a"},
            400,
            "canfar.net/name label value cannot be blank\n",
        ),
        ({"image": IMAGE, "name": "a-"}, 500, REFUSED),
        ({"image": IMAGE, "name": "a" * 64}, 500, REFUSED),
        (
            {"image": IMAGE, "name": "a", "type": "desktop-app"},
            500,
            (
                "unexpected exception: java.nio.file.NoSuchFileException: "
                "config/launch-desktop_app.yaml"
            ),
        ),
        ({"image": IMAGE, "name": "a", "cmd": "echo $HOME"}, 400, "Illegal group reference\n"),
        (
            {"image": IMAGE, "name": "a", "cmd": "echo", "args": "$"},
            400,
            "Illegal group reference\n",
        ),
        (
            {"image": IMAGE, "name": "a", "env": "A=$1"},
            500,
            "unexpected exception: java.lang.IndexOutOfBoundsException: No group 1",
        ),
        ({"image": IMAGE, "name": "a", "cmd": 'a"b'}, 500, REFUSED),
        ({"image": IMAGE, "name": "a", "env": "a b=c"}, 500, REFUSED),
    ],
)
def test_a_refusal_is_plain_text_with_the_servers_words(still, form, status, body):
    form = form or {"nothing": "useful"}

    reply = still.post("/session", data=form)

    assert (reply.status_code, reply.text) == (status, body)
    assert reply.headers["content-type"] == "text/plain"
    assert still.ids() == []


def test_the_first_check_that_fails_is_the_one_that_answers(still):
    wrong = {
        "image": "docker.io/x",
        "type": "foo",
        "cores": "99",
        "ram": "3",
        "name": "a_b",
        "gpus": "0",
    }
    better = {
        "image": UNKNOWN,
        "type": "headless",
        "cores": "2",
        "ram": "4",
        "name": "-",
        "gpus": "1",
    }
    answers = []
    for name in wrong:
        answers.append(still.post("/session", data=wrong).text)
        wrong[name] = better[name]
    answers.append(still.post("/session", data=wrong).text)

    assert [answer.split(" ")[0:2] for answer in answers] == [
        ["session", "image"],
        ["Invalid", "session"],
        ["Invalid", "value"],
        ["Invalid", "value"],
        ["name", "can"],
        ["Invalid", "value"],
        ["No", "authentication"],
    ]


@pytest.mark.parametrize(
    ("credentials", "status", "body"),
    [
        ("me:secret", 200, None),
        ("me", 400, "Invalid input.  Must be in form of username:secret\n"),
        ("me:se:cret", 400, "Invalid input.  Must be in form of username:secret\n"),
        ("me:", 400, "Invalid input.  Must be in form of username:secret\n"),
        (" :secret", 400, "username is required.\n"),
        ("me: ", 400, "secret value cannot be empty.\n"),
    ],
)
def test_an_image_outside_the_list_needs_a_user_name_and_a_secret(still, credentials, status, body):
    header = {"X-Skaha-Registry-Auth": b64encode(credentials.encode()).decode()}

    reply = still.post("/session", data={"name": "a", "image": UNKNOWN}, headers=header)

    assert reply.status_code == status
    assert body is None or reply.text == body
    if status == 200:
        still.delete(f"/session/{reply.text.strip()}")


def test_credentials_that_are_no_base64_are_refused(still):
    reply = still.post(
        "/session", data={"name": "a", "image": UNKNOWN}, headers={"x-skaha-registry-auth": "?"}
    )

    assert reply.text == "Invalid input.  Must be in form of username:secret\n"


def test_credentials_for_a_public_image_are_not_read(stage):
    reply = stage.alice.post(
        "/session", data={"name": "a", "image": IMAGE}, headers={"x-skaha-registry-auth": "?"}
    )

    assert reply.status_code == 200


def test_success_is_an_id_and_a_newline_in_plain_text(stage):
    reply = stage.alice.form(name="Demo")

    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/plain"
    assert reply.headers["x-vo-authenticated"] == "alice"
    assert len(reply.text) == 9
    assert reply.text.endswith("\n")
    assert reply.text[0].isalpha()
    assert stage.alice.show(reply.text.strip())["name"] == "demo"


@pytest.mark.parametrize("cores", ["2", "2.5", " 2 ", "2e0", "0x1p1", "2f", "2."])
def test_a_number_of_cores_is_what_java_reads_as_one(stage, cores):
    assert stage.alice.form(cores=cores).status_code == 200


@pytest.mark.parametrize(
    ("given", "kind"),
    [({}, "headless"), ({"type": ""}, "headless"), ({"type": " NoteBook "}, "notebook")],
)
def test_the_type_is_headless_unless_it_is_said(stage, given, kind):
    assert stage.alice.show(stage.alice.create(**given))["type"] == kind


def test_interactive_sessions_of_all_types_count_together(stage):
    kinds = ["notebook", "desktop", "carta", "firefly", "contributed"]
    ids = [stage.alice.create(type=kind) for kind in kinds]

    reply = stage.alice.form(type="notebook")

    assert reply.status_code == 400
    assert reply.text == "User alice has reached the maximum of 5 active sessions.\n"
    assert stage.bob.form(type="notebook").status_code == 200
    assert stage.alice.form().status_code == 200, "headless sessions don't count"
    stage.alice.delete(f"/session/{ids[0]}")
    assert stage.alice.form(type="notebook").status_code == 200


def test_the_limit_and_the_registries_and_the_images_are_settings():
    with (
        LocalPlatform(
            max_sessions=1, registries=("a.org", "b.org"), images=["a.org/x:1"], gpus=False
        ) as platform,
        Probe(platform) as probe,
    ):
        assert probe.form(type="carta", image="a.org/x:1", gpus="3").status_code == 200
        assert probe.get("/session").json()[0]["requestedGPUCores"] == "0"
        full = probe.form(type="carta", image="a.org/x:1")
        assert full.text == "User canfar has reached the maximum of 1 active sessions.\n"
        assert probe.form().text.endswith("must come from one of [a.org, b.org]\n")


def test_the_same_seed_gives_the_same_ids():
    def ids(seed):
        with LocalPlatform(seed=seed) as platform, Probe(platform) as probe:
            return [probe.create(), probe.create()]

    first = ids(7)
    assert first == ids(7)
    assert first != ids(8)


def test_parameters_without_a_form_content_type_do_not_exist(still):
    headers = {"Authorization": f"Bearer {still.platform.token}"}
    url = f"{still.platform.url}/session?name=a&image={IMAGE}"

    for reply in (
        httpx.post(url, headers=headers),
        httpx.post(url, headers=headers, json={"name": "a", "image": IMAGE}),
    ):
        assert (reply.status_code, reply.text) == (400, "Missing parameter 'image'\n")


def test_a_form_content_type_brings_the_query_in_and_first(stage):
    reply = stage.alice.post(
        f"/session?NAME=query&Image={IMAGE}",
        content="NAME=body",
        headers={"content-type": "Application/X-WWW-form-urlencoded; charset=utf-8"},
    )

    assert stage.alice.show(reply.text.strip())["name"] == "query"


def test_a_multipart_form_keeps_the_query_out(stage):
    fields = {"name": (None, "body"), "image": (None, IMAGE), "file": ("f.txt", b"x")}

    reply = stage.alice.post("/session?name=query&type=carta", files=fields)

    shown = stage.alice.show(reply.text.strip())
    assert (shown["name"], shown["type"]) == ("body", "headless")


def test_one_name_in_two_spellings_fails_in_a_form_but_not_in_parts(stage):
    form = stage.alice.post(
        "/session",
        content=f"name=a&image={IMAGE}&env=A=1&ENV=B=2",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    parts = stage.alice.post(
        "/session",
        files=[("name", (None, "a")), ("image", (None, IMAGE)), ("NAME", (None, "b"))],
    )

    assert (form.status_code, form.text) == (400, "null\n")
    assert stage.alice.show(parts.text.strip())["name"] == "a"
