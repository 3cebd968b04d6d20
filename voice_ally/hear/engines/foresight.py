"""Decoding that is begun where a voice seems to have ended, before it is known that it has.

Rules: pure; goes by how much sound there was, never by how long anything took, so the same
recording gives the same whether or not the answer is ready in time. Loudness falls some 120 ms
before the gate has heard a quiet chunk (people's "computer" and "view glass"; 70 ms at least),
which is as long as the first engine takes. By then the second had heard the whole phrase in 40 of
50 of them; in speech that was not meant in 1 of 17 such moments.
"""

from dataclasses import dataclass

from voice_ally.core.audio import SAMPLE_BYTES, Pcm16, to_samples

ANOTHER_MOMENT_BYTES = to_samples(0.3) * SAMPLE_BYTES
"""So much later it is another quiet; the last sound of "glass" is quiet for as long."""
HOLDS_BYTES = to_samples(0.5) * SAMPLE_BYTES
"""So much may follow, as long as the second engine finds nothing more in it."""


@dataclass(frozen=True)
class Foresight:
    """A moment at which a phrase seemed to be over."""

    sound: Pcm16
    """All of the utterance until then."""
    text: str
    """What the second engine had heard."""

    @staticmethod
    def is_another_moment(first_bytes: int, later_bytes: int) -> bool:
        """After so much sound, is it worth looking again?"""
        return later_bytes - first_bytes > ANOTHER_MOMENT_BYTES

    def is_outdone_by(self, text: str, heard_bytes: int) -> bool:
        """Is the end more likely here?"""
        return text != self.text or self.is_another_moment(len(self.sound), heard_bytes)

    def holds_for(self, text: str, heard_bytes: int) -> bool:
        """Does it tell what this longer sound is?"""
        return text == self.text and heard_bytes - len(self.sound) <= HOLDS_BYTES
