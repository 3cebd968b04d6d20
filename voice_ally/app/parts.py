"""Where the parts are chosen.

Rules: the only file that decides which engine, model, pack and settings are used; everything
heavy is imported in the function that needs it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voice_ally.core.errors import ModelProblem, UsageProblem
from voice_ally.core.ports import Later, at_once

if TYPE_CHECKING:
    from voice_ally.app.packs import Packs
    from voice_ally.core.events import SlotValue
    from voice_ally.core.ports import Recogniser
    from voice_ally.engine.state import State
    from voice_ally.hear.engines.pocketsphinx_apart import PocketSphinxApart
    from voice_ally.hear.engines.pocketsphinx_engine import PocketSphinxRecogniser
    from voice_ally.hear.engines.vosk_engine import VoskRecogniser
    from voice_ally.hear.listener import SegmentListener
    from voice_ally.interpret.understanding import Understandings
    from voice_ally.language.model import Pack
    from voice_ally.runtime.event_log import Observer
    from voice_ally.runtime.logbook import Logbook
    from voice_ally.settings.settings import Settings
    from voice_ally.speak.playback import Playback
    from voice_ally.speak.tones import Tones
    from voice_ally.speak.voices import RenderingVoice

Write = Callable[[str], None]


@dataclass(frozen=True)
class RunOptions:
    """What the command line asks of a session."""

    pack: Path | None = None
    input: str = ""
    output: Path | None = None
    events: Path | None = None
    recogniser: str = ""
    voice: str = ""
    typed: bool = False
    headphones: bool = False
    fast: bool = False
    dialog: str = ""
    log_text: bool = False
    """Write down everything, words too."""
    wait: bool = False
    """Wait for a microphone that is not there, instead of typing."""
    set: tuple[tuple[str, str], ...] = ()
    """Settings by name, as text, that go before all others."""


def settings(command_line: Iterable[tuple[str, str]] = ()) -> "Settings":
    """What the user set, here or elsewhere. Raises SettingsProblem."""
    from voice_ally.settings.sources import choose

    return choose(command_line=command_line).settings


def dialogs(pack: Path | None, chosen: "Settings", warn: Write) -> "Packs":
    """The bundled dialogs, the user's over them; warn hears of what is left out.

    Raises PackProblem.
    """
    from voice_ally.app.packs import Packs, folders_for

    return Packs(folders_for(pack, chosen.pack, chosen.language), warn)


def wake_phrase(chosen: "Settings", pack: "Pack") -> str:
    """The words that have to come first, as they are heard; empty where none have to.

    Raises SettingsProblem for words that mean something else already.
    """
    from voice_ally.core.errors import SettingsProblem
    from voice_ally.engine.armed import phrases_for
    from voice_ally.engine.state import State
    from voice_ally.interpret.text import normalise
    from voice_ally.language.intents import intent_of

    wake = normalise(chosen.wake)
    taken = understandings(pack).of(phrases_for(pack, State())).match(wake) if wake else None
    if taken is not None:
        raise SettingsProblem(
            f'The wake phrase "{chosen.wake}" means {intent_of(taken.phrase)} already.',
            mend='Set wake to other words, such as "hey ally".',
        )
    return wake


def first_state(
    chosen: "Settings", slots: "Mapping[str, SlotValue]", seed: int = 1, wake: str = ""
) -> "State":
    """Where every conversation begins. slots: see Dialogs.country_slots; wake: see above."""
    from voice_ally.core.actions import Style
    from voice_ally.engine.state import State

    style = Style(rate=chosen.rate, volume=chosen.volume)
    return State(seed=seed, style=style, country_slots=slots, wake=wake)


def understandings(pack: "Pack") -> "Understandings":
    """What a pack's phrases mean, compiled as they are needed, and once."""
    from voice_ally.interpret.understanding import Understandings
    from voice_ally.language.reader import vocabulary

    return pack.once("understandings", lambda: Understandings(vocabulary(pack), pack.not_meant))


def make_recogniser(
    name: str, chosen: "Settings", pack: "Pack", *, in_real_time: bool = False
) -> "Recogniser":
    """The recogniser: both engines and the verifier, or the one engine that is named.

    An official Vosk model takes the bundled one's place once it is calibrated. In real time
    PocketSphinx runs in a process of its own, since the sound would stop while it decodes.
    """
    from voice_ally.hear.engines.two_pass import TwoPassRecogniser
    from voice_ally.hear.engines.verifier import open_verifier
    from voice_ally.settings.places import bundled_model

    wanted = name or chosen.recogniser
    streaming = _vosk(chosen, pack) if wanted != "pocketsphinx" else None
    batch = _pocketsphinx(pack, in_real_time=in_real_time) if wanted != "vosk" else None
    return TwoPassRecogniser(streaming, batch, open_verifier(bundled_model()))


def _vosk(chosen: "Settings", pack: "Pack") -> "VoskRecogniser":
    from voice_ally.hear.engines.vosk_engine import VoskRecogniser
    from voice_ally.hear.engines.vosk_trial import careful_vosk
    from voice_ally.models.calibration import read_calibration
    from voice_ally.models.store import choose_vosk_model

    model = choose_vosk_model(chosen.vosk_model)
    calibration = read_calibration(model) if model else None
    if model and calibration:
        return careful_vosk(model, calibration)
    if model and chosen.vosk_model:
        raise ModelProblem(
            f"The speech model {model.name} is not calibrated on this machine.",
            mend="Run: voice-ally models calibrate",
        )
    return VoskRecogniser(bundled_model_for(pack, chosen.wake))


def _pocketsphinx(
    pack: "Pack", *, in_real_time: bool
) -> "PocketSphinxRecogniser | PocketSphinxApart":
    from voice_ally.hear.engines.pocketsphinx_apart import PocketSphinxApart
    from voice_ally.hear.engines.pocketsphinx_engine import PocketSphinxRecogniser

    return (PocketSphinxApart if in_real_time else PocketSphinxRecogniser)(pack.pronunciations)


def bundled_model_for(pack: "Pack", wake: str = "") -> Path:
    """The bundled Vosk model, made to know every word of the pack and of a wake phrase.

    Raises ModelProblem.
    """
    from voice_ally.hear.engines.pronunciation import pronunciations
    from voice_ally.interpret.text import normalise
    from voice_ally.language.spoken import spoken_words
    from voice_ally.models.extend import read_lexicon, with_words
    from voice_ally.settings.places import bundled_model, extended_models_folder

    model = bundled_model()
    new = (spoken_words(pack) | {*normalise(wake).split()}) - read_lexicon(model).keys()
    added = pronunciations(new | pack.pronunciations.keys(), pack.pronunciations)
    return with_words(model, added, extended_models_folder())


def make_listener(recogniser: "Recogniser") -> "SegmentListener":
    """The speech gate and an engine, as one."""
    from voice_ally.hear.engines.two_pass import TwoPassRecogniser
    from voice_ally.hear.gate import SileroGate
    from voice_ally.hear.listener import SegmentListener

    both = recogniser if isinstance(recogniser, TwoPassRecogniser) else None
    return SegmentListener(
        SileroGate(),
        recogniser,
        early=True,
        sparing=both is not None,
        spotter=both,
        foreseer=both,
    )


def unknown_dialog(name: str, pack: "Pack") -> UsageProblem:
    """The error for a dialog that is not there, with those that are."""
    from voice_ally.core.did_you_mean import nearest

    mend = nearest(name, pack.dialogs) or f"There are: {', '.join(sorted(pack.dialogs))}."
    return UsageProblem(f'There is no dialog "{name}".', mend=mend)


def open_logbook(
    options: RunOptions,
    chosen: "Settings",
    warn: Write,
    later: Later = at_once,
) -> "Logbook | None":
    """The log, unless it is not wanted; says so if it is to hold words."""
    import platform

    from voice_ally import __version__
    from voice_ally.runtime.logbook import Logbook
    from voice_ally.settings.places import logs_folder

    if not (chosen.log or options.log_text):
        return None
    book = Logbook(logs_folder(), with_text=options.log_text, later=later)
    book.note("begin", version=__version__, python=platform.python_version())
    if options.log_text:
        warn(f"All that is heard and said is written to {book.path}. Delete it afterwards.")
    return book


def make_voice(wanted: str, chosen: "Settings", warn: Write) -> "RenderingVoice":
    """What speaks: voices, and the pack's own sound files.

    Raises VoiceProblem only when the voice asked for just now is not there.
    """
    from voice_ally.speak.recordings import WithRecordings
    from voice_ally.speak.second_voice import TwoVoices
    from voice_ally.speak.voices import open_voice

    def open_second() -> "RenderingVoice":
        return open_voice(chosen.second_voice, chosen.language)

    first = _first_voice(wanted, chosen, warn)
    return WithRecordings(TwoVoices(first, open_second if chosen.second_voice else None, warn))


def _first_voice(wanted: str, chosen: "Settings", warn: Write) -> "RenderingVoice":
    """The voice asked for, else the one in the settings, else the best there is; where it fails
    later, another goes on. warn hears which voice speaks instead of which, and why.

    Raises VoiceProblem only when the one asked for just now is not there.
    """
    from functools import partial

    from voice_ally.core.errors import VoiceProblem
    from voice_ally.speak.fallback import FallbackVoice
    from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice
    from voice_ally.speak.voices import open_voice, others

    name = wanted or chosen.voice
    row = others(name, chosen.language)
    open_it = partial(open_voice, language=chosen.language)
    try:
        return FallbackVoice(open_it(name), row, open_it, warn)
    except VoiceProblem as problem:
        if wanted:
            raise
        while row:
            other = row.pop(0)
            try:
                voice = open_it(other)
            except VoiceProblem:
                continue
            warn(f"{problem} The voice {other} speaks instead.")
            return FallbackVoice(voice, row, open_it, warn)
        warn(f"{problem} No other voice is there: what it says is only shown.")
        silent = Pyttsx3Voice(language=chosen.language)
        return FallbackVoice(silent, (), open_it, warn)


def forget_spoken_lines() -> None:
    """Earlier versions kept the sound of lines on disk, and so told which had been said."""
    import shutil

    from voice_ally.settings.places import user_cache_folder

    shutil.rmtree(user_cache_folder() / "lines", ignore_errors=True)


def make_tones(chosen: "Settings") -> "Tones":
    """Bells, and the breath tones that were chosen."""
    from voice_ally.speak.tones import Tones

    return Tones(chosen.tone, chosen.tone_volume)


def bed_under(mixer: "Playback", chosen: "Settings") -> "Observer":
    """Lays the sound that was chosen under every dialog."""
    from voice_ally.speak.beds import BedUnderDialogs

    if not chosen.bed:
        return lambda _at, _event, _data: None
    return BedUnderDialogs(mixer.lay_bed, chosen.bed, chosen.bed_volume)
