"""The voice: pyttsx3 as a renderer in a child process.

Rules: pyttsx3 can hang, crash or forget a line, so it never runs in our own process; a child
that dies or falls silent is replaced and its line rendered again, once; a child speaks in one
way only, since pyttsx3 cannot be relied on to change. Volume and trimming are done here.
"""

import json
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

import voice_ally
from voice_ally.core.actions import Style
from voice_ally.core.audio import SAMPLE_BYTES, SAMPLE_RATE_HZ, Pcm16, to_samples
from voice_ally.core.errors import VoiceProblem
from voice_ally.speak.loudness import amplified, levelled

RENDER_SECONDS = 10.0
"""A line that takes longer is given up and tried once more in a new child."""
ATTEMPTS = 2
CHILDREN = 3
"""Children kept, one a style (about 15 MB each); the one not used for longest goes."""
LOW_VOLUME = 0.6
QUIET_SAMPLE = 40
"""About -58 dB of full scale: espeak-ng's silences are below it, its softest sounds above."""
KEPT_SILENCE_SECONDS = 0.03
"""Quiet that stays before and behind a line."""

_Head = dict[str, Any]


class _Broken(Exception):
    """The child died, fell silent or made no sense; another may do better."""


class _Child:
    """One rendering process that speaks in one way."""

    def __init__(self, how: _Head) -> None:
        root = str(Path(voice_ally.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        # -P: a file called wave.py in somebody's folder must not get in the way.
        # A session of its own: Ctrl-C in the terminal is ours to handle, not the child's.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "voice_ally.speak.render_child", json.dumps(how)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        self._greeted = False
        self._lock = threading.Lock()

    @property
    def process_id(self) -> int:
        return self._process.pid

    def render(self, text: str, seconds: float) -> tuple[int, bytes]:
        """Sample rate and samples. Raises _Broken, or VoiceProblem if no child can do it."""
        with self._lock:
            return self._within(seconds, text)

    def greeting(self, seconds: float) -> _Head:
        """What it said at its start. Raises _Broken."""
        with self._lock:
            watchdog = self._watchdog(seconds)
            try:
                return self._head()
            finally:
                watchdog.cancel()

    def _within(self, seconds: float, text: str) -> tuple[int, bytes]:
        watchdog = self._watchdog(seconds)
        try:
            stdin, stdout = self._process.stdin, self._process.stdout
            assert stdin and stdout
            stdin.write(json.dumps({"text": text}).encode() + b"\n")
            stdin.flush()
            if not self._greeted:
                self._greeted = True
                if problem := self._head().get("error"):
                    raise VoiceProblem(problem)
            head = self._head()
            pcm16 = stdout.read(head.get("bytes", 0))
        except (OSError, ValueError) as error:
            self._explain_early_end()
            raise _Broken(f"{type(error).__name__}: {error}") from error
        finally:
            watchdog.cancel()
        if "error" in head or len(pcm16) != head["bytes"]:
            raise _Broken(head.get("error", "the line is incomplete"))
        return head["rate"], pcm16

    def _explain_early_end(self) -> None:
        """A child that gave up at once has left the reason. Raises VoiceProblem with it."""
        if self._greeted:
            return
        self._greeted = True
        if problem := self._head().get("error"):
            raise VoiceProblem(problem)

    def _watchdog(self, seconds: float) -> threading.Timer:
        watchdog = threading.Timer(seconds, self._process.kill)
        watchdog.daemon = True
        watchdog.start()
        return watchdog

    def _head(self) -> _Head:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise _Broken("its process ended")
        head: _Head = json.loads(line)
        if mend := head.get("mend"):
            head["error"] = f"{head['error']} {mend}"
        return head

    def end(self) -> None:
        """Kill it; a render under way in another thread ends with _Broken."""
        self._process.kill()
        with self._lock:
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    try:
                        stream.close()
                    except OSError:
                        continue


class Pyttsx3Voice:
    """Renders lines with the platform's synthesiser.

    name: a voice by id, name or language, or nothing for the language's usual one.
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        language: str = "en",
        render_seconds: float = RENDER_SECONDS,
    ) -> None:
        self.name = name or "pyttsx3"
        self._how: _Head = {"voice": name or "", "language": language}
        self._render_seconds = render_seconds
        self._children: OrderedDict[tuple[float, bool], _Child] = OrderedDict()
        self._lock = threading.Lock()
        self._closed = False

    def warm_up(self) -> None:
        """Start the usual child ahead of the first line; does not wait for it."""
        self._child(_manner(Style()))

    def render(self, text: str, style: Style) -> Pcm16:
        """The spoken line. Raises VoiceProblem when two children in a row have failed."""
        text = " ".join(text.replace("\0", " ").split())
        if not text:
            return Pcm16(b"")
        manner = _manner(style)
        failure: _Broken | None = None
        for _ in range(ATTEMPTS):
            child = self._child(manner)
            try:
                rate_hz, samples = child.render(text, self._render_seconds)
                spoken = _finished(samples, rate_hz)
                if not spoken and any(sign.isalnum() for sign in text):
                    # it happens: pyttsx3 forgets a line
                    raise _Broken("the line came back empty")
            except _Broken as broken:
                failure = broken
                self._drop(manner, child)
            except VoiceProblem:
                self._drop(manner, child)
                raise
            else:
                volume = style.volume * (LOW_VOLUME if style.low else 1.0)
                return amplified(spoken, volume)
        raise VoiceProblem(
            f"The voice could not speak a line ({failure}).",
            mend="Run: voice-ally doctor",
        ) from failure

    def _child(self, manner: tuple[float, bool]) -> _Child:
        surplus = []
        with self._lock:
            if self._closed:
                raise VoiceProblem("The voice has been closed.")
            if manner not in self._children:
                rate, low = manner
                try:
                    self._children[manner] = _Child({**self._how, "rate": rate, "low": low})
                except OSError as error:
                    raise VoiceProblem(f"The voice cannot be started ({error}).") from error
            self._children.move_to_end(manner)
            child = self._children[manner]
            while len(self._children) > CHILDREN:
                surplus.append(self._children.popitem(last=False)[1])
        for one in surplus:
            one.end()
        return child

    def _drop(self, manner: tuple[float, bool], child: _Child) -> None:
        with self._lock:
            if self._children.get(manner) is child:
                del self._children[manner]
        child.end()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The children alive, the one used last at the end."""
        with self._lock:
            return tuple(child.process_id for child in self._children.values())

    def close(self) -> None:
        """End all children, also one that is rendering; may be called twice."""
        with self._lock:
            self._closed = True
            children = list(self._children.values())
            self._children.clear()
        for child in children:
            child.end()


def list_voices() -> list[tuple[str, str, str]]:
    """Id, name and languages of each voice. Raises VoiceProblem."""
    child = _Child({"list": True})
    try:
        head = child.greeting(RENDER_SECONDS)
    except _Broken as broken:
        raise VoiceProblem(f"The voices cannot be listed ({broken}).") from broken
    finally:
        child.end()
    if problem := head.get("error"):
        raise VoiceProblem(problem)
    return [(id_, name, languages) for id_, name, languages in json.loads(head["voices"])]


def _manner(style: Style) -> tuple[float, bool]:
    """What of a style needs a child of its own: the rate, and whether it is low."""
    return round(style.rate, 2), style.low


def _finished(pcm16: bytes, rate_hz: int) -> Pcm16:
    """In our format, without the synthesiser's long silences, as loud as a voice should be."""
    import numpy
    import soxr

    samples = numpy.frombuffer(pcm16[: len(pcm16) // SAMPLE_BYTES * SAMPLE_BYTES], "<i2")
    if rate_hz != SAMPLE_RATE_HZ and samples.size:
        samples = soxr.resample(samples, rate_hz, SAMPLE_RATE_HZ)
    loud = numpy.flatnonzero(numpy.abs(samples.astype(numpy.int32)) > QUIET_SAMPLE)
    if not loud.size:
        return Pcm16(b"")
    around = to_samples(KEPT_SILENCE_SECONDS)
    kept = samples[max(0, int(loud[0]) - around) : int(loud[-1]) + 1 + around]
    return levelled(Pcm16(kept.astype("<i2").tobytes()))
