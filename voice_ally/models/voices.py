"""Voices that can be fetched, hibari's and Piper's, and which are there.

Rules: every file of a voice is pinned by size and SHA-256, as published for the release v1.0.0 of
rhasspy/piper-voices and in the package hibari-tts 0.2.1; the address may change (a mirror), the
content may not. Only voices that are free for any use are named here; any other Piper voice can be
used by its path.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from voice_ally.settings.places import user_voices_folder

DEFAULT_VOICES_URL = "https://huggingface.co/rhasspy/piper-voices/resolve/v1.0.0/"
HIBARI_URL = "https://huggingface.co/maureesewilliams/hibari/resolve/main/"
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
    server: str = DEFAULT_VOICES_URL
    british: bool = False

    @property
    def setting(self) -> str:
        """As it is written in the settings."""
        engine, dash, own = self.name.partition("-")
        return f"hibari:{own}" if dash and engine == "hibari" else f"piper:{self.name}"

    @property
    def size_bytes(self) -> int:
        """All its files together."""
        return sum(one.size_bytes for one in self.files)

    def url_of(self, file: VoiceFile) -> str:
        """Where one of its files is."""
        base = os.environ.get(VOICES_URL_VARIABLE) or self.server
        return f"{base.rstrip('/')}/{self.place}/{file.name}"


def _hibari(
    name: str, file: str, size_bytes: int, sha256: str, what: str, *, british: bool = False
) -> KnownVoice:
    return KnownVoice(
        name=f"hibari-{name}",
        place="voices",
        files=(VoiceFile(file, size_bytes, sha256),),
        licence="Apache-2.0",
        what=what,
        server=HIBARI_URL,
        british=british,
    )


HIBARI_VOICES: dict[str, KnownVoice] = {
    "emma": _hibari(
        "emma",
        "bf_emma.int8.onnx",
        7_936_868,
        "f709f0488ee63b583a22189a955aaf4257b9806dd330be3490661e53af0a89c1",
        "British woman",
        british=True,
    ),
    "fable": _hibari(
        "fable",
        "bm_fable.int8.onnx",
        7_936_868,
        "c28529302f2d27cd12f62625c24425888c4e3c2675583100ec530259136b8bc6",
        "British man",
        british=True,
    ),
    "fenrir": _hibari(
        "fenrir",
        "am_fenrir_v2.int8.onnx",
        8_031_158,
        "f59fbd87908c91f827bc21b1b89443757b9a8580db9eee20aa948deb731321f4",
        "American man",
    ),
    "kore": _hibari(
        "kore",
        "af_kore.int8.onnx",
        7_936_868,
        "346885752673e45d42f9864c9e2432094bc4b6385df060d4b83273da764d2fa9",
        "American woman, another one",
    ),
}
"""By their names in the settings."""

VOICES: tuple[KnownVoice, ...] = (
    *HIBARI_VOICES.values(),
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


def hibari_file(voice: KnownVoice, folder: Path | None = None) -> Path | None:
    """The model of one of hibari's voices, if it was fetched; whole, by its size."""
    folder = user_voices_folder() if folder is None else folder
    (known,) = voice.files
    file = folder / voice.name / known.name
    try:
        return file if file.stat().st_size == known.size_bytes else None
    except OSError:
        return None


def is_installed(voice: KnownVoice) -> bool:
    """Is it there?"""
    if voice.setting.startswith("hibari:"):
        return hibari_file(voice) is not None
    return voice.name in installed_voices()


def installed_voices(folder: Path | None = None) -> dict[str, Path]:
    """Name -> .onnx file of each Piper voice below the folder (the user's, if none is named)."""
    folder = user_voices_folder() if folder is None else folder
    found = sorted(folder.glob("*.onnx")) + sorted(folder.glob("[!.]*/*.onnx"))
    return {file.stem: file for file in found if Path(f"{file}.json").is_file()}
