"""The commands and their options.

Rules: read the options, call app.py, print; each command's work is elsewhere.
"""

import json
from pathlib import Path

import click

from voice_ally import __version__
from voice_ally.cli.models_command import models
from voice_ally.cli.options import PACK, RECOGNISER, warn
from voice_ally.cli.pack_commands import check, graph, init, rehearse, try_
from voice_ally.cli.service_command import service
from voice_ally.cli.settings_command import SET, settings
from voice_ally.cli.studio_command import studio


class RunByDefault(click.Group):
    """`voice-ally --typed` means `voice-ally run --typed`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put "run" in front when no command is named, but not while one is being completed."""
        own = {"--help", "-h", "--version"}
        none_named = not args and not ctx.resilient_parsing
        if none_named or (args and args[0].startswith("-") and args[0] not in own):
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
    return run_session(options, say=click.echo, warn=warn)


@ally.command()
@click.option("--output", type=click.Path(path_type=Path), help="Where the sound goes.")
@click.option("--events", type=click.Path(path_type=Path), help="Write every event, JSON lines.")
@RECOGNISER
def demo(output: Path | None, events: Path | None, recogniser: str | None) -> int:
    """Show a whole spoken session, on sound made on the spot."""
    from voice_ally.app import demo as show

    return show.run(output, events, recogniser or "", say=click.echo, warn=warn)


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

    for found in hear_all(files, pack, at, recogniser or "", warn=warn):
        click.echo(json.dumps(found, ensure_ascii=False))
    return 0


@ally.command()
@click.option("--meters/--no-meters", default=True, help="Listen for half a second at each.")
def devices(meters: bool) -> int:
    """List microphones with how loud it is there, loudspeakers and voices."""
    from voice_ally.app.devices import describe_devices

    for line in describe_devices(meters=meters):
        click.echo(line)
    return _list_voices()


@ally.command()
@click.option("--listen", is_flag=True, help="Speak the same ten lines in each of them.")
@click.option("--output", type=click.Path(path_type=Path), help="With --listen: a WAV file.")
def voices(listen: bool, output: Path | None) -> int:
    """List the voices that can speak, as they are written in the settings."""
    if listen or output is not None:
        from voice_ally.app.listening_to_voices import listen_to_voices

        return listen_to_voices(output, say=click.echo)
    return _list_voices()


def _list_voices() -> int:
    from voice_ally.app import parts
    from voice_ally.speak.voices import describe_voices

    chosen = parts.settings()
    for line in describe_voices(chosen.language, chosen.voice):
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


for _command in (try_, check, graph, init, rehearse, models, service, settings, studio):
    ally.add_command(_command)
