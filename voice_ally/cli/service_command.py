"""`voice-ally service`: keep it running.

Rules: says what was done, a line each.
"""

import click


@click.group()
def service() -> None:
    """Keep it running: started with the system, restarted when it fails."""


@service.command()
@click.option(
    "--boot/--login", "at_boot", default=None, help="Start with the machine, or at log-in."
)
@click.option("--print", "only_print", is_flag=True, help="Show the file and change nothing.")
def install(at_boot: bool | None, only_print: bool) -> int:
    """Install and start it (on a Raspberry Pi: with the machine)."""
    from voice_ally.app.service import this_system

    if only_print:
        click.echo(this_system().text(), nl=False)
    else:
        this_system().install(click.echo, at_boot=at_boot)
    return 0


@service.command()
def status() -> int:
    """Is it running?"""
    from voice_ally.app.service import this_system

    click.echo(this_system().status())
    return 0


@service.command()
def logs() -> int:
    """Show what happened lately (never what was said)."""
    from voice_ally.app.service import log_lines

    for line in log_lines() or ["Nothing has happened yet."]:
        click.echo(line)
    return 0


@service.command()
def remove() -> int:
    """Stop it and uninstall it."""
    from voice_ally.app.service import this_system

    this_system().remove(click.echo)
    return 0


def _control(verb: str, help_: str) -> click.Command:
    def run() -> int:
        from voice_ally.app.service import this_system

        this_system().control(verb)
        return 0

    return click.Command(verb, callback=run, help=help_)


service.add_command(_control("start", "Start it now."))
service.add_command(_control("stop", "Stop it until the next start of the system."))
service.add_command(_control("restart", "Start it anew, for example after changing settings."))
