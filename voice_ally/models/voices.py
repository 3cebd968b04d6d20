"""Piper voices: which can be fetched, and which are there.

Rules: every file of a voice is pinned by size and SHA-256, as published for the release v1.0.0 of
rhasspy/piper-voices; the address may change (a mirror), the content may not. Only voices whose
recordings are free for any use are named here; any other can be used by its path.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from voice_ally.settings.places import user_voices_folder

DEFAULT_VOICES_URL = "https://huggingface.co/rhasspy/piper-voices/resolve/v1.0.0/"
VOICES_URL_VARIABLE = "VOICE_ALLY_VOICES_URL"


@dataclass(frozen=True)
class VoiceFile:
    """One file of a voice."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class KnownVoice:
    """A voice that can be fetched."""

    name: str
    """Also its folder, and its files' first name."""
    place: str
    """Below the server's address."""
    files: tuple[VoiceFile, ...]
    licence: str
    what: str

    @property
    def size_bytes(self) -> int:
        """All its files together."""
        return sum(one.size_bytes for one in self.files)

    def url_of(self, file: VoiceFile) -> str:
        """Where one of its files is."""
        base = os.environ.get(VOICES_URL_VARIABLE) or DEFAULT_VOICES_URL
        return f"{base.rstrip('/')}/{self.place}/{file.name}"


VOICES: tuple[KnownVoice, ...] = (
    KnownVoice(
        name="en_US-ljspeech-medium",
        place="en/en_US/ljspeech/medium",
        files=(
            VoiceFile(
                "en_US-ljspeech-medium.onnx",
                63_531_379,
                "6f52a751e2349abe7a76735eb09dc1875298c77ea2342ffd2fef79ff81b87f22",
            ),
            VoiceFile(
                "en_US-ljspeech-medium.onnx.json",
                4_972,
                "141d612cc0a95ed7efc1ca936b845c2364967f2e9217c5dbfcf69fc4d6c65860",
            ),
        ),
        licence="recordings in the public domain",
        what="A Piper voice, American, calm: needs the extra piper.",
    ),
    KnownVoice(
        name="en_US-ljspeech-high",
        place="en/en_US/ljspeech/high",
        files=(
            VoiceFile(
                "en_US-ljspeech-high.onnx",
                114_199_011,
                "5d4f08ba6a2a48c44592eed3ce56bf85e9de3dd4e20df90541ae68a8310c029a",
            ),
            VoiceFile(
                "en_US-ljspeech-high.onnx.json",
                4_970,
                "7e1f4634af596d83cca997fb7a931ba80b70f8a316a2655ee69c55365e0ace14",
            ),
        ),
        licence="recordings in the public domain",
        what="The same, finer and slower: for a computer faster than a Raspberry Pi 4.",
    ),
)


def find_voice(name: str) -> KnownVoice | None:
    """The voice of this name, if it is one that can be fetched."""
    return next((voice for voice in VOICES if voice.name == name), None)


def installed_voices(folder: Path | None = None) -> dict[str, Path]:
    """Name -> .onnx file of each voice below the folder (the user's, if none is named)."""
    folder = user_voices_folder() if folder is None else folder
    found = sorted(folder.glob("*.onnx")) + sorted(folder.glob("[!.]*/*.onnx"))
    return {file.stem: file for file in found if Path(f"{file}.json").is_file()}
