"""Is everything there that is needed, does it work, and what mends it?

Rules: looks and listens, changes nothing; each finding stands alone, so that it can be read out
to somebody; under 20 s in all; works on a machine without any sound hardware. What is found
sound-wise is said in numbers and not kept.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING

from voice_ally.app import doctor_sound, parts
from voice_ally.app.findings import BROKEN, NOTE, OK, Finding
from voice_ally.core.errors import VoiceAllyError, VoiceProblem

if TYPE_CHECKING:
    from pathlib import Path

    from voice_ally.core.ports import Recogniser
    from voice_ally.core.sound import Sound
    from voice_ally.language.reader import ReadResult
    from voice_ally.settings.settings import Settings
    from voice_ally.speak.voices import RenderingVoice

WORDS_SHOWN = 8


def examine() -> Iterator[Finding]:
    """Every finding, as soon as it is known."""
    doctor = _Doctor()
    checks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("python", doctor.python),
        ("packages", doctor.packages),
        ("settings", doctor.settings_),
        ("country", doctor.country),
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

        return packs.read(self._folders).result

    @cached_property
    def _folders(self) -> "list[Path]":
        from voice_ally.app import packs

        chosen = self._settings
        return packs.folders_for(None, chosen.pack, chosen.language)

    @cached_property
    def _recogniser(self) -> "Recogniser":
        return parts.make_recogniser("", self._settings, self._dialogs.pack)

    @cached_property
    def _line(self) -> tuple["Sound", float, str, str]:
        """The test line as it is spoken, the seconds it took to render, by which voice, and why
        by that one if it is not the usual one."""
        import time

        from voice_ally.core.actions import Style

        instead: list[str] = []
        with closing(self._voice(instead)) as voice:
            voice.render("I am here.", Style())
            began = time.perf_counter()
            line = voice.render(f"{doctor_sound.SPOKEN}.", Style())
            return line, time.perf_counter() - began, voice.name, " ".join(instead)

    def _voice(self, instead: list[str]) -> "RenderingVoice":
        """The chosen voice; where none was chosen, the best there is."""
        from voice_ally.speak.voices import open_voice, others

        chosen = self._settings
        names = ["", *others("", chosen.language)] if not chosen.voice else [chosen.voice]
        for name in names:
            try:
                return open_voice(name, chosen.language)
            except VoiceProblem as problem:
                instead.append(problem.message)
                last = problem
        raise VoiceProblem(" ".join(instead), mend=last.mend)

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

    def country(self) -> Finding:
        from voice_ally.app import first_start, packs

        reading = packs.read(self._folders)
        known = packs.Dialogs(reading.result.pack, reading.countries)
        chosen = self._settings.country
        if not chosen:
            return Finding("country", NOTE, first_start.country_line(reading.countries))
        if unknown := known.unknown_country(chosen):
            return Finding("country", BROKEN, unknown)
        return Finding("country", OK, f"{known.code_of(chosen)}, whose help lines are named")

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
        from voice_ally.core.sound import seconds_in

        line, seconds, name, instead = self._line
        factor = seconds / seconds_in(line)
        found = f"{name} speaks, {1 / factor:.0f} times faster than it sounds"
        data: dict[str, object] = {"name": name, "real_time_factor": round(factor, 4)}
        if instead:
            return Finding("voice", NOTE, f"{found}. {instead}", data=data)
        return Finding("voice", OK if factor < 1 else NOTE, found, data=data)

    def recogniser(self) -> Finding:
        from voice_ally.app.round_trip import every_word
        from voice_ally.models.calibration import read_calibration
        from voice_ally.models.store import choose_vosk_model, verify
        from voice_ally.settings.places import bundled_model

        engine = self._recogniser
        installed = choose_vosk_model(self._settings.vosk_model)
        calibrated = installed if installed and read_calibration(installed) else None
        model = calibrated or bundled_model()
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
        if installed and not calibrated:
            found += f"; {installed.name} is not used until it is calibrated"
            return Finding("recogniser", NOTE, found, "Run: voice-ally models calibrate", data)
        return Finding("recogniser", OK, found, data=data)

    # -- the sound -----------------------------------------------------------------------------

    def microphone(self) -> Finding:
        return doctor_sound.microphone(self._settings)

    def loudspeaker(self) -> Finding:
        return doctor_sound.loudspeaker(self._settings)

    def round_trip(self) -> Finding:
        line = self._line[0]
        return doctor_sound.round_trip(line, self._settings, self._recogniser, self._dialogs.pack)

    def speed(self) -> Finding:
        return doctor_sound.speed(self._line[0], self._recogniser)

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
        found = ", ".join(str(one) for one in folders)
        if closed := [str(one) for one in folders if not places.may_be_written(one)]:
            return Finding(
                "kept in",
                NOTE,
                f"{found}. Nothing can be kept in {', '.join(closed)}: it works, and forgets.",
                "May you write there?",
            )
        return Finding("kept in", OK, found)
