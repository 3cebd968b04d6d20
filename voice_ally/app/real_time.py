"""A session in real time: microphone or recording, loudspeaker or file; or typed.

Rules: everything is closed in every case, also after Ctrl-C; when the sound stops, it has
really stopped.
"""

import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from voice_ally.app import interrupts, parts
from voice_ally.app.parts import RunOptions, Write
from voice_ally.app.quiet_libraries import quiet_libraries
from voice_ally.app.showing import Shown, fully, showing
from voice_ally.core.errors import VoiceAllyError
from voice_ally.supervised.calls import Call
from voice_ally.supervised.child_process import NoAnswer

if TYPE_CHECKING:
    from voice_ally.app.packs import Dialogs, Packs
    from voice_ally.core.ports import Listener, Microphone
    from voice_ally.settings.settings import Settings

FADE_OUT_SECONDS = 0.1
CLOSE_SECONDS = 1.0
"""For a device that does not answer."""
SWITCH_SECONDS = 0.001
"""So soon a thread that computes lets the sound's callbacks go first; Python's usual 5 ms, and
again for each thread in line, are too much of a block of 10."""


def run_in_real_time(
    options: RunOptions, microphone: "Microphone", *, say: Write, warn: Write
) -> int:
    """Listen until the recording ends or Ctrl-C; closes the microphone."""
    chosen = parts.settings(options.set)
    dialogs = _dialogs(options, chosen, warn)
    wake = parts.wake_phrase(chosen, dialogs.dialogs.pack)
    with (
        closing(microphone),
        quiet_libraries(),
        showing(chosen, say=say, warn=warn) as shown,
        _Live(options, chosen, dialogs, shown, wake) as live,
    ):
        live.listen(microphone)
        if not options.input:
            first = f'"{wake}, calming pause"' if wake else '"calming pause" or "I need to repair"'
            live.hint = f'Listening. Say {first}; "stop" ends anything.'
            live.welcome()
        return live.run()


def run_typed(options: RunOptions, *, say: Write, warn: Write) -> int:
    """Lines from standard input instead of a microphone; the voice speaks all the same."""
    chosen = parts.settings(options.set)
    dialogs = _dialogs(options, chosen, warn)
    from voice_ally.ui.rehearsal import HINT

    say(HINT)
    with quiet_libraries(), _Live(options, chosen, dialogs, fully(say, warn)) as live:
        live.read_lines()
        return live.run()


def _dialogs(options: RunOptions, chosen: "Settings", warn: Write) -> "Packs":
    packs = parts.dialogs(options.pack, chosen, warn)
    if options.dialog and options.dialog not in packs.dialogs.pack.dialogs:
        raise parts.unknown_dialog(options.dialog, packs.dialogs.pack)
    return packs


class _Live:
    """The threads of one session."""

    def __init__(
        self,
        options: RunOptions,
        chosen: "Settings",
        packs: "Packs",
        shown: Shown,
        wake: str = "",
    ) -> None:
        from voice_ally.app.barge_in import choose
        from voice_ally.app.kept import Kept
        from voice_ally.app.loudspeaker import open_speaker
        from voice_ally.app.pack_watch import PackWatch
        from voice_ally.runtime.live import Inbox, LiveMouth
        from voice_ally.runtime.output_clock import OutputClock
        from voice_ally.runtime.posting import Posting
        from voice_ally.speak.narrator import Narrator, RememberingVoice
        from voice_ally.speak.playback import Playback

        warn = shown.warn
        self._options, self._chosen, self._warn = options, chosen, warn
        self._used, self._wake = packs.dialogs, wake
        self._say = shown.say
        self.hint = ""
        """Said as soon as it hears."""
        self._hello = False
        self._inbox = Inbox()
        self._fatal: VoiceAllyError | None = None
        self._input_over = False
        self._listener: Any = None
        self._closers: list[Callable[[], None]] = []
        self._devices: list[Callable[[], None]] = []
        """Those that may have to wait for a sound server."""
        self._kept = Kept(options, chosen, warn)
        self._closers.append(self._kept.close)
        self._log = self._kept.log
        self._log.watch(shown.observer)
        self._mixer = Playback()
        self._log.watch(parts.bed_under(self._mixer, chosen))
        self._clock = OutputClock(lambda: self._mixer.position)
        self._post = Posting(
            self._inbox,
            self._clock,
            lambda: self._session,
            lambda: self._speaker.latency_seconds,
        )
        self._mixer.on_finished = self._post.sound_over
        shown.use_clock(self._clock.now)
        parts.forget_spoken_lines()
        self._voice = parts.make_voice(options.voice, chosen, warn)
        self._voice.warm_up()
        self._lines = RememberingVoice(self._voice)
        self._lines.pronunciations = self._used.pack.pronunciations
        self._narrator = Narrator(
            self._lines,
            self._mixer,
            started=self._post.sound_started,
            failed=self._post.sound_failed,
        )
        self._closers.append(self._narrator.close)
        self._speaker = open_speaker(
            options.output, self._mixer, chosen, warn, self._failed, self._post.present
        )
        self._devices.append(self._speaker.close)
        self._mouth = LiveMouth(self._narrator, self._mixer)
        self._barge_in = choose(chosen, headphones=options.headphones)
        self._watch = PackWatch(packs, self._reloaded)
        self._closers.append(self._watch.close)
        self._session: Any = None

    def listen(self, microphone: "Microphone") -> None:
        """Take words from this microphone."""
        from voice_ally.app.devices import let_each_other_look
        from voice_ally.hear.thread import ListenerThread

        self._closers.append(microphone.close)

        def make() -> "Listener":
            engine = parts.make_recogniser(
                self._options.recogniser, self._chosen, self._used.pack, in_real_time=True
            )
            listener = parts.make_listener(engine)
            return self._barge_in.put_before(listener, self._mixer, in_real_time=True)

        self._listener = ListenerThread(
            microphone,
            make(),
            self._clock,
            post=self._post.heard,
            failed=self._failed,
            ended=lambda: self._inbox.put(self._input_ended),
            presence=lambda present: self._post.present("microphone", present),
            dropped=self._post.dropped,
            remake=make,
            hears=lambda: self._inbox.put(self._give_hint),
        )
        let_each_other_look(microphone, self._speaker)
        self._devices.append(self._listener.close)

    def welcome(self) -> None:
        """If this is the very first start: ask for the country, and say hello to who is quiet."""
        from voice_ally.app import first_start

        if self._chosen.welcome and first_start.is_first():
            self._hello = True
            if not self._chosen.country:
                self._say(first_start.country_line(self._used.countries))

    def _say_hello(self) -> None:
        from voice_ally.app.first_start import DIALOG, QUIET_SECONDS

        def hello() -> None:
            self._inbox.put(lambda: self._session.offer(DIALOG, self._clock.now()))

        later = threading.Timer(QUIET_SECONDS, hello)
        later.daemon = True
        later.start()
        self._closers.append(later.cancel)

    def read_lines(self) -> None:
        """Take words from standard input."""
        from voice_ally.app.typed_lines import read_lines

        read_lines(
            self._clock.now,
            heard=self._post.heard,
            failed=self._failed,
            ended=lambda: self._inbox.put(self._input_ended),
        )

    def run(self) -> int:
        """Until the input has ended and nothing is running, or Ctrl-C."""
        from voice_ally.runtime.live import LiveEars, NoEars, run_live
        from voice_ally.runtime.session import Session, WhileSpeaking

        self._session = Session(
            self._used.pack,
            parts.understandings(self._used.pack).of,
            people=self._kept.people,
            ears=LiveEars(self._listener) if self._listener else NoEars(),
            mouth=self._mouth,
            sounds=parts.make_tones(self._chosen),
            log=self._log,
            reminders=self._kept.reminders,
            state=parts.first_state(
                self._chosen,
                self._used.country_slots(self._chosen.country, self._warn),
                seed=int(time.time()) % 2**31,
                wake=self._wake,
            ),
            while_speaking=self._barge_in.while_speaking if self._listener else WhileSpeaking.ALL,
        )
        sys.setswitchinterval(SWITCH_SECONDS)
        self._watch.start()
        # a SimpleQueue may be put into by a signal handler
        with interrupts.first_only_noted(lambda: self._inbox.put(lambda: None)):
            run_live(
                self._session,
                self._inbox,
                self._clock,
                finished=self._finished,
                begun=self._listener.start if self._listener else lambda: None,
                dialog=self._options.dialog,
            )
        if self._fatal is not None:
            raise self._fatal
        return 0

    def _finished(self) -> bool:
        interrupts.check()
        return self._fatal is not None or (self._input_over and self._session.idle)

    # -- called from other threads: only post --------------------------------------------

    def _reloaded(self, used: "Dialogs") -> None:
        understand = parts.understandings(used.pack).of
        self._lines.pronunciations = used.pack.pronunciations
        country = used.country_slots(self._chosen.country, self._warn)
        self._inbox.put(lambda: self._session.use(used.pack, understand, country))

    def _failed(self, source: str, error: Exception) -> None:
        def tell() -> None:
            if source == "microphone" and isinstance(error, VoiceAllyError):
                self._fatal = error
            else:
                self._session.failed(source, self._clock.now(), str(error))

        self._inbox.put(tell)

    def _give_hint(self) -> None:
        if self.hint:
            self._say(self.hint)
        if self._hello:
            self._say_hello()

    def _input_ended(self) -> None:
        self._input_over = True

    # -- the end ---------------------------------------------------------------------------

    def __enter__(self) -> "_Live":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is KeyboardInterrupt:
            # It is ending already; an impatient second Ctrl-C must not leave streams open.
            interrupts.ignore()
        # not the mixer alone: a line that is rendered only now would still be heard
        self._mouth.cut()
        time.sleep(FADE_OUT_SECONDS)
        # together: a sound server that stands still is waited for once, not for each of them
        devices = [Call(close) for close in self._devices]
        for one in devices:
            self._close(lambda one=one: one.wait(CLOSE_SECONDS))  # type: ignore[misc]
        while self._closers:
            self._close(self._closers.pop())

    def _close(self, close: Callable[[], None]) -> None:
        try:
            with suppress(NoAnswer):
                close()
        except VoiceAllyError as problem:
            self._warn(str(problem))
