"""The conversation as plain lines, for a terminal, a file or a screen reader.

Rules: one line a happening; never counts seconds at anybody.
"""

from collections.abc import Callable, Mapping

ENDINGS = {
    "stopped": "Stopped.",
    "goodbye": "Goodbye.",
    "declined": "All right, not now.",
    "left alone": "Ended quietly.",
    "silence": "Ended quietly.",
    "no answer": "Nothing started.",
}
BREATH = {"in": "breathe in", "hold": "hold", "out": "breathe out", "rest": "rest"}
INDENT = "  "


class PlainLines:
    """An observer of the event log that writes a line for what matters to a person."""

    def __init__(self, write: Callable[[str], None], *, warn: Callable[[str], None]) -> None:
        self._write, self._warn = write, warn
        self._last_breath = ""

    def __call__(self, at: float, event: str, data: Mapping[str, object]) -> None:
        """See event_log.Observer."""
        show = {
            "started": self._started,
            "speaking": self._speaking,
            "heard": self._heard,
            "turn": self._turn,
            "phase": self._phase,
            "ended": self._ended,
            "failed": self._failed,
        }.get(event)
        if show is not None:
            show(data)

    def _started(self, data: Mapping[str, object]) -> None:
        self._write(f"\n— {data['title']} —")

    def _speaking(self, data: Mapping[str, object]) -> None:
        self._write(f"{INDENT}Ally  {data['text']}")

    def _heard(self, data: Mapping[str, object]) -> None:
        self._write(f"{INDENT}You   {data['text']}")

    def _turn(self, data: Mapping[str, object]) -> None:
        self._write(f"{INDENT}      ({data['speaker']} speaker's turn)")

    def _phase(self, data: Mapping[str, object]) -> None:
        name = BREATH[str(data["name"])]
        if name != self._last_breath:
            self._write(f"{INDENT}      ({name})")
        self._last_breath = name

    def _ended(self, data: Mapping[str, object]) -> None:
        self._write(f"{INDENT}      {ENDINGS.get(str(data['reason']), '—')}")

    def _failed(self, data: Mapping[str, object]) -> None:
        self._warn(str(data["message"]))
