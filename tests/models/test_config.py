"""Configuration and ContainerRegistry."""

from base64 import b64decode

import pytest

from canfar.errors import ConfigurationError
from canfar.models.config import Configuration
from canfar.models.registry import ContainerRegistry


def test_secrets_show_in_no_repr():
    config = Configuration(
        token="hush", registry=ContainerRegistry(username="ada", secret="hush-hush")
    )
    assert "hush" not in repr(config)


@pytest.mark.parametrize(
    ("username", "secret"), [("", "s"), ("u", " "), ("u:v", "s"), ("u", "a:b"), (None, "s")]
)
def test_a_login_that_the_platform_cannot_take(username, secret):
    with pytest.raises(ConfigurationError, match="registry's"):
        ContainerRegistry(username=username, secret=secret)


def test_the_header_is_what_the_server_decodes():
    encoded = ContainerRegistry(username="ada", secret="s").encoded()

    assert b64decode(encoded) == b"ada:s"
