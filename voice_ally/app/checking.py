"""Checking a pack: the files, the phrases, the recogniser's words, the help lines.

Rules: doubts about bundled dialogs are not told to somebody who checks their own.
"""

from pathlib import Path

from voice_ally.app import packs, parts
from voice_ally.core.errors import VoiceAllyError
from voice_ally.core.speech import Grammar
from voice_ally.respond.check import check as check_pack
from voice_ally.respond.model import Pack
from voice_ally.respond.problems import Problem


def check(pack: Path | None) -> list[Problem]:
    """Everything that is wrong in a pack: the one named, else the user's own, else the bundled.

    Raises PackProblem for a folder that cannot be read.
    """
    bundled, own = packs.folders_for(pack, parts.settings().pack)
    reading = packs.read([bundled, own])
    result = reading.result
    found = {*reading.problems, *check_pack(result.pack, unknown_words, book=result.book)}
    begins = f"{own}/" if own.is_dir() else ""
    return [
        one for one in sorted(found) if one.severity == "error" or one.place.file.startswith(begins)
    ]


def unknown_words(words: frozenset[str]) -> dict[str, str]:
    """The words that the recogniser does not know, and what will be done about each."""
    from voice_ally.hear.engines.pronunciation import Pronouncer

    try:
        engine = parts.make_recogniser("", parts.settings(), Pack())
    except VoiceAllyError:
        return {}  # doctor tells of that
    unknown = sorted(
        engine.unknown_words(Grammar("words", (dict.fromkeys(words, 1), {}), frozenset({1}), ()))
    )
    engine.close()
    if not unknown:
        return {}
    if engine.name == "vosk":
        return dict.fromkeys(unknown, "phrases with it cannot be heard")
    pronouncer = Pronouncer()
    return {one: f"it will be listened for as {pronouncer.phones(one)}" for one in unknown}
