"""The seams: what the parts ask of each other, and of the world.

Rules: Protocols, and what goes with them. Every port has a real part and a hand-written fake, and
one contract suite in tests/ runs over both.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

from voice_ally.core.actions import Style
from voice_ally.core.audio import Pcm16
from voice_ally.core.sound import Sound
from voice_ally.core.speech import Grammar, HearingEvent, Hypothesis

Later = Callable[[Callable[[], object]], object]
"""Does, soon and in order, what may have to wait for a disk."""


def at_once(act: Callable[[], object]) -> object:
    """A Later for who has time."""
    return act()


class Clock(Protocol):
    """Seconds since the session began. Never goes backwards."""

    def now(self) -> float:
        """The present moment."""


class Microphone(Protocol):
    """Where sound comes from: a device, a recording, standard input."""

    name: str
    on_presence: Callable[[bool], None] | None
    """Called from blocks() with False when the device has gone, with True when it is back."""

    def blocks(self) -> Iterator[Pcm16]:
        """10 ms blocks (BLOCK_SAMPLES each) until the end or close(). Raises RecordingProblem.

        A device that goes away is waited for.
        """

    @property
    def dropped_blocks(self) -> int:
        """How many blocks were lost because nobody took them in time."""

    def close(self) -> None:
        """Ends blocks(), from any thread; may be called twice."""


class SpeechGate(Protocol):
    """Tells speech from everything else, 32 ms at a time."""

    chunk_samples: int

    def probability(self, chunk: Pcm16) -> float:
        """0 (surely no speech) to 1, for exactly chunk_samples samples."""

    def reset(self) -> None:
        """Forget what came before."""


class EchoCanceller(Protocol):
    """Takes what was played out of what was heard."""

    name: str

    def cancel(self, heard: Pcm16, played: Pcm16) -> Pcm16:
        """10 ms of each in, 10 ms out; what comes out may lag a few blocks behind.

        The echo may follow its sound by up to a third of a second, but never precede it.
        """

    def out_of_step(self) -> bool:
        """Is what was heard of late the echo, but at another moment than expected, as far as it
        can tell?"""

    def moved(self) -> int:
        """By how many samples the echo has come later (or earlier, below 0) since this was last
        asked, as far as it can tell: whoever brings the sound may bring it so much later."""

    def reset(self) -> None:
        """Forget the room."""

    def close(self) -> None:
        """Free what it needs."""


class Recogniser(Protocol):
    """Turns the sound of one utterance into one of the phrases, or into nothing.

    Owned by one thread. Order of calls: use, (begin, feed…, [peek…], [finish], forget)…, close.
    """

    name: str

    def use(self, grammar: Grammar) -> None:
        """Only these phrases may be heard from the next begin() on."""

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        """Words of the grammar for which the engine has to guess, or which it cannot hear."""

    def begin(self) -> None:
        """A new utterance."""

    def feed(self, pcm16: Pcm16) -> None:
        """More of its sound, any length."""

    def peek(self) -> Hypothesis:
        """What it would be if it ended here; does not end it."""

    def finish(self) -> Hypothesis:
        """The utterance is over: what was it?"""

    def forget(self) -> None:
        """It was decided: neither its sound nor its words are kept."""

    def close(self) -> None:
        """Free the engine."""


class Listener(Protocol):
    """Sound in, utterances out. Fed block by block, so it knows no clock but the sound's own."""

    def use(self, grammar: Grammar) -> None:
        """Only these phrases may be heard from now on; an utterance under way is kept."""

    def feed(self, block: Pcm16) -> list[HearingEvent]:
        """The next 10 ms, and what they brought to light."""

    def skip(self, block: Pcm16) -> list[HearingEvent]:
        """The next 10 ms, which must not be listened to; decides an utterance under way."""

    def flush(self) -> list[HearingEvent]:
        """The sound has ended: whatever is under way is decided now."""

    @property
    def speaking(self) -> bool:
        """Is somebody in the middle of an utterance?"""

    def close(self) -> None:
        """Free the engines."""


class Voice(Protocol):
    """Text in, sound out. Does not play anything."""

    @property
    def name(self) -> str:
        """As it is written in the settings."""

    def render(self, text: str, style: Style) -> Sound:
        """The spoken line. Blocks; raises VoiceProblem."""

    def close(self) -> None:
        """Ends a render under way, from any thread; may be called twice."""
