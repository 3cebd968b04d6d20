"""A listener that does not hear the assistant itself.

Rules: every block of the microphone goes through the echo canceller with what was played, also
while nobody listens, so that the room stays known; each utterance is told how much of its sound
was the assistant's own. That may be the judgement of a second canceller, whose sound nobody
listens to: WebRTC's turns an echo down most surely, but takes the beginning of a word that is
said over it along (of 10 times "stop" over a line 5 were understood after it, all after ours).
"""

from collections import deque
from dataclasses import replace

from voice_ally.core.audio import BLOCK_SAMPLES, BLOCK_SECONDS, Pcm16, silence
from voice_ally.core.ports import EchoCanceller
from voice_ally.core.speech import PLAINLY_ANOTHER, Grammar, HearingEvent, SpeechStarted
from voice_ally.hear.echo.played import PlayedSound
from voice_ally.hear.listener import SegmentListener

KEPT_BLOCKS = round(20.0 / BLOCK_SECONDS)
"""Longer than any utterance."""
WATCHED_BLOCKS, TRUSTED_BLOCKS = 50, 200
"""Of sound of its own: over so much of it is seen how well it is taken out, and for so much more
the filter is trusted to know the room when it was."""
WELL_TAKEN_OUT = 0.1
"""So little of what was heard is left, where the room is known and nobody speaks: -10 dB."""
NO_ECHO = 0.001
"""Of what was played so little is heard (-30 dB) that it need not be known."""
TRAIL = 0.9
"""What the room still holds of a sound after each block, roughly: 0.1 s."""
FAINT_TRAIL = 160 * 30.0**2
LEARNT_BLOCKS = 60
"""From so many blocks on it is known how loud an echo to expect: in simulated rooms no filter knew
yet, what was heard was 3 times as strong as that or more with a person in it (40 of 40), and less
than 1.8 times without one (99 of 100 stretches of 0.7 s)."""
RINGING_BLOCKS = round(0.6 / BLOCK_SECONDS)
"""So long after the last sound nothing of it is left, and an idle machine is left idle."""


class EchoFreeListener:
    """Puts a canceller before another listener."""

    def __init__(
        self,
        listener: SegmentListener,
        canceller: EchoCanceller,
        played: PlayedSound,
        witness: EchoCanceller | None = None,
    ) -> None:
        import numpy

        self._numpy = numpy
        self._listener, self._canceller, self._played = listener, canceller, played
        listener.own_share = self._share
        self._witness = witness
        self._held = deque([silence(BLOCK_SAMPLES)] * played.cushion_blocks)
        """The microphone waits as long as what was played lags, so that no echo comes too soon."""
        self._blocks = 0
        self._blocks_since_sound = RINGING_BLOCKS
        self._heard: deque[float] = deque(maxlen=KEPT_BLOCKS)
        self._left: deque[float] = deque(maxlen=KEPT_BLOCKS)
        self._judged: deque[float] = deque(maxlen=KEPT_BLOCKS)
        """Energy of each block: as it was heard, after the canceller, after the witness."""
        self._trusted: deque[bool] = deque(maxlen=KEPT_BLOCKS)
        """For each block, whether the room was known."""
        self._trail: deque[float] = deque(maxlen=KEPT_BLOCKS)
        """For each block, how much of what was played may still be in the room."""
        self._watched: deque[tuple[float, float, float]] = deque(maxlen=WATCHED_BLOCKS)
        """Energy played, heard and left, of blocks with sound of its own."""
        self._trust = 0

    def use(self, grammar: Grammar) -> None:
        """Only these phrases from now on."""
        self._listener.use(grammar)

    @property
    def speaking(self) -> bool:
        """Is somebody in the middle of an utterance?"""
        return self._listener.speaking

    def feed(self, block: Pcm16) -> list[HearingEvent]:
        """The next 10 ms."""
        return self._told(self._listener.feed(self._cleaned(block)))

    def skip(self, block: Pcm16) -> list[HearingEvent]:
        """The next 10 ms, unheard."""
        return self._told(self._listener.skip(self._cleaned(block)))

    def flush(self) -> list[HearingEvent]:
        """The sound has ended."""
        return self._told(self._listener.flush())

    def _cleaned(self, block: Pcm16) -> Pcm16:
        self._held.append(block)
        block = self._held.popleft()
        played = self._played.next_block()
        self._blocks_since_sound = 0 if any(played) else self._blocks_since_sound + 1
        cleaned = judged = block
        if self._blocks_since_sound < RINGING_BLOCKS:
            cleaned = judged = self._canceller.cancel(block, played)
            if moved := self._canceller.moved():
                self._played.move(moved)
            if self._witness is not None:
                judged = self._witness.cancel(block, played)
        self._blocks += 1
        heard = self._energy(block)
        self._heard.append(heard)
        left = heard if cleaned is block else self._energy(cleaned)
        self._left.append(left)
        self._judged.append(left if judged is cleaned else self._energy(judged))
        sound = self._energy(played) if self._blocks_since_sound == 0 else 0.0
        before = self._trail[-1] if self._trail else 0.0
        self._trail.append(TRAIL * before + (1 - TRAIL) * sound)
        self._watch(sound, heard, left)
        return cleaned

    def _watch(self, played: float, heard: float, left: float) -> None:
        """Is the room known? Before it is, what is left of an echo looks like a person."""
        if played:
            self._trust -= self._trust > 0
            self._watched.append((played, heard, left))
            played, heard, left = (sum(one) for one in zip(*self._watched, strict=True))
            known = left < WELL_TAKEN_OUT * heard or heard < NO_ECHO * played
            if known and len(self._watched) == WATCHED_BLOCKS:
                self._trust = TRUSTED_BLOCKS
        silent = self._blocks_since_sound >= RINGING_BLOCKS
        self._trusted.append(silent or self._trust > 0)

    def _energy(self, block: Pcm16) -> float:
        samples = self._numpy.frombuffer(block, "<i2").astype(self._numpy.float32)
        return float(samples @ samples)

    def _told(self, events: list[HearingEvent]) -> list[HearingEvent]:
        return [self._with_share(one) for one in events]

    def _with_share(self, event: HearingEvent) -> HearingEvent:
        if isinstance(event, SpeechStarted):
            now = self._blocks * BLOCK_SECONDS
            return replace(event, own_share=self._share(event.at, now))
        return replace(event, own_share=self._share(event.speech_start, event.speech_end))

    def _share(self, start: float, end: float) -> float:
        first = self._blocks - len(self._heard)
        span = slice(
            max(0, round(start / BLOCK_SECONDS) - first),
            max(1, round(end / BLOCK_SECONDS) - first),
        )
        heard = sum(list(self._heard)[span])
        if not heard:
            return 0.0
        shares = [
            1.0 - min(1.0, sum(list(left)[span]) / heard) for left in (self._left, self._judged)
        ]
        if not list(self._trusted)[span][0]:
            shares[0] = self._share_by_loudness(span)
        if shares[0] < PLAINLY_ANOTHER and self._canceller.out_of_step():
            # it is the line after all, until the filter has learnt when it is heard now
            return 1.0
        # WebRTC's knows an echo sooner; but what ours calls a person is one.
        return shares[0] if shares[0] < PLAINLY_ANOTHER else max(shares)

    def _share_by_loudness(self, span: slice) -> float:
        """Where the room is unknown: of what is heard, so much is as loud an echo as before."""
        heard, trail = list(self._heard), list(self._trail)
        before = [
            (one, sound)
            for one, sound in zip(heard[: span.start], trail[: span.start], strict=True)
            if sound > FAINT_TRAIL
        ]
        if len(before) < LEARNT_BLOCKS:
            return PLAINLY_ANOTHER
        loudness = sum(one for one, _ in before) / sum(sound for _, sound in before)
        return min(1.0, loudness * sum(trail[span]) / sum(heard[span]))

    def close(self) -> None:
        """Free the canceller and the listener."""
        self._canceller.close()
        if self._witness is not None:
            self._witness.close()
        self._listener.close()
