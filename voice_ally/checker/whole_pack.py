"""Whether a pack makes sense: everything doubtful about it, with places and mends.

Rules: pure; never raises, whatever the pack; every check runs, and all of their problems come
back sorted by place. What cannot be read at all has been reported by the reader before.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from voice_ally.checker.consent import check_consent
from voice_ally.checker.flow import check_flow
from voice_ally.checker.lines import check_lines, filled_in
from voice_ally.checker.phrases import UnknownWords, check_phrases
from voice_ally.checker.writing import check_shared_writing, check_writing, names_in
from voice_ally.language import model
from voice_ally.language.links import SHARED, link_problems
from voice_ally.language.memory import Memory
from voice_ally.language.phrasebook import Phrasebook
from voice_ally.language.problems import CODES, Problem, error
from voice_ally.language.reader import ReadResult
from voice_ally.language.reserved import SAFETY

__all__ = ["UnknownWords", "check", "check_read", "summed_up", "without_what_follows"]

CONSEQUENCES = ("VA028", "VA042")
"""Dialogs, rules and lists that nothing leads to."""
MOST_OF_A_KIND = 10
"""So many lines of one kind are read; the rest is a number."""


def check(
    pack: model.Pack,
    unknown_words: UnknownWords | None = None,
    book: Phrasebook | None = None,
    memory: Memory | None = None,
    left_out: Sequence[model.Dialog] = (),
) -> tuple[Problem, ...]:
    """All problems of a pack that has been read, sorted by place.

    unknown_words: which of these words the recogniser does not know; left out, none is asked.
    book: the pack's phrases as ReadResult has them, to save compiling them again.
    memory: what was found out before; whatever has not changed since is not looked at again.
    left_out: dialogs that cannot be used; how they are written is looked at all the same.
    """
    memory = memory or Memory()
    book = book or Phrasebook(pack, memory)
    problems = [
        *_essentials(pack),
        *link_problems(pack, book, memory),
        *check_flow(pack, memory),
        *check_consent(pack),
        *check_phrases(pack, book, unknown_words, memory),
        *check_lines(pack, book, memory),
        *_writing(pack, book, memory),
        *(one for dialog in left_out for one in _written(pack, dialog)),
    ]
    return tuple(sorted(set(problems)))


def check_read(
    result: ReadResult, unknown_words: UnknownWords | None = None, memory: Memory | None = None
) -> tuple[Problem, ...]:
    """The same of what a reading has brought, its left out dialogs included."""
    return check(result.pack, unknown_words, result.book, memory, result.left_out)


def without_what_follows(problems: Iterable[Problem]) -> list[Problem]:
    """Problems of reading and checking together, sorted, without doubts that an error explains:
    while a dialog cannot be used, what it alone uses only seems to be unused."""
    told = sorted(set(problems))
    if any(one.severity == "error" for one in told):
        return [one for one in told if one.code not in CONSEQUENCES]
    return told


def summed_up(problems: Sequence[Problem]) -> list[Problem]:
    """At most MOST_OF_A_KIND of one code in one file, and one that says how many more there are."""
    counted = Counter((one.place.file, one.code) for one in problems)
    shown: Counter[tuple[str, str]] = Counter()
    told: list[Problem] = []
    for one in problems:
        kind = (one.place.file, one.code)
        shown[kind] += 1
        if shown[kind] <= MOST_OF_A_KIND or counted[kind] == MOST_OF_A_KIND + 1:
            told.append(one)
        elif shown[kind] == MOST_OF_A_KIND + 1:
            more = counted[kind] - MOST_OF_A_KIND
            message = f"And {more} more of this kind: {CODES[one.code]}."
            told.append(replace(one, message=message, mend="Add --all to see every one."))
    return told


def _writing(pack: model.Pack, book: Phrasebook, memory: Memory) -> Iterator[Problem]:
    yield from check_shared_writing(pack, memory)
    names = memory.number((pack.language, frozenset(pack.lists), frozenset(pack.rules)))
    for dialog in pack.dialogs.values():
        key = ("writing", id(dialog), names, book.words_key(dialog))
        yield from memory.of(key, lambda: _written(pack, dialog, filled_in(dialog, book)), dialog)  # noqa: B023


def _written(
    pack: model.Pack, dialog: model.Dialog, filled: Iterable[str] = ()
) -> tuple[Problem, ...]:
    return tuple(check_writing(pack, dialog, names_in(pack, dialog, frozenset(filled))))


def _essentials(pack: model.Pack) -> list[Problem]:
    problems: list[Problem] = []
    if not pack.dialogs:
        problems.append(error(SHARED, "VA046", "There is no dialog here.", "Add one."))
    if not pack.commands.get("stop"):
        mend = "Write one under commands: stop:."
        problems.append(error(SHARED, "VA040", "Nothing can be said to stop.", mend))
    safety = pack.dialogs.get(SAFETY)
    if safety is None or not safety.triggers:
        place = SHARED if safety is None else safety.place
        mend = "Keep safety.yaml and its triggers, as in the bundled pack."
        problems.append(error(place, "VA040", "The safety dialog cannot be reached.", mend))
    return problems
