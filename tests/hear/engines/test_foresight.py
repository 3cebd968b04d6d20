"""Which moments a phrase may be over at, and for how long that holds."""

from voice_ally.core.audio import Pcm16
from voice_ally.hear.engines.foresight import ANOTHER_MOMENT_BYTES, HOLDS_BYTES, Foresight

AHEAD = Foresight(Pcm16(bytes(1000)), "calming pause")


def test_another_phrase_or_much_later_is_another_moment() -> None:
    assert AHEAD.is_outdone_by("calming pause now", 1000)
    assert not AHEAD.is_outdone_by("calming pause", 1000 + ANOTHER_MOMENT_BYTES)
    assert AHEAD.is_outdone_by("calming pause", 1002 + ANOTHER_MOMENT_BYTES)


def test_it_holds_while_nothing_else_is_heard_and_not_for_long() -> None:
    assert AHEAD.holds_for("calming pause", 1000 + HOLDS_BYTES)
    assert not AHEAD.holds_for("calming pause", 1002 + HOLDS_BYTES)
    assert not AHEAD.holds_for("calming", 1000)
