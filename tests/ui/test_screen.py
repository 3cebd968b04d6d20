"""The quiet screen, as a person sees it. The golden pictures are in golden/."""

import io
import itertools
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from tests.speech_samples import conversation, spoken, write
from tests.ui.terminal import Terminal, picture
from voice_ally.ui.screen import QuietScreen
from voice_ally.ui.view import disc

Event = tuple[float, str, dict[str, object]]
GOLDEN = Path(__file__).parent / "golden"
COLOUR = re.compile(r"\x1b\[[\d;]*(3[0-7]|4[0-7]|38|48|9[0-7])[\d;]*m")

BEGUN: list[Event] = [
    (0.0, "speech", {}),
    (1.0, "heard", {"text": "a three minute calming pause"}),
    (1.0, "started", {"title": "Calming pause"}),
]
SPEAKING: list[Event] = [
    *BEGUN,
    (1.0, "speaking", {"text": "Let your shoulders drop. We breathe together, slowly and gently."}),
]
BREATHING: list[Event] = [
    *SPEAKING,
    (4.0, "said", {}),
    (5.0, "phase", {"name": "in", "seconds": 4.0}),
    (5.0, "speaking", {"text": "Breathe in."}),
    (6.0, "said", {}),
]
STOPPED: list[Event] = [
    *BREATHING,
    (8.0, "heard", {"text": "stop"}),
    (8.0, "cut", {}),
    (8.0, "ended", {"reason": "stopped"}),
]
SCENES = {"speaking": (SPEAKING, 2.0), "breathing": (BREATHING, 8.0), "stopped": (STOPPED, 8.5)}


class Drawn:
    """A screen that is written to memory."""

    def __init__(self, columns: int = 80, rows: int = 24, **options: bool) -> None:
        self.file, self.now = io.StringIO(), 0.0
        self._size = columns, rows
        self._console = Console(
            file=self.file,
            force_terminal=True,
            width=columns,
            height=rows,
            color_system="256",
            highlight=False,
            legacy_windows=False,
        )
        self.screen = QuietScreen(console=self._console, **options)
        self.screen.use_clock(lambda: self.now)

    def show(self, events: list[Event], now: float) -> str:
        self.now = now
        for at, event, data in events:
            self.screen(at, event, data)
        self.screen.draw()
        return picture(self.file.getvalue(), *self._size)


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("scene", SCENES)
def test_it_looks_as_it_did(scene: str, columns: int) -> None:
    events, now = SCENES[scene]
    seen = Drawn(columns, 22).show(events, now) + "\n"
    golden = GOLDEN / f"{scene}-{columns}.txt"
    if os.environ.get("VOICE_ALLY_NEW_GOLDEN"):
        golden.write_text(seen)
    assert seen == golden.read_text()


@pytest.mark.parametrize(
    ("columns", "rows"), [*itertools.product([1, 12, 40, 200], [1, 3, 9, 12, 60])]
)
def test_no_window_is_too_small_or_too_large(columns: int, rows: int) -> None:
    drawn = Drawn(columns, rows)
    for events, now in SCENES.values():
        drawn.show(events, now)
    places = re.findall(r"\x1b\[(\d+);1H", drawn.file.getvalue())
    assert {int(one) for one in places} <= set(range(1, rows + 1))


def test_the_shape_grows_with_the_breath_and_shrinks_with_it() -> None:
    drawn = Drawn()
    sizes = []
    for now in (5.0, 6.0, 7.0, 8.0, 9.0):
        sizes.append(drawn.show(BREATHING if now == 5.0 else [], now).count("█"))
    out: list[Event] = [(9.0, "phase", {"name": "out", "seconds": 4.0})]
    for now in (9.0, 10.0, 11.0, 12.0, 13.0):
        sizes.append(drawn.show(out if now == 9.0 else [], now).count("█"))
    assert sizes[:5] == sorted(sizes[:5])
    assert sizes[5:] == sorted(sizes[5:], reverse=True)
    assert sizes[0] < sizes[4] / 4
    assert sizes[4] == sizes[5], "nothing jumps between two phases"
    assert sizes[-1] == sizes[0]


def test_held_it_stands_still_and_a_second_sip_goes_on_top() -> None:
    drawn = Drawn()
    drawn.show(BREATHING, 9.0)
    hold: list[Event] = [(9.0, "phase", {"name": "hold", "seconds": 4.0})]
    held = drawn.show(hold, 9.5)
    assert drawn.show([], 12.0) == held
    sip: list[Event] = [(13.0, "phase", {"name": "in", "seconds": 1.0})]
    drawn.show(sip, 13.0)
    assert drawn.show([], 14.0).count("█") > held.count("█")


def test_only_what_changed_is_drawn() -> None:
    drawn = Drawn()
    drawn.show(BREATHING, 6.0)
    before = drawn.file.tell()
    drawn.show([], 6.0)
    assert drawn.file.tell() == before
    drawn.show([], 6.1)
    assert drawn.file.tell() - before < 600


def test_nothing_moves_for_those_who_want_it_so() -> None:
    drawn = Drawn(reduced_motion=True)
    first = drawn.show(BREATHING, 5.5)
    assert "█" not in first
    assert "in\n" in first, "the words still say where the breath is"
    assert drawn.show([], 8.0) == first


def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert COLOUR.search(coloured := _written()), coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert not COLOUR.search(_written())


def _written() -> str:
    drawn = Drawn()
    drawn.show(BREATHING, 7.0)
    return drawn.file.getvalue()


def test_when_an_interruption_is_over_what_goes_on_stands_there_and_nothing_is_done() -> None:
    interrupted: list[Event] = [
        *SPEAKING,
        (2.0, "started", {"title": "Bodies first"}),
        (3.0, "ended", {"reason": "finished", "goes_on": "Calming pause"}),
    ]
    seen = Drawn().show(interrupted, 3.0)
    assert "Calming pause" in seen
    assert "Bodies first" not in seen
    assert "Done." not in seen


def test_no_second_is_ever_counted() -> None:
    drawn = Drawn()
    for now in range(5, 15):
        assert not re.search(r"\d", drawn.show(BREATHING, float(now)))


def test_what_goes_wrong_is_said() -> None:
    lost: list[Event] = [(2.0, "lost", {"message": "The microphone is gone."})]
    back: list[Event] = [(3.0, "back", {"source": "microphone"})]
    drawn = Drawn()
    assert "The microphone is gone." in drawn.show(lost, 2.0)
    assert "The microphone is back." in drawn.show(back, 3.0)


def test_a_line_too_long_for_the_window_says_that_it_goes_on() -> None:
    long: list[Event] = [(1.0, "speaking", {"text": "all is well " * 40})]
    assert " …" in Drawn(40, 20).show(long, 1.0)


def test_the_shape_is_round_and_plain_without_block_characters() -> None:
    for blocks in (True, False):
        shape = disc(1.0, 9, blocks=blocks)
        assert [line[::-1] for line in shape] == shape
        assert len({len(line) for line in shape}) == 1
    assert set("".join(disc(1.0, 9, blocks=False))) == {"o", " "}


# -- the real program on a real pseudo-terminal ------------------------------------------------


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with_terminal = _start(tmp_path)
    yield with_terminal
    with_terminal.close()


def _start(folder: Path, **env: str) -> Terminal:
    asked = write(
        folder / "ask.wav",
        conversation(0.5, spoken("calming pause"), 25.0),
    )
    command = [sys.executable, "-m", "voice_ally", "run", "--input", str(asked)]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "", "LINES": "", **env}
    del environment["COLUMNS"], environment["LINES"]
    return Terminal([*command, "--output", str(folder / "out.wav")], environment)


def test_it_shows_what_is_heard_and_said_and_puts_the_terminal_back(terminal: Terminal) -> None:
    terminal.wait_for("“calming pause”")
    assert "speaking" in terminal.wait_for("●")
    terminal.press(b"keys nobody wants to see\r")
    assert "keys" not in terminal.look(0.3)
    terminal.resize(44, 20)
    seen = terminal.wait_for("breathing")
    assert max(len(line) for line in seen.split("\n")) <= 44
    assert b"\x1b[?1049h" in terminal.written, "a screen of its own"
    assert b"\x1b[?25l" in terminal.written, "no cursor"
    terminal.press(b"\x03")
    assert terminal.end() == 130
    assert terminal.written.rindex(b"\x1b[?1049l") > terminal.written.rindex(b"\x1b[?1049h")
    assert terminal.written.rindex(b"\x1b[?25h") > terminal.written.rindex(b"\x1b[?25l")
    assert terminal.settings == terminal.settings_before


@pytest.mark.parametrize("env", [{"TERM": "dumb"}, {"VOICE_ALLY_SCREEN": "false"}])
def test_a_terminal_that_cannot_be_drawn_on_gets_plain_lines(
    tmp_path: Path, env: dict[str, str]
) -> None:
    terminal = _start(tmp_path, **env)
    try:
        terminal.wait_for("  You   calming pause")
        terminal.press(b"\x03")
        terminal.end()
        assert b"\x1b[" not in terminal.written
    finally:
        terminal.close()


def test_a_cue_is_gone_once_its_phase_is_over() -> None:
    drawn = Drawn()
    out: list[Event] = [
        (1.0, "phase", {"name": "out", "seconds": 4.0}),
        (1.0, "speaking", {"text": "And out."}),
        (2.0, "said", {"text": "And out."}),
    ]
    assert "And out." in drawn.show(out, 2.0)
    assert "And out." not in drawn.show([(5.0, "phase", {"name": "in", "seconds": 4.0})], 5.0)


def test_while_somebody_has_the_word_it_shows_how_to_go_on() -> None:
    drawn = Drawn()
    hold: list[Event] = [(1.0, "quiet", {"seconds": 60.0, "for": "words"})]
    assert 'Say "skip" to go on.' in drawn.show(hold, 1.0)
    assert "skip" not in drawn.show([(9.0, "speaking", {"text": "Thank you."})], 9.0)
    assert "skip" not in drawn.show([(9.0, "quiet", {"seconds": 2.0, "for": "pause"})], 9.0)


def test_heard_and_not_understood_is_a_small_sign_and_an_echo_is_none() -> None:
    drawn = Drawn()
    assert "… ?" not in drawn.show([(1.0, "rejected", {"text": "x", "echo": True})], 1.0)
    assert "… ?" in drawn.show([(2.0, "rejected", {"text": "x"})], 2.0)
    assert "… ?" not in drawn.show([(3.0, "heard", {"text": "yes", "intent": "yes"})], 3.0)


def test_the_start_line_is_whole_in_a_narrow_window() -> None:
    drawn = Drawn(40, 22)
    drawn.screen.note('Listening. Say "calming pause" or "I need to repair"; "stop" ends anything.')
    seen = " ".join(drawn.show([], 0.0).split())
    assert '"calming pause" or "I need to repair"; "stop" ends anything.' in seen
    assert "anything. …" not in seen


def test_a_number_is_never_broken_over_two_rows() -> None:
    line: list[Event] = [(1.0, "speaking", {"text": "You may call the Samaritans on 116 123 now."})]
    for columns in range(24, 60):
        assert "116 123" in Drawn(columns, 30).show(line, 1.0)
