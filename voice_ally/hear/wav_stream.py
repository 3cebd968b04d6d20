"""The head of a WAV file that comes through a pipe, so that its sound is heard as it comes.

Rules: 16-bit PCM alone; whatever else it is, nothing that was read is lost, and somebody else may
read all of it. A length that a program wrote before it knew it is not believed.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from voice_ally.core.audio import SAMPLE_BYTES

MOST_HEAD_BYTES = 65_536
UNKNOWN_BYTES = 0x7FFF_0000
"""From this length on, as from 0, it was not known when it was written: arecord, SoX and ffmpeg
write different ones."""
PCM, EXTENSIBLE = 1, 0xFFFE
HIGHEST_RATE_HZ, MOST_CHANNELS = 384_000, 64


@dataclass(frozen=True)
class WavHead:
    """What the sound behind it is."""

    rate_hz: int
    channels: int
    n_bytes: int
    """Of sound; 0 where it goes on until the end."""


def read_head(source: BinaryIO, begun: bytes) -> tuple[WavHead | None, bytes]:
    """The head, and the sound read with it; or None, and everything that was read.

    begun: what was read before, at least the first bytes of the file.
    """
    read = bytearray(begun)

    def there(end: int) -> bool:
        """Is so much of it there, or to be had?"""
        if end > MOST_HEAD_BYTES:
            return False
        while len(read) < end and (more := source.read(end - len(read))):
            read.extend(more)
        return len(read) >= end

    at, sound = 12, (0, 0)
    if there(at) and read[:4] == b"RIFF" and read[8:12] == b"WAVE":
        while there(at + 8):
            name, n_bytes = (
                bytes(read[at : at + 4]),
                int.from_bytes(read[at + 4 : at + 8], "little"),
            )
            at += 8
            if name == b"data" and sound != (0, 0):
                known = 0 < n_bytes < UNKNOWN_BYTES
                return WavHead(*sound, n_bytes if known else 0), bytes(read[at:])
            if not there(at + n_bytes):
                break
            if name == b"fmt ":
                sound = _sound_of(bytes(read[at : at + n_bytes]))
            at += n_bytes + n_bytes % 2
    return None, bytes(read)


def _sound_of(described: bytes) -> tuple[int, int]:
    """Rate and channels of 16-bit PCM; zeros for anything else."""
    if len(described) < struct.calcsize("<HHIIHH"):
        return 0, 0
    kind, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", described)
    if kind == EXTENSIBLE:
        kind = int.from_bytes(described[24:26], "little")
    fits = 0 < channels <= MOST_CHANNELS and 0 < rate_hz <= HIGHEST_RATE_HZ
    return (rate_hz, channels) if kind == PCM and bits == 8 * SAMPLE_BYTES and fits else (0, 0)
