"""Checking a pack: the files, the phrases, the recogniser's words, the help lines.

Rules: doubts about bundled dialogs are not told to somebody who checks their own.
"""

from pathlib import Path

from voice_ally.app import packs, parts
from voice_ally.core.errors import ModelProblem, VoiceAllyError, VoiceProblem
from voice_ally.core.speech import Grammar
from voice_ally.respond.check import check as check_pack
from voice_ally.respond.check_phrases import UNHEARD
from voice_ally.respond.model import Pack, Place
from voice_ally.respond.problems import Problem, error


def check(pack: Path | None) -> list[Problem]:
    """Everything that is wrong in a pack: the one named, else the user's own, else the bundled.

    Raises PackProblem for a folder that cannot be read.
    """
    chosen = parts.settings()
    bundled, own = packs.folders_for(pack, chosen.pack, chosen.language)
    reading = packs.read([bundled, own])
    result = reading.result
    found = {*reading.problems, *check_pack(result.pack, unknown_words, book=result.book)}
    begins = f"{own}/" if own.is_dir() else ""
    kept = [
        one for one in sorted(found) if one.severity == "error" or one.place.file.startswith(begins)
    ]
    return [*sorted([*kept, *sound_problems(result.pack)]), *_model_problems()]


def sound_problems(pack: Pack) -> list[Problem]:
    """Sound files of a pack that are not there, lead out of its folder, or cannot be played."""
    from voice_ally.respond import model
    from voice_ally.respond.check_phrasebook import every_instruction
    from voice_ally.respond.shape_kinds import place_of
    from voice_ally.speak.recordings import recording

    problems: list[Problem] = []
    for dialog in pack.dialogs.values():
        for one in every_instruction(dialog):
            if not isinstance(one, model.Play):
                continue
            place, path = place_of(one.file, one.place), Path(one.file)
            folder = Path(place.file).parent.resolve()
            mend = "Copy the file beside the dialog, or write another name."
            if not path.resolve().is_relative_to(folder):
                message = f"{path.name} leads out of the folder of the dialogs."
                problems.append(error(place, "VA065", message, mend))
                continue
            try:
                recording(path)
            except VoiceProblem as problem:
                problems.append(error(place, "VA065", str(problem.message), mend))
    return problems


def _model_problems() -> list[Problem]:
    """A model in the settings that cannot be told what to listen for, or is broken."""
    from voice_ally.models.store import choose_vosk_model
    from voice_ally.settings.places import user_config_file

    try:
        choose_vosk_model(parts.settings().vosk_model)
    except ModelProblem as problem:
        place = Place(str(user_config_file()), 1, 1)
        return [error(place, "VA051", problem.message, problem.mend)]
    return []


def unknown_words(words: frozenset[str]) -> dict[str, str]:
    """The words that the recogniser does not know, and what will be done about each."""
    from voice_ally.hear.engines.pronunciation import Pronouncer
    from voice_ally.models.store import choose_vosk_model

    try:
        chosen = parts.settings()
        learns = chosen.recogniser == "pocketsphinx" or not choose_vosk_model(chosen.vosk_model)
        # the bundled model learns whatever PocketSphinx has a pronunciation for
        engine = parts.make_recogniser("pocketsphinx" if learns else "", chosen, Pack())
    except VoiceAllyError:
        return {}  # told elsewhere
    unknown = sorted(
        engine.unknown_words(Grammar("words", (dict.fromkeys(words, 1), {}), frozenset({1}), ()))
    )
    engine.close()
    if not unknown:
        return {}
    if not learns:
        return dict.fromkeys(unknown, UNHEARD)
    pronouncer = Pronouncer()
    pronouncer.learn(unknown)
    return {one: f"it will be listened for as {pronouncer.phones(one)}" for one in unknown}
