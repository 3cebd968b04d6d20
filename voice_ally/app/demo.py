"""A whole spoken session on sound made on the spot.

Rules: everything is real (synthesis, the speech gate, recognition, the dialog); only the
person is another synthetic voice, who answers a moment after being asked. Both sides go into
one WAV file: the person left, the assistant right.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from voice_ally.app import parts
from voice_ally.app.named_files import refuse_the_same_file
from voice_ally.app.on_file import converse
from voice_ally.core import sound as played
from voice_ally.core.actions import Style
from voice_ally.core.audio import (
    BLOCK_BYTES,
    BLOCK_SAMPLES,
    Pcm16,
    samples_in,
    silence,
    to_samples,
)
from voice_ally.core.ports import Voice
from voice_ally.core.sound import Sound
from voice_ally.hear.resampling import as_heard

PERSON_VOICE = "en-us+f3"
"""Of espeak-ng; without it, the assistant's own speaks for both."""
THINKING_SECONDS = 0.7
FIRST_WORD_SECONDS = 0.5
AFTER_STOP_SECONDS = 1.5
PATIENCE_SECONDS = 60.0
DEFAULT_OUTPUT = Path("voice-ally-demo.wav")


@dataclass(frozen=True)
class Line:
    """What the person says, and when."""

    text: str
    after: str
    """The event it follows: "begin", "question" (one has been put), "said" (a line is over) …"""
    times: int = 1
    """After so many of these events since the person's last line."""


CONVERSATION = (
    Line("I need to repair", "begin"),
    Line("yes please", "question"),
    Line("yes", "question"),
    Line("no", "question"),
    Line("stop", "said", 2),
)


class Person:
    """Somebody in front of a microphone, who answers what happens."""

    def __init__(self, voice: Voice, lines: Sequence[Line]) -> None:
        self._voice = voice
        self._lines = deque(lines)
        self._seen = 0
        self._question: object = None
        self._sound, self._fine = bytearray(), bytearray()
        """The same twice: for the microphone, and as fine as it was rendered, for the file."""
        self.block = played.silence(played.BLOCK_SAMPLES)
        """What the last block was, for the file."""
        self._quiet_samples = 0
        self.watch(0.0, "begin", {})

    def watch(self, at: float, event: str, data: Mapping[str, object]) -> None:
        """An observer of the event log: speaks when the next line's moment has come."""
        if event == "asked":
            self._question = data["text"]
        if event == "said" and data["text"] == self._question:
            event = "question"
        if not self._lines or event != self._lines[0].after or data.get("cut"):
            return
        self._seen += 1
        if self._seen >= self._lines[0].times:
            self._seen = 0
            sound = self._voice.render(self._lines.popleft().text, Style())
            wait = FIRST_WORD_SECONDS if event == "begin" else THINKING_SECONDS
            self._fine += played.silence(played.to_samples(wait)) + sound
            self._sound += silence(to_samples(wait)) + as_heard(sound)

    def blocks(self) -> Iterator[Pcm16]:
        """What is said, and quiet between; ends a while after the last line."""
        while self._lines or self._sound or self._quiet_samples < to_samples(AFTER_STOP_SECONDS):
            block = bytes(self._sound[:BLOCK_BYTES])
            del self._sound[:BLOCK_BYTES]
            fine = bytes(self._fine[: played.BLOCK_BYTES])
            del self._fine[: played.BLOCK_BYTES]
            self.block = Sound(fine.ljust(played.BLOCK_BYTES, b"\0"))
            self._quiet_samples = 0 if block else self._quiet_samples + BLOCK_SAMPLES
            yield Pcm16(block + silence(BLOCK_SAMPLES - samples_in(block)))

    def tired(self) -> bool:
        """Nobody waits that long to be understood."""
        return self._quiet_samples > to_samples(PATIENCE_SECONDS)


def run(
    output: Path | None,
    events: Path | None,
    recogniser: str,
    *,
    say: parts.Write,
    warn: parts.Write,
    lines: Sequence[Line] = CONVERSATION,
) -> int:
    """Run the conversation; gives the exit code."""
    from voice_ally.runtime.event_log import EventLog
    from voice_ally.settings.settings import Settings
    from voice_ally.speak.speakers import WavWriter
    from voice_ally.ui.plain import PlainLines

    chosen = parts.settings()
    pack = parts.dialogs(None, Settings(), warn).dialogs.pack
    path = output or DEFAULT_OUTPUT
    refuse_the_same_file({"--output": path, "--events": events})
    writer = WavWriter(path, channels=2)
    ally, other = (
        parts.make_voice("", chosen, warn),
        parts.make_voice("", replace(chosen, voice=PERSON_VOICE), lambda _: None),
    )
    person = Person(other, lines)

    def record(_heard: Pcm16, spoken: Sound) -> None:
        writer.write(person.block, spoken)

    try:
        with EventLog(events) as log:
            log.watch(PlainLines(say, warn=warn))
            log.watch(person.watch)
            seconds = converse(
                pack,
                chosen,
                log,
                ally,
                person.blocks(),
                record,
                recogniser=recogniser,
                finished=person.tired,
            )
    finally:
        ally.close()
        other.close()
        writer.close()
    say(f"\n{seconds:.0f} seconds of conversation are in {path}.")
    return 0
