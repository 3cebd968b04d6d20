"""A pack in another language than the bundled one: what in it is still English, and whether
anything here can listen to that language.

Rules: whoever speaks only that language must be able to stop, and to reach safety: where they
cannot, it is an error; everything else that is still English is a warning.
"""

from collections.abc import Iterator
from pathlib import Path

from voice_ally.app import parts
from voice_ally.core.errors import VoiceAllyError
from voice_ally.language.model import Pack, Place
from voice_ally.language.problems import Problem, error, warning
from voice_ally.language.reserved import ENDING, SAFETY
from voice_ally.language.shape_kinds import place_of

BUNDLED = "en"
MOST_NAMED = 5


def language_problems(pack: Pack, own: Path) -> Iterator[Problem]:
    """What somebody who speaks the pack's language could not say or would not understand."""
    language = pack.language.partition("-")[0].lower()
    if language == BUNDLED:
        return
    place = Place(f"{own}/phrases.yaml", 1, 1)
    yield from _unheard(language, place)
    yield from _commands(pack, language, place)
    yield from _safety(pack, language, place)
    yield from _lines(pack, language, place)


def _unheard(language: str, place: Place) -> Iterator[Problem]:
    """The bundled recognisers know English alone; a Vosk model of one's own may know more."""
    from voice_ally.models.store import choose_vosk_model

    try:
        model = choose_vosk_model(parts.settings().vosk_model)
    except VoiceAllyError:
        return  # told elsewhere
    name = "" if model is None else model.name.lower()
    if f"-{language}-" in f"-{name}-" or f"-{language}" in name:
        return
    message = f'No recogniser here listens to the language "{language}": nothing can be heard.'
    mend = (
        f"Install a Vosk model of this language that can be given phrases, and name its folder as"
        f" vosk_model in the settings; its name has to hold -{language}-."
    )
    yield error(place, "VA078", message, mend)


def _commands(pack: Pack, language: str, place: Place) -> Iterator[Problem]:
    english = [
        name
        for name, templates in pack.commands.items()
        if templates and all(one in pack.earlier for one in templates)
    ]
    for name in [one for one in ENDING if one in english]:
        message = f'"{name}" can only be said in English.'
        yield error(place, "VA077", message, f"Write it in your language, under commands: {name}:.")
    others = [one for one in english if one not in ENDING]
    if others:
        message = f"These commands can only be said in English: {_named(others)}."
        yield warning(place, "VA077", message, "Write them in your language, under commands:.")
    for name in ("yes", "no"):
        rule = pack.rules.get(name)
        if rule is not None and not _is_of(place_of(rule, place), place):
            message = (
                f"The rule <{name}> is still English: a question is asked before dialogs start."
            )
            yield error(place, "VA077", message, f"Write it under rules: {name}:.")


def _safety(pack: Pack, language: str, place: Place) -> Iterator[Problem]:
    safety = pack.dialogs.get(SAFETY)
    if safety is None:
        return  # told as VA040
    if not _is_of(safety.place, place):
        message = "The safety dialog is still English: nobody could reach it in fear."
        mend = "Write safety.yaml in your language, with what people say when they are afraid."
        yield error(place, "VA077", message, mend)


def _lines(pack: Pack, language: str, place: Place) -> Iterator[Problem]:
    lines = [name for name, line in pack.lines.items() if not _is_of(place_of(line, place), place)]
    if lines:
        message = f"These lines of the program are still English: {_named(lines)}."
        yield warning(place, "VA077", message, "Write them under lines:.")
    dialogs = [name for name, one in pack.dialogs.items() if not _is_of(one.place, place)]
    dialogs = [name for name in dialogs if name != SAFETY]
    if dialogs:
        message = f"These dialogs are still English: {_named(dialogs)}."
        mend = "Write them in your language; one that you don't want gets triggers of its own."
        yield warning(place, "VA077", message, mend)
    numbers = [name for name, one in pack.lists.items() if one.numbers is not None]
    if numbers:
        message = f"Numbers are listened for in English words: {{{_named(numbers)}}}."
        mend = "Write them out, like: minutes: [{say: eins, means: 1}, …]."
        yield warning(place, "VA077", message, mend)


def _is_of(written: Place, place: Place) -> bool:
    """In the same folder?"""
    return Path(written.file).parent == Path(place.file).parent


def _named(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
