"""How many sentences come in a row before anybody can answer.

Rules: a pause, a sound or time for somebody's own words is a chance to speak; a fourth sentence
without one is too many.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from voice_ally.language import model
from voice_ally.language.model import Place
from voice_ally.language.problems import Problem, warning

MOST_SENTENCES = 3
LONG_PAUSE_SECONDS = 2.0
"""So long a quiet is a chance to speak."""
# Linear, as every pattern here: it begins only where a row of marks begins, and gives none back.
_SENTENCE_END = re.compile(r"(?<![.!?])[.!?]++(?:\s|$)")


def sentences(line: str) -> list[str]:
    """The sentences of a line."""
    return [one for one in _SENTENCE_END.split(line) if one.strip()]


def _is_chance(one: model.Instruction) -> bool:
    if isinstance(one, model.Pause):
        return bool(one.time.slot) or one.time.seconds >= LONG_PAUSE_SECONDS
    return isinstance(one, model.Play | model.Hold | model.Turn | model.Breathe | model.Detour)


class InARow:
    """How many sentences may have been said in a row when each instruction comes."""

    def __init__(self, dialog: model.Dialog) -> None:
        self._dialog = dialog
        self._entries: dict[str, int] = {}
        self._open: list[str] = []
        self._told: dict[Place, Problem] = {}

    def problems(self) -> Iterator[Problem]:
        """One for each line that is a sentence too many."""
        self._enter(self._dialog.start, 0)
        names = list(self._dialog.steps)
        following: Mapping[str, str] = dict(zip(names, [*names[1:], ""], strict=True))
        while self._open:
            step = self._open.pop()
            count = self._block(self._dialog.steps[step], self._entries[step])
            if count is not None:
                self._enter(following[step], count)
        yield from self._told.values()

    def _enter(self, step: str, count: int) -> None:
        count = min(count, MOST_SENTENCES + 1)
        if step in self._dialog.steps and self._entries.get(step, -1) < count:
            self._entries[step] = count
            self._open.append(step)

    def _block(self, block: model.Block, count: int) -> int | None:
        """The count behind a block, or None when it always leads elsewhere."""
        for one in block:
            following = self._one(one, count)
            if following is None:
                return None
            count = following
        return count

    def _one(self, one: model.Instruction, count: int) -> int | None:
        match one:
            case model.Say():
                return self._said(one.any, count, one.place)
            case model.Ask():
                self._said(one.any, count, one.place)
                for block in (*one.silence, *one.unclear):
                    self._block(block, 0)
                answers = [answer.then for answer in one.answers]
                answers += [] if one.anything is None else [one.anything]
                ends = [self._block(answer, 0) for answer in answers]
                return max((end for end in ends if end is not None), default=None)
            case model.When():
                ends = [self._block(way, count) for way in (one.then, one.otherwise)]
                return max((end for end in ends if end is not None), default=None)
            case model.Repeat():
                end = self._block(one.block, count)
                return end if end is None else self._block(one.block, end)
            case model.Go():
                for step in (one.step, *one.others):
                    self._enter(step, count)
        if isinstance(one, model.Go | model.Run | model.End):
            return None
        return 0 if _is_chance(one) else count

    def _said(self, lines: Sequence[str], count: int, place: Place) -> int:
        after = count + max((len(sentences(line)) for line in lines), default=0)
        if count <= MOST_SENTENCES < after:
            message = f"More than {MOST_SENTENCES} sentences come in a row before an answer."
            mend = "Shorten it, or put a pause: 2s or a question between."
            self._told[place] = warning(place, "VA044", message, mend)
        return after
