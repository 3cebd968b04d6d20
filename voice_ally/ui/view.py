"""What there is to see: the state, what was heard, the line being said, a breath.

Rules: pure; made from the events of the session and a moment. Calm: everything has its place and
nothing jumps, nothing counts seconds at anybody.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from voice_ally.ui.plain import ENDINGS

FIRST_SIP = 1.0
SECOND_SIP = 1.2
"""A second breath in, on top of the first (cyclic sighing)."""
SMALLEST = 1.2
"""Radius of the shape with empty lungs, in squares."""
BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
PLAIN = {(False, False): " ", (True, False): "o", (False, True): "o", (True, True): "o"}
WAY_ON = 'Say "skip" to go on.'
WORDS = {"in": "in", "hold": "hold", "out": "out", "rest": "rest"}


@dataclass(frozen=True)
class Breath:
    """One phase of a breath, and how full the lungs were when it began."""

    name: str
    start: float
    seconds: float
    before: float

    def fullness(self, at: float) -> float:
        """0 to SECOND_SIP, moving as the tone does: slow, quick, slow."""
        part = min(1.0, max(0.0, (at - self.start) / self.seconds)) if self.seconds else 1.0
        eased = (1 - math.cos(math.pi * part)) / 2
        return self.before + (self._after - self.before) * eased

    @property
    def _after(self) -> float:
        if self.name == "in":
            return FIRST_SIP if self.before < FIRST_SIP else SECOND_SIP
        return 0.0 if self.name == "out" else self.before


@dataclass
class View:
    """Kept up to date by the session's events."""

    title: str = ""
    state: str = "listening"
    line: str = ""
    """What is being said, or was said last."""
    heard: str = ""
    note: str = ""
    """A hint, an ending, or what is wrong."""
    breath: Breath | None = None
    unclear: bool = False
    """Was something heard last that was not understood?"""
    way_on: str = ""
    """How to go on, while somebody has the word."""

    def take(self, at: float, event: str, data: Mapping[str, object]) -> None:
        """Something happened."""
        match event:
            case "started":
                self.title, self.note, self.breath = str(data["title"]), "", None
            case "speech":
                self.state = "listening"
            case "heard":
                self.unclear, self.way_on = False, ""
                self.heard, self.state, self.note = str(data["text"]), "thinking", ""
            case "speaking":
                self.way_on = ""
                self.line, self.state = str(data["text"]), "speaking"
            case "said" | "resumed" | "chimed" | "rejected" | "quiet":
                self._between(event, data)
            case "phase":
                self._phase(at, str(data["name"]), float(str(data["seconds"])))
            case "paused":
                self.state, self.breath = "paused", None
            case "asked" | "turn" | "cut":
                self.breath = None
                self._at_rest()
            case "lost" | "failed":
                self.note = str(data["message"])
            case "back":
                self.note = f"The {data['source']} is back."
            case "ended":
                self._ended(str(data["reason"]), str(data.get("goes_on", "")))

    def _between(self, event: str, data: Mapping[str, object]) -> None:
        """Nothing new is said or breathed."""
        if event == "rejected":
            self.unclear = not data.get("echo")
        if event == "quiet":
            self.breath = None
            self.way_on = WAY_ON if data.get("for") == "words" else ""
        self._at_rest()

    def _at_rest(self) -> None:
        if self.state != "paused" or self.breath is not None:
            self.state = "breathing" if self.breath is not None else "listening"

    def _phase(self, at: float, name: str, seconds: float) -> None:
        before = self.breath.fullness(at) if self.breath is not None else 0.0
        # the cue of the phase before is over; a new one is told of right after this
        self.line = ""
        self.breath = Breath(name, at, seconds, before)
        if self.state != "speaking":
            self.state = "breathing"

    def _ended(self, reason: str, goes_on: str) -> None:
        ending = ENDINGS.get(reason, "Ended.")
        self.unclear, self.way_on, self.breath = False, "", None
        self.title, self.state = goes_on, "listening"
        if goes_on and reason == "finished":
            return
        self.line = ""
        if ending:
            self.note, self.heard = ending, ""

    @property
    def moves(self) -> bool:
        """Does it look different from moment to moment?"""
        return self.breath is not None and self.breath.name in ("in", "out")


def disc(fullness: float, rows: int, *, blocks: bool = True) -> list[str]:
    """A round shape of that size in so many rows, each twice as many columns wide.

    A character is about twice as high as wide: a half block is a square.
    """
    side = 2 * rows
    radius = SMALLEST + (side / 2 - SMALLEST) * fullness / SECOND_SIP

    def lit(x: int, y: int) -> bool:
        return math.hypot(x - side / 2 + 0.5, y - side / 2 + 0.5) <= radius

    signs = BLOCKS if blocks else PLAIN
    return [
        "".join(signs[lit(x, 2 * row), lit(x, 2 * row + 1)] for x in range(side))
        for row in range(rows)
    ]
