"""The quiet screen, for those who look.

Rules: only what changed is drawn, so nothing flickers; at most ten times a second and only while a
breath moves; a screen of its own, so that what was there before comes back and nothing that was
said stays behind. Put back in order however the program ends.
"""

import atexit
import re
import sys
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from voice_ally.core.plain_text import without_unprintable
from voice_ally.ui.output import for_a_screen
from voice_ally.ui.view import WORDS, View, disc

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

FRAME_SECONDS = 0.1
LOOK_SECONDS = 0.25
"""How often the window's size is looked at while nothing moves."""
WIDEST = 60
LINE_ROWS, HEARD_ROWS, NOTE_ROWS = 4, 2, 3
SHAPE_ROWS = 9
TEXT_ROWS = 2 + 2 + LINE_ROWS + 1 + HEARD_ROWS + NOTE_ROWS + 1
"""Title, the word for a breath and the line with gaps, what was heard, note and state."""
JOINT = "\ue000"
"""Stands for a space at which a line may not be broken."""
NOT_UNDERSTOOD = "… ?"
_INSIDE_A_NUMBER = re.compile(r"(?<=\d) (?=\d)")
DOTS = {"listening": "○", "thinking": "◌", "speaking": "●", "breathing": "◍", "paused": "◦"}
COLOURS = {"speaking": "cyan", "breathing": "cyan", "paused": "yellow"}


class QuietScreen:
    """Draws a View on a terminal. An observer of the event log."""

    def __init__(self, *, reduced_motion: bool = False, console: "Console | None" = None) -> None:
        from rich.console import Console

        self._console = console or Console(
            file=for_a_screen(), highlight=False, markup=False, emoji=False
        )
        self._moves = not reduced_motion
        self._blocks = "utf" in self._console.encoding.lower()
        self._view = View()
        self._clock: Callable[[], float] = lambda: 0.0
        self._lock = threading.Lock()
        self._drawn: list[str] = []
        self._size: tuple[int, int] = (0, 0)
        self._closed = threading.Event()
        self._put_back: Callable[[], None] = lambda: None
        self._ticker = threading.Thread(target=self._tick, daemon=True, name="screen")

    def open(self) -> None:
        """Take the terminal."""
        self._put_back = _without_echo()
        atexit.register(self.close)
        self._console.set_alt_screen(True)
        self._console.show_cursor(False)
        self.draw()
        self._ticker.start()

    def use_clock(self, now: Callable[[], float]) -> None:
        """The session's clock, for the breath."""
        self._clock = now

    def __call__(self, at: float, event: str, data: Mapping[str, object]) -> None:
        """See event_log.Observer."""
        shown = {
            name: without_unprintable(value) if isinstance(value, str) else value
            for name, value in data.items()
        }
        with self._lock:
            self._view.take(at, event, shown)
        self.draw()

    def note(self, text: str) -> None:
        """A hint, or what is wrong."""
        with self._lock:
            self._view.note = without_unprintable(text)
        self.draw()

    def _tick(self) -> None:
        while not self._closed.is_set():
            moving = self._moves and self._view.moves
            self._closed.wait(FRAME_SECONDS if moving else LOOK_SECONDS)
            if moving or tuple(self._console.size) != self._size:
                self.draw()

    def draw(self) -> None:
        """What has changed since the last time."""
        with self._lock:
            if self._closed.is_set():
                return
            columns, rows = self._console.size
            size = (columns, rows)
            if size != self._size:
                self._size, self._drawn = size, []
                self._write("\x1b[2J")
            lines = self._lines(*size)
            changed = [
                f"\x1b[{row};1H\x1b[2K{line}"
                for row, line in enumerate(lines, 1)
                if row > len(self._drawn) or self._drawn[row - 1] != line
            ]
            self._drawn = lines
            if changed:
                self._write("".join(changed))

    def _write(self, text: str) -> None:
        try:
            self._console.file.write(text)
            self._console.file.flush()
        except (OSError, ValueError):
            # the terminal is gone; the session goes on for those who listen
            self._closed.set()

    def _lines(self, columns: int, rows: int) -> list[str]:
        """Every row of the screen, as it is written."""
        from rich.text import Text

        view, width = self._view, min(columns - 2, WIDEST)
        shape_rows = min(SHAPE_ROWS, rows - TEXT_ROWS)
        blocks: list[tuple[Text, int]] = [
            (Text(view.title, "dim"), 2),
            (self._shape(shape_rows), max(shape_rows, 0)),
            (Text(self._breath_word(), "dim"), 2),
            (Text(view.line), LINE_ROWS + 1),
            (Text(self._heard_words(), "dim italic"), HEARD_ROWS),
            (Text(view.note or view.way_on, "dim"), NOTE_ROWS),
        ]
        lines = [one for block, count in blocks for one in self._rendered(block, width, count)]
        above = max(0, (rows - 1 - len(lines)) // 2)
        lines = ([""] * above + lines)[: max(0, rows - 1)]
        lines += [""] * (rows - 1 - len(lines))
        sign = DOTS.get(view.state, "○") if self._blocks else "*"
        state = Text(f"{sign} {view.state}", COLOURS.get(view.state, "dim"))
        margin = " " * ((columns - width) // 2)
        return [margin + one if one else "" for one in (*lines, *self._rendered(state, width, 1))]

    def _heard_words(self) -> str:
        """What was understood last; a small sign where something was heard and not understood."""
        if self._view.unclear:
            return NOT_UNDERSTOOD
        return f"“{self._view.heard}”" if self._view.heard else ""

    def _breath_word(self) -> str:
        return WORDS.get(self._view.breath.name, "") if self._view.breath else ""

    def _shape(self, rows: int) -> "Text":
        from rich.text import Text

        breath = self._view.breath
        if breath is None or rows < 3 or not self._moves:  # noqa: PLR2004 - no shape can be seen
            return Text("")
        shape = disc(breath.fullness(self._clock()), rows, blocks=self._blocks)
        return Text("\n".join(one.strip() for one in shape), "cyan")

    def _rendered(self, block: "Text", width: int, count: int) -> list[str]:
        """Centred, wrapped, in exactly so many rows."""
        # a number stays on one row; rich breaks at every kind of space
        block.plain = _INSIDE_A_NUMBER.sub(JOINT, block.plain)
        wrapped = block.wrap(self._console, max(width, 1))
        if len(wrapped) > count > 0:
            wrapped[count - 1].plain = wrapped[count - 1].plain.rstrip() + " …"
        lines = []
        for line in wrapped[:count]:
            line.rstrip()
            line.pad_left((width - line.cell_len) // 2)
            with self._console.capture() as capture:
                self._console.print(line, end="", no_wrap=True, overflow="crop")
            lines.append(capture.get().replace(JOINT, " "))
        return lines + [""] * (count - len(lines))

    def close(self) -> None:
        """Give the terminal back; may be called twice."""
        with self._lock:
            if self._closed.is_set() and self._put_back is _nothing:
                return
            self._closed.set()
            put_back, self._put_back = self._put_back, _nothing
        try:
            self._console.show_cursor(True)
            self._console.set_alt_screen(False)
        except (OSError, ValueError):
            pass
        put_back()
        atexit.unregister(self.close)


def _nothing() -> None:
    return None


def _without_echo() -> Callable[[], None]:
    """Keys that are pressed do not show; gives what puts that right again."""
    try:
        import termios

        keyboard = sys.stdin.fileno()
        before: list[Any] = termios.tcgetattr(keyboard)
    except (ImportError, OSError, ValueError, AttributeError):
        return lambda: None
    except Exception as error:  # termios.error is no OSError
        if type(error).__name__ != "error":
            raise
        return lambda: None
    changed = [*before]
    changed[3] &= ~termios.ECHO
    termios.tcsetattr(keyboard, termios.TCSADRAIN, changed)

    def put_back() -> None:
        # what was typed meanwhile was not meant for the shell
        termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)

    return put_back
