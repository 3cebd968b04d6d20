"""A dialog is edited again and again: what is found with the help of what was found before is
what would be found without it."""

import random

import pytest

from tests.language.packs import small_pack
from voice_ally.checker.whole_pack import check_read
from voice_ally.language.memory import MOST_KEPT, Memory
from voice_ally.language.problems import Problem
from voice_ally.language.reader import read_pack

DIALOG = """\
dialog: {name}
triggers: ["my {name} please", "{feeling} for {name}"]
steps:
  a:
    - say: "A line."
    - ask: "Well?"
      answers: {{"<yes>": b, "<no>": b}}
      silence: [{{go: b}}]
      unclear: [{{go: b}}]
  b:
    - say: "Another line."
"""
EDITS = [
    ("A line.", "Another one."),
    ("A line.", "stop"),
    ("my ", "(my|your) "),
    ("my ", "stop "),
    ("<no>", "<nope>"),
    ("go: b", "go: c"),
    ('    - say: "Another line."', "    - go: a"),
    ("say:", "sya:"),
    ("{feeling}", "{hunger}"),
    ('    - say: "Another line."', "    - run: d2"),
]


def found(files: dict[str, bytes], memory: Memory | None) -> list[Problem]:
    result = read_pack(files, small_pack(), memory=memory)
    problems = check_read(result, memory=memory)
    return sorted({*result.problems, *problems})


@pytest.mark.parametrize("seed", range(3))
def test_remembering_changes_nothing(seed: int) -> None:
    choose = random.Random(seed)
    names = [f"d{number}" for number in range(4)]
    good = {f"{n}.yaml": DIALOG.format(name=n, feeling="{feeling}") for n in names}
    good["phrases.yaml"] = "rules: {never: (never|not ever)}\nlists: {hunger: [hungry]}\n"
    files, memory = dict(good), Memory()
    for _ in range(12):
        name = choose.choice(list(files))
        before, after = choose.choice(EDITS)
        files[name] = choose.choice((good[name], files[name].replace(before, after, 1)))
        as_bytes = {file: text.encode() for file, text in files.items()}
        assert found(as_bytes, memory) == found(as_bytes, None)


def test_a_rule_that_changes_changes_what_is_made_of_it() -> None:
    own = b'dialog: own\ntriggers: ["<start> my own"]\nsteps: {a: [{say: "Here."}]}\n'
    memory = Memory()
    for text, codes in ((b"rules: {start: begin}", []), (b"rules: {other: begin}", ["VA032"])):
        problems = found({"own.yaml": own, "phrases.yaml": text}, memory)
        assert [one.code for one in problems if one.severity == "error"] == codes


def test_what_was_longest_unused_is_forgotten_first() -> None:
    memory = Memory()
    made: list[int] = []

    def ask(key: int) -> int:
        return memory.of(key, lambda: made.append(key) or key)

    for key in range(MOST_KEPT):
        ask(key)
    ask(0)
    ask(MOST_KEPT)
    ask(0)
    ask(1)
    assert made[-2:] == [MOST_KEPT, 1]
