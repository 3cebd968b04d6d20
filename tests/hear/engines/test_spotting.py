"""A stop in the midst of other sound."""

from collections.abc import Iterator

import pytest

from tests.speech_samples import conversation, spoken
from voice_ally.core.actions import Phrase
from voice_ally.core.audio import Pcm16, to_samples
from voice_ally.core.events import Meaning
from voice_ally.core.speech import Grammar, Hypothesis
from voice_ally.hear.engines.pocketsphinx_engine import PocketSphinxRecogniser
from voice_ally.hear.engines.spotting import is_surely_urgent, was_said
from voice_ally.hear.engines.two_pass import TwoPassRecogniser
from voice_ally.hear.engines.verifier import open_verifier
from voice_ally.hear.engines.vosk_engine import VoskRecogniser
from voice_ally.interpret.understanding import Understandings
from voice_ally.interpret.vocabulary import Vocabulary
from voice_ally.settings.places import bundled_model

STOP = Meaning("command", "stop")


def grammar(*, urgent: bool = True) -> Grammar:
    armed = [
        Phrase("stop [now]", STOP, urgent=urgent),
        Phrase("please stop", STOP, urgent=urgent),
        Phrase("repeat that", Meaning("command", "repeat")),
        Phrase("I'm (afraid|frightened)", Meaning("trigger", "safety")),
    ]
    return Understandings(Vocabulary(), ("don't stop", "the bus stop")).of(armed).grammar


def test_vosk_must_be_sure_of_an_urgent_phrase() -> None:
    heard = Hypothesis("stop", 1.0)
    assert is_surely_urgent(grammar(), heard)
    assert not is_surely_urgent(grammar(), Hypothesis("stop", 0.9))
    assert not is_surely_urgent(grammar(), Hypothesis("repeat that", 1.0))
    assert not is_surely_urgent(grammar(), Hypothesis("", 1.0))
    assert not is_surely_urgent(grammar(urgent=False), heard)


def test_pocketsphinx_must_hear_all_its_words_and_may_hear_more() -> None:
    heard = Hypothesis("stop", 1.0)
    assert was_said(heard, "stop")
    assert was_said(heard, "don't stop")
    assert not was_said(heard, "repeat that")
    assert not was_said(Hypothesis("please stop", 1.0), "don't stop")


@pytest.fixture(scope="module")
def engine() -> Iterator[TwoPassRecogniser]:
    verifier = open_verifier(bundled_model())
    vosk = VoskRecogniser(bundled_model())
    engine = TwoPassRecogniser(vosk, PocketSphinxRecogniser(), verifier)
    yield engine
    engine.close()


class TestInTheMidstOfSpeech:
    """Somebody reads, another one says it over the pauses, and the first reads on."""

    def spotted(self, engine: TwoPassRecogniser, sound: Pcm16) -> list[tuple[str, float]]:
        """What was found and after how many seconds of the sound."""
        found = []
        step = to_samples(0.1) * 2
        for at in range(0, len(sound), step):
            engine.feed(Pcm16(sound[at : at + step]))
            if text := engine.spot().text:
                found.append((text, (at + step) / to_samples(1.0) / 2))
        return found

    def test_a_stop_is_found_without_a_pause_after_it(self, engine: TwoPassRecogniser) -> None:
        before, word = spoken("the train leaves at noon", "rms"), spoken("stop")
        engine.use(grammar())
        for looked in (False, True):
            engine.begin()
            engine.feed(conversation(0.3, before))
            if looked:  # which ends what the second engine had begun
                assert engine.peek().text == ""
            found = self.spotted(engine, conversation(0.1, word, 0.1, before))
            assert {text for text, _ in found} == {"stop"}
            assert found[0][1] < 0.1 + len(word) / 32000 + 0.1

    def test_what_was_only_read_is_not(self, engine: TwoPassRecogniser) -> None:
        engine.use(grammar())
        engine.begin()
        text = "the train to the coast leaves at noon on Sunday"
        assert self.spotted(engine, conversation(0.3, spoken(text, "rms"), 0.3)) == []

    def test_only_the_last_moment_counts_and_what_has_not_been_fed_yet(
        self, engine: TwoPassRecogniser
    ) -> None:
        murmur, word = spoken("the train leaves at noon", "rms"), spoken("stop")
        for urgent in (True, False):
            engine.use(grammar(urgent=urgent))
            engine.begin()
            engine.feed(conversation(0.3, murmur, 0.05))
            assert not engine.seems_urgent()
            assert engine.seems_urgent(word) == urgent
            found = engine.spot(word)
            assert found.text == ("stop" if urgent else "")
            assert found.within_seconds == (engine.reach_seconds if urgent else 0.0)

    def test_looking_leaves_the_utterance_as_it_is(self, engine: TwoPassRecogniser) -> None:
        engine.use(grammar())
        for looked in (False, True):
            engine.begin()
            for part in (conversation(0.3, spoken("repeat")), conversation(spoken("that"), 0.3)):
                engine.feed(part)
                if looked:
                    assert not engine.seems_urgent()
            assert engine.finish().text == "repeat that"

    def test_what_is_too_long_for_an_interruption_is_only_looked_at_for_one(
        self, engine: TwoPassRecogniser
    ) -> None:
        read = spoken("the train to the coast leaves at noon on Sunday", "rms")
        engine.use(grammar())
        engine.begin()
        engine.feed(conversation(0.3, read, 0.1, read, 0.1))
        assert engine.peek().text == ""
        found = self.spotted(engine, conversation(spoken("stop"), 0.4))
        assert {text for text, _ in found} == {"stop"}
        ended = engine.finish()
        assert ended.text == ""

    def test_where_nothing_is_urgent_nothing_is_looked_for(self, engine: TwoPassRecogniser) -> None:
        engine.use(grammar(urgent=False))
        engine.begin()
        assert self.spotted(engine, conversation(0.3, spoken("stop"), 0.3)) == []


def test_before_it_knows_any_phrases_it_finds_none() -> None:
    engine = TwoPassRecogniser(VoskRecogniser(bundled_model()), PocketSphinxRecogniser())
    assert engine.spot() == Hypothesis()
    engine.close()
