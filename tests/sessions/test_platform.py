"""Images, Context, Overview and statistics, in both colours."""

import pytest

from canfar.errors import InvalidInput

ASTROML = "images.canfar.net/skaha/astroml:latest"


def test_images_by_name(images):
    assert ASTROML in images.fetch()
    assert ASTROML in images.fetch("notebook")
    assert ASTROML not in images.fetch(kind="carta")


def test_images_in_detail(images):
    (astroml,) = [image for image in images.details() if image.id == ASTROML]

    assert {"notebook", "headless"} <= set(astroml.types)
    assert astroml.digest.startswith("sha256:")


def test_a_kind_of_image_that_is_none(images):
    with pytest.raises(InvalidInput, match="notebok"):
        images.fetch("notebok")
    with pytest.raises(InvalidInput, match="one kind"):
        images.details(["notebook", "carta"])


def test_the_resources_on_offer(context):
    resources = context.resources()

    assert resources["cores"]["options"][:2] == [1, 2]
    assert resources["gpus"]["options"]
    assert int(resources["maxInteractiveSessions"]) == 5


def test_the_service_is_up(overview):
    assert overview.availability() is True


def test_statistics(session):
    stats = session.stats()

    assert set(stats) == {"cores", "ram"}
    assert stats["ram"]["ramAvailable"].endswith("G")
