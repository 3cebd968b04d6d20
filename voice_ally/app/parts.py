"""Where the parts are chosen.

Rules: the only file that decides which engine, model, pack and settings are used; everything
heavy is imported in the function that needs it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voice_ally.core.errors import (
    PackProblem,
    UsageProblem,
)

if TYPE_CHECKING:
    from voice_ally.core.events import SlotValue
    from voice_ally.core.ports import Listener, Recogniser
    from voice_ally.interpret.understanding import Understandings
    from voice_ally.respond.model import Pack
    from voice_ally.respond.problems import Problem
    from voice_ally.respond.reader import ReadResult
    from voice_ally.respond.state import State
    from voice_ally.runtime.logbook import Logbook
    from voice_ally.settings.settings import Settings
    from voice_ally.ui.rehearsal import Rehearsal

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


def read_dialogs(pack: Path | None, own: str = "") -> "ReadResult":
    """The bundled dialogs, and the user's over them. Raises PackProblem."""
    from voice_ally.respond.reader import read_folders
    from voice_ally.settings.places import bundled_dialogs, user_pack_folder

    folders = [bundled_dialogs()]
    chosen = pack or (Path(own).expanduser() if own else user_pack_folder())
    if chosen.is_dir():
        folders.append(chosen)
    elif pack or own:
        raise PackProblem(f"There is no folder {chosen}.")
    return read_folders(folders)


def usable_dialogs(pack: Path | None, own: str, warn: Write) -> "Pack":
    """The same, telling of what had to be left out."""
    result = read_dialogs(pack, own)
    for problem in result.problems:
        if problem.severity == "error":
            warn(f"left out: {problem}")
    return result.pack


def check(pack: Path | None) -> "list[Problem]":
    """Everything that is wrong in a pack (the bundled one if none is named).

    Doubts about bundled dialogs are not told to somebody who checks their own.
    """
    from voice_ally.respond.check import check as check_pack

    result = read_dialogs(pack)
    found = sorted({*result.problems, *check_pack(result.pack, book=result.book)})
    own = str(pack or "")
    return [one for one in found if one.severity == "error" or one.place.file.startswith(own)]


def first_state(chosen: "Settings", seed: int = 1) -> "State":
    """Where every conversation begins."""
    from voice_ally.core.actions import Style
    from voice_ally.respond.state import State

    style = Style(rate=chosen.rate, volume=chosen.volume)
    return State(seed=seed, style=style, country_slots=help_lines(chosen.country))


def help_lines(country: str) -> "dict[str, SlotValue]":
    """What `safety` names for a country; nothing (so its own words stay) where none is set."""
    import tomllib

    from voice_ally.settings.places import bundled_dialogs

    if not country:
        return {}
    known = tomllib.loads(
        (bundled_dialogs() / "data" / "helplines.toml").read_text(encoding="utf-8")
    )
    entry = known.get(country.upper())
    if entry is None:
        return {}
    lines = " or ".join(f"{one['name']}, {one['number']}" for one in entry["lines"])
    return {"emergency_number": entry["emergency_number"], "help_line": lines}


def understandings(pack: "Pack") -> "Understandings":
    """What a pack's phrases mean, compiled as they are needed."""
    from voice_ally.interpret.understanding import Understandings
    from voice_ally.respond.reader import vocabulary

    return Understandings(vocabulary(pack), pack.not_meant)


def make_recogniser(name: str, chosen: "Settings", pack: "Pack") -> "Recogniser":
    """The engine named, or the best there is: an installed Vosk model, else PocketSphinx.

    PocketSphinx is confirmed by the bundled Vosk model: alone it takes too much for a phrase.
    """
    from voice_ally.models.store import choose_vosk_model

    wanted = name or chosen.recogniser
    model = choose_vosk_model(chosen.vosk_model) if wanted != "pocketsphinx" else None
    if wanted == "vosk" or model is not None:
        from voice_ally.hear.engines.vosk_engine import VoskRecogniser

        return VoskRecogniser(model or bundled_model_for(pack))
    from voice_ally.hear.engines.pocketsphinx_engine import PocketSphinxRecogniser
    from voice_ally.hear.engines.rejection import CONFIRMED
    from voice_ally.hear.engines.second_opinion import SecondOpinionRecogniser
    from voice_ally.hear.engines.vosk_engine import VoskRecogniser

    return SecondOpinionRecogniser(
        PocketSphinxRecogniser(pack.pronunciations, CONFIRMED),
        VoskRecogniser(bundled_model_for(pack)),
    )


def bundled_model_for(pack: "Pack") -> Path:
    """The bundled Vosk model, made to know every word of the pack. Raises ModelProblem."""
    from voice_ally.hear.engines.pronunciation import pronunciations
    from voice_ally.models.extend import read_lexicon, with_words
    from voice_ally.respond.spoken import spoken_words
    from voice_ally.settings.places import bundled_model, extended_models_folder

    model = bundled_model()
    new = spoken_words(pack) - read_lexicon(model).keys()
    added = pronunciations(new | pack.pronunciations.keys(), pack.pronunciations)
    return with_words(model, added, extended_models_folder())


def make_listener(recogniser: "Recogniser") -> "Listener":
    """The speech gate and an engine, as one."""
    from voice_ally.hear.gate import SileroGate
    from voice_ally.hear.listener import SegmentListener

    return SegmentListener(SileroGate(), recogniser)


def hear(
    files: tuple[str, ...], pack: Path | None, at: str, recogniser: str, *, warn: Write
) -> Iterator[dict[str, object]]:
    """What each utterance of each recording was understood as."""
    from voice_ally.core.speech import Utterance
    from voice_ally.hear.recording import RecordingMicrophone
    from voice_ally.respond.armed import phrases_for, phrases_of
    from voice_ally.respond.intents import intent_of
    from voice_ally.respond.model import Ask
    from voice_ally.respond.state import State

    chosen = settings()
    dialogs = usable_dialogs(pack, chosen.pack, warn)
    phrases = phrases_for(dialogs, State())
    if at:
        name, _, step = at.partition("/")
        block = dialogs.dialogs[name].steps.get(step, ()) if name in dialogs.dialogs else ()
        asks = [one for one in block if isinstance(one, Ask)]
        if not asks:
            raise UsageProblem(f"There is no question at {at}.", mend="Write DIALOG/STEP.")
        phrases = phrases_of(dialogs, asks[0])
    understanding = understandings(dialogs).of(phrases)
    engine = make_recogniser(recogniser, chosen, dialogs)
    for file in files:
        microphone = RecordingMicrophone(file, real_time=False)
        listener = make_listener(engine)
        listener.use(understanding.grammar)
        events = [event for block in microphone.blocks() for event in listener.feed(block)]
        for event in (*events, *listener.flush()):
            if not isinstance(event, Utterance):
                continue
            match = understanding.match(event.text)
            yield {
                "file": file,
                "text": event.text,
                "intent": intent_of(match.phrase) if match else None,
                "slots": dict(match.slots) if match else {},
                "confidence": round(event.confidence, 3),
                "speech_start": round(event.speech_start, 3),
                "speech_end": round(event.speech_end, 3),
                "decided": round(event.at, 3),
            }


def rehearse(pack: Path | None, dialog: str, seed: int, *, say: Write, warn: Write) -> "Rehearsal":
    """A typed rehearsal; nothing is kept and nothing sounds."""
    from voice_ally.runtime.event_log import EventLog
    from voice_ally.runtime.live import NoEars
    from voice_ally.runtime.reminders import NoReminders
    from voice_ally.runtime.session import Session
    from voice_ally.ui.plain import PlainLines
    from voice_ally.ui.rehearsal import Rehearsal, SilentSounds, TypedMouth

    chosen = settings()
    dialogs = usable_dialogs(pack, chosen.pack, warn)
    if dialog and dialog not in dialogs.dialogs:
        raise unknown_dialog(dialog, dialogs)
    understand = understandings(dialogs).of
    muted = False

    def show(line: str) -> None:
        if not muted:
            say(line)

    def mute(value: bool) -> None:
        nonlocal muted
        muted = value

    def make(mouth: TypedMouth, with_seed: int) -> Session:
        log = EventLog()
        log.watch(PlainLines(show, warn=warn))
        return Session(
            dialogs,
            understand,
            ears=NoEars(),
            mouth=mouth,
            sounds=SilentSounds(),
            log=log,
            reminders=NoReminders(),
            state=first_state(chosen, with_seed),
            shut_while_speaking=False,
        )

    return Rehearsal(make, show, mute, dialog=dialog, seed=seed)


def unknown_dialog(name: str, pack: "Pack") -> UsageProblem:
    """The error for a dialog that is not there, with those that are."""
    from voice_ally.respond.shape_kinds import nearest

    mend = nearest(name, pack.dialogs) or f"There are: {', '.join(sorted(pack.dialogs))}."
    return UsageProblem(f'There is no dialog "{name}".', mend=mend)


def open_logbook(options: RunOptions, chosen: "Settings", warn: Write) -> "Logbook | None":
    """The log, unless it is not wanted; says so if it is to hold words."""
    import platform

    from voice_ally import __version__
    from voice_ally.runtime.logbook import Logbook
    from voice_ally.settings.places import logs_folder

    if not (chosen.log or options.log_text):
        return None
    book = Logbook(logs_folder(), with_text=options.log_text)
    book.note("begin", version=__version__, python=platform.python_version())
    if options.log_text:
        warn(f"All that is heard and said is written to {book.path}. Delete it afterwards.")
    return book


def describe_voices(language: str) -> list[str]:
    """The voices that speak a language, a line each. Raises VoiceProblem."""
    from voice_ally.speak.pyttsx3_voice import list_voices

    voices = [
        f"voice  {id_}  {name}"
        for id_, name, languages in list_voices()
        if languages.startswith(language)
    ]
    return voices or ["No voice for this language was found."]
