"""Options that several commands have, and how they warn."""

from pathlib import Path

import click

PACK = click.option(
    "--pack", type=click.Path(path_type=Path), help="A folder with your own dialogs."
)
RECOGNISER = click.option(
    "--recogniser", type=click.Choice(["vosk", "pocketsphinx"]), help="Which engine listens."
)


def warn(sentence: str) -> None:
    """One line on standard error."""
    click.echo(f"voice-ally: {' '.join(sentence.split())}", err=True)
