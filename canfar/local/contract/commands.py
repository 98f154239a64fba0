r"""What becomes of ``cmd``, ``args`` and ``env`` (section 1.6).

A script that would be mangled on the real platform is mangled here in the same way:

* ``cmd`` is one word and is never split; ``args`` is split at every single space, without quoting.
* Of ``env``, a value that is empty or holds a second ``=`` is dropped in silence, and ``=`` at its
  end is cut off.
* Everything is pasted into a template: backslashes are eaten, ``$`` fails, ``"`` fails or adds an
  argument, a line break becomes a space.
* Kubernetes then replaces ``$(NAME)`` by the variable of that name and ``$$`` by ``$``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from canfar.local.contract import java, yaml_text
from canfar.local.contract.problems import RefusedByClusterError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["kubernetes_expansion", "read_argv", "read_environment"]

_VARIABLE_NAME: Final = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*", re.ASCII)
_REFERENCE: Final = re.compile(r"\$(?:\$|\(([^)]*)\))")


def read_argv(cmd: str | None, args: str | None) -> tuple[str, ...]:
    r"""The words that are run.

    Args:
        cmd: The parameter as it came, or None when there was none.
        args: The parameter as it came, or None when there was none.

    Returns:
        The command and its arguments; empty when the image's own command is to run.

    Raises:
        BadRequestError: ``Illegal group reference``.
        RefusedByClusterError: What breaks the server's template.

    Example:
        >>> read_argv("python", "-c print(1)"), read_argv("python -V", None)
        (('python', '-c', 'print(1)'), ('python -V',))
    """
    words: list[str] = []
    if cmd is not None:
        words += _template_list([cmd])
    if cmd is not None and args is not None:
        words += _template_list(java.split(args, " "))
    elif args is not None:
        # Arguments of a command that this platform doesn't have; a bad one is refused all the same.
        _template_list(java.split(args, " "))
    return tuple(words)


def read_environment(values: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The variables that are set, in order.

    Args:
        values: Each ``env`` parameter as it came.

    Raises:
        BadRequestError: ``Illegal group reference``.
        RefusedByClusterError: What breaks the server's template, a bad name included.

    Example:
        >>> read_environment(["FOO=bar", "A=", "B=a=b", "C=YQ=="])
        (('FOO', 'bar'), ('C', 'YQ'))
    """
    kept: list[tuple[str, str]] = []
    for value in values:
        parts = java.split(value, "=")
        if len(parts) == 2:  # noqa: PLR2004 - a name and a value
            name, text = _template(parts[0]), _template(parts[1])
            if not _VARIABLE_NAME.fullmatch(name):
                raise RefusedByClusterError
            kept.append((name, text))
    return tuple(kept)


def kubernetes_expansion(text: str, variables: Mapping[str, str]) -> str:
    r"""Replace ``$(NAME)`` as Kubernetes does in commands, arguments and environment values.

    Args:
        text: The text.
        variables: The values known so far. A name that isn't known is left as it stands.

    Example:
        >>> kubernetes_expansion("$(USER) $(NOBODY) $$(USER)", {"USER": "alice"})
        'alice $(NOBODY) $(USER)'
    """

    def value(match: re.Match[str]) -> str:
        name: str | None = match.group(1)
        return "$" if name is None else variables.get(name, match.group())

    return _REFERENCE.sub(value, text)


def _template(text: str) -> str:
    try:
        return yaml_text.quoted(java.expand_replacement(text))
    except yaml_text.BrokenYamlError:
        raise RefusedByClusterError from None


def _template_list(texts: list[str]) -> list[str]:
    try:
        return yaml_text.quoted_list([java.expand_replacement(text) for text in texts])
    except yaml_text.BrokenYamlError:
        raise RefusedByClusterError from None
