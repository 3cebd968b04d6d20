"""What the recogniser of two passes looks at, and whom it waits for."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.fakes.recogniser import FakeBatch, FakeStreaming, FakeVerifier, FakeWeigher
from voice_ally.core.actions import Phrase
from voice_ally.core.audio import Pcm16
from voice_ally.core.events import Meaning
from voice_ally.core.speech import Decision, Grammar, Hypothesis, Stakes
from voice_ally.hear.engines.acceptance import Evidence, Fit, Found
from voice_ally.hear.engines.pocketsphinx_engine import Proposal
from voice_ally.hear.engines.two_pass import SHORT_BYTES, TwoPassRecogniser
from voice_ally.interpret.understanding import Understandings
from voice_ally.interpret.vocabulary import Vocabulary

GOOD = Fit(-30.0, -40.0, 0.3)
STOP = Meaning("command", "stop")
SHORT, LONG = Pcm16(bytes(16_000)), Pcm16(bytes(SHORT_BYTES + 3200))


def grammar(*, urgent: bool = False) -> Grammar:
    armed = [
        Phrase("stop [now]", STOP, Stakes.STOP, urgent=urgent),
        Phrase("(yes|yeah|yes I am)", Meaning("answer", "0")),
        Phrase("(no|not now)", Meaning("answer", "1")),
        Phrase("go back to the beginning", Meaning("command", "back"), Stakes.COMMAND),
    ]
    return Understandings(Vocabulary(), ("yes but",)).of(armed).grammar


def sure_of(*texts: str, probability: float = 0.99) -> FakeWeigher:
    """Believes these phrases wherever a look finds them, and no others."""

    def weigh(evidence: Sequence[Evidence]) -> Found | None:
        found = next((one for one in evidence if one.text in texts), None)
        return Found(found, probability, Decision.ACT) if found else None

    return FakeWeigher(weigh)


class Room:
    """One utterance, before a recogniser made of fakes."""

    def __init__(
        self,
        streaming: FakeStreaming | None,
        batch: FakeBatch | None,
        weigher: FakeWeigher,
        verifier: FakeVerifier | None = None,
        sound: Pcm16 = SHORT,
        *,
        urgent: bool = False,
    ) -> None:
        self.weigher, self.batch, self.streaming = weigher, batch, streaming
        self.engine = TwoPassRecogniser(streaming, batch, verifier, weigher)
        self.engine.use(grammar(urgent=urgent))
        self.engine.begin()
        self.engine.feed(sound)

    def shown(self) -> dict[str, Evidence]:
        return self.weigher.shown[-1]


def test_what_is_sure_without_pocketsphinx_does_not_wait_for_it() -> None:
    batch = FakeBatch(Proposal("yes", (), GOOD))
    room = Room(FakeStreaming("no", "no"), batch, sure_of("no"), FakeVerifier(no=4.0))
    found = room.engine.finish()
    assert (found.text, found.decision, found.confidence) == ("no", Decision.ACT, 0.99)
    assert batch.proposed == []


def test_in_doubt_it_is_asked_for_the_short_phrases_alone() -> None:
    batch = FakeBatch(Proposal("no", (), GOOD))
    room = Room(FakeStreaming("", "no"), batch, sure_of("no", probability=0.8))
    room.engine.finish()
    (sound, phrases), *_ = batch.proposed
    assert sound == SHORT
    assert phrases.accepts("now") and not phrases.accepts("go back to the beginning")
    shown = room.shown()["no"]
    assert (shown.batch_asked, shown.batch, shown.fit) == (True, True, GOOD)
    assert (shown.streaming, shown.local) == (False, True)


def test_a_long_utterance_is_heard_among_all_phrases() -> None:
    text = "go back to the beginning"
    batch = FakeBatch(Proposal(text, (), GOOD))
    verifier = FakeVerifier(no=9.0)
    room = Room(FakeStreaming("", "no"), batch, sure_of(text), verifier, LONG)
    assert room.engine.finish().text == text
    assert batch.proposed[0][1] == grammar()
    assert verifier.asked == 0, "it knows single words only"
    assert not room.shown()[text].short


def test_a_stop_waits_for_nobody() -> None:
    batch = FakeBatch(Proposal("yes", (), GOOD))
    room = Room(FakeStreaming("stop", "stop"), batch, sure_of("stop", probability=0.4))
    found = room.engine.peek()
    assert (found.text, found.decision) == ("stop", Decision.ACT)
    assert batch.proposed == []


def test_a_look_that_finds_nothing_does_not_ask_pocketsphinx_before_the_end() -> None:
    batch = FakeBatch(Proposal("no", (), GOOD))
    room = Room(FakeStreaming("", ""), batch, sure_of("no"))
    assert room.engine.peek().text == ""
    assert batch.proposed == []
    assert room.engine.finish().text == "no", "but at the end it does"


def test_wordings_of_one_meaning_are_one_meaning() -> None:
    room = Room(
        FakeStreaming("yes i am", "yeah"),
        FakeBatch(Proposal("yes", (), GOOD)),
        FakeWeigher(lambda _: None),
        FakeVerifier(yes=2.0, no=-4.0),
    )
    assert room.streaming is not None
    room.streaming.supports = {"yeah": 6.0, "yes": 4.0, "yes i am": -3.0}
    room.engine.finish()
    (one,) = room.shown().values()
    assert (one.text, one.support) == ("yeah", 6.0)
    assert one.streaming and one.local and one.batch
    assert (one.verified, one.other_word) == (2.0, -4.0)


def test_a_word_that_the_verifier_hears_is_weighed_where_it_is_armed() -> None:
    room = Room(
        FakeStreaming("", ""),
        None,
        FakeWeigher(lambda _: None),
        FakeVerifier(yes=-1.0, no=-3.0, five=6.0),
    )
    room.engine.finish()
    assert list(room.shown()) == ["yes"], "five is not armed, and no is unlikely"
    assert room.shown()["yes"].other_word == 6.0


def test_what_is_ignored_is_told_as_rejected() -> None:
    def weigh(evidence: Sequence[Evidence]) -> Found | None:
        return Found(evidence[0], 0.1, Decision.IGNORE)

    found = Room(FakeStreaming("no", "no"), None, FakeWeigher(weigh)).engine.finish()
    assert (found.text, found.rejected_text, found.confidence) == ("", "no", 0.1)


def test_what_is_not_meant_keeps_its_text_and_comes_to_nothing() -> None:
    streaming = FakeStreaming("yes but", "yes but")
    found = Room(streaming, None, sure_of("yes but")).engine.finish()
    assert (found.text, found.decision) == ("yes but", Decision.IGNORE)


@pytest.mark.parametrize("sound", [SHORT, LONG])
def test_an_engine_may_be_missing(sound: Pcm16) -> None:
    vosk = Room(FakeStreaming("stop now", "stop now"), None, sure_of("stop now"), sound=sound)
    assert vosk.engine.finish().text == "stop now"
    batch = FakeBatch(Proposal("stop now", (), GOOD))
    alone = Room(None, batch, sure_of("stop now"), sound=sound)
    assert alone.engine.finish().text == "stop now"
    assert alone.shown()["stop now"].support is None


def test_a_phrase_with_a_word_that_vosk_cannot_hear_is_left_to_pocketsphinx() -> None:
    streaming = FakeStreaming("", "")
    streaming.unknown = frozenset({"beginning"})
    text = "go back to the beginning"
    batch = FakeBatch(Proposal(text, (), GOOD))
    room = Room(streaming, batch, sure_of(text), sound=LONG)
    assert room.engine.finish().text == text
    assert room.shown()[text].support is None
    assert streaming.asked == []


def test_a_phrase_that_pocketsphinx_did_not_choose_is_weighed_by_how_well_it_fits() -> None:
    text = "go back to the beginning"
    batch = FakeBatch(Proposal("yes i am", (), GOOD))
    batch.fits = {text: replace(GOOD, score_per_frame=-55.0)}
    room = Room(FakeStreaming(text), batch, FakeWeigher(lambda _: None), sound=LONG)
    room.engine.finish()
    fit = room.shown()[text].fit
    assert fit is not None and fit.score_per_frame == -55.0


def test_the_beginning_of_a_phrase_is_told_as_that() -> None:
    assert Room(FakeStreaming("go back"), None, sure_of()).engine.peek().unfinished
    assert not Room(FakeStreaming("stop"), None, sure_of()).engine.peek().unfinished


class TestAheadOfTheEnd:
    """Where a voice breaks off behind a whole phrase, PocketSphinx begins at once."""

    TEXT = "go back to the beginning"

    def room(self, heard: str, *, urgent: bool = False) -> tuple[Room, FakeBatch, FakeStreaming]:
        batch, streaming = FakeBatch(Proposal(self.TEXT, (), GOOD)), FakeStreaming(heard)
        weigher = sure_of(self.TEXT, probability=0.9)
        return Room(streaming, batch, weigher, sound=LONG, urgent=urgent), batch, streaming

    def test_once_in_one_moment_of_quiet(self) -> None:
        room, batch, _ = self.room(self.TEXT)
        room.engine.foresee(Pcm16(bytes(320)))
        room.engine.foresee(Pcm16(bytes(640)))
        assert [len(one) for one in batch.foreseen] == [len(LONG) + 320]
        room.engine.feed(Pcm16(bytes(1_600)))
        assert room.engine.peek().text == self.TEXT
        assert [len(one) for one, _ in batch.proposed] == [len(LONG) + 320], "that is asked for"

    def test_anew_where_it_breaks_off_again(self) -> None:
        room, batch, streaming = self.room(self.TEXT)
        room.engine.foresee()
        streaming.heard = "stop now"
        room.engine.foresee()
        assert len(batch.foreseen) == 2

    def test_what_vosk_no_longer_hears_is_judged_by_all_of_the_sound(self) -> None:
        room, batch, streaming = self.room(self.TEXT)
        room.engine.foresee(Pcm16(bytes(320)))
        streaming.heard = "yes i am"
        room.engine.peek()
        assert [len(one) for one, _ in batch.proposed] == [len(LONG)]

    def test_never_over_its_own_line_nor_behind_what_is_no_phrase(self) -> None:
        for heard, urgent in ((self.TEXT, True), ("go back", False)):
            room, batch, _ = self.room(heard, urgent=urgent)
            room.engine.foresee()
            assert batch.foreseen == []


def test_before_it_knows_phrases_it_hears_none() -> None:
    batch = FakeBatch(None)
    engine = TwoPassRecogniser(FakeStreaming("stop"), batch)
    engine.foresee()
    assert (engine.peek(), engine.finish(), engine.spot()) == (Hypothesis(),) * 3
    assert batch.proposed == batch.foreseen == []


def test_more_sound_after_a_look_is_heard_from_the_beginning() -> None:
    streaming = FakeStreaming("no", "no")
    room = Room(streaming, None, sure_of("no"))
    room.engine.peek()
    room.engine.feed(SHORT)
    room.engine.finish()
    assert len(streaming.fed) == 2 * len(SHORT)
