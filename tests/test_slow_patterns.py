"""No pattern takes long on any text: one that did would hold up "stop" and Ctrl-C alike.

Every compiled pattern of every module is tried with rows of what it is made of. A text far longer
than a pack may hold makes the difference plain: a linear pattern takes milliseconds of computing
time, a quadratic one half a minute.
"""

import importlib
import pkgutil
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import voice_ally
from tests.language.packs import small_files
from voice_ally.checker import lines as check_lines
from voice_ally.checker.whole_pack import check
from voice_ally.core.actions import Phrase
from voice_ally.core.events import Meaning
from voice_ally.interpret.understanding import Understanding
from voice_ally.interpret.vocabulary import Vocabulary
from voice_ally.language import help_lines, wording
from voice_ally.language.reader import read_pack
from voice_ally.language.text_bounds import LONGEST_NAME, LONGEST_TEXT
from voice_ally.language.yaml_source import MOST_PROBLEMS
from voice_ally.speak import reading

SIGNS = 12_000
MOST_SECONDS = 1.5
"""Of computing time, for one row; a quadratic pattern takes ten times as long."""
UNITS = (
    *("a", "A", "1", " ", ".", ",", ":", "-", "'", "#", "|", "_", "é", "\t", "…", "%", "+"),
    *("(", "[", "{", "<", "()", "(|", "{a", "<a", "a ", "1 ", "1,", "1.", "1-", "1:", ". ", "a:"),
    *("a'", "{ ", "A1", "aError", "[ ", ": ", ": {", "“", "- ", "1 -", "x.x", "in 1"),
)
ENDS = ("", "x", "}", "1 !")


class TooLongError(Exception):
    """More computing time than any linear pattern needs."""


@contextmanager
def computing_at_most(seconds: float) -> Iterator[None]:
    """Raises TooLongError. Counts computing time only, so a busy machine changes nothing."""

    def too_long(_number: int, _frame: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGVTALRM, too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)


def every_pattern() -> dict[str, re.Pattern[str]]:
    found: dict[str, re.Pattern[str]] = {}
    for module in pkgutil.walk_packages(voice_ally.__path__, "voice_ally."):
        if module.name.endswith("__main__") or module.name.startswith("voice_ally.bundled"):
            continue
        contents = vars(importlib.import_module(module.name))
        for value in contents.values():
            for one in value if isinstance(value, tuple | list) else [value]:
                pattern = one[0] if isinstance(one, tuple) and one else one
                if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                    found[pattern.pattern] = pattern
    return found


def test_there_are_patterns_to_try() -> None:
    assert len(every_pattern()) > 20


def test_every_pattern_is_linear() -> None:
    slow = []
    for text, pattern in every_pattern().items():
        for unit in UNITS:
            row = unit * (SIGNS // len(unit))
            try:
                with computing_at_most(MOST_SECONDS):
                    for end in ENDS:
                        pattern.search(row + end)
                        pattern.fullmatch(row + end)
            except TooLongError:
                slow.append((text, unit))
                break
    assert slow == []


WORKS: dict[str, Callable[[str], object]] = {
    "sentences": check_lines.sentences,
    "filling slots": lambda text: wording.fill(text, {"a": "1 minutes", "x": 1.0}),
    "slots": wording.slots_in,
    "reading aloud": lambda text: reading.as_spoken(text, "en"),
    "help lines": lambda text: help_lines.read_help_lines(
        "helplines.toml",
        f'[GB]\nemergency_number = "9"\nlines = [{{name = "x", number = "{text}"}}]\n'.encode(),
    ),
}


@pytest.mark.parametrize("work", WORKS)
def test_what_patterns_are_used_for_is_linear_too(work: str) -> None:
    slow = []
    for unit in UNITS:
        row = unit * (SIGNS // len(unit))
        try:
            with computing_at_most(MOST_SECONDS):
                for end in ENDS:
                    WORKS[work](row + end)
        except TooLongError:
            slow.append(unit)
    assert slow == []


def test_many_words_with_two_spellings_are_looked_up_soon() -> None:
    """Each way to spell them leads to the same place, where it is enough to look once."""
    phrase = Phrase("(café|cafè) " * 40 + "now", Meaning("answer", "0"))
    found = Understanding.of([phrase], Vocabulary())
    with computing_at_most(MOST_SECONDS):
        assert found.match("cafe " * 40 + "now") is not None
        assert found.match("cafe " * 40 + "then") is None


DIALOG = """\
dialog: long
triggers: ["{phrase}"]
confirm: "{line}"
steps:
  one:
    - say: "{line}"
    - ask: "Well?"
      help: "{line}"
      answers: {{"<yes>": {{end: true}}, "{phrase}": {{end: true}}}}
"""


@pytest.mark.parametrize("unit", UNITS)
def test_a_line_as_long_as_can_be_is_read_and_checked_soon(unit: str) -> None:
    def row(signs: int) -> str:
        return ((unit * signs)[: signs - 1] + "x").replace("\t", "\\t")

    text = DIALOG.format(line=row(LONGEST_TEXT), phrase=row(LONGEST_NAME))
    with computing_at_most(4 * MOST_SECONDS):
        result = read_pack({**small_files(), "long.yaml": text.encode()})
        check(result.pack)
    assert len(result.problems) < MOST_PROBLEMS
