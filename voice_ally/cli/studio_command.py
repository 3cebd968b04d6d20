"""`voice-ally studio`.

Rules: as commands.py.
"""

from pathlib import Path

import click


@click.command()
@click.argument("pack", type=click.Path(path_type=Path), required=False)
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Instead of a free one.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def studio(pack: Path | None, port: int, no_browser: bool) -> int:
    """Write, hear and test the dialogs of a PACK in the browser; Ctrl-C ends.

    Without PACK your own dialogs, which need not be there yet.
    """
    from voice_ally.studio.running import run

    return run(pack, port, browser=not no_browser, say=click.echo)
