"""Speech in, utterances out; the recogniser's answers are set by hand."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.fakes.gate import FakeGate, steps_of, voice
from tests.fakes.recogniser import FakeRecogniser
from tests.speech_samples import conversation, quiet
from voice_ally.core.audio import BLOCK_BYTES, Pcm16
from voice_ally.core.speech import (
    Decision,
    Grammar,
    HearingEvent,
    Hypothesis,
    SpeechStarted,
    Utterance,
)
from voice_ally.hear.listener import HARMLESS_SECONDS, SegmentListener

PAUSES = Grammar(
    "pauses",
    ({"pause": 1, "calming": 2}, {"now": 3}, {"pause": 3}, {}),
    frozenset({1, 3}),
    ("pause", "pause now", "calming pause"),
)
"""After "pause", "now" may follow; after "calming pause" nothing."""
YES = Grammar("yes", ({"yes": 1}, {}), frozenset({1}), ("yes",))


def blocks(sound: Pcm16) -> Iterator[Pcm16]:
    for at in range(0, len(sound), BLOCK_BYTES):
        yield Pcm16(sound[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0"))


class Room:
    """Somebody who speaks, and a listener."""

    def __init__(self, *answers: str, early: bool = False, gate: FakeGate | None = None) -> None:
        self.recogniser = FakeRecogniser(*answers)
        self.listener = SegmentListener(gate or FakeGate(), self.recogniser, early=early)
        self.listener.use(PAUSES)

    def hears(self, *parts: Pcm16 | float) -> list[HearingEvent]:
        sound = conversation(*parts)
        return [event for block in blocks(sound) for event in self.listener.feed(block)]

    def lets_pass(self, *parts: Pcm16 | float) -> list[HearingEvent]:
        sound = conversation(*parts)
        return [event for block in blocks(sound) for event in self.listener.skip(block)]


def texts(events: list[HearingEvent]) -> list[str]:
    """What was said; "…" where somebody began."""
    return ["…" if isinstance(one, SpeechStarted) else one.text for one in events]


def test_every_beginning_has_its_end() -> None:
    room = Room("pause", "", "calming pause")
    events = room.hears(0.5, voice(0.5), 1.0, voice(0.5), 1.0, voice(0.5), 1.0)
    assert texts(events) == ["…", "pause", "…", "", "…", "calming pause"]
    said = [one for one in events if isinstance(one, Utterance)]
    started = [one.at for one in events if isinstance(one, SpeechStarted)]
    assert [one.speech_start for one in said] == started
    assert all(one.speech_start < one.speech_end <= one.at for one in said)


def test_new_phrases_count_from_the_next_utterance() -> None:
    room = Room("pause", "yes")
    room.hears(0.5, voice(0.3))
    room.listener.use(YES)
    assert texts(room.hears(voice(0.3), 1.0, voice(0.5), 1.0)) == ["pause", "…", "yes"]
    assert room.recogniser.grammars == ["pauses", "yes"]


def test_a_click_is_answered_but_is_no_phrase() -> None:
    room = Room("pause", gate=FakeGate(steps_of(0.0, 0.9, 0.9)))
    started, said = room.hears(1.0)
    assert isinstance(started, SpeechStarted)
    assert isinstance(said, Utterance)
    assert (said.text, said.rejected_text) == ("", "pause")


def test_shutting_the_ears_answers_what_is_under_way_at_once_and_only_once() -> None:
    room = Room("pause")
    assert texts(room.hears(0.5, voice(0.5))) == ["…"]
    assert texts(room.lets_pass(voice(0.5), 1.0)) == ["pause"]
    assert not room.listener.speaking
    assert texts(room.hears(1.0)) == []


def test_shutting_the_ears_while_nobody_speaks_is_no_event() -> None:
    room = Room("pause")
    room.hears(1.0)
    assert room.lets_pass(voice(1.0)) == []


def test_time_goes_on_while_the_ears_are_shut_and_nothing_of_it_is_heard() -> None:
    room = Room("pause")
    room.hears(0.3)
    room.lets_pass(voice(2.0))
    started, _said = room.hears(voice(0.5), 1.0)
    assert started.at == pytest.approx(2.3, abs=0.001)
    assert len(room.recogniser.fed) <= len(voice(0.5 + 0.3 + 0.064))


def test_the_end_of_the_sound_decides() -> None:
    room = Room("pause")
    room.hears(0.5, voice(0.5))
    assert room.listener.speaking
    assert texts(room.listener.flush()) == ["pause"]
    assert room.listener.flush() == []
    room.listener.close()
    assert room.recogniser.closed


class TestEarly:
    """Deciding before half a second of quiet has passed."""

    def decided_after(self, room: Room, *parts: Pcm16 | float) -> tuple[list[str], float]:
        """What was said, and how long after its end that was known."""
        events = room.hears(*parts)
        said = next(one for one in events if isinstance(one, Utterance))
        return texts(events), said.at - said.speech_end

    def test_it_waits_for_quiet_unless_it_is_asked_to_decide_early(self) -> None:
        room = Room("calming pause")
        spoken, after = self.decided_after(room, 0.5, voice(1.0), 1.0)
        assert spoken == ["…", "calming pause"]
        assert after >= 0.5
        assert room.recogniser.peeks == 0

    def test_a_phrase_that_cannot_go_on_is_decided_at_once(self) -> None:
        room = Room("calming pause", early=True)
        spoken, after = self.decided_after(room, 0.5, voice(1.0), 1.0)
        assert spoken == ["…", "calming pause"], "and the quiet after it is no second event"
        assert 0.03 <= after < 0.08

    def test_nothing_is_looked_at_while_a_voice_sounds_nor_while_nobody_speaks(self) -> None:
        room = Room("", early=True)
        room.hears(2.0, voice(1.5))
        assert room.recogniser.peeks == 0
        room.hears(2.0)
        assert room.recogniser.peeks == 3, "three looks into the pause, and the end"

    def test_more_quiet_does_not_unsay_what_was_found(self) -> None:
        room = Room("", early=True)
        room.recogniser.looks = ["pause", "", ""]
        assert texts(room.hears(0.5, voice(0.5), 1.0)) == ["…", "pause"]

    def test_but_more_voice_does(self) -> None:
        room = Room("", early=True)
        room.recogniser.looks = ["pause", "", "", ""]
        assert texts(room.hears(0.5, voice(0.5), 0.1, voice(0.5), 1.0)) == ["…", ""]

    def test_and_what_would_only_be_asked_about_is_no_find(self) -> None:
        room = Room("", early=True)
        room.recogniser.looks, room.recogniser.decision = ["pause", "", ""], Decision.CONFIRM
        assert texts(room.hears(0.5, voice(0.5), 1.0)) == ["…", ""]

    def test_where_looking_takes_long_nobody_looks_again_at_what_was_nothing(self) -> None:
        for found, looks in (("", 2), ("calming", 3)):
            room = Room("", early=True)
            room.listener = SegmentListener(FakeGate(), room.recogniser, early=True, sparing=True)
            room.listener.use(PAUSES)
            room.recogniser.looks = [found, "", ""]
            room.hears(0.5, voice(1.5), 1.0)
            assert room.recogniser.peeks == looks

    def test_nobody_is_cut_off_in_the_middle_of_a_sound(self) -> None:
        room = Room("calming pause", early=True)
        assert texts(room.hears(0.5, voice(5.0))) == ["…"]

    def test_a_phrase_that_may_go_on_gets_a_little_more_time(self) -> None:
        for text, decided in (("calming pause", True), ("pause", False)):
            room = Room(text, early=True)
            events = room.hears(0.5, voice(0.5), 0.12)
            assert (len(events) == 2) is decided, text
        slow = Room("pause", early=True)
        _, after = self.decided_after(slow, 0.5, voice(0.5), 1.0)
        assert 0.25 <= after < 0.3

    def test_one_that_is_long_already_gets_more(self) -> None:
        words = ["set", "a", "timer", "for", "ten", "minutes", "please"]
        arcs = tuple({word: at + 1} for at, word in enumerate(words))
        final = frozenset({len(words) - 1, len(words)})
        room = Room(" ".join(words[:-1]), early=True)
        room.listener.use(Grammar("timer", (*arcs, {}), final, (" ".join(words),)))
        _, after = self.decided_after(room, 0.5, voice(0.5), 1.0)
        assert 0.4 <= after < 0.45

    def test_what_is_harmless_waits_only_a_moment_for_what_is_not_meant(self) -> None:
        room = Room("pause", early=True)
        room.listener.use(replace(PAUSES, harmless=frozenset({1})))
        spoken, after = self.decided_after(room, 0.5, voice(0.5), 1.0)
        assert spoken == ["…", "pause"]
        assert HARMLESS_SECONDS <= after < HARMLESS_SECONDS + 0.04
        doubt = Room("pause", early=True)
        doubt.listener.use(replace(PAUSES, harmless=frozenset({1})))
        doubt.recogniser.decision = Decision.CONFIRM
        _, after = self.decided_after(doubt, 0.5, voice(0.5), 1.0)
        assert HARMLESS_SECONDS <= after < HARMLESS_SECONDS + 0.04, "also in doubt"

    def test_where_looking_takes_long_a_stop_that_only_waits_for_quiet_is_looked_at_once(
        self,
    ) -> None:
        for sparing, looks in ((True, 1), (False, 2)):
            room = Room("pause")
            room.listener = SegmentListener(
                FakeGate(), room.recogniser, early=True, sparing=sparing
            )
            room.listener.use(replace(PAUSES, harmless=frozenset({1})))
            assert texts(room.hears(0.5, voice(0.5), 0.3)) == ["…", "pause"]
            assert room.recogniser.peeks == looks

    def test_a_stop_that_goes_on_is_decoded_again(self) -> None:
        probabilities = [*[0.0] * 5, *[0.9] * 12, 0.0, *[0.9] * 12, *[0.0] * 10]
        room = Room("")
        gate = FakeGate(steps_of(*probabilities))
        room.listener = SegmentListener(gate, room.recogniser, early=True, sparing=True)
        room.listener.use(replace(PAUSES, harmless=frozenset({1})))
        room.recogniser.looks = ["pause", "pause now"]
        assert texts(room.hears(len(probabilities) * 0.032)) == ["…", "pause now"]

    def test_whoever_is_in_the_middle_of_a_phrase_may_think(self) -> None:
        room = Room("calming pause", early=True)
        room.recogniser.looks, room.recogniser.unfinished = ["calming"] * 3, True
        events = room.hears(0.5, voice(0.5), 0.8)
        assert texts(events) == ["…"], "the half second after which it would be over has passed"
        room.recogniser.unfinished = False
        assert texts(room.hears(voice(0.5), 0.3)) == ["calming pause"]

    def test_a_doubtful_phrase_is_not_decided_early_and_told_as_doubtful(self) -> None:
        room = Room("calming pause", early=True)
        room.recogniser.decision = Decision.CONFIRM
        events = room.hears(0.5, voice(0.5), 1.0)
        said = events[-1]
        assert isinstance(said, Utterance)
        assert said.decision is Decision.CONFIRM
        assert said.at - said.speech_end >= 0.5

    def test_what_is_urgent_is_decided_at_once_though_it_may_go_on_and_though_in_doubt(
        self,
    ) -> None:
        for decision in (Decision.ACT, Decision.CONFIRM):
            room = Room("pause", early=True)
            room.recogniser.decision = decision
            room.listener.use(replace(PAUSES, urgent=frozenset({1})))
            events = room.hears(0.5, voice(0.5), 0.08)
            said = events[-1]
            assert isinstance(said, Utterance)
            assert (said.text, said.decision) == ("pause", decision)

    def test_what_is_no_complete_phrase_is_not_decided(self) -> None:
        for text in ("calming", "", "something else"):
            room = Room(early=True)
            room.recogniser.looks = [text] * 40
            _, after = self.decided_after(room, 0.5, voice(1.0), 1.0)
            assert after >= 0.5

    def test_what_is_said_right_after_it_is_an_utterance_of_its_own(self) -> None:
        room = Room("calming pause", "pause", early=True)
        events = room.hears(0.5, voice(1.0), 0.2, voice(0.5), 1.0)
        assert texts(events) == ["…", "calming pause", "…", "pause"]
        assert len(room.recogniser.fed) < len(voice(0.2 + 0.5 + 0.35)), "and has only its own sound"

    def test_the_phrases_of_its_beginning_decide(self) -> None:
        room = Room("calming pause", early=True)
        room.hears(0.5, voice(0.5))
        room.listener.use(YES)
        _, after = self.decided_after(room, voice(0.5), 1.0)
        assert after < 0.2

    def test_where_a_voice_breaks_off_decoding_begins_before_the_gate_has_heard_it(self) -> None:
        room = Room("calming pause", early=True)
        moments: list[tuple[int, int]] = []

        class Foreseeing:
            def foresee(self, after: Pcm16) -> None:
                moments.append((len(room.recogniser.fed) + len(after), room.recogniser.peeks))

        room.listener = SegmentListener(
            FakeGate(), room.recogniser, early=True, foreseer=Foreseeing()
        )
        room.listener.use(PAUSES)
        room.hears(0.5, voice(1.0))
        assert moments == []
        room.hears(1.0)
        until_the_end = len(conversation(0.4, voice(1.0)))
        assert moments[0][0] - until_the_end < len(quiet(0.03)), "and a chunk of the gate takes 32"
        assert all(peeks == 0 for _, peeks in moments), "decided once, it is over"
        moments.clear()
        room.hears(2.0)
        assert moments == [], "nobody speaks"

    def test_before_it_knows_any_phrases_nothing_is_decided_early(self) -> None:
        recogniser = FakeRecogniser("pause")
        listener = SegmentListener(FakeGate(), recogniser, early=True)
        sound = conversation(0.5, voice(1.0), 0.3)
        events = [event for block in blocks(sound) for event in listener.feed(block)]
        assert texts(events) == ["…"]
        assert recogniser.peeks == 0


def test_quiet_brings_nothing() -> None:
    room = Room("pause", early=True)
    assert room.hears(quiet(3.0)) == room.listener.flush() == []


URGENT = replace(PAUSES, urgent=frozenset({1}))


class Spotter:
    """Finds one "pause", from its so many looks on."""

    reach_seconds = 0.7

    def __init__(self, finds_from: int) -> None:
        self.looks: list[str] = []
        self._finds_from = finds_from

    def _finds(self, look: str, after: Pcm16) -> bool:
        assert len(after) < len(voice(0.032))
        self.looks.append(look)
        return len(self.looks) >= self._finds_from

    def seems_urgent(self, after: Pcm16) -> bool:
        return self._finds("second", after)

    def spot(self, after: Pcm16) -> Hypothesis:
        text = "pause" if self._finds("both", after) else ""
        if text:
            self._finds_from = 1000
        return Hypothesis(text, 1.0, within_seconds=self.reach_seconds)


class TestInTheMidst:
    """What is urgent, while a voice or something like it goes on."""

    def room(self, finds_from: int) -> tuple[Room, Spotter]:
        room, spotter = Room("", early=True), Spotter(finds_from)
        room.listener = SegmentListener(FakeGate(), room.recogniser, early=True, spotter=spotter)
        room.listener.use(URGENT)
        return room, spotter

    def test_it_is_found_where_two_looks_a_tenth_of_a_second_apart_find_it(self) -> None:
        room, spotter = self.room(finds_from=10)
        events = room.hears(0.5, voice(2.0), 1.0)
        assert texts(events) == ["…", "pause", "…", ""], "and the voice that goes on is a new one"
        assert spotter.looks[:11] == ["second"] * 10 + ["both"]
        spotted = events[1]
        assert isinstance(spotted, Utterance)
        assert spotted.amid
        assert spotted.at - spotted.speech_start == pytest.approx(0.7, abs=0.05)

    def test_where_the_voice_breaks_off_one_look_is_enough(self) -> None:
        room, spotter = self.room(finds_from=1)
        room.listener.own_share = lambda _start, end: 0.0 if end > 0.65 else 0.5
        events = room.hears(0.5, voice(0.2), 0.02)
        assert texts(events) == ["…", "pause"]
        assert spotter.looks == ["both"]

    def test_the_rest_of_the_word_is_nobody_but_who_goes_on_is_heard(self) -> None:
        for rest_seconds, heard in ((0.1, ["…", "pause"]), (0.6, ["…", "pause", "…", ""])):
            room, _ = self.room(finds_from=1)
            assert texts(room.hears(0.5, voice(0.2), 0.03, voice(rest_seconds), 1.0)) == heard

    def test_nothing_is_looked_for_where_nothing_is_urgent(self) -> None:
        room, spotter = self.room(finds_from=1)
        room.listener.use(PAUSES)
        assert texts(room.hears(0.5, voice(2.0), 1.0)) == ["…", ""]
        assert spotter.looks == []

    def test_what_may_be_an_echo_is_only_decoded_whole_and_what_surely_is_not_at_all(self) -> None:
        for own_share, heard, peeks in ((0.5, "pause", 1), (0.8, "", 0)):
            room, spotter = self.room(finds_from=1)
            room.recogniser.answers = ["pause"]
            room.listener.own_share = lambda _start, _end, share=own_share: share
            assert texts(room.hears(0.5, voice(2.0), 1.0)) == ["…", heard]
            assert (spotter.looks, room.recogniser.peeks) == ([], peeks)
        room.listener.use(PAUSES)
        assert texts(room.hears(voice(1.0), 1.0)) == ["…", "pause"], "without a line it is"
