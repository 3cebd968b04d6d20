"""The conversation as plain lines, for a terminal, a file or a screen reader.

Rules: one line a happening; never counts seconds at anybody.
"""

from collections.abc import Callable, Mapping

ENDINGS = {
    "finished": "Done.",
    "handed over": "",
    "stopped": "Stopped.",
    "goodbye": "Goodbye.",
    "not understood": "Nothing started.",
    "declined": "All right, not now.",
    "left alone": "Ended quietly.",
    "silence": "Ended quietly.",
    "no answer": "Nothing started.",
}
INDENT = "  "


class PlainLines:
    """An observer of the event log that writes a line for what matters to a person."""

    def __init__(self, write: Callable[[str], None], *, warn: Callable[[str], None]) -> None:
        self._write, self._warn = write, warn
        self._breathing = False

    def __call__(self, at: float, event: str, data: Mapping[str, object]) -> None:
        """See event_log.Observer."""
        if event in ("asked", "started", "chimed", "ended"):
            self._breathing = False
        show = {
            "started": self._started,
            "speaking": self._speaking,
            "heard": self._heard,
            "turn": self._turn,
            "phase": self._phase,
            "ended": self._ended,
            "failed": self._failed,
            "lost": self._failed,
            "back": self._back,
            "reloaded": self._reloaded,
        }.get(event)
        if show is not None:
            show(data)

    def _started(self, data: Mapping[str, object]) -> None:
        title = " ".join(str(data["title"]).split())
        self._write(f"\n— {title} —")

    def _speaking(self, data: Mapping[str, object]) -> None:
        self._write(f"{INDENT}Ally  {data['text']}")

    def _heard(self, data: Mapping[str, object]) -> None:
        text = data["text"] or "(something else, and not kept)"
        self._write(f"{INDENT}You   {text}")

    def _turn(self, data: Mapping[str, object]) -> None:
        self._write(f"{INDENT}      ({data['speaker']} speaker's turn)")

    def _phase(self, data: Mapping[str, object]) -> None:
        if not self._breathing:
            self._write(f"{INDENT}      (breathing)")
        self._breathing = True

    def _ended(self, data: Mapping[str, object]) -> None:
        ending = ENDINGS.get(str(data["reason"]), "Ended.")
        # what it interrupted goes on: nothing is done yet
        if ending and not ("goes_on" in data and data["reason"] == "finished"):
            self._write(f"{INDENT}      {ending}")

    def _reloaded(self, data: Mapping[str, object]) -> None:
        self._write(f"{INDENT}      (your dialogs were read again)")

    def _failed(self, data: Mapping[str, object]) -> None:
        self._warn(str(data["message"]))

    def _back(self, data: Mapping[str, object]) -> None:
        self._warn(f"The {data['source']} is back.")
