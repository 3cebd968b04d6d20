"""The microphone on a pretend sound card."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy
import pytest

from tests.virtual_sound import RATE_HZ, VirtualSound
from voice_ally.core.audio import Pcm16

ROOT = Path(__file__).parents[2]
TONE_HZ = 440.0
LOUD = 2000
LISTEN = f"""
import json, sys
from array import array
from voice_ally.devices.device_list import list_devices
from voice_ally.hear.device import DeviceMicrophone

microphone = DeviceMicrophone()
print("open", flush=True)
heard = array("h")
for number, block in enumerate(microphone.blocks()):
    samples = array("h", block)
    if heard or max(map(abs, samples)) > {LOUD}:
        heard.extend(samples)
    if len(heard) >= 8000 or number > 1500:
        break
microphone.close()
devices = [(one.name, one.default_input) for one in list_devices()]
json.dump({{"heard": heard.tolist(), "devices": devices}}, sys.stdout)
"""
NO_DEVICES = """
from voice_ally.core.errors import MicrophoneProblem
from voice_ally.devices.device_list import list_devices
from voice_ally.hear.device import DeviceMicrophone

print([one.name for one in list_devices() if one.input_channels])
try:
    DeviceMicrophone()
except MicrophoneProblem as problem:
    print(problem)
"""
pytestmark = pytest.mark.sound


def tone(seconds: float) -> Pcm16:
    steps = numpy.arange(int(seconds * RATE_HZ))
    wave = 8000 * numpy.sin(steps * 2 * numpy.pi * TONE_HZ / RATE_HZ)
    return Pcm16(wave.astype("<i2").tobytes())


def test_a_tone_played_to_the_microphone_is_heard_as_that_tone(
    virtual_sound: VirtualSound,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LISTEN],
        env=virtual_sound.env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "open\n"
        playing = threading.Thread(target=virtual_sound.say, args=(tone(2.0),))
        playing.start()
        output, errors = program.communicate(timeout=30)
        playing.join()
    found = json.loads(output)
    heard = numpy.array(found["heard"][:8000])
    assert len(heard) == 8000
    loudest = numpy.abs(numpy.fft.rfft(heard * numpy.hanning(8000))).argmax()
    assert loudest * RATE_HZ / 8000 == pytest.approx(TONE_HZ, abs=4)
    assert any(default for _name, default in found["devices"])
    assert errors == "", "nothing that the sound libraries print is shown"


def test_a_machine_without_devices_is_told_in_one_sentence(tmp_path: Path) -> None:
    # An empty configuration would not do: PortAudio ends the whole process over it.
    nothing = tmp_path / "asound.conf"
    nothing.write_text("</usr/share/alsa/alsa.conf>\n")
    ran = subprocess.run(
        [sys.executable, "-c", NO_DEVICES],
        env={**os.environ, "ALSA_CONFIG_PATH": str(nothing), "PULSE_SERVER": "unix:/nowhere"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    devices, sentence = ran.stdout.splitlines()
    if devices != "[]":
        pytest.skip("this machine has a microphone")
    assert sentence == "No microphone was found. Connect one, or see: voice-ally devices"
    assert ran.stderr == ""
