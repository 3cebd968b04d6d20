"""A machine's microphone and loudspeaker without any hardware: PulseAudio with null sinks.

What is played into the sink "microphone" is what programs hear; what they play goes to the sink
"speaker", whose monitor can be recorded.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice_ally.core.audio import Pcm16

RATE_HZ = 16_000
RAW = f"--rate={RATE_HZ} --channels=1 --format=s16le"
AWAKE_SECONDS = 2.2
"""An idle null sink delivers for the first time after about two seconds."""
REQUIRED = "VOICE_ALLY_REQUIRE_SOUND"


class VirtualSound:
    """Started once a test run; `env` is what a program must be started with."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        socket, alsa = folder / "native", folder / "asound.conf"
        sinks = "".join(
            f"load-module module-null-sink sink_name={name} format=s16le rate={RATE_HZ}"
            f" channels=1 sink_properties=device.description={name}\n"
            for name in ("speaker", "microphone")
        )
        (folder / "default.pa").write_text(
            f"load-module module-native-protocol-unix socket={socket} auth-anonymous=1\n{sinks}"
            "set-default-sink speaker\nset-default-source microphone.monitor\n"
        )
        alsa.write_text(
            "</usr/share/alsa/alsa.conf>\n"
            "pcm.!default { type pulse }\nctl.!default { type pulse }\n"
            "pcm.pulse { type pulse }\nctl.pulse { type pulse }\n"
        )
        home = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder / "runtime"),
            "PULSE_STATE_PATH": str(folder / "state"),
        }
        for name in ("runtime", "state"):
            (folder / name).mkdir(mode=0o700)
        self.env = {
            **os.environ,
            "PULSE_SERVER": f"unix:{socket}",
            "ALSA_CONFIG_PATH": str(alsa),
        }
        self._start(
            f"pulseaudio -n -F {folder}/default.pa --daemonize=no --exit-idle-time=-1"
            " --use-pid-file=no --system=no --realtime=no --high-priority=no"
            " --log-target=null",
            {**os.environ, **home},
        )
        for _ in range(100):
            if subprocess.run(["pactl", "info"], env=self.env, capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        for sink in ("speaker", "microphone"):
            self._start(
                f"pacat -d {sink} --rate={RATE_HZ} --channels=1 --latency-msec=20 /dev/zero",
                self.env,
            )
        time.sleep(AWAKE_SECONDS)

    def _start(self, command: str, env: dict[str, str]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command.split(), env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._processes.append(process)
        return process

    def say(self, pcm16: Pcm16) -> None:
        """Into the microphone; returns when it has been said."""
        subprocess.run(
            f"pacat -p -d microphone {RAW} --latency-msec=20".split(),
            input=bytes(pcm16),
            env=self.env,
            check=True,
            timeout=60,
        )

    def record(self, path: Path) -> subprocess.Popen[bytes]:
        """The loudspeaker, into a file of raw samples, until terminated."""
        with path.open("wb") as file:
            process = subprocess.Popen(
                f"parec -d speaker.monitor {RAW} --latency-msec=20".split(),
                env=self.env,
                stdout=file,
                stderr=subprocess.DEVNULL,
            )
        self._processes.append(process)
        return process

    def close(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            process.wait(timeout=10)


@pytest.fixture(scope="session")
def virtual_sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualSound]:
    """Skips where PulseAudio is missing, unless the environment says it must be there."""
    missing = [name for name in ("pulseaudio", "pactl", "pacat", "parec") if not shutil.which(name)]
    if missing:
        if os.environ.get(REQUIRED):
            pytest.fail(f"{', '.join(missing)} must be installed here")
        pytest.skip(f"{', '.join(missing)} is not installed")
    folder = tmp_path_factory.mktemp("sound", numbered=True)
    folder.chmod(0o700)
    sound = VirtualSound(folder)
    yield sound
    sound.close()
