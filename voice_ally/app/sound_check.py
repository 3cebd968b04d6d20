"""Rehearsing by ear: every phrase of a pack, said by many voices, through the real listener.

Rules: a phrase is heard where it would be said, by the very function behind `voice-ally hear`, so
that what is true here is true in a session; the same voices and the same noise every time. The
sound is thrown away; what was heard of it is kept in the cache.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from voice_ally.app import parts
from voice_ally.app.rehearsed import Rehearsed
from voice_ally.core.errors import UsageProblem, VoiceProblem

if TYPE_CHECKING:
    from voice_ally.core.sound import Sound
    from voice_ally.interpret.understanding import Understanding
    from voice_ally.speak.voices import RenderingVoice

NOISE_SNR_DB = 12.0
QUIET_SECONDS = 0.6
"""Before and behind each phrase."""
VOICES = (
    ("flite:slt", 1.0),
    ("gmw/en-gb-x-rp", 1.0),
    ("flite:rms", 1.0),
    ("gmw/en-gb-scotland", 1.15),
    ("flite:awb", 0.9),
    ("gmw/en-us", 1.25),
    ("gmw/en-029", 1.0),
    ("flite:kal16", 1.0),
    ("gmw/en-us-nyc", 0.85),
    ("gmw/en-gb-x-gbcwmd", 1.0),
    ("gmw/en-gb-x-gbclan", 1.1),
    ("gmw/en", 1.0),
)
"""(voice, rate), so mixed that the first few differ most: sex, accent, speed, synthesiser. Those
that are not installed are left out."""


_Heard = tuple[bool, str]
"""In noise or not, and what was understood."""


@dataclass(frozen=True)
class Said:
    """A phrase, where it is said ("" while nothing runs), and what it means there."""

    phrase: str
    at: str
    intent: str


@dataclass(frozen=True)
class Result:
    """What became of one phrase."""

    said: Said
    heard: int
    of: int
    instead: dict[str, int] = field(default_factory=dict)
    """What was understood in its place, and how often."""
    heard_in_noise: int = 0
    of_in_noise: int = 0
    """Both are among the above."""

    def as_dict(self) -> dict[str, object]:
        """For --json."""
        return {**asdict(self.said), "heard": self.heard, "of": self.of, "instead": self.instead}

    def __str__(self) -> str:
        where = f"  [{self.said.at}]" if self.said.at else ""
        taken = ", ".join(f"{what} ({count})" for what, count in self.instead.items())
        confused = f"  taken for: {taken}" if taken else ""
        return f'{self.heard:3} of {self.of}  "{self.said.phrase}"{where}{confused}'


class SoundCheck:
    """One pack, listened to. Raises PackProblem and UsageProblem."""

    def __init__(
        self, pack: Path | None, *, at: str, voices: int, noise: bool, warn: parts.Write
    ) -> None:
        self._folder, self._at, self._warn = pack, at, warn
        packs = parts.dialogs(pack, parts.settings(), warn)
        self._pack = packs.dialogs.pack
        self._voices = VOICES[: max(1, voices)]
        self._noises = (False, True) if noise else (False,)
        self._cache = Rehearsed()

    def said(self, phrases: Sequence[str]) -> list[Said]:
        """What is to be said: these phrases, or one way to say each of the pack's own."""
        from voice_ally.language.intents import intent_of

        found: dict[tuple[str, str, str], Said] = {}
        for at, understanding, own in self._places():
            for phrase in phrases or own:
                match = understanding.match(phrase)
                if match is not None:
                    one = Said(phrase, at, intent_of(match.phrase))
                    # a command means the same everywhere, an answer something else at each question
                    where = at if match.phrase.meaning.kind == "answer" and not phrases else ""
                    found.setdefault((phrase, one.intent, where), one)
        for phrase in phrases:
            if not any(one.phrase == phrase for one in found.values()):
                self._warn(f'"{phrase}" means nothing {f"at {self._at}" if self._at else "here"}.')
        if not found:
            raise UsageProblem("There is nothing to say.", mend="Name a phrase of this pack.")
        return list(found.values())

    def count(self, wanted: Sequence[Said]) -> int:
        """How many recordings are listened to."""
        return len(wanted) * len(self._voices) * len(self._noises)

    def listen(self, wanted: Sequence[Said], done: Callable[[], None]) -> list[Result]:
        """What is heard of each phrase, the worst first. done is called for each recording."""
        heard: dict[Said, list[_Heard]] = {one: [] for one in wanted}
        for name, rate in self._voices:
            self._by_one_voice(name, rate, heard, done)
        results = []
        for one, found in heard.items():
            intents = [intent for _, intent in found]
            noisy = [intent == one.intent for in_noise, intent in found if in_noise]
            right = sum(intent == one.intent for intent in intents)
            others = Counter(intent for intent in intents if intent not in (one.intent, ""))
            instead = dict(others.most_common(3))
            results.append(Result(one, right, len(intents), instead, sum(noisy), len(noisy)))
        return sorted(results, key=lambda r: (r.heard / max(1, r.of), -sum(r.instead.values())))

    def summary(self, results: Sequence[Result]) -> str:
        """Of all phrases, in one line."""
        heard, of = sum(one.heard for one in results), sum(one.of for one in results)
        taken = sum(sum(one.instead.values()) for one in results)
        return f"{heard} of {of} heard ({heard / max(1, of):.0%}), {taken} taken for something else"

    def _places(self) -> Iterator[tuple[str, "Understanding", list[str]]]:
        """Where something is listened for: a name, what it means there, and one way to say each
        phrase of the pack's own."""
        from voice_ally.engine.armed import phrases_for, phrases_of
        from voice_ally.engine.state import State
        from voice_ally.language.model import Ask

        understandings = parts.understandings(self._pack)
        if not self._at:
            idle = phrases_for(self._pack, State())
            of_idle = understandings.of(idle)
            own = [one for one in idle if self._is_own(one.template)]
            yield "", of_idle, [of_idle.examples(one) for one in own]
        for name, dialog in self._pack.dialogs.items():
            for step, block in dialog.steps.items():
                asks = [one for one in block if isinstance(one, Ask)]
                at = f"{name}/{step}"
                if asks and self._at in ("", at) and self._is_own_dialog(name):
                    phrases = phrases_of(self._pack, asks[0])
                    armed = understandings.of(phrases)
                    answers = {one.template for one in asks[0].answers}
                    own = [one for one in phrases if one.template in answers]
                    yield at, armed, [armed.examples(one) for one in own]

    def _is_own(self, template: str) -> bool:
        return self._folder is None or template not in self._pack.earlier

    def _is_own_dialog(self, name: str) -> bool:
        place = Path(self._pack.dialogs[name].place.file).parent
        return self._folder is None or bool(self._at) or place == self._folder

    def _by_one_voice(
        self, name: str, rate: float, heard: dict[Said, list["_Heard"]], done: Callable[[], None]
    ) -> None:
        from voice_ally.speak.voices import open_voice

        missing: dict[str, list[tuple[Said, bool, str]]] = {}
        for one, so_far in heard.items():
            for noisy in self._noises:
                key = self._cache.key(one.phrase, one.at, (name, rate), noisy, self._pack)
                known = self._cache.get(key)
                if known is None:
                    missing.setdefault(one.at, []).append((one, noisy, key))
                else:
                    so_far.append((noisy, known))
                    done()
        if not missing:
            return
        try:
            voice = open_voice(name)
        except VoiceProblem as problem:
            self._warn(f"Without the voice {name}: {problem.message}")
            return
        try:
            for at, several in missing.items():
                self._at_one_place(voice, rate, at, several, heard, done)
        except VoiceProblem as problem:
            self._warn(f"Without the voice {name}: {problem.message}")
        finally:
            voice.close()

    def _at_one_place(
        self,
        voice: "RenderingVoice",
        rate: float,
        at: str,
        several: Sequence[tuple[Said, bool, str]],
        heard: dict[Said, list["_Heard"]],
        done: Callable[[], None],
    ) -> None:
        """Say what is missing, and let `hear` listen as if this question were asked."""
        from voice_ally.app.hearing import hear

        with tempfile.TemporaryDirectory() as folder:
            files: dict[str, tuple[Said, bool, str]] = {}
            for number, (one, noisy, key) in enumerate(several):
                file = str(Path(folder, f"{number}.wav"))
                _write(Path(file), _spoken(voice, one.phrase, rate), noisy)
                files[file] = (one, noisy, key)
            intents = dict.fromkeys(files, "")
            count = 0
            for found in hear(tuple(files), self._folder, at, "", warn=self._warn):
                file = str(found["file"])
                intents[file] = intents[file] or str(found["intent"] or "")
                if count < len(files):
                    count += 1
                    done()
            for _ in range(len(files) - count):
                done()
            for file, (one, noisy, key) in files.items():
                heard[one].append((noisy, intents[file]))
                self._cache.set(key, intents[file])
            self._cache.write()


def _spoken(voice: "RenderingVoice", phrase: str, rate: float) -> "Sound":
    from voice_ally.core.actions import Style

    return voice.render(phrase, Style(rate=rate))


def _write(file: Path, line: "Sound", noisy: bool) -> None:
    """The phrase with a little quiet around it; noisy: in noise that falls by 3 dB an octave, at
    NOISE_SNR_DB below the voice."""
    import numpy
    import soundfile

    from voice_ally.core.sound import SAMPLE_RATE_HZ

    quiet = numpy.zeros(round(QUIET_SECONDS * SAMPLE_RATE_HZ))
    speech = numpy.frombuffer(line, "<i2") / 32768
    sound = numpy.concatenate([quiet, speech, quiet])
    if noisy and speech.size:
        white = numpy.fft.rfft(numpy.random.default_rng(1).standard_normal(sound.size))
        pink = numpy.fft.irfft(white / numpy.sqrt(numpy.arange(1, white.size + 1)), sound.size)
        level = numpy.sqrt(numpy.mean(speech**2)) / 10 ** (NOISE_SNR_DB / 20)
        sound = sound + pink * level / max(1e-9, float(numpy.sqrt(numpy.mean(pink**2))))
    soundfile.write(file, numpy.clip(sound, -1, 1), SAMPLE_RATE_HZ, subtype="PCM_16")
