"""The voice: pyttsx3 as a renderer in a child process.

Rules: pyttsx3 can hang, crash or forget a line, so it never runs in our own process; a child
that dies or falls silent is replaced and its line rendered again; properties are set once a
child, since they cannot be relied on later.
"""

import json
import os
import select
import subprocess
import sys
import threading
from collections import OrderedDict

from voice_ally.core.actions import Style
from voice_ally.core.audio import SAMPLE_BYTES, Pcm16
from voice_ally.core.errors import VoiceProblem

DEFAULT_VOICE = "en-us" if sys.platform.startswith("linux") else ""
RENDER_SECONDS = 10.0
"""A line that takes longer is given up and tried once more in a new child."""
CHILDREN = 3
"""Children kept, one a style; the one not used for longest goes."""
LOW_VOLUME = 0.6
QUIET_SAMPLE = 40
KEPT_SILENCE_SAMPLES = 480
"""30 ms of quiet stay before and behind a line."""


class _Child:
    """One rendering process with one style."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "voice_ally.speak.render_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def render(self, request: dict[str, object], seconds: float) -> bytes:
        """The line's samples. Raises OSError, ValueError or EOFError when the child fails."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        head = json.loads(self._line(seconds))
        pcm16 = self.process.stdout.read(head["bytes"])
        if "error" in head or len(pcm16) != head["bytes"]:
            raise ValueError(head.get("error", "the line is incomplete"))
        return pcm16

    def _line(self, seconds: float) -> bytes:
        assert self.process.stdout
        if os.name == "posix" and not select.select([self.process.stdout], [], [], seconds)[0]:
            raise EOFError(f"no answer within {seconds:.0f} s")
        line = self.process.stdout.readline()
        if not line:
            raise EOFError("the process ended")
        return line

    def end(self) -> None:
        """Kill it."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue


class Pyttsx3Voice:
    """Renders lines with the platform's synthesiser."""

    def __init__(self, name: str = "", *, render_seconds: float = RENDER_SECONDS) -> None:
        self.name = name or DEFAULT_VOICE
        self._render_seconds = render_seconds
        self._children: OrderedDict[Style, _Child] = OrderedDict()
        self._lock = threading.Lock()
        self._closed = False

    def warm_up(self) -> None:
        """Start the usual child ahead of the first line."""
        with self._lock:
            self._child(_child_style(Style()))

    def render(self, text: str, style: Style) -> Pcm16:
        """The spoken line. Raises VoiceProblem when two children in a row have failed."""
        wanted = _child_style(style)
        request: dict[str, object] = {
            "text": text,
            "voice": self.name,
            "rate": wanted.rate,
            "low": wanted.low,
        }
        last: Exception | None = None
        for _ in range(2):
            with self._lock:
                if self._closed:
                    raise VoiceProblem("The voice has been closed.")
                child = self._child(wanted)
            try:
                pcm16 = child.render(request, self._render_seconds)
                break
            except (OSError, ValueError, EOFError) as error:
                last = error
                with self._lock:
                    self._drop(wanted, child)
        else:
            raise VoiceProblem(
                f"The voice could not speak a line ({last}).",
                mend="Is espeak-ng installed? (sudo apt install libespeak-ng1)",
            ) from last
        volume = style.volume * (LOW_VOLUME if style.low else 1.0)
        return _finished(pcm16, volume)

    def _child(self, style: Style) -> _Child:
        if style not in self._children:
            self._children[style] = _Child()
            while len(self._children) > CHILDREN:
                self._children.popitem(last=False)[1].end()
        self._children.move_to_end(style)
        return self._children[style]

    def _drop(self, style: Style, child: _Child) -> None:
        if self._children.get(style) is child:
            del self._children[style]
        child.end()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The children alive, for tests that kill them."""
        return tuple(child.process.pid for child in self._children.values())

    def close(self) -> None:
        """End all children, also one that is rendering; may be called twice."""
        with self._lock:
            self._closed = True
            while self._children:
                self._children.popitem()[1].end()


def _child_style(style: Style) -> Style:
    return Style(rate=round(style.rate, 2), low=style.low)


def _finished(pcm16: bytes, volume: float) -> Pcm16:
    """Without the synthesiser's long silences, at the wanted volume."""
    import numpy

    samples = numpy.frombuffer(pcm16[: len(pcm16) // SAMPLE_BYTES * SAMPLE_BYTES], "<i2")
    loud = numpy.flatnonzero(numpy.abs(samples.astype(numpy.int32)) > QUIET_SAMPLE)
    if not loud.size:
        return Pcm16(b"")
    first = max(0, int(loud[0]) - KEPT_SILENCE_SAMPLES)
    kept = samples[first : int(loud[-1]) + KEPT_SILENCE_SAMPLES]
    return Pcm16((kept * min(1.0, volume)).astype("<i2").tobytes())
