"""What people say in fear, and what only sounds like it: the lists in people_say/, everywhere.

Rules: each sentence is matched where nothing runs, at a question, while somebody has the word and
while breathing, against what may be said there. The lists are sentences of the kinds that the
phrases were made for: other people, tenses, beginnings and endings. The phrases were mended against
them, so they show that nothing was lost, not how many sentences of strangers are understood.
"""

from pathlib import Path

import pytest

from voice_ally import engine
from voice_ally.core.events import Finished, TimedOut
from voice_ally.engine.armed import phrases_for
from voice_ally.engine.state import Frame, State
from voice_ally.interpret.understanding import Understanding, Understandings
from voice_ally.language.model import Ask, Breathe, Hold, Pack
from voice_ally.language.reader import read_pack, vocabulary

LISTS = Path(__file__).parent / "people_say"
FOLDER = Path(__file__).parents[2] / "dialogs" / "en"
PACK: Pack = read_pack({one.name: one.read_bytes() for one in FOLDER.glob("*.yaml")}).pack
KNOWN = Understandings(vocabulary(PACK), PACK.not_meant)
PLACES = {
    "idle": ("", "", Ask),
    "a question": ("repair", "first_agrees", Ask),
    "a hold": ("repair", "own_part", Hold),
    "a breath": ("for_me", "here", Breathe),
}
EVERYWHERE = pytest.mark.parametrize("place", PLACES)
MOST_EVENTS = 40
LEAST_SHARE = 0.97


def sentences(name: str) -> list[str]:
    return [one for one in (LISTS / f"{name}.txt").read_text("utf-8").splitlines() if one]


def armed_at(place: str) -> Understanding:
    dialog, step, what = PLACES[place]
    state = State()
    if dialog:
        block = PACK.dialogs[dialog].steps[step]
        index = next(number for number, one in enumerate(block) if isinstance(one, what))
        frame = Frame(dialog, (step, index), PACK.dialogs[dialog].slots)
        state, _ = engine.begin(PACK, State(frames=(frame,)))
    for _ in range(MOST_EVENTS):
        doing = state.doing
        if doing.what in ("idle", "listening", "holding", "breathing"):
            return KNOWN.of(phrases_for(PACK, state))
        event = TimedOut if doing.what == "pausing" else Finished
        state, _ = engine.step(PACK, state, event(1.0, doing.ticket))
    raise AssertionError(f"{place} is never reached")


def answer_to(heard: Understanding, sentence: str) -> str:
    """The dialog that answers, and for safety the need."""
    found = heard.match(sentence)
    if found is None:
        return ""
    name = found.phrase.meaning.name
    return f"{name} {found.slots['danger']}".strip() if found.slots.get("danger") else name


@EVERYWHERE
@pytest.mark.parametrize("need", ["other", "life", "harm"])
def test_clear_danger_gets_the_answer_to_its_need(place: str, need: str) -> None:
    heard = armed_at(place)
    said = sentences(f"danger-{need}")
    missed = [one for one in said if answer_to(heard, one) != f"safety {need}"]
    assert 1 - len(missed) / len(said) >= LEAST_SHARE, missed


@EVERYWHERE
def test_nothing_of_everyday_life_is_taken_for_danger(place: str) -> None:
    heard = armed_at(place)
    for name in ("everyday", "not-clear"):
        taken = [one for one in sentences(name) if answer_to(heard, one).startswith("safety")]
        assert taken == []


@EVERYWHERE
def test_what_can_mean_both_ends_an_exercise_and_exposes_nobody(place: str) -> None:
    heard = armed_at(place)
    said = sentences("not-clear")
    missed = [one for one in said if answer_to(heard, one) != "apart"]
    assert 1 - len(missed) / len(said) >= LEAST_SHARE, missed
