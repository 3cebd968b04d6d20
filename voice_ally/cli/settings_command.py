"""`voice-ally settings`: what counts, and who said so.

Rules: shows; writes only with --write, and never over a file that is there.
"""

import json
from dataclasses import asdict

import click


def _pairs(
    _context: object, _option: object, given: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    for one in given:
        if "=" not in one:
            raise click.BadParameter(f"{one} is not NAME=VALUE.")
    return tuple((name.strip(), value) for name, _, value in (one.partition("=") for one in given))


SET = click.option(
    "--set",
    "set_",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_pairs,
    help="A setting, for this once (see `voice-ally settings`).",
)


@click.command()
@SET
@click.option("--default", is_flag=True, help="Print a settings file with everything explained.")
@click.option("--write", is_flag=True, help="Write that file where it belongs, if there is none.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def settings(set_: tuple[tuple[str, str], ...], default: bool, write: bool, as_json: bool) -> int:
    """Show every setting and where it came from."""
    from voice_ally.settings.default_file import default_text, write_default
    from voice_ally.settings.places import user_config_file
    from voice_ally.settings.settings import shown
    from voice_ally.settings.sources import choose, strangers

    path = user_config_file()
    if write:
        write_default(path)
        click.echo(f"Written to {path}.")
        return 0
    if default:
        click.echo(default_text(), nl=False)
        return 0
    chosen = choose(command_line=set_)
    values = asdict(chosen.settings)
    if as_json:
        both = {n: {"value": v, "from": chosen.origins[n]} for n, v in values.items()}
        click.echo(json.dumps({"file": str(path), "settings": both}))
        return 0
    click.echo(f"{path}{'' if path.exists() else ' (not there yet: voice-ally settings --write)'}")
    width = max(len(f"{name} = {shown(value)}") for name, value in values.items())
    for name, value in values.items():
        line = f"{name} = {shown(value)}"
        click.echo(f"  {line:{width}}  {chosen.origins[name]}")
    for sentence in strangers():
        click.echo(f"voice-ally: {sentence}", err=True)
    return 0
