"""The configuration file as YAML whose comments, order and unknown keys stay what they are."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING, Any, Final, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from canfar.config.nodes import as_mapping
from canfar.errors import ConfigurationFileError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Document", "broken", "value_of"]

DASH: Final = re.compile(r"^( *)[^\s#-][^\n]*:[ ]*\n(\1 *)- ", re.MULTILINE)
"""The first list below a key, which shows how far its writer indents lists."""


class Document:
    """A configuration file's content, to be read, changed and written again.

    Args:
        path: The file, for messages.
        text: Its text; an empty one is an empty document.

    Raises:
        ConfigurationFileError: It is no YAML, or no mapping.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        dash = DASH.search(text)
        self._offset = len(dash.group(2)) - len(dash.group(1)) if dash else 0
        try:
            root = _yaml().load(text)
        except YAMLError as error:
            raise _unreadable(path, error) from None
        if root is None:
            root = CommentedMap()
        if not isinstance(root, CommentedMap):
            raise broken(path, "a mapping of settings is expected, not a single value or a list", 1)
        self.root: dict[str, Any] = cast("dict[str, Any]", root)

    def text(self) -> str:
        """Return the document as text."""
        out = StringIO()
        yaml = _yaml()
        yaml.indent(mapping=2, sequence=self._offset + 2, offset=self._offset)
        yaml.dump(self.root, out)
        return out.getvalue() if self.root else ""

    def begin_with(self, key: str, value: Any) -> None:
        """Set a value; a new one becomes the first."""
        if key in self.root:
            self.root[key] = value
        else:
            cast("Any", self.root).insert(0, key, value)

    def line(self, keys: Sequence[str]) -> int | None:
        """Return the line, from 1, on which a setting stands; None for one that isn't there."""
        found: int | None = None
        node: Any = self.root
        for key in keys:
            mapping = as_mapping(node)
            if mapping is None or key not in mapping:
                return found
            try:
                found = int(node.lc.key(key)[0]) + 1
            except (AttributeError, KeyError, TypeError):
                return found  # it was set by us, and has no line yet
            node = mapping[key]
        return found

    def wrong(self, keys: Sequence[str], what: str) -> ConfigurationFileError:
        """Return the error for a setting that makes no sense."""
        return broken(self.path, f"{'.'.join(keys)} {what}", self.line(keys))


def broken(
    path: Path, what: str, line: int | None, advice: str | None = None
) -> ConfigurationFileError:
    """Return the error for a file that cannot be used."""
    where = str(path) if line is None else f"{path}, line {line}"
    if advice is None:
        mend = "Mend it" if line is None else "Mend that line"
        advice = f"{mend}, or move the file away. url= and token= work without it."
    error = ConfigurationFileError(f"{where}: {what}", advice=advice)
    error.path, error.line = str(path), line
    return error


def _unreadable(path: Path, error: YAMLError) -> ConfigurationFileError:
    # Not the whole text of the error: it shows the lines around, which may hold secrets.
    if isinstance(error, MarkedYAMLError):
        marked: Any = error
        mark = marked.problem_mark or marked.context_mark
        # A duplicate key is reported with both its values.
        problem = str(marked.problem or "").split("\n")[0].split(" with value ")[0]
        return broken(path, f"no YAML: {problem}", None if mark is None else int(mark.line) + 1)
    return broken(path, "no YAML", None)


def value_of(text: str) -> Any:
    """Return the value that a YAML text stands for.

    Raises:
        ValueError: It is no YAML.
    """
    try:
        return _yaml().load(text)
    except YAMLError:
        raise ValueError("no YAML") from None


def _yaml() -> Any:
    yaml: Any = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096  # a long token stays on its line
    yaml.allow_duplicate_keys = False
    return yaml
