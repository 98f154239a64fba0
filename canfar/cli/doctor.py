"""``canfar doctor``."""

from __future__ import annotations

import click

from canfar.cli.output import output_option, print_data

__all__ = ["command"]


@click.command(name="doctor")
@output_option
def command() -> int:
    """Find out what is wrong.

    Looks at the configuration, the credential and until when it is good, the server, the clock and
    the versions. Prints nothing secret; exits with 1 when something is wrong.
    """
    from canfar.doctor import diagnose  # noqa: PLC0415 - help needs it not

    report = diagnose()
    print_data(report.as_data(), lambda: str(report))
    return 0 if report.ok else 1
