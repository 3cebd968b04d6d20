"""A step named from outside: who is listened to there, as in a session that has come to it."""

import pytest

from tests.engine.walking import Walker
from tests.language.packs import small_pack
from voice_ally.engine.standing import standing_at
from voice_ally.language.model import Pack
from voice_ally.language.reader import read_pack

TEA = b"""
dialog: tea
triggers: [tea for two]
slots: {minutes: 3}
steps:
  a:
    - when: {minutes: 2}
      then: [{say: "Soon."}]
    - when: {minutes: 2}
      then: [{say: "Very soon."}]
      else: [{say: "Later."}, {ask: "Now?", answers: {"<yes>": b, "<no>": {end: true}}}]
    - hold: 20s
  b:
    - when: {minutes: 2}
      then: [{say: "Soon."}]
      else: [{say: "Later."}]
    - hold: 20s
  c:
    - when: {minutes: 3}
      then: [{turn: {speaker: first, for: 20s}}]
      else: [{say: "Later."}]
  d:
    - when: {minutes: 3}
      then: [{say: "Soon."}]
      else: [{say: "Later."}]
"""


def pack() -> Pack:
    result = read_pack({"tea.yaml": TEA}, over=small_pack())
    assert result.problems == ()
    return result.pack


@pytest.mark.parametrize(
    ("step", "doing", "cursor"),
    [
        ("a", "listening", ("a", 1, "else", 1)),
        ("b", "holding", ("b", 1)),
        ("c", "turning", ("c", 0, "then", 0)),
    ],
)
def test_whichever_way_a_step_goes_its_first_place_that_listens_is_found(
    step: str, doing: str, cursor: tuple[str | int, ...]
) -> None:
    state = standing_at(pack(), "tea", step)
    assert state is not None
    assert (state.doing.what, state.frame.cursor) == (doing, cursor)


def test_a_session_that_comes_there_stands_at_the_same_place() -> None:
    walker = Walker(pack()).start("tea")
    while walker.state.doing.what != "listening":
        walker.goes_on()
    state = standing_at(pack(), "tea", "a")
    assert state is not None
    assert state.frame.cursor == walker.state.frame.cursor


def test_a_step_that_only_speaks_listens_nowhere() -> None:
    assert standing_at(pack(), "tea", "d") is None
    assert standing_at(pack(), "tea", "nowhere") is None
