"""A sound system that is broken, busy or stuck, with the real PortAudio: one line each."""

import os
import pty
import shutil
import socket
import subprocess
import sys
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.virtual_sound import VirtualSound
from voice_ally.core.errors import MicrophoneProblem, SpeakerProblem
from voice_ally.devices import portaudio
from voice_ally.devices.device_list import list_devices
from voice_ally.hear.device import DeviceMicrophone
from voice_ally.speak.device_speaker import DeviceSpeaker
from voice_ally.speak.playback import Playback

ROOT = Path(__file__).parents[2]
SYSTEM = "</usr/share/alsa/alsa.conf>\n"
PATIENCE_SECONDS = 30.0
BUSY = """
import fcntl, os, sys, termios
from voice_ally.core.errors import MicrophoneProblem
from voice_ally.devices.device_list import list_devices
from voice_ally.hear.device import DeviceMicrophone

print([one.name for one in list_devices() if one.default_input])
line = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
fcntl.ioctl(line, termios.TIOCEXCL)
try:
    DeviceMicrophone()
except MicrophoneProblem as problem:
    print(problem)
"""
WITHOUT_RIGHTS = ("setpriv", "--bounding-set", "-all", "--inh-caps", "-all")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="ALSA is Linux only")


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a process that has not asked for sound yet."""
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    portaudio._trial.cache_clear()
    yield
    portaudio._trial.cache_clear()


def configure(folder: Path, text: str) -> dict[str, str]:
    path = folder / "asound.conf"
    path.write_text(text)
    return {"ALSA_CONFIG_PATH": str(path), "PULSE_SERVER": "unix:/nowhere"}


@pytest.mark.parametrize("text", ["", "pcm.null { type null }\n", "pcm 5\n"])
def test_a_configuration_that_makes_portaudio_abort_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    for name, value in configure(tmp_path, text).items():
        monkeypatch.setenv(name, value)
    for problem, open_ in (
        (MicrophoneProblem, DeviceMicrophone),
        (SpeakerProblem, DeviceSpeaker(Playback(), None, lambda *_: None).start),
    ):
        with pytest.raises(problem, match=r"is not complete\. Complete .*asound\.conf\.$"):
            open_()
    portaudio.look_for_devices()


def test_without_a_configuration_of_ones_own_the_package_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(portaudio, "TRIAL", "import os; os.abort()")
    monkeypatch.delenv("ALSA_CONFIG_PATH", raising=False)
    with pytest.raises(MicrophoneProblem, match="apt install --reinstall libasound2-data"):
        list_devices()


def test_a_mistake_in_somebodys_own_configuration_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in configure(tmp_path, SYSTEM).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".asoundrc").write_text("pcm.!default {\n")
    with pytest.raises(MicrophoneProblem, match=rf"Mend or remove {tmp_path}/\.asoundrc\.$"):
        list_devices()


def test_a_sound_server_that_does_not_answer_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulse = "".join(f"{kind}.!default {{ type pulse }}\n" for kind in ("pcm", "ctl"))
    for name, value in configure(tmp_path, SYSTEM + pulse).items():
        monkeypatch.setenv(name, value)
    with socket.socket(socket.AF_UNIX) as stuck:
        stuck.bind(str(tmp_path / "native"))
        stuck.listen()
        monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/native")
        monkeypatch.setattr(portaudio, "TRIAL_SECONDS", 1.0)
        with pytest.raises(MicrophoneProblem, match="The sound system does not answer"):
            list_devices()


def test_with_broken_sound_it_becomes_a_typed_session_that_says_why_once(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    os.write(master, b"calming pause\nstop\n\x04")
    done = subprocess.run(
        [sys.executable, "-m", "voice_ally"],
        env={**os.environ, **configure(tmp_path, "")},
        stdin=slave,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    os.close(master)
    os.close(slave)
    assert done.returncode == 0
    first, second = done.stderr.splitlines()
    assert first.startswith("voice-ally: The sound system cannot be used")
    assert second == "voice-ally: What it says is shown here instead."
    assert done.stdout.startswith("Type instead of speaking; Ctrl-D ends.\n")
    assert "Stopped." in done.stdout


@pytest.mark.sound
def test_a_busy_microphone_is_one_sentence(tmp_path: Path) -> None:
    """Somebody else takes the device between PortAudio's look at it and ours."""
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not installed")
    master, line = pty.openpty()
    tty.setraw(line)
    name = os.ttyname(line)
    # a terminal can be taken exclusively, as a sound card can; root would get past that
    device = f'pcm.!default {{ type file slave.pcm null file /dev/null infile "{name}" }}\n'
    done = subprocess.run(
        [
            "setpriv",
            "--bounding-set",
            "-all",
            "--inh-caps",
            "-all",
            sys.executable,
            "-c",
            BUSY,
            name,
        ],
        env={**os.environ, **configure(tmp_path, SYSTEM + device)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    os.close(master)
    os.close(line)
    if "setpriv" in done.stderr:
        pytest.skip("rights cannot be given up here")
    assert done.stdout.splitlines() == [
        "['default']",
        "The microphone default cannot be opened (Error opening RawInputStream: Device "
        "unavailable). Is another program using it?",
    ]
    assert done.stderr == ""


LATE = """
import time
from voice_ally.core.errors import SpeakerProblem
from voice_ally.devices.portaudio import sound_library

pulls = []

def late(block, *_):
    block[:] = bytes(len(block))
    pulls.append(0)
    if len(pulls) % 10 == 0:
        time.sleep(0.4)

sound = sound_library(SpeakerProblem)
with sound.RawOutputStream(16000, 160, channels=1, dtype="int16", latency="low", callback=late):
    time.sleep(1.5)
print(len(pulls) > 20)
"""


def test_sound_that_comes_late_is_no_reason_to_print(virtual_sound: VirtualSound) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LATE],
        env=virtual_sound.env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("True\n", "")
