"""Lets the API reference read docstrings as they are written in canfar.

They are written for `help()`: roles such as ``:class:`` name other objects, an example is headed
"Example", a word of code stands between two backticks. For the site, roles become links (where
the reference has what they name), and what follows "Example:"
becomes the section that mkdocstrings knows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from griffe import Extension

if TYPE_CHECKING:
    from griffe import Object

ROLE = re.compile(r":(?:class|func|meth|mod|attr|exc|data):`(~?)([\w.]+)`")
EXAMPLE = re.compile(r"^Example:$", re.MULTILINE)


def readable(text: str, module: str) -> str:
    """Write a docstring as mkdocstrings reads it.

    Args:
        text: The docstring, without its indentation.
        module: The module that it stands in, where names without a dot are.

    Returns:
        The same in Markdown.
    """

    def link(role: re.Match[str]) -> str:
        short, name = role.groups()
        whole = name if "." in name else f"{module}.{name}"
        said = name.rpartition(".")[2] if short else name
        return f'<autoref identifier="{whole}" optional><code>{said}</code></autoref>'

    return EXAMPLE.sub("Examples:", ROLE.sub(link, text))


class Docstrings(Extension):
    """Makes every docstring readable as soon as it was found."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Change the docstring of an object that was loaded.

        Args:
            obj: A module, class, function or attribute.
        """
        if obj.docstring:
            obj.docstring.value = readable(obj.docstring.value, obj.module.path)
