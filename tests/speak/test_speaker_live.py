"""The loudspeaker on a pretend sound card: is silence really silence?"""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("VOICE_ALLY_SHARED", ROOT.parent / "shared"))
SCRIPT = SHARED / "virtual-sound.sh"
LOUD = 300
PLAY_AND_CUT = """
import time, numpy
from voice_ally.core.sound import Sound
from voice_ally.speak.playback import Playback
from voice_ally.speak.device_speaker import DeviceSpeaker

playback = Playback()
speaker = DeviceSpeaker(playback, None, lambda source, error: print(error, flush=True))
speaker.start()
tone = 8000 * numpy.sin(numpy.arange(96_000) * 2 * numpy.pi * 440 / 16_000)
playback.play(1, Sound(tone.astype("<i2").tobytes()))
time.sleep(0.7)
playback.cut()
print(time.time(), flush=True)
time.sleep(0.5)
speaker.close()
"""

pytestmark = [
    pytest.mark.sound,
    pytest.mark.skipif(not SCRIPT.exists(), reason="needs virtual-sound.sh (VOICE_ALLY_SHARED)"),
    pytest.mark.skipif(not shutil.which("pulseaudio"), reason="needs PulseAudio"),
]


@pytest.fixture
def sound_card(tmp_path: Path) -> Iterator[dict[str, str]]:
    started = subprocess.run(
        [SCRIPT, "start", tmp_path], stdout=subprocess.PIPE, text=True, check=True, timeout=30
    )
    exports = started.stdout.removeprefix("export ").split()
    yield {**os.environ, **dict(one.split("=", 1) for one in exports)}
    subprocess.run([SCRIPT, "stop", tmp_path], check=False, timeout=30)


def test_a_cut_makes_the_loudspeaker_silent_within_a_tenth_of_a_second(
    sound_card: dict[str, str],
) -> None:
    recorder = subprocess.Popen(
        [
            "parec",
            "-d",
            "speaker.monitor",
            "--rate=16000",
            "--channels=1",
            "--format=s16le",
            "--latency-msec=5",
        ],
        stdout=subprocess.PIPE,
        env=sound_card,
    )
    blocks: list[tuple[float, bytes]] = []

    def listen() -> None:
        while block := recorder.stdout.read(320):
            blocks.append((time.time(), block))

    listening = threading.Thread(target=listen)
    listening.start()
    played = subprocess.run(
        [sys.executable, "-c", PLAY_AND_CUT],
        stdout=subprocess.PIPE,
        text=True,
        env=sound_card,
        cwd=ROOT,
        check=True,
        timeout=30,
    )
    recorder.terminate()
    recorder.wait()
    listening.join(5)
    recorder.stdout.close()
    cut_at = float(played.stdout)
    loud_at = [at for at, block in blocks if abs(numpy.frombuffer(block, "<i2")).max() > LOUD]
    assert len(loud_at) > 40
    assert blocks[-1][0] > cut_at + 0.2
    assert max(loud_at) < cut_at + 0.1
