import os
import queue
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from voice_ally.core.errors import SpeakerProblem
from voice_ally.core.sound import BLOCK_SAMPLES, Sound
from voice_ally.speak.playback import Playback
from voice_ally.speak.speakers import FileSpeaker, PacedSpeaker, WavWriter

TONE = Sound(b"\x05\x00" * 800)
FULL_DISK = """
import resource, sys
from pathlib import Path
from voice_ally.core.errors import SpeakerProblem
from voice_ally.speak.speakers import WavWriter

writer = WavWriter(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    for _ in range(1000):
        writer.write(bytes(480))
except SpeakerProblem as problem:
    print(problem)
try:
    writer.close()
except SpeakerProblem as problem:
    print(problem)
"""


def read(path: Path) -> list[int]:
    return soundfile.read(path, dtype="int16")[0].tolist()


class Ends:
    """What a speaker told of, to wait for."""

    def __init__(self, playback: Playback) -> None:
        self.finished: queue.Queue[int] = queue.Queue()
        self.failed: queue.Queue[tuple[str, Exception]] = queue.Queue()
        playback.on_finished = lambda ticket, _end: self.finished.put(ticket)

    def fail(self, source: str, error: Exception) -> None:
        self.failed.put((source, error))


@pytest.fixture
def playback() -> Playback:
    return Playback()


@pytest.fixture
def ends(playback: Playback) -> Ends:
    return Ends(playback)


def test_what_is_written_can_be_read_and_closing_twice_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    writer = WavWriter(path)
    writer.write(TONE)
    writer.write(TONE)
    writer.close()
    writer.close()
    assert read(path) == [5] * 1600
    assert soundfile.info(path).samplerate == 24_000


def test_two_channels_lie_side_by_side(tmp_path: Path) -> None:
    writer = WavWriter(tmp_path / "out.wav", channels=2)
    writer.write(Sound(b"\x01\x00"), Sound(b"\x02\x00"))
    writer.close()
    assert read(tmp_path / "out.wav") == [[1, 2]]


@pytest.mark.parametrize("where", [".", "missing/out.wav"])
def test_a_path_that_cannot_be_written_shows_at_once(tmp_path: Path, where: str) -> None:
    with pytest.raises(SpeakerProblem, match=r"cannot be written to .* directory"):
        WavWriter(tmp_path / where)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_shows_at_once() -> None:
    with pytest.raises(SpeakerProblem, match="cannot be written"):
        WavWriter(Path("/dev/full"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
def test_a_disk_that_fills_up_is_one_sentence_and_the_file_stays_valid(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)],
        # coverage could not write its own file either, and would say so
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith("The sound cannot be written to")
    assert "Is there room" in done.stdout
    assert len(read(path)) > 5000


def test_a_paced_speaker_plays_into_the_file_to_the_end(
    tmp_path: Path, playback: Playback, ends: Ends
) -> None:
    playback.play(1, TONE)
    speaker = FileSpeaker(playback, tmp_path / "out.wav", ends.fail)
    assert ends.finished.get(timeout=5) == 1
    speaker.close()
    speaker.close()
    samples = read(tmp_path / "out.wav")
    assert samples[:800] == [5] * 800
    assert len(samples) == playback.position


def test_when_writing_fails_it_is_told_once_and_time_goes_on(
    playback: Playback, ends: Ends
) -> None:
    def fail(_block: Sound) -> None:
        raise SpeakerProblem("The disk is full.")

    speaker = PacedSpeaker(playback, fail, ends.fail)
    playback.play(1, TONE)
    speaker.start()
    assert ends.finished.get(timeout=5) == 1
    speaker.close()
    source, error = ends.failed.get(timeout=5)
    assert (source, str(error)) == ("speaker", "The disk is full.")
    assert ends.failed.empty()


def test_a_paced_speaker_never_started_can_be_closed(playback: Playback, ends: Ends) -> None:
    PacedSpeaker(playback, lambda _block: None, ends.fail).close()
    assert playback.pull(BLOCK_SAMPLES) == bytes(480)
