"""Stands in for the module `sounddevice`: microphones that can be unplugged."""

import queue
import threading
from types import SimpleNamespace
from typing import Any

HOSTS = ("JACK Audio Connection Kit", "ALSA")


class PortAudioError(Exception):
    pass


class FakeStream:
    """One opening of a microphone."""

    def __init__(self, starts: bool, **settings: Any) -> None:  # noqa: ANN401 - whatever it takes
        self.settings = settings
        self.closed = False
        self._starts = starts
        self.ends = threading.Event()
        """Until this is set, ending the stream waits, as with a sound server that has died."""
        self.ends.set()

    def start(self) -> None:
        if not self._starts:
            raise PortAudioError("Device unavailable")

    def hear(self, samples: bytes) -> None:
        """The device delivers these."""
        self.settings["callback"](memoryview(samples), len(samples) // 2, None, SimpleNamespace())

    def unplug(self) -> None:
        self.settings["finished_callback"]()

    def abort(self, ignore_errors: bool) -> None:
        self.ends.wait()
        self.settings["finished_callback"]()

    def close(self, ignore_errors: bool) -> None:
        self.closed = True


class FakeSoundDevice:
    PortAudioError = PortAudioError

    def __init__(self) -> None:
        self.rates = {16_000, 48_000}
        self.channels = {1, 2}
        self.missing = self.busy = False
        self.starts = True
        self.opened: queue.Queue[FakeStream] = queue.Queue()
        self.default = SimpleNamespace(device=(1, 0))
        self._initialized = 1
        self.looked_again = False

    def _exit_handler(self) -> None:
        """What the module has run at exit."""

    def _terminate(self) -> None:
        self._initialized = 0

    def _initialize(self) -> None:
        self._initialized = 1
        self.looked_again = True

    def query_hostapis(self) -> list[dict[str, str]]:
        return [{"name": name} for name in HOSTS]

    def query_devices(self, device: object = None, kind: str = "") -> Any:  # noqa: ANN401
        if not kind:
            return [device_named("speaker", inputs=0), device_named("microphone", outputs=0)]
        if self.missing:
            raise PortAudioError("Error querying device -1")
        return device_named("microphone", outputs=0)

    def check_input_settings(
        self, _device: object, *, channels: int, samplerate: int, **_: object
    ) -> None:
        if samplerate not in self.rates or channels not in self.channels:
            raise PortAudioError("Invalid sample rate")

    def RawInputStream(self, **settings: object) -> FakeStream:  # noqa: N802 - its name there
        if self.busy:
            raise PortAudioError("Device unavailable\n [PaErrorCode -9985]")
        stream = FakeStream(self.starts, **settings)
        self.opened.put(stream)
        return stream


def device_named(name: str, *, inputs: int = 2, outputs: int = 2) -> dict[str, object]:
    return {
        "name": name,
        "max_input_channels": inputs,
        "max_output_channels": outputs,
        "default_samplerate": 48_000.0,
        "hostapi": HOSTS.index("ALSA"),
    }
