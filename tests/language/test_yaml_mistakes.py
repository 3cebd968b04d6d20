"""Somebody who is no programmer breaks a good dialog in one of the usual ways, and is told the
place where it was broken and what to write there."""

import pytest

from tests.language.packs import small_pack
from voice_ally.checker.whole_pack import check_read
from voice_ally.language.problems import Problem
from voice_ally.language.reader import read_pack

GOOD = """\
dialog: evening
title: A calm evening
for: either
triggers:
  - "help (me|us) wind down"
  - "(start|begin) [our|my] evening"
slots: {minutes: 2}
steps:
  how_was_it:
    - say: "The day is over, alone or together."
    - ask: "Would you like to breathe?"
      answers:
        "<yes>": good_night
        "<no>": breathe
      silence: [{go: breathe}]
      unclear: [{go: breathe}]
      help: "You can say yes, or no."
  breathe:
    - breathe: {pattern: long exhale, for: 2m}
  good_night:
    - say: "Sleep well."
"""
NEVER_CLOSED = 'The quote (") that begins here is never closed.'
NO_COLON = "This line has no colon."
NO_LIST = "which makes no list here."
ODD_SPACE = "There is a space here that is none, perhaps copied from a web page."
BREAKAGES = [
    ('together."', "together.", 11, NEVER_CLOSED, 'Close it with the same quote (")'),
    ('wind down"', "wind down", 5, NEVER_CLOSED, 'Close it with the same quote (")'),
    ('"<no>": br', '"<no>: br', 14, NEVER_CLOSED, 'Close it with the same quote (")'),
    ('"Sleep well."', '"Sleep well.', 21, NEVER_CLOSED, 'Close it with the same quote (")'),
    ("title: A", "title A", 2, NO_COLON, "Write it like: title: …"),
    ("how_was_it:", "how_was_it", 9, NO_COLON, "Write it like: how_was_it: …"),
    ("triggers:", "triggers", 4, NO_COLON, "Write it like: triggers: …"),
    ("steps:", "steps", 8, NO_COLON, "Write it like: steps: …"),
    ("answers:", "answers", 12, NO_COLON, "Write it like: answers: …"),
    ('- say: "The', '- say "The', 10, "nothing that a step can do", "a colon behind the word"),
    ("title: A", "title:A", 2, "no space behind this colon", "Put a space behind"),
    ("title: A", "title = A", 2, 'colon (:), not with "="', "Write it like: title: …"),
    ("title: A", "title; A", 2, 'colon (:), not with ";"', "Write it like: title: …"),
    ("title: A", "title： A", 2, 'colon (:), not with "："', "Write it like: title: …"),
    ('    - say: "The', '\t- say: "The', 10, "indented with a tab", "with spaces"),
    ('    - say: "The', '   - say: "The', 11, "in column 5, but line 10", "Begin it in column 4"),
    ('    - say: "The', '     - say: "The', 11, "in column 5, but line 10", "in column 6"),
    ("      answers:", "       answers:", 12, "in column 8, but line 11", "Begin it in column 7"),
    ("      answers:", "    answers:", 12, "has no dash (-) in front", "or begin it in column 7"),
    ("for: either", "  for: either", 3, "further in than the one above", "in column 1"),
    ('- say: "The', '-say: "The', 10, "no space behind the dash", 'Write "- "'),
    ('- say: "The', '– say: "The', 10, NO_LIST, "the dash of a keyboard"),
    ('- say: "The', '• say: "The', 10, NO_LIST, "the dash of a keyboard"),
    ('- say: "The', '* say: "The', 10, NO_LIST, "the dash of a keyboard"),
    ('- say: "Sleep', '– say: "Sleep', 21, NO_LIST, "the dash of a keyboard"),
    ("- ask:", "− ask:", 11, NO_LIST, "the dash of a keyboard"),
    ('- say: "The', '1. say: "The', 10, NO_LIST, "the dash of a keyboard"),
    ('- say: "The', 'say: "The', 10, "no dash (-) in front, but the next one has", 'Put "- "'),
    ("- ask:", "ask:", 11, "has no dash (-) in front", 'Put "- " in front'),
    ('"<no>": br', '- "<no>": br', 13, "no dash (-) in front, but the next", "take the dash away"),
    ('    - say: "The', '\u00a0   - say: "The', 10, ODD_SPACE, "an ordinary space"),
    ('- say: "The', '-\u00a0say: "The', 10, ODD_SPACE, "an ordinary space"),
    ('say: "The', 'say:\u2009"The', 10, ODD_SPACE, "an ordinary space"),
    ('    - say: "The', '\u200b    - say: "The', 10, ODD_SPACE, "an ordinary space"),
    ('"The day is over, alone', "“The day: over, alone", 10, "colon too many", "straight quotes"),
    ('"The day is over, alone or together."', "The day: over.", 10, "colon too", 'in quotes (")'),
    ('"Sleep well."', "'It's over.'", 21, "An apostrophe ends this text", 'double quotes (")'),
    ("over, alone", 'over, "alone"', 10, "goes on behind its closing quote", "single ones"),
    ('together."', 'together." Really.', 10, "goes on behind its closing quote", "at the end"),
    ("[{go: breathe}]\n      un", "[{go: breathe}\n      un", 15, "bracket ([)", "Close it with ]"),
    ("{minutes: 2}", "{minutes: 2", 7, "brace ({)", "Close it with }"),
    ("for: 2m}", "for: 2m", 19, "brace ({)", "Close it with }"),
    ("{minutes: 2}", "{minutes: 2}}", 7, 'The "}" closes nothing', "Leave it out"),
    ("long exhale, for", "long exhale for", 19, "a comma is missing", "Put a comma"),
    ('"(start|begin) [our|my] evening"', "[our|my] evening", 6, "in quotes", "a bracket at its"),
    ('"Sleep well."', "{minutes} is enough.", 21, "in quotes", "a brace at its beginning"),
    (
        'triggers:\n  - "help (me|us) wind down"\n  -',
        'triggers: "a b",',
        4,
        "need brackets",
        '["one"',
    ),
    ('"<no>": breathe', '"<no>" breathe', 14, "no colon behind this phrase", '"<no>": breathe'),
    ('"Sleep well."', "%Sleep", 21, "cannot stand here", "such as % at its beginning"),
    ('"Sleep well."', '"Sleep \\well."', 21, "a backslash", "Leave the backslash out"),
    ('Sleep well."\n', 'Sleep well."\n---\n', 22, "A second document", "a file of its own"),
    ('- say: "The', '- Say: "The', 10, 'A step cannot "Say"', 'Did you mean "say"?'),
    ("answers:", "anwsers:", 12, 'ask has no "anwsers"', 'Did you mean "answers"?'),
    ("triggers:", "trigger:", 4, 'has no "trigger"', 'Did you mean "triggers"?'),
    ("steps:", "Steps:", 8, 'has no "Steps"', 'Did you mean "steps"?'),
    ('"<no>": breathe', '"<no>": breath', 14, 'no step "breath"', 'Did you mean "breathe"?'),
    ('"<yes>": good_night', '"<yes>": Good-night', 13, "no step", 'Did you mean "good_night"?'),
    ("for: 2m}", "for: 2 mins or so}", 19, "is not a length of time", "Write it like 90s"),
    ("title: A calm evening", "title: ~", 2, '"title" is empty', "or drop it"),
]


def found_in(text: str) -> list[Problem]:
    result = read_pack({"evening.yaml": text.encode()}, over=small_pack())
    problems = {*result.problems, *check_read(result)}
    return sorted(one for one in problems if one.place.file == "evening.yaml")


def test_the_dialog_was_good() -> None:
    assert found_in(GOOD) == []


@pytest.mark.parametrize(
    ("good", "broken", "line", "message", "fix"), BREAKAGES, ids=[one[1][:24] for one in BREAKAGES]
)
def test_what_was_broken_is_told_where_it_was_broken(
    good: str, broken: str, line: int, message: str, fix: str
) -> None:
    assert good in GOOD
    (problem,) = found_in(GOOD.replace(good, broken, 1))
    assert problem.severity == "error"
    assert (problem.place.line, message in problem.message) == (line, True), problem
    assert fix in problem.mend, problem


@pytest.mark.parametrize(
    ("good", "broken", "code", "line", "message"),
    [
        ('"Sleep well."', "You are my #1 person.", "VA070", 21, '"#1 person." is a comment'),
        ('"Sleep well."', "Sleep well #tonight", "VA070", 21, '"#tonight" is a comment'),
        ('"The day is', "The day is", "VA075", 10, "A quote ends this text"),
    ],
)
def test_what_is_lost_in_silence_is_warned_of(
    good: str, broken: str, code: str, line: int, message: str
) -> None:
    (problem,) = found_in(GOOD.replace(good, broken, 1))
    assert (problem.code, problem.severity, problem.place.line) == (code, "warning", line)
    assert message in problem.message


def test_a_comment_with_a_space_is_a_comment() -> None:
    assert found_in(GOOD.replace('"Sleep well."', "Sleep well. # the end")) == []
    assert found_in(GOOD.replace("Sleep well.", "You are my #1.")) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_how_a_text_program_saved_it_makes_no_difference(encoding: str) -> None:
    result = read_pack({"evening.yaml": GOOD.encode(encoding)}, over=small_pack())
    assert not result.problems
    assert "evening" in result.pack.dialogs
    glued = ("\ufeff" + GOOD.replace("title", "\ufefftitle")).encode()
    assert not read_pack({"evening.yaml": glued}, over=small_pack()).problems


def test_names_are_the_same_however_their_letters_are_composed() -> None:
    text = GOOD.replace("evening\n", "soire\u0301e\n", 1)
    for file in ("soir\u00e9e.yaml", "soire\u0301e.yaml"):
        result = read_pack({file: text.encode()}, over=small_pack())
        assert not result.problems
        assert "soir\u00e9e" in result.pack.dialogs
