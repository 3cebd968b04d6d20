"""The speaking thread: renders lines, ahead where it can, and hands them to the mixer.

Rules: a line asked for before a cut is never heard after it; a line that is wanted now goes
before all that is only likely; whatever was rendered is kept in memory, up to a bound.
"""

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.marks import with_sounds
from voice_ally.core.ports import Voice
from voice_ally.core.sound import Sound
from voice_ally.speak.loudness import amplified

KEPT_BYTES = 24_000_000
"""About eight minutes of speech."""
STALE_BATCHES = 3
"""What was likely so many steps ago is not any more."""
_WANTED, _LIKELY, _END = 0, 1, -1


class RememberingVoice:
    """A voice that renders a line once, at full volume, whatever volume it is wanted at."""

    def __init__(self, voice: Voice, kept_bytes: int = KEPT_BYTES) -> None:
        self._voice, self._kept_bytes = voice, kept_bytes
        self._lines: OrderedDict[tuple[str, float, bool, bool], Sound] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self.pronunciations: Mapping[str, str] = {}
        """How words are said that a dictionary would get wrong: ARPAbet, as packs write it."""

    @property
    def name(self) -> str:
        """Of the voice behind it."""
        return self._voice.name

    def render(self, text: str, style: Style) -> Sound:
        """The spoken line, from memory if it is there. Raises VoiceProblem."""
        text = text if style.recording else with_sounds(text, self.pronunciations)
        key = (text, round(style.rate, 2), style.low, style.second)
        with self._lock:
            sound = self._lines.get(key)
        if sound is None:
            sound = self._voice.render(text, replace(style, volume=1.0))
            with self._lock:
                self._bytes += len(sound) - len(self._lines.get(key, b""))
                self._lines[key] = sound
                while self._bytes > self._kept_bytes and len(self._lines) > 1:
                    self._bytes -= len(self._lines.popitem(last=False)[1])
        with self._lock:
            if key in self._lines:
                self._lines.move_to_end(key)
        return amplified(sound, style.volume)

    def close(self) -> None:
        """Close the voice behind it."""
        self._voice.close()


class Mixer(Protocol):
    """Where rendered lines go; see playback.py."""

    def play(
        self,
        ticket: int,
        pcm16: Sound,
        *,
        start_sample: int | None = None,
        whole: bool = False,
        voice: bool = False,
    ) -> int:
        """Now, or from that sample on; gives the sample it begins at."""

    def cut(self) -> None:
        """Drop everything."""


@dataclass(order=True)
class _Job:
    rank: int
    newness: int
    """Of lines that are only likely: minus the number of the batch, so that the newest is first."""
    number: int
    generation: int = field(compare=False, default=0)
    ticket: int = field(compare=False, default=0)
    text: str = field(compare=False, default="")
    style: Style = field(compare=False, default=Style())
    start_sample: int | None = field(compare=False, default=None)


class Narrator:
    """Takes lines from the session and gives sound to the mixer."""

    def __init__(
        self,
        voice: RememberingVoice,
        mixer: Mixer,
        *,
        started: Callable[[int, int], None],
        failed: Callable[[int, Exception], None],
    ) -> None:
        self._voice, self._mixer = voice, mixer
        self._started, self._failed = started, failed
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._number = self._batch = self._generation = 0
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, daemon=True, name="voice")
        self._thread.start()

    def say(self, ticket: int, text: str, style: Style, start_sample: int | None = None) -> None:
        """Render, and play from that sample on, or whole as soon after it as possible.

        started(ticket, sample) tells which sample it was.
        """
        self._put(_WANTED, ticket, text, style, start_sample)

    def prepare(self, texts: Sequence[str], style: Style) -> None:
        """Render ahead while nothing else is wanted; what was asked for last goes first."""
        self._batch += 1
        for text in texts:
            self._put(_LIKELY, 0, text, style)

    def cut(self) -> None:
        """Nothing asked for so far will be played."""
        with self._lock:
            self._generation += 1
            # a line may have reached the mixer since somebody cut it there
            self._mixer.cut()

    def _put(
        self, rank: int, ticket: int, text: str, style: Style, start_sample: int | None = None
    ) -> None:
        self._number += 1
        batch = self._batch if rank == _LIKELY else 0
        generation = self._generation
        job = _Job(rank, -batch, self._number, generation, ticket, text, style, start_sample)
        self._jobs.put(job)

    def _run(self) -> None:
        while (job := self._jobs.get()).rank != _END:
            if job.rank == _WANTED and job.generation != self._generation:
                continue
            if job.rank == _LIKELY and self._batch + job.newness > STALE_BATCHES:
                continue
            try:
                pcm16 = self._voice.render(job.text, job.style)
            except Exception as error:
                self._give_up(job, error)
                continue
            with self._lock:
                if job.rank == _WANTED and job.generation == self._generation:
                    start = self._mixer.play(
                        job.ticket, pcm16, start_sample=job.start_sample, whole=True, voice=True
                    )
                    self._started(job.ticket, start)

    def _give_up(self, job: _Job, error: Exception) -> None:
        """A line that was only likely is tried again, and told of, when it is wanted."""
        if not isinstance(error, VoiceProblem):
            problem = VoiceProblem(f"The voice could not speak a line ({error!r}).")
            problem.__cause__ = error
            error = problem
        with self._lock:
            if job.rank == _WANTED and job.generation == self._generation:
                self._failed(job.ticket, error)

    def close(self) -> None:
        """End the thread and the voice; may be called twice."""
        self.cut()
        self._jobs.put(_Job(_END, 0, 0))
        self._voice.close()
        self._thread.join(timeout=1.0)
