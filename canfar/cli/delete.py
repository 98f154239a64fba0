"""``canfar delete``, ``canfar del``, ``canfar rm``."""

from __future__ import annotations

from typing import Final

import click

from canfar.cli.client import open_session
from canfar.cli.destroying import destroy, is_meant, yes_option
from canfar.cli.exit_codes import FAILED, code_of_errors
from canfar.cli.output import note, output_option
from canfar.cli.targets import find_each, targets_argument

__all__ = ["command"]

EXAMPLES: Final = """\b
Examples:
  canfar delete analysis
  canfar ps --all -q 'fit-*' | canfar delete --yes -
"""


@click.command(name="delete", epilog=EXAMPLES)
@targets_argument
@yes_option
@output_option
def command(*, targets: tuple[str, ...], yes: bool) -> int:
    """Destroy sessions, with their logs, and print the id of each that is gone.

    You are shown which and asked first; there is no way back. SESSION is an id, a name, or a
    pattern of names such as 'fit-*', in quotes; - reads them from standard input.

    -o json: a list of objects with id and name, those that are gone.
    """
    with open_session() as session:
        records, problems = find_each(session, targets)
        missing = code_of_errors(problems, len(records) + len(problems))
        if not records:
            return missing
        if not is_meant(records, yes=yes):
            note("Nothing was destroyed.")
            return FAILED
        return destroy(session, records) or missing
