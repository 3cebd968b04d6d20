"""Recordings of every kind in place of the microphone."""

import io
import os
import struct
import sys
import time
from array import array
from pathlib import Path
from types import SimpleNamespace

import numpy
import pytest
import soundfile

from tests.speech_samples import quiet, spoken, write
from voice_ally.core.audio import BLOCK_BYTES, Pcm16
from voice_ally.core.errors import RecordingProblem
from voice_ally.hear.recording import RecordingMicrophone
from voice_ally.hear.wav_stream import read_head

RATE_HZ = 16_000


def tone(seconds: float) -> Pcm16:
    steps = numpy.arange(int(seconds * RATE_HZ))
    return Pcm16((8000 * numpy.sin(steps * 2 * numpy.pi * 440 / RATE_HZ)).astype("<i2").tobytes())


def heard(path: str | Path) -> numpy.ndarray:
    blocks = list(RecordingMicrophone(str(path), real_time=False).blocks())
    assert {len(one) for one in blocks} == {BLOCK_BYTES}
    return numpy.frombuffer(b"".join(blocks), "<i2")


def pipe_in(monkeypatch: pytest.MonkeyPatch, content: bytes) -> io.BytesIO:
    pipe = io.BytesIO(content)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=pipe, isatty=lambda: False))
    return pipe


@pytest.mark.parametrize(
    ("kind", "subtype"),
    [
        ("WAV", "PCM_U8"),
        ("WAV", "PCM_16"),
        ("WAV", "PCM_24"),
        ("WAV", "FLOAT"),
        ("WAV", "DOUBLE"),
        ("FLAC", "PCM_16"),
        ("FLAC", "PCM_24"),
        ("OGG", "VORBIS"),
    ],
)
@pytest.mark.parametrize(("rate_hz", "channels"), [(16_000, 1), (44_100, 2), (8_000, 3)])
def test_a_tone_sounds_the_same_from_every_kind_of_file(
    tmp_path: Path, kind: str, subtype: str, rate_hz: int, channels: int
) -> None:
    file = tmp_path / f"tone.{kind.lower()}"
    write(file, tone(0.5), rate_hz, channels=channels, format=kind, subtype=subtype)
    samples = heard(file)
    assert len(samples) == pytest.approx(8000, abs=320)
    middle = samples[2000:6000].astype(float)
    assert abs(middle).max() == pytest.approx(8000, rel=0.1)
    loudest = numpy.abs(numpy.fft.rfft(middle * numpy.hanning(4000))).argmax()
    assert loudest * RATE_HZ / 4000 == pytest.approx(440, abs=4)


def test_samples_of_our_own_format_are_not_touched_and_the_last_block_is_filled(
    tmp_path: Path,
) -> None:
    extremes = Pcm16(array("h", [-32768, 32767, 0, 1, -1] * 50).tobytes())
    samples = heard(write(tmp_path / "a.wav", extremes))
    assert samples.tolist() == [-32768, 32767, 0, 1, -1] * 50 + [0] * 70


def test_too_loud_and_broken_numbers_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    soundfile.write(file, numpy.array([2.0, -2.0, numpy.nan, 0.5]), RATE_HZ, subtype="DOUBLE")
    assert heard(file)[:4].tolist() == [32767, -32768, 0, 16384]


def test_both_sides_are_heard(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    soundfile.write(file, numpy.array([[1000, 0]] * 160, "int16"), RATE_HZ)
    assert set(heard(file).tolist()) == {500}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("gone.wav", None, "There is no recording "),
        ("empty.wav", b"", "is empty: it cannot"),
        ("notes.txt", b"Dear diary, this is no sound at all.\n" * 20, "cannot be read"),
        ("notes.wav", b"Dear diary, this is no sound at all.\n" * 20, "cannot be read"),
        ("raw.raw", bytes(3200), "cannot be read"),
        ("cut.wav", b"RIFF", "cannot be read"),
        ("bytes.bin", bytes(range(256)) * 4, "cannot be read"),
    ],
)
def test_what_is_no_recording_is_told_in_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(RecordingProblem, match=sentence) as problem:
        RecordingMicrophone(str(file), real_time=False)
    assert str(file) in problem.value.message
    assert "\n" not in str(problem.value)


def test_a_folder_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(RecordingProblem, match="is a folder, not a recording"):
        RecordingMicrophone(str(tmp_path), real_time=False)


def test_a_recording_of_no_length_holds_no_sound(tmp_path: Path) -> None:
    with pytest.raises(RecordingProblem, match="holds no sound"):
        RecordingMicrophone(str(write(tmp_path / "a.wav", Pcm16(b""))), real_time=False)


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "RAW"])
def test_standard_input_may_be_a_file_or_raw_samples(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    sound = tone(0.25)
    if kind == "RAW":
        pipe_in(monkeypatch, sound)
    else:
        pipe_in(monkeypatch, write(tmp_path / "a", sound, format=kind).read_bytes())
    assert heard("-").tobytes() == sound


def test_a_wav_whose_length_was_not_known_when_it_was_piped_is_heard(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    content = bytearray(write(tmp_path / "a.wav", tone(0.25)).read_bytes())
    content[4:8] = content[40:44] = b"\xff" * 4
    pipe_in(monkeypatch, bytes(content))
    assert heard("-").tobytes() == tone(0.25)


def test_raw_samples_are_heard_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = pipe_in(monkeypatch, quiet(60.0))
    blocks = RecordingMicrophone("-", real_time=False).blocks()
    next(blocks)
    assert pipe.tell() < 3 * BLOCK_BYTES


def test_half_a_sample_at_the_end_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe_in(monkeypatch, b"\x01\x00" * 200 + b"\x7f")
    assert heard("-").tolist() == [1] * 200 + [0] * 120


def test_nothing_at_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe_in(monkeypatch, b"")
    with pytest.raises(RecordingProblem, match="standard input is empty"):
        RecordingMicrophone("-", real_time=False)
    for nobody in (None, SimpleNamespace(isatty=lambda: True)):
        monkeypatch.setattr(sys, "stdin", nobody)
        with pytest.raises(RecordingProblem, match="No recording comes through standard input"):
            RecordingMicrophone("-", real_time=False)


class Wait:
    """A closed-event that only notes for how long it was asked to wait."""

    def __init__(self, clock: list[float]) -> None:
        self._clock = clock

    def wait(self, seconds: float) -> None:
        self._clock[0] += seconds

    def is_set(self) -> bool:
        return False


def test_real_time_keeps_to_the_wall_clock_also_after_a_delay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    microphone = RecordingMicrophone(str(write(tmp_path / "a.wav", quiet(1.0))), real_time=True)
    microphone._closed = Wait(clock)
    for number, _ in enumerate(microphone.blocks(), 1):
        assert clock[0] >= 100 + number * 0.01 - 1e-9
        if number == 50:
            clock[0] += 0.2
        if number == 75:
            assert clock[0] == pytest.approx(100.75), "it has caught up"
    assert clock[0] == pytest.approx(101.0)


def test_a_file_that_breaks_off_is_one_sentence(tmp_path: Path) -> None:
    file = write(tmp_path / "a.flac", spoken("stop"), format="FLAC")
    content = file.read_bytes()
    file.write_bytes(content[:200] + bytes(len(content) - 200))
    with pytest.raises(RecordingProblem):
        list(RecordingMicrophone(str(file), real_time=False).blocks())


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of Unix")
@pytest.mark.parametrize("kind", ["pipe", "endless device"])
def test_what_is_no_file_is_refused_and_nothing_hangs(tmp_path: Path, kind: str) -> None:
    path = Path("/dev/zero") if kind == "endless device" else tmp_path / "pipe"
    if kind == "pipe":
        os.mkfifo(path)
    with pytest.raises(RecordingProblem, match="is no ordinary file"):
        RecordingMicrophone(str(path), real_time=False)


class Endless:
    """A pipe into which somebody goes on writing; asked for all of it, it would never answer."""

    def __init__(self, head: bytes) -> None:
        self._head = io.BytesIO(head)

    def read(self, n_bytes: int = -1) -> bytes:
        assert 0 <= n_bytes <= 4 * BLOCK_BYTES, "waits for ever"
        return self._head.read(n_bytes) or b"\1\0" * (n_bytes // 2)


def streamed(*chunks: tuple[bytes, bytes], said: int = 0xFFFFFFFF) -> bytes:
    """The beginning of a WAV file whose length nobody knew."""
    parts = [name + len(content).to_bytes(4, "little") + content for name, content in chunks]
    return b"RIFF\xff\xff\xff\xffWAVE" + b"".join(parts) + b"data" + said.to_bytes(4, "little")


def described(kind: int = 1, channels: int = 1, rate_hz: int = RATE_HZ, bits: int = 16) -> bytes:
    return struct.pack("<HHIIHH", kind, channels, rate_hz, 0, 0, bits)


@pytest.mark.parametrize("channels", [1, 2])
def test_a_wav_file_is_heard_while_it_is_still_written(
    monkeypatch: pytest.MonkeyPatch, channels: int
) -> None:
    head = streamed((b"LIST", b"odd"), (b"fmt ", described(channels=channels)))
    head = head.replace(b"LIST\3\0\0\0odd", b"LIST\3\0\0\0odd\0")
    pipe = SimpleNamespace(buffer=Endless(head), isatty=lambda: False)
    monkeypatch.setattr(sys, "stdin", pipe)
    blocks = RecordingMicrophone("-", real_time=False).blocks()
    assert [next(blocks) for _ in range(3)] == [b"\1\0" * 160] * 3


def test_what_stands_behind_the_sound_of_a_wav_file_is_not_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sound = b"\1\0" * 320
    head = streamed((b"fmt ", described()), said=len(sound))
    pipe_in(monkeypatch, head + sound + b"LIST\4\0\0\0more" * 50)
    assert heard("-").tolist() == [1] * 320


@pytest.mark.parametrize(
    "chunk",
    [
        (b"fmt ", described(kind=3, bits=32)),
        (b"fmt ", described(channels=0)),
        (b"fmt ", b"short"),
        (b"LIST", bytes(70_000)),
    ],
)
def test_another_head_is_left_to_who_knows_more(chunk: tuple[bytes, bytes]) -> None:
    content = streamed(chunk) + bytes(640)
    head, read = read_head(source := io.BytesIO(content), source.read(BLOCK_BYTES))
    assert head is None
    assert read + source.read() == content


def test_a_wav_file_without_any_sound_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    extensible = described(kind=0xFFFE) + bytes(8) + b"\1\0" + bytes(14)
    pipe_in(monkeypatch, streamed((b"fmt ", extensible)))
    with pytest.raises(RecordingProblem, match="no sound"):
        RecordingMicrophone("-", real_time=False)
