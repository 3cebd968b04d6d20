"""The commands and their options.

Rules: read the options, call app.py, print; each command's work is elsewhere.
"""

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voice_ally import __version__
from voice_ally.cli.models_command import models
from voice_ally.cli.service_command import service
from voice_ally.cli.settings_command import SET, settings
from voice_ally.cli.studio_command import studio

if TYPE_CHECKING:
    from voice_ally.respond.problems import Problem

PACK = click.option(
    "--pack", type=click.Path(path_type=Path), help="A folder with your own dialogs."
)
RECOGNISER = click.option(
    "--recogniser", type=click.Choice(["vosk", "pocketsphinx"]), help="Which engine listens."
)


class RunByDefault(click.Group):
    """`voice-ally --typed` means `voice-ally run --typed`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put "run" in front when no command is named."""
        own = {"--help", "-h", "--version"}
        if not args or (args[0].startswith("-") and args[0] not in own):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=RunByDefault, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="voice-ally")
def ally() -> None:
    """An offline voice companion for the hard minutes of a relationship.

    Without a command it listens: say "calming pause" or "I need to repair".
    Say "stop" at any time.
    """


@ally.command()
@PACK
@click.option("--input", "input_", metavar="FILE|-", help="A recording instead of the microphone.")
@click.option("--output", type=click.Path(path_type=Path), help="A WAV file for what it says.")
@click.option("--events", type=click.Path(path_type=Path), help="Write every event, JSON lines.")
@RECOGNISER
@click.option("--voice", default="", help="A voice by name (see `voice-ally voices`).")
@click.option("--typed", is_flag=True, help="Type instead of speaking.")
@click.option("--headphones", is_flag=True, help="Listen even while it speaks.")
@click.option(
    "--pace",
    type=click.Choice(["real", "fast"]),
    default="real",
    help="fast: run a recording on its own clock, without waiting.",
)
@click.option("--dialog", default="", help="Start with this dialog at once.")
@click.option("--microphone", default="", help="A microphone by part of its name.")
@click.option("--speaker", default="", help="A loudspeaker by part of its name.")
@click.option("--wake", default="", help="Words that have to come first while nothing runs.")
@click.option("--log-text", is_flag=True, help="Log what is said, too, to debug own dialogs.")
@click.option("--wait", is_flag=True, help="Wait for a microphone that is not there yet.")
@SET
def run(
    pack: Path | None,
    input_: str | None,
    output: Path | None,
    events: Path | None,
    recogniser: str | None,
    voice: str,
    typed: bool,
    headphones: bool,
    pace: str,
    dialog: str,
    microphone: str,
    speaker: str,
    wake: str,
    log_text: bool,
    wait: bool,
    set_: tuple[tuple[str, str], ...],
) -> int:
    """Listen, and guide (the default)."""
    from voice_ally.app.parts import RunOptions
    from voice_ally.app.run import run as run_session

    named = (("microphone", microphone), ("speaker", speaker), ("wake", wake))
    options = RunOptions(
        pack=pack,
        input=input_ or "",
        output=output,
        events=events,
        recogniser=recogniser or "",
        voice=voice,
        typed=typed,
        headphones=headphones,
        fast=pace == "fast",
        dialog=dialog,
        log_text=log_text,
        wait=wait,
        set=(*set_, *((name, value) for name, value in named if value)),
    )
    return run_session(options, say=click.echo, warn=_warn)


@ally.command()
@click.option("--output", type=click.Path(path_type=Path), help="Where the sound goes.")
@click.option("--events", type=click.Path(path_type=Path), help="Write every event, JSON lines.")
@RECOGNISER
def demo(output: Path | None, events: Path | None, recogniser: str | None) -> int:
    """Show a whole spoken session, on sound made on the spot."""
    from voice_ally.app import demo as show

    return show.run(output, events, recogniser or "", say=click.echo, warn=_warn)


@ally.command()
@click.argument("files", nargs=-1, required=True)
@PACK
@click.option("--at", default="", metavar="DIALOG/STEP", help="As if this question were asked.")
@RECOGNISER
@click.option("--json", "as_json", is_flag=True, help="JSON lines (the default).")
def hear(
    files: tuple[str, ...], pack: Path | None, at: str, recogniser: str | None, as_json: bool
) -> int:
    """Say what each recording was understood as."""
    from voice_ally.app.hearing import hear as hear_all

    for found in hear_all(files, pack, at, recogniser or "", warn=_warn):
        click.echo(json.dumps(found, ensure_ascii=False))
    return 0


@ally.command(name="try")
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
    rehearsal = rehearse.rehearsal(pack, dialog, seed, say=say, warn=_warn)
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


@ally.command()
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
    from voice_ally.respond.check import summed_up

    for problem in problems if as_json or every else summed_up(problems):
        click.echo(json.dumps(problem.as_dict()) if as_json else str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    if not as_json:
        counted = ((errors, "error"), (len(problems) - errors, "warning"))
        click.echo(", ".join(f"{count} {what}{'s' * (count != 1)}" for count, what in counted))
    return errors


@ally.command()
@click.option("--meters/--no-meters", default=True, help="Listen for half a second at each.")
def devices(meters: bool) -> int:
    """List microphones with how loud it is there, loudspeakers and voices."""
    from voice_ally.app import parts
    from voice_ally.app.devices import describe_devices

    for line in describe_devices(meters=meters):
        click.echo(line)
    for line in parts.describe_voices():
        click.echo(line)
    return 0


@ally.command()
@click.option("--listen", is_flag=True, help="Speak the same ten lines in each of them.")
@click.option("--output", type=click.Path(path_type=Path), help="With --listen: a WAV file.")
def voices(listen: bool, output: Path | None) -> int:
    """List the voices that can speak, as they are written in the settings."""
    from voice_ally.app import parts

    if listen or output is not None:
        from voice_ally.app.listening_to_voices import listen_to_voices

        return listen_to_voices(output, say=click.echo)
    for line in parts.describe_voices():
        click.echo(line)
    return 0


@ally.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> int:
    """Say what works, what does not, and what mends it."""
    from voice_ally.app.doctor import examine
    from voice_ally.app.findings import FAULTS

    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            click.echo(str(finding))
    if as_json:
        click.echo(json.dumps([one.as_dict() for one in findings], ensure_ascii=False))
    return 1 if any(one.verdict in FAULTS for one in findings) else 0


@ally.command()
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

    click.echo(draw(pack, dialog, output, warn=_warn), nl=False)
    return 0


@ally.command()
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


@ally.command()
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

    check = SoundCheck(pack, at=at, voices=voices, noise=noise, warn=_warn)
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


ally.add_command(models)
ally.add_command(service)
ally.add_command(settings)
ally.add_command(studio)


def _warn(sentence: str) -> None:
    click.echo(f"voice-ally: {' '.join(sentence.split())}", err=True)
