"""The listening thread: it alone owns the microphone and the listener.

Rules: wishes arrive through a queue and take effect between two blocks; what is heard, what
broke and that the sound has ended are posted; nothing dies silently. A listener that breaks is
replaced, and the utterance under way counts as not understood; one that keeps breaking is given
up. After `failed` with a reason of its own, or `ended`, nothing more is heard.
"""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from voice_ally.core.audio import Pcm16, samples_in, to_seconds
from voice_ally.core.errors import RecogniserProblem, VoiceAllyError
from voice_ally.core.ports import Clock, Listener, Microphone
from voice_ally.core.speech import Grammar, HearingEvent, SpeechStarted, Utterance

SOURCE = "microphone"
"""What this thread calls itself when it fails."""
LISTENER = "recogniser"
"""What it calls a listener that broke and was replaced."""
JOIN_SECONDS = 1.0
MOST_BREAKS = 10
"""So many within BREAKS_SECONDS, and something is wrong that a new listener does not mend."""
BREAKS_SECONDS = 60.0


class ListenerThread:
    """Runs a listener on a microphone. Deaf until hear()."""

    def __init__(
        self,
        microphone: Microphone,
        listener: Listener,
        clock: Clock,
        *,
        post: Callable[[HearingEvent], None],
        failed: Callable[[str, Exception], None],
        ended: Callable[[], None],
        tap: Callable[[Pcm16], None] | None = None,
        presence: Callable[[bool], None] = lambda _present: None,
        dropped: Callable[[int], None] = lambda _blocks: None,
        remake: Callable[[], Listener] | None = None,
        hears: Callable[[], None] = lambda: None,
    ) -> None:
        self._microphone, self._listener, self._clock = microphone, listener, clock
        self._post, self._failed, self._ended, self._tap = post, failed, ended, tap
        self._remake, self._hears = remake, hears
        self._breaks: list[float] = []
        """When listeners broke, of late."""
        self._grammar: Grammar | None = None
        self._speaking = False
        self._presence, self._dropped, self._dropped_before = presence, dropped, 0
        microphone.on_presence = self._changed
        self._wishes: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._open = False
        self._closing = threading.Event()
        self._samples = self._samples_before = 0
        """Taken in all, and before the present listener was made: its clock began then."""
        self._offset = 0.0
        """Clock minus stream position: what turns one into the other."""
        self._latest = 0.0
        """The last moment told of; nothing told later is earlier."""
        self._speech_start = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True, name="listener")

    def start(self) -> None:
        """Begin to take blocks, once what was wished for so far is done; then `hears` is called."""
        self._thread.start()

    def use(self, make: Callable[[], Grammar]) -> None:
        """Only these phrases from now on; made here, as it takes a while."""
        self._wishes.put(lambda: self._use(make()))

    def hear(self) -> None:
        """Listen."""
        self._wishes.put(self._open_up)

    def break_off(self) -> None:
        """Decide now what is under way; a voice that goes on is a new utterance."""
        self._wishes.put(lambda: self._tell(self._listener.flush()))

    def _use(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._listener.use(grammar)

    def _open_up(self) -> None:
        self._open = True

    def _changed(self, present: bool) -> None:
        """What somebody was saying when the microphone went away is decided by what was heard."""
        if not present:
            try:
                self._tell(self._listener.flush())
            except Exception as error:
                self._replace_listener(error)
        self._presence(present)

    def _run(self) -> None:
        try:
            self._prepare()
            for number, block in enumerate(self._microphone.blocks()):
                if number == 0:
                    self._hears()
                self._take(block)
            if not self._closing.is_set():
                self._tell(self._listener.flush())
                self._ended()
        except VoiceAllyError as problem:
            self._failed(SOURCE, problem)
        except Exception as error:
            broken = RecogniserProblem(f"Listening broke off ({type(error).__name__}: {error}).")
            broken.__cause__ = error
            self._failed(SOURCE, broken)
        finally:
            self._listener.close()

    def _take(self, block: Pcm16) -> None:
        self._samples += samples_in(block)
        self._offset = self._clock.now() - to_seconds(self._samples - self._samples_before)
        if self._tap is not None:
            self._tap(block)
        if self._microphone.dropped_blocks > self._dropped_before:
            dropped = self._microphone.dropped_blocks
            self._dropped(dropped - self._dropped_before)
            self._dropped_before = dropped
        try:
            self._do_what_was_wished()
            self._tell(self._listener.feed(block) if self._open else self._listener.skip(block))
        except Exception as error:
            self._replace_listener(error)

    def _prepare(self) -> None:
        """Before there is any sound: to compile phrases takes time, in which it would be lost."""
        try:
            self._do_what_was_wished()
        except Exception as error:
            self._replace_listener(error)
        # nobody was told that it listens, so nothing was lost
        self._dropped_before = self._microphone.dropped_blocks

    def _do_what_was_wished(self) -> None:
        while not self._wishes.empty():
            self._wishes.get()()

    def _replace_listener(self, error: Exception) -> None:
        """Raises the error where that is no help."""
        now = self._clock.now()
        self._breaks = [one for one in self._breaks if one > now - BREAKS_SECONDS] + [now]
        if self._remake is None or len(self._breaks) > MOST_BREAKS:
            raise error
        why = f"What was said could not be made out ({type(error).__name__}: {error})."
        self._failed(LISTENER, RecogniserProblem(why))
        with suppress(Exception):
            self._listener.close()
        self._listener = self._remake()
        if self._grammar is not None:
            self._listener.use(self._grammar)
        self._samples_before = self._samples
        if self._speaking:
            start = self._speech_start
            self._speaking = False
            self._post(Utterance(self._not_before(now), "", 0.0, start, self._latest))

    def _tell(self, events: list[HearingEvent]) -> None:
        for event in events:
            if isinstance(event, SpeechStarted):
                self._speaking = True
                self._speech_start = self._not_before(event.at + self._offset)
                self._post(replace(event, at=self._speech_start))
            else:
                self._speaking = False
                self._post(self._on_the_clock(event))

    def _on_the_clock(self, event: Utterance) -> Utterance:
        speech_end = self._not_before(event.speech_end + self._offset)
        return replace(
            event,
            # Decoding takes time too: it was decided when that was over.
            at=self._not_before(self._clock.now()),
            speech_start=self._speech_start,
            speech_end=speech_end,
        )

    def _not_before(self, at: float) -> float:
        self._latest = max(self._latest, at)
        return self._latest

    def close(self) -> None:
        """Stop taking blocks, within a second; may be called twice."""
        self._closing.set()
        self._microphone.close()
        if self._thread.ident is None:
            self._listener.close()
        elif self._thread is not threading.current_thread():
            self._thread.join(timeout=JOIN_SECONDS)
