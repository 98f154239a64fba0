"""Change settings one by one and write them together, as canfar 1.5's editor does."""

from __future__ import annotations

from typing import Any

from canfar.config.editing import edit
from canfar.config.showing import setting

__all__ = ["Editor"]


class Editor:
    """Gets and sets settings of the configuration file.

    Example:
        >>> from canfar.models.config import Configuration
        >>> editor = Configuration().editor
        >>> editor.set("registry", {"username": "ada", "secret": "s3cret"})
        >>> editor.save()
        >>> editor.get("registry.username")
        'ada'
    """

    def __init__(self) -> None:
        self._changes: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """Return a setting, as it was set here or as it is in the file.

        Args:
            name: Its name, "registry.username" for instance.

        Raises:
            InvalidInput: It is not set.
        """
        if name in self._changes:
            return self._changes[name]
        return setting(name, reveal_secrets=True)

    def set(self, name: str, value: Any) -> None:
        """Note a change, which ``save`` writes.

        Args:
            name: The setting's name.
            value: What to set; None removes it.
        """
        self._changes[name] = value

    def save(self) -> None:
        """Write the changes to the file as it is by then; what others changed in it stays.

        Raises:
            InvalidInput: There is no such setting, or a value makes no sense; nothing is written.
        """
        with edit() as draft:
            for name, value in self._changes.items():
                draft.set(name, value)
        self._changes.clear()
