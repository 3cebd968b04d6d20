"""The listening thread: it alone owns the microphone and the listener.

Rules: wishes arrive through a queue and take effect between two blocks; what is heard, what
broke and that the sound has ended are posted; nothing dies silently.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import replace

from voice_ally.core.audio import Pcm16, samples_in, to_seconds
from voice_ally.core.ports import Clock, Listener, Microphone
from voice_ally.core.speech import Grammar, HearingEvent, SpeechStarted


class ListenerThread:
    """Runs a listener on a microphone."""

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
    ) -> None:
        self._microphone, self._listener, self._clock = microphone, listener, clock
        self._post, self._failed, self._ended, self._tap = post, failed, ended, tap
        self._wishes: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._open = False
        self._samples = 0
        self._offset = 0.0
        """Clock minus stream position: what turns one into the other."""
        self._thread = threading.Thread(target=self._run, daemon=True, name="listener")

    def start(self) -> None:
        """Begin to take blocks."""
        self._thread.start()

    def use(self, grammar: Grammar) -> None:
        """Only these phrases from now on."""
        self._wishes.put(lambda: self._listener.use(grammar))

    def hear(self) -> None:
        """Listen."""
        self._wishes.put(lambda: self._set_open(True))

    def deafen(self) -> None:
        """Let the sound pass unheard."""
        self._wishes.put(lambda: self._set_open(False))

    def _set_open(self, value: bool) -> None:
        self._open = value

    def _run(self) -> None:
        try:
            for block in self._microphone.blocks():
                self._take(block)
            self._tell(self._listener.flush())
            self._ended()
        except Exception as error:
            self._failed("microphone", error)
        finally:
            self._listener.close()

    def _take(self, block: Pcm16) -> None:
        while not self._wishes.empty():
            self._wishes.get()()
        self._samples += samples_in(block)
        self._offset = self._clock.now() - to_seconds(self._samples)
        if self._tap is not None:
            self._tap(block)
        self._tell(self._listener.feed(block) if self._open else self._listener.skip(block))

    def _tell(self, events: list[HearingEvent]) -> None:
        for event in events:
            if isinstance(event, SpeechStarted):
                self._post(SpeechStarted(event.at + self._offset))
            else:
                self._post(
                    replace(
                        event,
                        at=self._clock.now(),
                        speech_start=event.speech_start + self._offset,
                        speech_end=event.speech_end + self._offset,
                    )
                )

    def close(self) -> None:
        """Stop taking blocks; may be called twice."""
        self._microphone.close()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)
