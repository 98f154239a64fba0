"""``canfar doctor``."""

from __future__ import annotations

from typing import Final

import click

from canfar.cli.client import say_what_starts
from canfar.cli.output import output_option, print_data
from canfar.cli.state import state

__all__ = ["command"]


EXAMPLES: Final = """\b
Examples:
  canfar doctor
  canfar doctor -o json
"""


@click.command(name="doctor", epilog=EXAMPLES)
@output_option
def command() -> int:
    """Find out what is wrong.

    Looks at the configuration, the credential and until when it is good, the server, the clock and
    the versions. Prints nothing secret; exits with 1 when something is wrong.
    """
    from canfar.doctor import diagnose  # noqa: PLC0415 - help needs it not

    say_what_starts()
    report = diagnose(server=state().server, timeout=state().timeout)
    print_data(report.as_data(), lambda: str(report))
    return 0 if report.ok else 1
