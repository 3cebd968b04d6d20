"""`voice-ally models`: list, fetch, verify speech models.

Rules: the only command that uses the network, and only when asked to fetch.
"""

import click


@click.group()
def models() -> None:
    """List, fetch and verify speech models."""


@models.command(name="list")
def list_() -> int:
    """What is installed, and what can be fetched."""
    from voice_ally.models.catalogue import CATALOGUE
    from voice_ally.models.store import installed_models

    installed = installed_models()
    for model in installed:
        click.echo(f"installed  {model.name}  {_megabytes(model.size_bytes)}  ({model.origin})")
    names = {model.name for model in installed}
    for known in CATALOGUE:
        if known.name not in names:
            click.echo(f"to fetch   {known.name}  {_megabytes(known.size_bytes)}  {known.what}")
    from voice_ally.models.voices import VOICES, installed_voices, is_installed

    piper = {name: file.stat().st_size for name, file in installed_voices().items()}
    here = {one.name: one.size_bytes for one in VOICES if is_installed(one)} | piper
    for name, size_bytes in here.items():
        click.echo(f"installed  {name}  {_megabytes(size_bytes)}  (voice)")
    for voice in VOICES:
        if voice.name not in here:
            click.echo(f"to fetch   {voice.name}  {_megabytes(voice.size_bytes)}  {voice.what}")
    return 0


@models.command()
@click.argument("name", default="vosk-model-small-en-us-0.15")
@click.option("--brief", is_flag=True, help="Try once, briefly; never fail.")
def fetch(name: str, brief: bool) -> int:
    """Download a model, check it, and install it."""
    from voice_ally.core.errors import ModelProblem
    from voice_ally.models.catalogue import find
    from voice_ally.models.fetch import fetch_model, fetch_voice
    from voice_ally.models.voices import find_voice

    voice = find_voice(name)
    model = voice or find(name)
    bar = click.progressbar(length=model.size_bytes or 1, label=name, hidden=brief)
    shown = 0

    def progress(done: int, total: int | None) -> None:
        nonlocal shown
        if total:
            bar.length = total
        bar.update(done - shown)
        shown = done

    try:
        with bar:
            if voice is not None:
                folder = fetch_voice(voice, progress=progress)
            else:
                folder = fetch_model(find(name), progress=progress, brief=brief)
    except ModelProblem as problem:
        if not brief:
            raise
        click.echo(f"The larger speech model was skipped: {problem.message}")
        return 0
    click.echo(f"{name} is ready ({folder}).")
    if voice is not None:
        click.echo(f'To hear it, set: voice = "{voice.setting}" (see: voice-ally settings)')
    return 0


@models.command()
@click.argument("name", default="")
def calibrate(name: str) -> int:
    """Measure an official Vosk model, so that it can take the bundled one's place."""
    from voice_ally.app.calibrating import calibrate as measure

    measure(name, say=click.echo)
    return 0


@models.command()
@click.argument("name", default="")
def verify(name: str) -> int:
    """Check that installed models are whole and unchanged."""
    from voice_ally.models.store import installed_models
    from voice_ally.models.store import verify as verify_folder

    wrong = 0
    chosen = [model for model in installed_models() if not name or model.name == name]
    if not chosen:
        raise click.UsageError(f'No model "{name}" is installed.')
    for model in chosen:
        problems = verify_folder(model.folder)
        wrong += bool(problems)
        click.echo(f"{model.name}: {'; '.join(problems) or 'whole'}")
    return 1 if wrong else 0


def _megabytes(size: int | None) -> str:
    return "size unknown" if size is None else f"{size / 1e6:.1f} MB"
