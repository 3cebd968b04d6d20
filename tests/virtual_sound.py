"""A machine's microphone and loudspeaker without any hardware: PulseAudio with null sinks.

What is played into the sink "microphone" is what programs hear; what they play goes to the sink
"speaker", whose monitor can be recorded. PortAudio reads its environment when it is loaded, so
the program under test runs in a process of its own, with `env`.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import pytest

from tests.speech_samples import read
from voice_ally.core.audio import Pcm16

RATE_HZ = 16_000
RAW = f"--rate={RATE_HZ} --channels=1 --format=s16le --latency-msec=20"
SINKS = ("speaker", "microphone")
PATIENCE_SECONDS = 30.0
AWAKE_BYTES = RATE_HZ // 5 * 2
AWAKE_WITHIN_SECONDS = 0.5
"""An idle null sink delivers only every two seconds or so; one that is awake, 0.2 s in 0.2 s."""
REQUIRED = "VOICE_ALLY_REQUIRE_SOUND"
PROGRAMS = ("pulseaudio", "pactl", "pacat", "parec")


class VirtualSound:
    """Runs from entering it (or from being made) to leaving it (or close())."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.device_rate_hz = RATE_HZ
        """Of its devices from their next start on; what is said and recorded is converted."""
        self._processes: list[subprocess.Popen[bytes]] = []
        socket, alsa = folder / "native", folder / "asound.conf"
        self.env = {
            **os.environ,
            "VOICE_ALLY_WELCOME": "false",  # each would be a very first start
            "PULSE_SERVER": f"unix:{socket}",
            "ALSA_CONFIG_PATH": str(alsa),
        }
        """What a program must be started with."""
        alsa.write_text(
            "</usr/share/alsa/alsa.conf>\n"
            + "".join(
                f"{kind}.{name} {{ type pulse }}\n"
                for kind in ("pcm", "ctl")
                for name in ("!default", "pulse")
            )
        )
        self._socket = socket
        self.there_at = 0.0
        """When its devices last began to work, by the monotonic clock: an idle sink sleeps on."""
        try:
            self.start_server()
        except BaseException:
            self.close()
            raise

    def start_server(self) -> None:
        """Also again, after stop_server()."""
        self._start_server(self._socket)
        self._keep_awake()

    def stop_server(self, *, kill: bool = False) -> None:
        """Microphone and loudspeaker are gone, and whoever used them."""
        if kill:
            for process in self._processes:
                process.kill()
        self.close()

    def stand_still(self) -> None:
        """The server neither answers nor goes away, until go_on()."""
        self._processes[0].send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """After stand_still(); harmless without."""
        self._processes[0].send_signal(signal.SIGCONT)

    def _start_server(self, socket: Path) -> None:
        sinks = "".join(
            f"load-module module-null-sink sink_name={name} format=s16le"
            f" rate={self.device_rate_hz} channels=1 sink_properties=device.description={name}\n"
            for name in SINKS
        )
        script = self._folder / "default.pa"
        script.write_text(
            # last: whoever waits for the server must find the devices in it
            f"{sinks}set-default-sink speaker\nset-default-source microphone.monitor\n"
            f"load-module module-native-protocol-unix socket={socket} auth-anonymous=1\n"
        )
        own = {"HOME": str(self._folder), "XDG_RUNTIME_DIR": str(self._folder)}
        for variable, name in (("PULSE_RUNTIME_PATH", "runtime"), ("PULSE_STATE_PATH", "state")):
            (self._folder / name).mkdir(mode=0o700, exist_ok=True)
            own[variable] = str(self._folder / name)
        server = self._start(
            [
                "pulseaudio",
                "-n",
                *("-F", str(script)),
                *("--daemonize=no", "--use-pid-file=no", "--system=no", "--exit-idle-time=-1"),
                *("--realtime=no", "--high-priority=no", "--log-target=null"),
            ],
            {**os.environ, **own},
        )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("PulseAudio does not start")
            time.sleep(0.05)
        _let_nothing_delay(server.pid)

    def _answers(self) -> bool:
        asked = subprocess.run(["pactl", "info"], env=self.env, capture_output=True, check=False)
        return asked.returncode == 0

    def _keep_awake(self) -> None:
        """Both sinks play silence for ever; waits until their monitors deliver steadily."""
        for sink in SINKS:
            self._start(["pacat", "-d", sink, *RAW.split(), "/dev/zero"], self.env)
        for sink in SINKS:
            listening = subprocess.Popen(
                ["parec", "-d", f"{sink}.monitor", *RAW.split()],
                env=self.env,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            assert listening.stdout is not None
            deadline = time.monotonic() + PATIENCE_SECONDS
            in_time = 0
            while in_time < 3:
                began = time.monotonic()
                if not listening.stdout.read(AWAKE_BYTES) or began > deadline:
                    raise RuntimeError(f"the sink {sink} does not wake up")
                in_time = in_time + 1 if time.monotonic() - began < AWAKE_WITHIN_SECONDS else 0
                if in_time == 1:
                    self.there_at = began
            listening.terminate()
            listening.stdout.close()
            listening.wait(timeout=10)

    def _start(self, command: list[str], env: dict[str, str]) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._processes.append(process)
        return process

    def say(self, sound: Pcm16 | Path) -> None:
        """Samples, or a sound file, into the microphone; returns when they have been said."""
        pcm16 = read(sound) if isinstance(sound, Path) else sound
        subprocess.run(
            ["pacat", "-p", "-d", "microphone", *RAW.split()],
            input=bytes(pcm16),
            env=self.env,
            check=True,
            timeout=60,
        )

    def record(self, path: Path) -> subprocess.Popen[bytes]:
        """The loudspeaker, into a file of raw samples, until the process is terminated."""
        with path.open("wb") as file:
            process = subprocess.Popen(
                ["parec", "-d", "speaker.monitor", *RAW.split()],
                env=self.env,
                stdout=file,
                stderr=subprocess.DEVNULL,
            )
        self._processes.append(process)
        return process

    def close(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
            process.send_signal(signal.SIGCONT)
        for process in self._processes:
            process.wait(timeout=10)
        self._processes.clear()

    def __enter__(self) -> "VirtualSound":
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


def _let_nothing_delay(process_id: int) -> None:
    """Where that is permitted: it stands for hardware. PulseAudio itself goes back to ordinary
    priority as it starts, and on a busy machine its devices then lose sound now and again."""
    for thread in Path(f"/proc/{process_id}/task").iterdir():
        with suppress(PermissionError, ProcessLookupError):
            os.sched_setscheduler(int(thread.name), os.SCHED_RR, os.sched_param(5))


@pytest.fixture(scope="session")
def virtual_sound() -> Iterator[VirtualSound]:
    """Skips where PulseAudio is missing, unless the environment says it must be there."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        if os.environ.get(REQUIRED):
            pytest.fail(f"{', '.join(missing)} must be installed here")
        pytest.skip(f"{', '.join(missing)} is not installed")
    # Not pytest's own folder: the path of a socket must stay under 108 characters.
    with (
        tempfile.TemporaryDirectory(prefix="sound-", ignore_cleanup_errors=True) as folder,
        VirtualSound(Path(folder)) as sound,
    ):
        yield sound
