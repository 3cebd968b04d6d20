"""A loudspeaker that plays only when it is told to, and keeps what it played."""

from typing import Protocol

from voice_ally.core.sound import Sound, to_samples


class Source(Protocol):
    def pull(self, n_samples: int) -> Sound: ...


class FakeSpeaker:
    """`heard` is all that was played so far."""

    latency_seconds = 0.0

    def __init__(self, source: Source) -> None:
        self._source = source
        self.heard = b""
        self.running = False

    def start(self) -> None:
        self.running = True

    def advance(self, seconds: float) -> Sound:
        """Play so much; gives it."""
        played = self._source.pull(to_samples(seconds))
        self.heard += played
        return played

    def close(self) -> None:
        self.running = False
