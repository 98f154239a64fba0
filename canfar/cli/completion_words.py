"""What a shell completes words with."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

    from canfar.cli.completion_cache import Thing

__all__ = ["complete_images", "complete_kinds", "complete_sessions"]


def complete_kinds(_context: click.Context, _parameter: click.Parameter, word: str) -> list[str]:
    """Return the kinds that begin with a word."""
    from canfar.models.types import CREATABLE_KINDS  # noqa: PLC0415 - only to complete

    return [kind for kind in CREATABLE_KINDS if kind.startswith(word.lower())]


def complete_sessions(
    context: click.Context, parameter: click.Parameter, word: str
) -> list[CompletionItem]:
    """Return the names and ids of sessions that begin with a word and were not given yet.

    A name that several sessions have means none of them, so their ids stand for them.
    """
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - only to complete

    rows = _kept("sessions", context)
    count = Counter(name for _, name, _, _ in rows)
    given = context.params.get(parameter.name or "") or ()
    found: list[CompletionItem] = []
    for id_, name, kind, status in rows:
        if name in given or id_ in given:
            continue
        # Without a word the list would have everything twice.
        words = [name] if count[name] == 1 else []
        words += [id_] if word or not words else []
        about = f"{status} {kind}"
        for each in words:
            if each.lower().startswith(word.lower()):
                other = name if each == id_ else id_
                found.append(CompletionItem(each, help=f"{about}, {other}"))
    return found


def complete_images(
    context: click.Context, _parameter: click.Parameter, word: str
) -> list[CompletionItem]:
    """Return the images that begin with a word, of the kind that was given if one was.

    Those of the registry that is meant where none is named are offered without it, unless the word
    begins with it.
    """
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - only to complete

    from canfar.models.types import DEFAULT_REGISTRY  # noqa: PLC0415 - the same

    kind = context.params.get("kind")
    rows = _kept("images", context)
    whole = [name for name, *kinds in rows if kind in kinds] or [name for name, *_ in rows]
    short = [name.removeprefix(f"{DEFAULT_REGISTRY}/") for name in whole]
    found = [name for name in short if name.startswith(word)]
    return [CompletionItem(name) for name in found or whole if name.startswith(word)]


def _kept(thing: Thing, context: click.Context) -> list[list[str]]:
    from canfar.cli.completion_cache import kept  # noqa: PLC0415 - only to complete
    from canfar.cli.state import State  # noqa: PLC0415 - the same

    return kept(thing, context.find_root().ensure_object(State).server)
