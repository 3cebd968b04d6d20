"""Commands for who writes dialogs: try, check, graph, init, rehearse.

Rules: as in commands.py; each command's work is elsewhere.
"""

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voice_ally.cli.options import PACK, warn

if TYPE_CHECKING:
    from voice_ally.language.problems import Problem


@click.command(name="try")
@click.argument("dialog", default="")
@PACK
@click.option("--seed", default=1, help="Chooses among wordings.")
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Type the lines of a transcript again; exit 1 if something else is said.",
)
@click.option("--renew", is_flag=True, help="With --replay: write what is said now.")
def try_(dialog: str, pack: Path | None, seed: int, replay: tuple[Path, ...], renew: bool) -> int:
    """Type what you would say, see what it says; time jumps."""
    from voice_ally.app import rehearse
    from voice_ally.ui.rehearsal import COMMANDS, HINT

    if replay:
        different = rehearse.transcribe(pack, replay, renew=renew, say=click.echo)
        return 1 if different and not renew else 0
    shown = 0

    def say(line: str) -> None:
        nonlocal shown
        shown += 1
        click.echo(line)

    stdin = sys.stdin or io.StringIO()
    if stdin.isatty():
        click.echo(f"{HINT}\n{COMMANDS}")
    rehearsal = rehearse.rehearsal(pack, dialog, seed, say=say, warn=warn)
    while True:
        if stdin.isatty():
            click.echo(f"[{rehearsal.running}] ", nl=False)
        line = stdin.readline()
        shown, style = 0, rehearsal.session.state.style
        if not line or not rehearsal.type(line):
            return 0
        if effect := rehearsal.effect_since(style):
            click.echo(f"        ({effect})")
        elif not shown and line.strip():
            click.echo(f"        (understood; {rehearsal.running})")


@click.command()
@click.argument("pack", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="For editors.")
@click.option("--all", "every", is_flag=True, help="Also what is the same again and again.")
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved; Ctrl-C ends.")
def check(pack: Path | None, as_json: bool, every: bool, watch: bool) -> int:
    """Say what is wrong in a folder of dialogs, where, and how to mend it."""
    from voice_ally.app.checking import Checker
    from voice_ally.app.watching import saved

    with Checker(pack) as checker:
        errors = _show_problems(checker.check(), as_json=as_json, every=every)
        for _ in saved(checker.folder) if watch else ():
            errors = _show_problems(checker.check(), as_json=as_json, every=every)
    return 1 if errors else 0


def _show_problems(problems: "list[Problem]", *, as_json: bool, every: bool) -> int:
    """How many of them are errors."""
    from voice_ally.checker.whole_pack import summed_up

    for problem in problems if as_json or every else summed_up(problems):
        click.echo(json.dumps(problem.as_dict()) if as_json else str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    if not as_json:
        counted = ((errors, "error"), (len(problems) - errors, "warning"))
        click.echo(", ".join(f"{count} {what}{'s' * (count != 1)}" for count, what in counted))
    return errors


@click.command()
@click.argument("pack", type=click.Path(path_type=Path), required=False)
@click.argument("dialog", default="")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="A file to write to: .svg for a picture, .mmd for Mermaid text.",
)
def graph(pack: Path | None, dialog: str, output: Path | None) -> int:
    """Draw the steps of a DIALOG, or all dialogs of a PACK, and what leads where.

    Without --output, Mermaid text is printed. A single name that is no folder is a dialog.
    """
    from voice_ally.app.drawing import draw

    click.echo(draw(pack, dialog, output, warn=warn), nl=False)
    return 0


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--new", metavar="NAME", help="Only one new dialog of this name, with a test.")
def init(folder: Path | None, new: str | None) -> int:
    """Copy the bundled dialogs into FOLDER to make them your own; --new: begin with one."""
    from voice_ally.app.copying import copy_pack
    from voice_ally.app.starting_small import write_new

    if new is not None:
        folder = folder or Path("my-pack")
        dialog, talk = write_new(folder, new)
        click.echo(f"Written: {dialog} and {talk}. The bundled dialogs stay beside it.")
        click.echo(f"  voice-ally check {folder}        is all well?")
        click.echo(f"  voice-ally try --pack {folder}   type what you would say")
        click.echo(f"  voice-ally try --pack {folder} --replay {talk}   says it what it should?")
        click.echo(f"  voice-ally --pack {folder}       speak with it")
        return 0
    if folder is None:
        raise click.UsageError("Name a folder, or --new with the name of a dialog.")
    copy_pack(folder)
    click.echo(f"Copied to {folder}. Change a line in quotes, then:")
    click.echo(f"  voice-ally check {folder}        is all well?")
    click.echo(f"  voice-ally try --pack {folder}   type what you would say")
    click.echo(f"  voice-ally --pack {folder}       speak with it")
    return 0


@click.command()
@click.argument("pack", type=click.Path(path_type=Path), required=False)
@click.argument("phrases", nargs=-1)
@click.option("--at", default="", metavar="DIALOG/STEP", help="Only what is said at this question.")
@click.option("--voices", default=6, show_default=True, help="How many voices say each phrase.")
@click.option("--noise/--no-noise", default=True, help="Once more in noise (12 dB).")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def rehearse(
    pack: Path | None, phrases: tuple[str, ...], at: str, voices: int, noise: bool, as_json: bool
) -> int:
    """Let many voices say the phrases of a pack, and tell which are not heard, the worst first.

    Without PHRASES, one natural way to say each phrase of the pack's own dialogs.
    """
    from voice_ally.app.sound_check import SoundCheck

    check = SoundCheck(pack, at=at, voices=voices, noise=noise, warn=warn)
    wanted = check.said(phrases)
    with click.progressbar(
        length=check.count(wanted), label="listening", file=sys.stderr, hidden=as_json
    ) as bar:
        results = check.listen(wanted, lambda: bar.update(1))
    for one in results:
        click.echo(json.dumps(one.as_dict(), ensure_ascii=False) if as_json else str(one))
    if not as_json:
        click.echo(check.summary(results))
    return 0
