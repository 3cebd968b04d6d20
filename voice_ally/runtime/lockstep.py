"""A session on the sound's own clock: no threads, no waiting, the same result every time.

Rules: time is the number of samples that have passed; each turn of the loop takes one 10 ms
block in, gives one out, and lets everything due by then happen. Used for `--pace fast`,
`demo`, rehearsals and tests.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from voice_ally.core.actions import Style
from voice_ally.core.audio import BLOCK_SAMPLES, BLOCK_SECONDS, Pcm16, silence
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.ports import Listener, Voice
from voice_ally.core.sound import BLOCK_SAMPLES as PLAYED_SAMPLES
from voice_ally.core.sound import Sound, to_samples, to_seconds
from voice_ally.core.speech import HearingEvent
from voice_ally.interpret.understanding import Understanding
from voice_ally.runtime.session import Session

LONGEST_SECONDS = 3 * 3600.0
"""A session on file ends here at the latest."""
TAIL_SECONDS = 1.0
"""Quiet kept at the end, so that nothing sounds clipped."""


class Mixer(Protocol):
    """Plays clips; see speak/playback.py."""

    on_finished: Callable[[int, int], None] | None

    @property
    def position(self) -> int:
        """Samples played so far."""

    def play(
        self,
        ticket: int,
        pcm16: Sound,
        *,
        start_sample: int | None = None,
        whole: bool = False,
        voice: bool = False,
    ) -> int:
        """Mix a clip in, now or from that sample on; gives the sample it begins at."""

    def lower(self, lowered: bool) -> None:
        """Softly, or at full volume again."""

    def cut(self) -> None:
        """Drop everything."""

    def pull(self, n_samples: int) -> Sound:
        """The next samples."""


class LockstepMouth:
    """Renders a line while the sound's clock stands still, so it starts at once."""

    lead_seconds = BLOCK_SECONDS

    def __init__(self, voice: Voice, mixer: Mixer) -> None:
        self._voice, self._mixer = voice, mixer
        self.failures: deque[tuple[int, str]] = deque()
        self.starts: deque[tuple[int, int]] = deque()

    def say(self, ticket: int, text: str, style: Style, at: float) -> None:
        """Render now, sound from `at` on."""
        try:
            pcm16 = self._voice.render(text, style)
        except VoiceProblem as problem:
            self.failures.append((ticket, str(problem)))
            return
        start = self._mixer.play(ticket, pcm16, start_sample=to_samples(at), whole=True, voice=True)
        self.starts.append((ticket, start))

    def tone(self, ticket: int, pcm16: Sound, at: float, *, exact: bool = False) -> None:
        """Sound from `at` on."""
        self._mixer.play(ticket, pcm16, start_sample=to_samples(at), whole=not exact)

    def prepare(self, texts: Sequence[str], style: Style) -> None:
        """Nothing to gain: rendering costs no time on this clock."""

    def lower(self, lowered: bool) -> None:
        """Sound softly while somebody speaks."""
        self._mixer.lower(lowered)

    def cut(self) -> None:
        """Silence."""
        self.failures.clear()
        self.starts.clear()
        self._mixer.cut()


class LockstepEars:
    """Feeds the listener, or lets sound pass by it."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._open, self._over = False, False
        self._broken_off: list[HearingEvent] = []

    def arm(self, understanding: Understanding) -> None:
        """Only these phrases from now on."""
        self._listener.use(understanding.grammar)

    def open(self) -> None:
        """Listen."""
        self._open = True

    def break_off(self) -> None:
        """Decide now what is under way; a voice that goes on is a new utterance."""
        self._broken_off += self._listener.flush()

    def feed(self, block: Pcm16) -> list[HearingEvent]:
        """The next 10 ms."""
        broken_off, self._broken_off = self._broken_off, []
        if self._over:
            return broken_off
        heard = self._listener.feed(block) if self._open else self._listener.skip(block)
        return broken_off + heard

    def flush(self) -> list[HearingEvent]:
        """The recording is over: nothing is heard any more."""
        self._over = True
        return self._listener.flush()


def run_lockstep(
    session: Session,
    *,
    blocks: Iterator[Pcm16],
    ears: LockstepEars,
    mouth: LockstepMouth,
    mixer: Mixer,
    record: Callable[[Pcm16, Sound], None],
    dialog: str = "",
    finished: Callable[[], bool] = lambda: False,
) -> float:
    """Run until the recording has ended and nothing is running; gives the seconds it lasted.

    record gets each block heard and the block spoken meanwhile; finished ends it early.
    """
    mixer.on_finished = lambda ticket, end: session.sound_over(ticket, to_seconds(end))
    session.begin(0.0, dialog)
    position, ended, quiet_since = 0, False, 0
    while not finished() and position < to_samples(LONGEST_SECONDS):
        block = None if ended else next(blocks, None)
        if block is None:
            if not ended:
                ended = True
                for event in ears.flush():
                    session.heard(event)
            block = silence(BLOCK_SAMPLES)
        for event in ears.feed(block):
            session.heard(event)
        while mouth.failures:
            ticket, message = mouth.failures.popleft()
            session.sound_failed(ticket, to_seconds(position), message)
        while mouth.starts:
            ticket, start = mouth.starts.popleft()
            session.sound_started(ticket, to_seconds(start))
        record(block, mixer.pull(PLAYED_SAMPLES))
        position += PLAYED_SAMPLES
        session.tick(to_seconds(position))
        if not (ended and session.idle):
            quiet_since = position
        elif position - quiet_since >= to_samples(TAIL_SECONDS):
            break
    return to_seconds(position)
