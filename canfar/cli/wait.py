"""``canfar wait``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from canfar.cli.client import open_session
from canfar.cli.exit_codes import code_of_errors
from canfar.cli.output import output_option
from canfar.cli.spans import span
from canfar.cli.targets import find_each, targets_argument
from canfar.errors import WaitTimeout

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from canfar._core.wait import Until

__all__ = ["command", "patience_option"]

EXAMPLES: Final = """\b
Examples:
  canfar wait analysis --timeout 10min
  canfar wait 'fit-*' && canfar logs 'fit-*'
"""


def patience_option(
    help_text: str, default: str | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the decorator for a ``--timeout`` that covers the whole command."""
    return click.option(
        "--timeout", "patience", type=span, metavar="TIME", default=default, help=help_text
    )


@click.command(name="wait", epilog=EXAMPLES)
@targets_argument
@click.option(
    "--until",
    type=click.Choice(("ended", "running"), case_sensitive=False),
    help="What to wait for; by default the end of headless sessions and the start of others.",
)
@patience_option("How long to wait at most: 90, 5min, 2h; exit code 124 when it is over.")
@output_option
def command(*, targets: tuple[str, ...], until: Until | None, patience: float | None) -> int:
    """Wait until sessions have ended (headless) or run (the others), and list them.

    The exit code is 0 when all went well, 1 when none did, 6 when some did. SESSION is an id, a
    name, or a pattern of names such as 'fit-*', in quotes; - reads them from standard input.

    -o json: what `canfar ps -o json` says, of each as it was last seen.
    """
    with open_session() as session:
        records, problems = find_each(session, targets)
        missing = code_of_errors(problems, len(records) + len(problems))
        if not records:
            return missing
        from canfar.cli.outcomes import code_of_outcome  # noqa: PLC0415 - help needs it not
        from canfar.cli.progress import Progress  # noqa: PLC0415 - the same
        from canfar.cli.sessions_table import print_sessions  # noqa: PLC0415 - the same

        interactive = all(record.kind != "headless" for record in records)
        with Progress(
            "", len(records), until=until or ("running" if interactive else "ended")
        ) as progress:
            try:
                became = session.wait(
                    records, timeout=patience, until=until, on_change=progress.seen
                )
            except WaitTimeout as late:
                with progress.aside():
                    print_sessions(late.results, empty="")
                raise
        print_sessions(became, empty="")
        return code_of_outcome(became, lost=len(problems))
