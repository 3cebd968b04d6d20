"""Silence, words nobody understood, "skip" and "no" never agree to anything, at any question.

Rules: generated over every question of every bundled script, in the engine alone. Each question is
left in each of these ways, and what follows is followed to the next thing a person could answer.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice_ally import engine
from voice_ally.core.actions import Action, Remind, Say
from voice_ally.core.events import Finished, Heard, Meaning, Recalled, TimedOut, Unclear
from voice_ally.engine.state import Cursor, Frame, State
from voice_ally.language.model import Ask, Block, Pack, When
from voice_ally.language.reader import read_pack

FOLDER = Path(__file__).parents[2] / "dialogs" / "en"
PACK: Pack = read_pack({one.name: one.read_bytes() for one in FOLDER.glob("*.yaml")}).pack
KNOWN = {"feeling": "sad", "first_feeling": "sad", "second_feeling": "sad", "growth": "learning"}
PROMISING = ("not_now", "break", "calming_pause", "come_back", "flooded", "apart")
"""Not for two alone, but what is asked here is asked for a yes as well."""
STAYING_IS_NO_STEP = ("calming_pause", "after")
"""Silence means "stay here", and so does a yes."""
BLAME = re.compile(r"your (own )?part|went wrong|\bsorry\b|apolog|your fault|\bforgive", re.I)
WAYS = ("silence", "unclear", "skip", "no")
MOST_EVENTS = 40


def asks_in(block: Block, before: Cursor) -> Iterator[tuple[Cursor, Ask]]:
    for index, one in enumerate(block):
        here = (*before, index)
        if isinstance(one, Ask):
            yield here, one
        elif isinstance(one, When):
            yield from asks_in(one.then, (*here, "then"))
            yield from asks_in(one.otherwise, (*here, "else"))


QUESTIONS = [
    (dialog.id, cursor)
    for dialog in PACK.dialogs.values()
    for step, block in dialog.steps.items()
    for cursor, _ in asks_in(block, (step,))
]


class Walked:
    """One question, brought to where it waits, and left in one way."""

    def __init__(self, dialog: str, cursor: Cursor) -> None:
        slots = {**PACK.dialogs[dialog].slots, **KNOWN}
        self.frame = Frame(dialog, cursor, slots)
        self.state, _ = engine.begin(PACK, State(frames=(self.frame,)))
        self.at = 0.0
        self.done: list[Action] = []
        self.run_on()
        self.done.clear()

    @property
    def place(self) -> tuple[str, str, str]:
        """The dialog and the step, and what is going on there."""
        if not self.state.frames:
            return "", "", "over"
        return self.state.frame.dialog, str(self.state.frame.cursor[0]), self.state.doing.what

    def take(self, event: object) -> None:
        self.at += 1.0
        self.state, actions = engine.step(PACK, self.state, event)  # type: ignore[arg-type]
        self.done.extend(actions)

    def run_on(self) -> None:
        """Until somebody could answer, or be breathing, or have the word."""
        for _ in range(MOST_EVENTS):
            doing = self.state.doing
            if doing.what in ("listening", "holding", "turning", "breathing", "idle", "paused"):
                return
            if doing.what == "pausing":
                self.take(TimedOut(self.at, doing.ticket))
            elif doing.what == "recalling":
                self.take(Recalled(self.at, doing.ticket, ()))
            else:
                self.take(Finished(self.at, doing.ticket))

    def leave(self, way: str) -> None:
        """Again and again in the same way, until the question is left."""
        question = self.place
        for _ in range(MOST_EVENTS):
            if way == "silence":
                self.take(TimedOut(self.at, self.state.doing.ticket))
            elif way == "unclear":
                self.take(Unclear(self.at))
            else:
                self.take(Heard(self.at, Meaning("command", "skip")))
            self.run_on()
            if self.place != question:
                return
        raise AssertionError("nobody gets out of this question")

    def answer(self, rule: str) -> bool:
        """With a yes or a no, where that is an answer."""
        ask = next(
            one
            for cursor, one in asks_in(
                PACK.dialogs[self.frame.dialog].steps[str(self.frame.cursor[0])],
                (self.frame.cursor[0],),
            )
            if cursor == self.frame.cursor
        )
        for number, one in enumerate(ask.answers):
            if rule in one.template:
                self.take(Heard(self.at, Meaning("answer", str(number))))
                self.run_on()
                return True
        return False


def left(dialog: str, cursor: Cursor, way: str) -> Walked | None:
    walked = Walked(dialog, cursor)
    if way == "no":
        return walked if walked.answer("<no>") else None
    walked.leave(way)
    return walked


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("dialog", "cursor"), QUESTIONS, ids=str)
def test_nothing_is_promised_and_nobody_is_blamed(dialog: str, cursor: Cursor, way: str) -> None:
    walked = left(dialog, cursor, way)
    if walked is None:
        return
    assert [one for one in walked.done if isinstance(one, Remind)] == []
    said = [one.text for one in walked.done if isinstance(one, Say)]
    assert [one for one in said if BLAME.search(one)] == []
    if walked.state.frames and walked.state.frame.dialog == dialog:
        before, after = walked.frame.slots, walked.state.frame.slots
        assert after.get("minutes") == before.get("minutes") or walked.place[2] == "listening"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("dialog", "cursor"),
    [
        one
        for one in QUESTIONS
        if (PACK.dialogs[one[0]].audience == "two" or one[0] in PROMISING)
        and (one[0], one[1][0]) != STAYING_IS_NO_STEP
    ],
    ids=str,
)
def test_nothing_but_a_yes_leads_where_a_yes_leads(dialog: str, cursor: Cursor, way: str) -> None:
    agreed = Walked(dialog, cursor)
    walked = left(dialog, cursor, way)
    if walked is None or not agreed.answer("<yes>"):
        return
    over = agreed.place[2] == walked.place[2] == "over"
    promised = any(isinstance(one, Remind) for one in agreed.done)
    assert over or promised or walked.place != agreed.place


def test_every_question_of_every_script_is_walked() -> None:
    written = sum(
        file.read_text("utf-8").count("- ask:")
        for file in FOLDER.glob("*.yaml")
        if file.name != "phrases.yaml"
    )
    assert len(QUESTIONS) == written
