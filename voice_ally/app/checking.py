"""Checking a pack: the files, the phrases, the recogniser's words, the help lines.

Rules: doubts about bundled dialogs are not told to somebody who checks their own.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from voice_ally.app import packs, parts
from voice_ally.app.pack_language import language_problems
from voice_ally.checker.whole_pack import check_read, without_what_follows
from voice_ally.core.errors import ModelProblem, VoiceAllyError, VoiceProblem
from voice_ally.core.speech import Grammar
from voice_ally.language.memory import Memory
from voice_ally.language.model import Pack, Place
from voice_ally.language.problems import Problem, error

if TYPE_CHECKING:
    from voice_ally.core.ports import Recogniser


def check(pack: Path | None) -> list[Problem]:
    """Everything that is wrong in a pack: the one named, else the user's own, else the bundled.

    Raises PackProblem for a folder that cannot be read.
    """
    with Checker(pack) as checker:
        return checker.check()


class Checker:
    """Checks one pack again and again, as somebody edits it: a file that has not changed is not
    read again, and what a change does not touch is not checked again."""

    def __init__(self, pack: Path | None = None, folders: list[Path] | None = None) -> None:
        """folders: these and no others, the bundled one first."""
        chosen = parts.settings()
        self._folders = folders or packs.folders_for(pack, chosen.pack, chosen.language)
        self._memory = Memory()
        self._words = Words()
        self.reading: packs.Reading | None = None
        """What was read for the latest check."""

    @property
    def folder(self) -> Path:
        """The pack that is checked."""
        return self._folders[-1]

    def __enter__(self) -> "Checker":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the recogniser back."""
        self._words.close()

    def read(self, instead: packs.Files | None = None) -> packs.Reading:
        """The pack, without checking it. Raises PackProblem for a folder that cannot be read."""
        return packs.read(self._folders, instead, self._memory)

    def sounds(self, words: Iterable[str]) -> dict[str, str]:
        """Those of the words that the recogniser does not know, as far as it was asked, and how
        they will be listened for."""
        return self._words.sounds(words)

    def check(self, instead: packs.Files | None = None) -> list[Problem]:
        """Everything that is wrong now, sorted. instead: files as an editor holds them, not
        saved yet, by "folder/name". Raises PackProblem for a folder that cannot be read."""
        reading = self.reading = self.read(instead)
        result = reading.result
        own = self._folders[-1]
        begins = f"{own}/" if own.is_dir() else ""
        found = {
            *reading.problems,
            *check_read(result, self._words.unknown, self._memory),
            *language_problems(result.pack, own),
            *sound_problems(result.pack),
        }
        kept = [
            one
            for one in without_what_follows(found)
            if one.severity == "error" or one.place.file.startswith(begins)
        ]
        return [*kept, *_model_problems()]


def sound_problems(pack: Pack) -> list[Problem]:
    """Sound files of a pack that are not there, lead out of its folder, or cannot be played."""
    from voice_ally.language import model
    from voice_ally.language.blocks import every_instruction
    from voice_ally.language.shape_kinds import place_of
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


class Words:
    """Which words the recogniser does not know. It is started when first asked, and each word is
    asked for once."""

    def __init__(self) -> None:
        self._asked: dict[str, str] = {}
        """How each word will be listened for; nothing where it is known."""
        self._engine: Recogniser | None = None
        self._broken = False

    def unknown(self, words: frozenset[str]) -> dict[str, str]:
        """The words that the recogniser does not know, and what will be done about each."""
        new = words - self._asked.keys()
        if new and not self._broken:
            try:
                self._ask(new)
            except VoiceAllyError:
                self._broken = True  # told elsewhere
        sounds = self.sounds(words)
        return {one: f"it will be listened for as {found}" for one, found in sounds.items()}

    def sounds(self, words: Iterable[str]) -> dict[str, str]:
        """The same of those asked for before, as the sounds alone."""
        return {one: self._asked[one] for one in sorted(words) if self._asked.get(one)}

    def _ask(self, words: frozenset[str]) -> None:
        from voice_ally.hear.engines.pronunciation import Pronouncer

        if self._engine is None:
            # the bundled Vosk model learns whatever PocketSphinx has a pronunciation for
            self._engine = parts.make_recogniser("pocketsphinx", parts.settings(), Pack())
        asked = Grammar("words", (dict.fromkeys(words, 1), {}), frozenset({1}), ())
        unknown = self._engine.unknown_words(asked)
        self._asked.update(dict.fromkeys(words, ""))
        if unknown:
            pronouncer = Pronouncer()
            pronouncer.learn(unknown)
            for word in unknown:
                self._asked[word] = pronouncer.phones(word)

    def close(self) -> None:
        """End the recogniser; may be called twice."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def unknown_words(words: frozenset[str]) -> dict[str, str]:
    """The words that the recogniser does not know, and what will be done about each."""
    asked = Words()
    try:
        return asked.unknown(words)
    finally:
        asked.close()
