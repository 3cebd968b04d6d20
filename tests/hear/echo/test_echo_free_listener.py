"""A listener behind a canceller: the person is heard, the loudspeaker is not."""

import pytest

from tests.fakes.echo import FakeEchoCanceller
from tests.fakes.gate import FakeGate
from tests.fakes.recogniser import FakeRecogniser
from voice_ally.core.audio import BLOCK_SAMPLES, Pcm16
from voice_ally.core.speech import Grammar, HearingEvent, SpeechStarted, Utterance
from voice_ally.hear.echo.listener import EchoFreeListener
from voice_ally.hear.echo.played import PlayedSound
from voice_ally.hear.listener import SegmentListener

PERSON, OWN = 4000, 8000
STOP = Grammar("stop", ({"stop": 1}, {}), frozenset({1}), ("stop",))


def tone(level: int) -> Pcm16:
    return Pcm16(level.to_bytes(2, "little", signed=True) * BLOCK_SAMPLES)


class Room:
    """The echo is half of what is played, at once; the canceller knows that."""

    def __init__(self, knows: float = 0.5) -> None:
        self.recogniser = FakeRecogniser("stop")
        self.canceller = FakeEchoCanceller(knows)
        self.played = PlayedSound()
        self.listener = EchoFreeListener(
            SegmentListener(FakeGate(), self.recogniser), self.canceller, self.played
        )
        self.listener.use(STOP)
        self.events: list[HearingEvent] = []

    def pass_time(self, seconds: float, *, person: int = 0, own: int = 0) -> None:
        for _ in range(round(seconds * 100)):
            self.played.push(tone(own))
            self.events += self.listener.feed(tone(person + own // 2))

    @property
    def started(self) -> list[SpeechStarted]:
        return [one for one in self.events if isinstance(one, SpeechStarted)]

    @property
    def said(self) -> list[Utterance]:
        return [one for one in self.events if isinstance(one, Utterance)]


def test_what_it_plays_itself_is_not_heard() -> None:
    room = Room()
    room.pass_time(2.0, own=OWN)
    assert room.events == []


def test_a_person_is_heard_over_it_and_told_from_it() -> None:
    room = Room()
    room.pass_time(1.0, own=OWN)
    room.pass_time(0.5, own=OWN, person=PERSON)
    room.pass_time(1.0, own=OWN)
    assert [one.text for one in room.said] == ["stop"]
    # half of the sound was the person's: a quarter of its power
    assert room.said[0].own_share == pytest.approx(0.75, abs=0.05)


def test_without_a_sound_of_its_own_nothing_is_its_own() -> None:
    room = Room()
    room.pass_time(0.5)
    room.pass_time(0.5, person=PERSON)
    room.pass_time(1.0)
    assert [one.own_share for one in room.said] == [0.0]
    assert [one.own_share for one in room.started] == [0.0]


def test_a_room_not_yet_known_is_mostly_its_own_sound() -> None:
    room = Room(knows=0.3)
    room.pass_time(0.5, own=OWN)
    room.pass_time(1.0)
    assert room.started[0].own_share == pytest.approx(0.84, abs=0.05)
    assert room.said[0].own_share == pytest.approx(0.84, abs=0.05)


def test_while_the_room_is_unknown_nobody_is_plainly_a_person() -> None:
    room = Room(knows=0.1)
    room.pass_time(0.4, own=OWN)
    room.pass_time(1.0)
    assert [one.own_share for one in (*room.started, *room.said)] == [0.4, 0.4]


def test_but_who_is_much_louder_than_its_echo_was_so_far_is_one() -> None:
    for own, person, share in ((1600, PERSON, 0.03), (OWN, 0, 0.9)):
        room = Room(knows=0.0)
        room.pass_time(1.0, own=1600)
        room.pass_time(0.5, own=own, person=person)
        room.pass_time(1.0)
        assert room.said[0].own_share == pytest.approx(share, abs=0.15)


def test_once_it_is_known_a_person_is_one_for_a_while_although_much_is_left_then() -> None:
    room = Room()
    room.pass_time(1.0, own=OWN)
    room.pass_time(0.5, own=OWN // 4, person=PERSON)
    room.pass_time(1.0, own=OWN)
    assert room.said[0].own_share < 0.4
    room.pass_time(4.0, own=OWN // 4, person=PERSON)
    room.pass_time(1.0)
    assert room.said[1].own_share < 0.4, "it was known when they began"


def test_a_loudspeaker_that_is_not_heard_need_not_be_known() -> None:
    room = Room(knows=0.0)
    for _ in range(100):
        room.played.push(tone(OWN))
        room.listener.feed(tone(OWN // 50))
    room.pass_time(0.5, own=0, person=PERSON)
    room.pass_time(1.0)
    assert room.said[-1].own_share < 0.4


def test_what_was_played_is_moved_along_with_its_echo() -> None:
    room = Room()
    room.canceller.moves = -20
    room.pass_time(0.1, own=OWN)
    assert room.played.moves == 1


def test_the_room_is_learned_also_while_nobody_listens() -> None:
    room = Room()
    room.played.push(tone(OWN))
    room.listener.skip(tone(OWN // 2))
    assert room.played.next_block() == tone(0), "the block played was taken"


def test_the_end_of_the_sound_decides_what_is_under_way() -> None:
    room = Room()
    room.pass_time(0.5, person=PERSON)
    assert room.listener.speaking
    (utterance,) = room.listener.flush()
    assert isinstance(utterance, Utterance)
    assert utterance.text == "stop"


def test_closing_frees_both() -> None:
    room = Room()
    room.listener.close()
    assert room.canceller.closed
    assert room.recogniser.closed


def test_a_second_canceller_may_judge_whose_sound_it_was() -> None:
    room = Room(knows=0.3)
    witness = FakeEchoCanceller(0.5)
    room.listener = EchoFreeListener(
        SegmentListener(FakeGate(), room.recogniser), room.canceller, room.played, witness
    )
    room.listener.use(STOP)
    room.pass_time(0.5, own=OWN)
    room.pass_time(1.0)
    assert room.said[0].own_share == 1.0
    room.listener.close()
    assert witness.closed


def test_between_real_devices_the_microphone_waits_as_long_as_the_loudspeaker_lags() -> None:
    room = Room()
    room.played = PlayedSound(cushion_blocks=3)
    room.listener = EchoFreeListener(
        SegmentListener(FakeGate(), room.recogniser), room.canceller, room.played
    )
    room.listener.use(STOP)
    room.pass_time(1.0, own=OWN)
    assert room.started == [], "the echo and its sound still meet"
    room.pass_time(0.5, own=OWN, person=PERSON)
    room.pass_time(1.0, own=OWN)
    assert [one.text for one in room.said] == ["stop"]


def test_an_echo_that_is_out_of_step_is_no_person() -> None:
    room = Room(knows=0.1)
    room.canceller.late = True
    room.pass_time(0.5, own=OWN, person=PERSON)
    room.pass_time(1.0)
    assert room.started[0].own_share == 0.4, "while the room is unknown there is no telling"
    room = Room()
    room.pass_time(1.0, own=OWN)
    room.canceller.late = True
    room.pass_time(0.5, own=OWN // 4, person=PERSON)
    room.pass_time(1.0)
    assert room.said[0].own_share == 1.0
