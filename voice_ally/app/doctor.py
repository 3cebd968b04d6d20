"""Is everything there that is needed, does it work, and what mends it?

Rules: looks and listens, changes nothing; each finding stands alone, so that it can be read out
to somebody; under 20 s in all; works on a machine without any sound hardware. What is found
sound-wise is said in numbers and not kept.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from voice_ally.app import parts
from voice_ally.core.errors import AlreadyRunning, VoiceAllyError

if TYPE_CHECKING:
    from voice_ally.core.audio import Pcm16
    from voice_ally.core.ports import Recogniser
    from voice_ally.respond.reader import ReadResult
    from voice_ally.settings.settings import Settings

OK, NOTE, MISSING, BROKEN = "ok", "note", "missing", "broken"
"""NOTE: it works, and something about it is worth knowing. The last two are why the doctor
ends with exit code 1."""
FAULTS = (MISSING, BROKEN)
LISTEN_SECONDS = 1.0
FLOOR_DB, QUIET_DB = -35.0, -75.0
"""A room noisier than the first is hard to be understood in; a microphone quieter than the
second is turned down or muted."""
CLIPPED = 0.001
SPOKEN = "calming pause"
WORDS_SHOWN = 8
BYTES_A_SECOND = 32_000


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    check: str
    verdict: str
    found: str
    mend: str = ""
    data: dict[str, object] = field(default_factory=dict)
    """The same in numbers, for programs."""

    def __str__(self) -> str:
        return f"{self.verdict:8} {self.check}: {self.found} {self.mend}".rstrip()

    def as_dict(self) -> dict[str, object]:
        """For --json."""
        return asdict(self)


def examine() -> Iterator[Finding]:
    """Every finding, as soon as it is known."""
    doctor = _Doctor()
    checks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("python", doctor.python),
        ("packages", doctor.packages),
        ("settings", doctor.settings_),
        ("dialogs", doctor.dialogs),
        ("voice", doctor.voice),
        ("recogniser", doctor.recogniser),
        ("microphone", doctor.microphone),
        ("loudspeaker", doctor.loudspeaker),
        ("round trip", doctor.round_trip),
        ("speed", doctor.speed),
        ("reminders", doctor.reminders),
        ("service", doctor.service),
        ("kept in", doctor.places),
    )
    for name, check in checks:
        try:
            yield check()
        except VoiceAllyError as problem:
            yield Finding(name, BROKEN, problem.message, problem.mend)
        except Exception as error:
            why = f"it could not be examined ({type(error).__name__}: {error})."
            yield Finding(name, BROKEN, " ".join(why.split()))


class _Doctor:
    """The checks; what several need is made once, by the first."""

    @cached_property
    def _settings(self) -> "Settings":
        return parts.settings()

    @cached_property
    def _dialogs(self) -> "ReadResult":
        from voice_ally.app import packs

        return packs.read(packs.folders_for(None, self._settings.pack)).result

    @cached_property
    def _recogniser(self) -> "Recogniser":
        return parts.make_recogniser("", self._settings, self._dialogs.pack)

    @cached_property
    def _line(self) -> tuple["Pcm16", float]:
        """The test line as it is spoken, and the seconds it took to render."""
        import time

        from voice_ally.core.actions import Style
        from voice_ally.speak.voices import open_voice

        voice = open_voice(self._settings.voice, self._settings.language)
        try:
            voice.render("I am here.", Style())
            began = time.perf_counter()
            return voice.render(f"{SPOKEN}.", Style()), time.perf_counter() - began
        finally:
            voice.close()

    # -- the program -----------------------------------------------------------------------

    def python(self) -> Finding:
        import platform

        found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
        if sys.maxsize < 2**32:
            return Finding("python", BROKEN, f"{found}, 32 bits", "Use a 64-bit system.")
        return Finding("python", OK, found)

    def packages(self) -> Finding:
        import re
        from importlib import metadata

        from voice_ally import __version__

        found, missing = {"voice-ally": __version__}, []
        for one in metadata.requires("voice-ally") or ():
            if "extra ==" in one:
                continue
            name = re.split(r"[^\w.-]", one, maxsplit=1)[0]
            try:
                found[name] = metadata.version(name)
            except metadata.PackageNotFoundError:
                if ";" not in one:
                    missing.append(name)
        listed = ", ".join(f"{name} {version}" for name, version in found.items())
        if missing:
            return Finding(
                "packages", BROKEN, f"{', '.join(missing)} not installed", "Install it again."
            )
        return Finding("packages", OK, listed, data={"versions": found})

    def settings_(self) -> Finding:
        from voice_ally.settings.sources import DEFAULT, choose, strangers

        origins = choose().origins
        own = [name for name, origin in origins.items() if origin != DEFAULT]
        found = f"{', '.join(own)} set" if own else "all as they come"
        if odd := strangers():
            return Finding("settings", NOTE, f"{found}; {'; '.join(odd)}")
        return Finding("settings", OK, found)

    def dialogs(self) -> Finding:
        from voice_ally.app.checking import check

        problems = check(None)
        errors = [one for one in problems if one.severity == "error"]
        found = f"{len(self._dialogs.pack.dialogs)} can be used"
        if errors:
            return Finding(
                "dialogs", BROKEN, f"{found}, {len(errors)} mistakes.", "Run: voice-ally check"
            )
        return Finding("dialogs", OK, found)

    # -- the parts ---------------------------------------------------------------------------

    def voice(self) -> Finding:
        from voice_ally.core.audio import seconds_in

        pcm16, seconds = self._line
        factor = seconds / seconds_in(pcm16)
        name = self._settings.voice or "pyttsx3"
        found = f"{name} speaks, {1 / factor:.0f} times faster than it sounds"
        verdict = OK if factor < 1 else NOTE
        return Finding("voice", verdict, found, data={"real_time_factor": round(factor, 4)})

    def recogniser(self) -> Finding:
        from voice_ally.app.round_trip import every_word
        from voice_ally.models.store import choose_vosk_model, verify
        from voice_ally.settings.places import bundled_model

        engine = self._recogniser
        model = choose_vosk_model(self._settings.vosk_model) or bundled_model()
        grammar = every_word(self._dialogs.pack)
        unknown = sorted(engine.unknown_words(grammar))
        if changed := verify(model):
            return Finding(
                "recogniser",
                BROKEN,
                f"{engine.name}, but the model {model.name} is not whole ({changed[0]}).",
                "Run: voice-ally models fetch",
            )
        found = f"{engine.name}, model {model.name} whole, {len(grammar.words)} words to hear"
        data: dict[str, object] = {"model": model.name, "unknown_words": unknown}
        if unknown:
            shown = ", ".join(unknown[:WORDS_SHOWN])
            found += f", {len(unknown)} of them guessed ({shown})"
            return Finding("recogniser", NOTE, found, data=data)
        return Finding("recogniser", OK, found, data=data)

    # -- the sound -----------------------------------------------------------------------------

    def microphone(self) -> Finding:
        from voice_ally.app.devices import listen_for
        from voice_ally.devices.portaudio import list_devices

        if not any(one.input_channels for one in list_devices()):
            return Finding("microphone", MISSING, "none was found.", "Connect one.")
        with self._nobody_listens() as free:
            if not free:
                return Finding("microphone", OK, "in use by Voice Ally, which is listening now")
            heard = listen_for(LISTEN_SECONDS, self._settings.microphone or None)
        if heard is None:
            return Finding(
                "microphone", BROKEN, "it opens, but no sound comes.", "Connect it again."
            )
        name, rate_hz, level = heard
        found = (
            f"{name}, {rate_hz} Hz, peak {level.peak_db:.0f} dB, noise floor"
            f" {level.floor_db:.0f} dB, clipped {level.clipped:.1%}"
        )
        data = {**asdict(level), "name": name, "rate_hz": rate_hz}
        for bad, mend in (
            (level.dead, "It hears nothing at all: is it muted?"),
            (level.peak_db < QUIET_DB, "Very quiet: turn its level up."),
            (level.clipped > CLIPPED, "Too loud: turn its level down."),
            (level.floor_db > FLOOR_DB, "Very noisy here: move it nearer, or find a quiet place."),
        ):
            if bad:
                return Finding("microphone", NOTE, f"{found}.", mend, data)
        return Finding("microphone", OK, found, data=data)

    @staticmethod
    def _nobody_listens() -> "_Free":
        return _Free()

    def loudspeaker(self) -> Finding:
        from voice_ally.devices.portaudio import list_devices
        from voice_ally.speak.playback import Playback
        from voice_ally.speak.speakers import DeviceSpeaker

        if not any(one.output_channels for one in list_devices()):
            return Finding("loudspeaker", MISSING, "none was found.", "Connect one.")
        speaker = DeviceSpeaker(Playback(), self._settings.speaker or None, lambda *_: None)
        try:
            speaker.start()
            seconds = speaker.latency_seconds
        finally:
            speaker.close()
        name = self._settings.speaker or "the system's choice"
        found = f"{name}, {seconds * 1000:.0f} ms to the ear"
        return Finding("loudspeaker", OK, found, data={"latency_seconds": seconds})

    def round_trip(self) -> Finding:
        from voice_ally.app.round_trip import heard_in_the_room, understood

        pcm16, _ = self._line
        with self._nobody_listens() as free:
            in_room = heard_in_the_room(pcm16, self._settings) if free else None
        if in_room is not None:
            text = understood(in_room, self._recogniser, self._dialogs.pack)
            if text == SPOKEN:
                return Finding("round trip", OK, f'said "{SPOKEN}" aloud and heard it')
        text = understood(pcm16, self._recogniser, self._dialogs.pack)
        if text != SPOKEN:
            return Finding(
                "round trip",
                BROKEN,
                f'said "{SPOKEN}", understood {text or "nothing"!r}.',
                "Run: voice-ally models verify",
            )
        if in_room is None:
            return Finding("round trip", OK, f'"{SPOKEN}" was understood (within the machine)')
        return Finding(
            "round trip",
            NOTE,
            f'"{SPOKEN}" was understood within the machine, but not heard through the air.',
            "Headphones? Else turn the volume up, or move the microphone nearer.",
        )

    def speed(self) -> Finding:
        import time

        from voice_ally.core.audio import BLOCK_BYTES, Pcm16, seconds_in

        pcm16 = Pcm16(self._line[0] * 2 + bytes(2 * BYTES_A_SECOND))
        listener = parts.make_listener(self._recogniser)
        began = time.process_time()
        for at in range(0, len(pcm16) - BLOCK_BYTES, BLOCK_BYTES):
            listener.feed(Pcm16(pcm16[at : at + BLOCK_BYTES]))
        listener.flush()
        cores = (time.process_time() - began) / seconds_in(pcm16)
        found = f"listening costs {cores:.0%} of one core while somebody speaks"
        data: dict[str, object] = {"cores": round(cores, 4)}
        if cores > 1:
            return Finding("speed", BROKEN, f"{found}.", "This machine is too slow.", data)
        return Finding("speed", OK if cores < 1 / 2 else NOTE, found, data=data)

    # -- what is kept ---------------------------------------------------------------------------

    def reminders(self) -> Finding:

        from voice_ally.runtime.reminders import Reminders
        from voice_ally.settings.places import reminders_file

        if not reminders_file().exists():
            return Finding("reminders", OK, "none yet")
        book = Reminders(reminders_file())
        try:
            return Finding("reminders", OK, f"{len(book.waiting())} waiting")
        finally:
            book.close()

    def service(self) -> Finding:
        from voice_ally.app import service

        found = service.status()
        failed = found.startswith("failed")
        return Finding(
            "service", BROKEN if failed else OK, found, "Run: voice-ally service logs" * failed
        )

    def places(self) -> Finding:
        from voice_ally.settings import places

        folders = (
            places.user_config_folder(),
            places.user_data_folder(),
            places.user_state_folder(),
            places.user_cache_folder(),
        )
        return Finding("kept in", OK, ", ".join(str(one) for one in folders))


class _Free:
    """Is no session listening? Holds its place meanwhile, so that none begins."""

    def __enter__(self) -> bool:
        from voice_ally.runtime.only_one import only_one
        from voice_ally.settings.places import user_state_folder

        self._lock = only_one(user_state_folder())
        try:
            self._lock.__enter__()
        except AlreadyRunning:
            self._held = False
        else:
            self._held = True
        return self._held

    def __exit__(self, *_: object) -> None:
        if self._held:
            self._lock.__exit__(None, None, None)
