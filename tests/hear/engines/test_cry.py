"""A "stop" that is asked for by itself."""

from dataclasses import replace

import numpy
import pytest

from tests.fakes.recogniser import FakeProposer, FakeSecond
from tests.speech_samples import conversation, spoken
from voice_ally.core.actions import Phrase
from voice_ally.core.audio import Pcm16, to_samples
from voice_ally.core.events import Meaning
from voice_ally.core.speech import Grammar, Hypothesis
from voice_ally.hear.engines import cry
from voice_ally.hear.engines.cry import CRIES, CRY_BYTES, cry_in
from voice_ally.hear.engines.pocketsphinx_engine import Proposal
from voice_ally.hear.engines.rejection import WEIGHTS, Fit
from voice_ally.hear.engines.second_opinion import SecondOpinionRecogniser
from voice_ally.hear.engines.vosk_engine import VoskRecogniser
from voice_ally.interpret.understanding import Understandings
from voice_ally.interpret.vocabulary import Vocabulary
from voice_ally.settings.places import bundled_model

QUIET = Pcm16(bytes(to_samples(0.5) * 2) + b"\0\x20" * to_samples(0.5))
NOISY = Pcm16(b"\0\x20" * to_samples(1.0))
CLEANED = Pcm16(b"\0\x10" * to_samples(1.0))


def grammar() -> Grammar:
    """Three of them are harmless."""
    armed = [Phrase(one, Meaning("command", one)) for one in ("stop [please]", "enough", "back")]
    found = Understandings(Vocabulary()).of(armed).grammar
    states = ("stop", "stop please", "enough")
    harmless = frozenset(found.state_after(one) or 0 for one in states)
    return replace(found, harmless=harmless)


class FakeAsked(FakeSecond):
    """Finds the words it was told, by the sound."""

    def __init__(self, likeliest: dict[Pcm16, str], supports: dict[str, float]) -> None:
        super().__init__("")
        self.found, self.supports = likeliest, supports
        self.offered: list[tuple[str, ...]] = []

    def likeliest(self, texts: tuple[str, ...], pcm16: Pcm16) -> str:
        self.offered.append(texts)
        return self.found[pcm16]

    def support(self, text: str, pcm16: Pcm16) -> float:
        return super().support("cleaned " * (pcm16 == CLEANED) + text, pcm16)


def cried(
    sound: Pcm16, likeliest: str, heard: str = "", cleaned: str = "", **supports: float
) -> str:
    asked = FakeAsked({sound: likeliest, CLEANED: cleaned}, {"stop": -20.0})
    asked.supports = {name.replace("_", " "): value for name, value in supports.items()}
    return cry_in(sound, grammar(), asked, heard, WEIGHTS)[0]


@pytest.fixture(autouse=True)
def _cleaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cry, "denoised", lambda pcm16: CLEANED)


def test_only_harmless_phrases_are_asked_for() -> None:
    asked = FakeAsked({NOISY: "stop"}, {"stop": 9.0})
    assert cry_in(NOISY, grammar(), asked, "", WEIGHTS) == ("stop", 9.0)
    assert asked.offered == [("stop", "stop please", "enough")]
    asked.offered.clear()
    nothing = replace(grammar(), harmless=frozenset())
    assert cry_in(NOISY, nothing, asked, "", WEIGHTS) == ("", 0.0)
    assert (asked.offered, set(CRIES) > {"stop"}) == ([], True)


def test_less_is_enough_in_noise() -> None:
    assert cried(QUIET, "stop", stop=7.1) == "stop"
    assert cried(QUIET, "stop", stop=6.9) == ""
    assert cried(NOISY, "enough", enough=5.6) == "enough"
    assert cried(NOISY, "enough", enough=5.4) == ""


def test_words_of_several_in_a_row_are_none() -> None:
    assert cried(NOISY, "enough enough", enough=9.0) == ""
    assert cried(NOISY, "please", please=9.0) == ""


def test_another_phrase_that_was_heard_must_be_less_likely() -> None:
    assert cried(NOISY, "stop", "back", stop=7.5, back=3.0) == "stop"
    assert cried(NOISY, "stop", "back", stop=6.5, back=3.0) == ""
    assert cried(NOISY, "stop", "back", stop=7.5, back=8.0) == ""


def test_a_faint_one_counts_if_it_is_plain_without_the_noise() -> None:
    assert cried(NOISY, "stop", cleaned="stop", stop=4.0, cleaned_stop=7.5) == "stop"
    assert cried(NOISY, "stop", cleaned="stop", stop=3.0, cleaned_stop=7.5) == ""
    assert cried(NOISY, "stop", cleaned="stop", stop=4.0, cleaned_stop=6.5) == ""
    assert cried(NOISY, "stop", cleaned="enough", stop=4.0, cleaned_stop=7.5) == ""
    assert cried(QUIET, "stop", cleaned="stop", stop=4.0, cleaned_stop=7.5) == ""


def test_where_nothing_can_take_the_noise_out_a_faint_one_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cry, "denoised", lambda pcm16: None)
    assert cried(NOISY, "stop", stop=4.0) == ""


def test_what_is_long_is_not_asked_about() -> None:
    sound = Pcm16(b"\0\x20" * CRY_BYTES)
    asked = FakeAsked({sound: "stop"}, {"stop": 9.0})
    assert cry_in(sound, grammar(), asked, "", WEIGHTS) == ("", 0.0)
    assert asked.offered == []


def judge(heard: str, sure: float, supports: dict[str, float]) -> tuple[Hypothesis, int]:
    """What both make of it, and how often the first was asked."""
    good = Fit(-40.0, -42.0, 0.3, 0.5, 0.7)
    first, second = FakeProposer(Proposal("back", (), good)), FakeSecond(heard)
    second.confidence, second.supports = sure, supports
    engine = SecondOpinionRecogniser(first, second)
    engine.use(grammar())
    engine.begin()
    return engine.finish(), first.asked


def test_a_likely_stop_of_which_the_second_is_fairly_sure_is_obeyed_without_the_first() -> None:
    found, asked = judge("stop", 0.6, {"stop": 9.0, "back": 12.0})
    assert (found.text, found.doubtful, asked) == ("stop", True, 0)
    for sure, support in ((0.4, 9.0), (0.6, 6.0)):
        found, asked = judge("stop", sure, {"stop": support, "back": 12.0})
        assert (found.text, asked) == ("back", 1)


def test_the_first_is_asked_no_more_where_the_stop_is_likelier_than_its_phrase() -> None:
    class Once(FakeProposer):
        def fit_of(self, text: str) -> Fit | None:
            raise AssertionError(text)

    poor = Fit(-70.0, -72.0, 0.3, 0.5, 0.7)
    second = FakeSecond("stop")
    second.supports, second.confidence = {"stop": 4.0, "back": 3.0}, 0.6
    engine = SecondOpinionRecogniser(Once(Proposal("back", (), poor)), second)
    engine.use(grammar())
    engine.begin()
    found = engine.finish()
    assert (found.text, found.doubtful) == ("stop", True)


def test_a_word_that_the_second_cannot_know_is_the_firsts_to_judge() -> None:
    good = Fit(-40.0, -42.0, 0.3, 0.5, 0.7)
    second = FakeSecond("stop")
    second.supports, second.unknown = {"stop": 6.0}, frozenset(["back"])
    engine = SecondOpinionRecogniser(FakeProposer(Proposal("back", (), good)), second)
    engine.use(grammar())
    engine.begin()
    assert engine.finish().text == "back"


def test_a_cry_must_be_likelier_than_what_the_first_found() -> None:
    found, _ = judge("", 0.0, {"stop please": 9.0, "back": 5.0})
    assert (found.text, found.doubtful) == ("stop please", True)
    assert judge("", 0.0, {"stop please": 9.0, "back": 9.5})[0].text == "back"


def test_vosk_finds_the_likeliest_of_some_phrases() -> None:
    engine = VoskRecogniser(bundled_model())
    for text in ("stop please", "enough"):
        assert engine.likeliest(CRIES, conversation(0.3, spoken(text), 0.3)) == text
    engine.close()


def test_vosk_hears_a_cry_in_noise() -> None:
    word = numpy.frombuffer(conversation(0.3, spoken("stop please"), 0.3), "<i2")
    noise = numpy.random.default_rng(1).normal(0, 900, word.size)
    mixed = Pcm16((word + noise).round().clip(-32768, 32767).astype("<i2").tobytes())
    engine = VoskRecogniser(bundled_model())
    assert cry_in(mixed, grammar(), engine, "", WEIGHTS)[0] == "stop please"
    engine.close()
