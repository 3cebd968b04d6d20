"""One suite over every engine and the fake that stands in for them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy
import pytest

from tests.fakes.recogniser import FakeProposer, FakeRecogniser, FakeSecond
from tests.speech_samples import conversation, human_recordings, quiet, read, spoken
from voice_ally.core.actions import Phrase
from voice_ally.core.audio import Pcm16, to_samples
from voice_ally.core.errors import ModelProblem
from voice_ally.core.events import Meaning
from voice_ally.core.ports import Recogniser
from voice_ally.core.speech import Grammar, Hypothesis
from voice_ally.hear.engines.pocketsphinx_apart import PocketSphinxApart
from voice_ally.hear.engines.pocketsphinx_engine import PocketSphinxRecogniser, Proposal
from voice_ally.hear.engines.pronunciation import Pronouncer
from voice_ally.hear.engines.rejection import Bar, Bars, Fit
from voice_ally.hear.engines.second_opinion import SecondOpinionRecogniser
from voice_ally.hear.engines.vosk_engine import MOST_DECODERS, VoskRecogniser
from voice_ally.interpret.understanding import Understandings
from voice_ally.interpret.vocabulary import Vocabulary
from voice_ally.settings.places import bundled_model

PHRASES = ("I need to repair", "calming pause", "help me calm down", "computer", "view glass")


def grammar(*phrases: str) -> Grammar:
    armed = [Phrase(one, Meaning("trigger", one)) for one in phrases]
    return Understandings(Vocabulary()).of(armed).grammar


def pair() -> Recogniser:
    return SecondOpinionRecogniser(PocketSphinxRecogniser(), VoskRecogniser(bundled_model()))


ENGINES: dict[str, Callable[[], Recogniser]] = {
    "vosk": lambda: VoskRecogniser(bundled_model()),
    "pocketsphinx": PocketSphinxRecogniser,
    "pocketsphinx apart": PocketSphinxApart,
    "both": pair,
}


@pytest.fixture(params=[*ENGINES, "fake"], scope="module")
def make(request: pytest.FixtureRequest) -> Iterator[Callable[[str], Recogniser]]:
    """Makes an engine; the fake is told what it will hear."""
    if request.param == "fake":
        yield lambda answer: FakeRecogniser(*[answer] * (answer != ""))
        return
    engine = ENGINES[request.param]()
    yield lambda answer: engine
    engine.close()


def hear(engine: Recogniser, sound: Pcm16) -> Hypothesis:
    engine.begin()
    padded = conversation(0.3, sound, 0.3)
    for at in range(0, len(padded), 3200):
        engine.feed(Pcm16(padded[at : at + 3200]))
    return engine.finish()


@pytest.mark.parametrize("phrase", PHRASES[:3])
def test_it_hears_each_of_its_phrases(make: Callable[[str], Recogniser], phrase: str) -> None:
    engine = make(phrase.lower())
    engine.use(grammar(*PHRASES))
    assert hear(engine, spoken(phrase)).text == phrase.lower()


def test_quiet_and_foreign_speech_are_no_phrase(make: Callable[[str], Recogniser]) -> None:
    engine = make("")
    engine.use(grammar(*PHRASES))
    assert hear(engine, quiet(1.0)).text == ""
    assert hear(engine, spoken("the train to the coast leaves at noon on Sunday")).text == ""


def test_new_phrases_count_from_the_next_utterance(make: Callable[[str], Recogniser]) -> None:
    engine = make("computer")
    engine.use(grammar("calming pause"))
    engine.begin()
    engine.use(grammar("computer", "view glass"))
    assert hear(engine, spoken("computer")).text == "computer"


def test_the_same_sound_gives_the_same_whatever_was_heard_between() -> None:
    noise = numpy.random.default_rng(1).normal(0, 3000, to_samples(3.0)).astype("<i2")
    for make_engine in ENGINES.values():
        with closing(make_engine()) as engine:
            engine.use(grammar(*PHRASES))
            sound = spoken("help me calm down", "rms")
            first = hear(engine, sound)
            assert hear(engine, sound) == first
            hear(engine, Pcm16(noise.tobytes()))
            assert hear(engine, sound) == first


def test_a_look_ahead_does_not_end_the_utterance() -> None:
    for make_engine in ENGINES.values():
        with closing(make_engine()) as engine:
            assert engine.peek() == Hypothesis()
            engine.use(grammar(*PHRASES))
            engine.begin()
            engine.feed(conversation(0.3, spoken("calming pause"), 0.3))
            engine.peek()
            assert engine.finish().text == "calming pause"
            engine.close()


def test_before_it_is_told_any_phrases_it_hears_none() -> None:
    for make_engine in ENGINES.values():
        with closing(make_engine()) as engine:
            assert hear(engine, spoken("stop")).text == ""


def test_a_word_no_dictionary_knows_gets_a_pronunciation() -> None:
    written = {"siobhan": "SH AH V AO N", "repair": "R IH P EH R"}
    engine = PocketSphinxRecogniser(written, Bars(Bar(-80.0, -85.0, 0.9), Bar(-90.0, -140.0, 0.9)))
    words = grammar("call siobhan", "call zorblefax", "I need to repair")
    engine.use(words)
    assert hear(engine, spoken("I need to repair")).text == "i need to repair"
    assert hear(engine, spoken("call zorblefax")).text == "call zorblefax"
    assert {"siobhan", "zorblefax"} <= engine.unknown_words(words)


def test_vosk_leaves_out_what_it_cannot_know() -> None:
    engine = VoskRecogniser(bundled_model())
    words = grammar("call zorblefax", "calming pause")
    assert "zorblefax" in engine.unknown_words(words)
    engine.use(words)
    assert hear(engine, spoken("calming pause")).text == "calming pause"


def test_vosk_hears_the_same_after_any_change_of_phrases_and_compiles_none_twice() -> None:
    engine = VoskRecogniser(bundled_model())
    one, other = grammar(*PHRASES), grammar("stop", "slow down")
    engine.use(one)
    alone = hear(engine, spoken("calming pause"))
    assert [word.text for word in alone.words] == ["calming", "pause"]
    for cut_off in ("I need to repair", "stop", "slow down"):
        engine.use(other)
        assert hear(engine, spoken("stop")).text == "stop"
        for phrases in (one, other):
            engine.use(phrases)
            engine.begin()
            engine.feed(conversation(0.3, spoken(cut_off)))
        engine.use(one)
        assert hear(engine, spoken("calming pause")) == alone
    assert engine.compiled == 2


def test_vosk_gives_up_the_phrases_that_it_did_not_need_for_longest() -> None:
    engine = VoskRecogniser(bundled_model())
    kept, given_up = grammar(*PHRASES), grammar("stop")
    for phrases in (given_up, kept):
        engine.use(phrases)
        alone = hear(engine, spoken("calming pause"))
    for word in ("one", "two", "three", "four", "five", "six", "seven", "eight")[1:MOST_DECODERS]:
        engine.use(grammar(word))
        engine.begin()
        engine.feed(conversation(spoken("calming pause")))
        engine.use(kept)
        assert hear(engine, spoken("calming pause")) == alone
    assert engine.compiled == MOST_DECODERS + 1
    engine.use(given_up)
    assert hear(engine, spoken("stop")).text == "stop"
    assert engine.compiled == MOST_DECODERS + 2


def test_words_are_spelt_out_where_espeak_is_missing() -> None:
    pronouncer = Pronouncer()
    assert pronouncer.phones("repair").startswith("R ")
    pronouncer._library = None
    assert pronouncer.phones("Bat7") == "B AE T"
    assert pronouncer.phones("7") == "AH"


def fit(score: float, *, seconds: float = 0.5, quiet: float = 0.3, longest: float = 0.5) -> Fit:
    return Fit(score, score, quiet, longest, seconds)


def test_a_phrase_in_digital_silence_fits_as_well_as_in_a_quiet_room() -> None:
    with closing(PocketSphinxRecogniser()) as engine:
        engine.use(grammar(*PHRASES, "calm down", "stop"))
        engine.begin()
        silent = Pcm16(bytes(16_000) + spoken("calming pause", "en-us") + bytes(16_000))
        samples = numpy.frombuffer(silent, "<i2")
        room = samples + numpy.random.default_rng(2).normal(0.0, 3.0, samples.size)
        found = [engine.propose(one) for one in (silent, Pcm16(room.astype("<i2").tobytes()))]
    assert [one.text for one in found if one] == ["calming pause"] * 2
    scores = [one.fit.score_per_frame for one in found if one]
    assert abs(scores[0] - scores[1]) < 3


class TestSecondOpinion:
    """How surely a phrase was said, by what the second engine makes of it."""

    GOOD, MIDDLING, POOR, BAD = (fit(score) for score in (-30.0, -60.0, -70.0, -150.0))

    def judge(
        self,
        text: str,
        fit: Fit,
        heard: str = "",
        *,
        unknown: str = "",
        supports: dict[str, float] | None = None,
        others: dict[str, Fit] | None = None,
        sure: float = 0.5,
    ) -> Hypothesis:
        first, self.second = FakeProposer(Proposal(text, (), fit)), FakeSecond(heard)
        first.fits = others or {}
        self.second.confidence = sure
        self.second.unknown, self.second.supports = frozenset(unknown.split()), supports or {}
        engine = SecondOpinionRecogniser(first, self.second)
        engine.use(grammar("stop", "stop it now please", "back", "zorble"))
        engine.begin()
        return engine.finish()

    def test_what_both_heard_and_fits_was_said_without_more_ado(self) -> None:
        found = self.judge("stop", self.MIDDLING, "stop")
        assert (found.text, found.doubtful, self.second.asked) == ("stop", False, [])

    def test_what_fits_less_well_takes_more_support(self) -> None:
        outcomes = ((14.0, ("stop", False)), (10.0, ("stop", True)), (-2.0, ("", False)))
        for support, outcome in outcomes:
            found = self.judge("stop", self.POOR, supports={"stop": support})
            assert (found.text, found.doubtful) == outcome

    def test_what_the_second_speaks_against_was_not_said_however_well_it_fits(self) -> None:
        found = self.judge("stop", self.GOOD, "back")
        assert (found.text, found.rejected_text) == ("", "stop")

    def test_one_drowned_word_does_not_spoil_a_long_phrase(self) -> None:
        long = Fit(-50.0, -180.0, 0.3, 0.5, 3.0)
        found = self.judge("stop", long, supports={"stop": 30.0})
        assert (found.text, found.doubtful) == ("stop", False)
        assert self.judge("stop", long, supports={"stop": 4.0}).text == ""

    def test_next_to_no_sound_is_no_phrase(self) -> None:
        assert self.judge("stop", fit(-60.0, seconds=0.16), supports={"stop": 5.0}).text == ""
        assert self.judge("stop", fit(-40.0, seconds=0.2), supports={"stop": 5.0}).text == "stop"

    def test_a_short_phrase_that_only_the_first_found_needs_support_however_well_it_fits(
        self,
    ) -> None:
        for support, outcome in ((4.0, ""), (5.0, "stop")):
            assert self.judge("stop", self.GOOD, supports={"stop": support}).text == outcome
        long = "stop it now please"
        assert self.judge(long, self.GOOD, supports={long: 0.0}).text == long

    def test_what_not_both_found_begins_nothing_without_firm_support(self) -> None:
        for support, barely in ((7.0, True), (9.0, False)):
            found = self.judge("stop", self.GOOD, supports={"stop": support})
            assert (found.doubtful, found.barely) == (False, barely)
        assert not self.judge("stop", self.GOOD, "stop").barely

    def test_in_noise_a_short_phrase_without_firm_support_must_fit_well_or_is_asked_about(
        self,
    ) -> None:
        poor = Fit(-60.0, -64.0, 0.3, 0.5, 0.7)
        for one, support, doubtful in (
            (poor, 6.0, False),
            (replace(poor, noisy=True), 6.0, True),
            (replace(poor, noisy=True), 9.0, False),
            (replace(self.GOOD, noisy=True), 6.0, False),
        ):
            found = self.judge("stop", one, supports={"stop": support})
            assert (found.text, found.doubtful) == ("stop", doubtful)
        long = "stop it now please"
        assert not self.judge(long, replace(poor, noisy=True), supports={long: 6.0}).doubtful

    def test_in_noise_a_long_phrase_that_only_one_found_needs_support_too(self) -> None:
        long = "stop it now please"
        noisy = replace(self.GOOD, noisy=True)
        assert self.judge(long, noisy, supports={long: 5.5}).text == ""
        assert self.judge(long, noisy, supports={long: 6.5}).text == long
        assert self.judge(long, noisy, long).text == long, "if both found it none is asked for"

    def harmless(
        self, first: Proposal | None, supports: dict[str, float], *, sure: float = 0.7
    ) -> Hypothesis:
        self.first, second = FakeProposer(first), FakeSecond("stop")
        self.first.fits = {"stop": self.POOR}
        second.confidence, second.supports = sure, supports
        engine = SecondOpinionRecogniser(self.first, second)
        words = grammar("stop", "stop that", "back")
        engine.use(replace(words, harmless=frozenset({words.arcs[0]["stop"]})))
        engine.begin()
        return engine.finish()

    def test_a_stop_that_the_second_finds_likelier_than_the_firsts_phrase_is_obeyed(self) -> None:
        back = Proposal("back", (), self.GOOD)
        found = self.harmless(back, {"stop": 6.0, "back": 4.0})
        assert (found.text, found.doubtful) == ("stop", True)
        assert self.harmless(back, {"stop": 6.0, "back": 6.5}).text == "back"
        assert self.harmless(back, {"stop": 2.9, "back": 0.0}).text == "", "it is not likely itself"
        nowhere = Proposal("back", (), self.BAD)
        assert self.harmless(nowhere, {"stop": 4.0, "back": 0.0}).text == "stop"
        assert self.harmless(None, {"stop": 4.0}).text == "stop"

    def test_the_first_is_not_waited_for_where_the_second_is_sure_of_a_stop(self) -> None:
        back = Proposal("back", (), self.GOOD)
        found = self.harmless(back, {"stop": 9.0, "back": 12.0}, sure=0.95)
        assert (found.text, found.doubtful, self.first.asked) == ("stop", False, 0)

    def test_words_drawn_out_beyond_measure_are_none(self) -> None:
        assert self.judge("stop", fit(-30.0, longest=2.5), "stop").text == ""
        assert self.judge("stop", fit(-30.0, quiet=0.97), "stop").text == ""

    def test_words_the_second_cannot_know_are_left_to_a_sure_first(self) -> None:
        assert not self.judge("zorble", self.GOOD, unknown="zorble").doubtful
        assert self.judge("zorble", fit(-55.0), unknown="zorble").doubtful
        assert self.judge("zorble", self.BAD, unknown="zorble").text == ""

    def test_what_does_not_fit_at_all_is_not_said_whatever_the_second_thinks(self) -> None:
        assert self.judge("stop", self.BAD, "stop").text == ""

    def test_what_the_second_heard_counts_if_more_speaks_for_it(self) -> None:
        supports = {"back": -5.0, "stop": 8.0}
        others = {"stop": fit(-55.0)}
        found = self.judge("back", self.POOR, "stop", supports=supports, others=others)
        assert (found.text, found.doubtful) == ("stop", False)
        poorer = {"stop": fit(-58.0)}
        found = self.judge("back", self.POOR, "stop", supports=supports, others=poorer)
        assert (found.text, found.doubtful) == ("stop", True)
        assert self.judge("back", self.POOR, "stop", supports=supports).text == ""

    def test_what_the_second_alone_is_sure_of_is_worth_a_question(self) -> None:
        supports = {"stop": 6.0}
        found = self.judge("back", self.BAD, "stop", sure=0.95, supports=supports)
        assert (found.text, found.doubtful) == ("stop", True)
        assert self.judge("back", self.BAD, "stop", sure=0.8, supports=supports).text == ""
        assert self.judge("back", self.BAD, "stop", sure=0.95).text == "", "alone it is not likely"

    def test_that_is_enough_for_a_stop_if_it_is_likely_enough(self) -> None:
        first, second = FakeProposer(Proposal("back", (), self.BAD)), FakeSecond("stop")
        second.confidence = 0.95
        engine = SecondOpinionRecogniser(first, second)
        words = grammar("stop", "back")
        stops = frozenset({words.arcs[0]["stop"]})
        for support, doubtful in ((9.0, False), (6.0, True)):
            second.supports = {"stop": support}
            engine.use(replace(words, key=f"{support}", harmless=stops))
            engine.begin()
            found = engine.finish()
            assert (found.text, found.doubtful) == ("stop", doubtful)

    def test_the_beginning_of_a_phrase_is_told_as_that(self) -> None:
        assert self.judge("stop", self.BAD, "stop it").unfinished
        assert not self.judge("stop", self.BAD, "stop").unfinished

    def listens(
        self, proposal: Proposal, heard: str, *, urgent: bool = False
    ) -> tuple[SecondOpinionRecogniser, FakeProposer, FakeSecond]:
        first, second = FakeProposer(proposal), FakeSecond(heard)
        engine = SecondOpinionRecogniser(first, second)
        words = grammar("stop", "stop that", "back", "go back")
        some = frozenset({words.arcs[0]["stop"]})
        engine.use(replace(words, harmless=some, urgent=some if urgent else frozenset()))
        engine.begin()
        engine.feed(Pcm16(bytes(16_000)))
        return engine, first, second

    def test_where_a_voice_breaks_off_behind_a_phrase_the_first_begins_at_once(self) -> None:
        engine, first, second = self.listens(Proposal("back", (), self.GOOD), "back")
        engine.foresee(Pcm16(bytes(320)))
        engine.foresee(Pcm16(bytes(640)))
        assert [len(one) for one in first.foreseen] == [16_320], "once in one moment of quiet"
        engine.feed(Pcm16(bytes(1_600)))
        found = engine.peek()
        assert (found.text, found.doubtful, second.asked) == ("back", False, [])
        assert engine.finish().text == "back"

    def test_it_begins_anew_where_the_voice_breaks_off_again(self) -> None:
        engine, first, second = self.listens(Proposal("back", (), self.GOOD), "back")
        engine.foresee()
        second.heard = "go back"
        engine.foresee()
        engine.feed(Pcm16(bytes(9_700)))
        engine.foresee()
        assert [len(one) for one in first.foreseen] == [16_000, 16_000, 25_700]

    def test_also_after_a_look_that_ended_the_seconds_utterance(self) -> None:
        engine, first, second = self.listens(Proposal("back", (), self.BAD), "")
        assert engine.peek().text == ""
        engine.foresee()
        engine.feed(Pcm16(bytes(9_700)))
        second.heard = "back"
        engine.foresee()
        assert [len(one) for one in first.foreseen] == [25_700]
        assert len(second.fed) == 25_700

    def test_what_only_one_of_them_foresaw_is_judged_by_all_of_the_sound(self) -> None:
        for proposal in (Proposal("go back", (), self.GOOD), Proposal("back", (), self.BAD)):
            engine, first, _ = self.listens(proposal, "back")
            engine.foresee()
            engine.peek()
            assert first.asked == 2, "once for the sound it foresaw, once for all of it"
        engine, first, second = self.listens(Proposal("back", (), self.GOOD), "back")
        engine.foresee()
        second.heard = "go back"
        engine.peek()
        assert first.asked == 1, "the second has heard more since"

    def test_a_stop_in_doubt_waits_for_no_more_than_was_foreseen(self) -> None:
        engine, first, second = self.listens(Proposal("back", (), self.GOOD), "stop")
        second.supports = {"stop": 6.0, "back": 4.0}
        engine.foresee()
        engine.feed(Pcm16(bytes(1_600)))
        found = engine.peek()
        assert (found.text, found.doubtful) == ("stop", True)
        assert [one and len(one) for one in first.proposed] == [16_000]

    def test_nothing_is_foreseen_over_its_own_line_nor_before_it_knows_phrases(self) -> None:
        first = FakeProposer(None)
        other, urgent, _ = self.listens(Proposal("back", (), self.GOOD), "back", urgent=True)
        other.foresee()
        silent = SecondOpinionRecogniser(first, FakeSecond("back"))
        silent.foresee()
        assert first.foreseen == urgent.foreseen == []

    def test_no_proposal_is_nothing(self) -> None:
        engine = SecondOpinionRecogniser(FakeProposer(None), FakeSecond("stop"))
        assert engine.finish() == Hypothesis()


def test_one_phrase_alone_fits_as_well_as_it_does_among_others() -> None:
    engine = PocketSphinxRecogniser()
    engine.use(grammar(*PHRASES))
    engine.begin()
    assert engine.fit_of("calming pause") is None, "there is no sound yet"
    engine.feed(conversation(0.3, spoken("calming pause"), 0.3))
    found = engine.propose()
    assert found and found.text == "calming pause"
    assert engine.fit_of("calming pause") == found.fit
    other = engine.fit_of("view glass")
    assert other is None or other.score_per_frame < found.fit.score_per_frame
    assert engine.propose() == found


def test_vosk_takes_what_was_said_for_likelier_than_no_phrase() -> None:
    engine = VoskRecogniser(bundled_model())
    sound = conversation(0.3, spoken("calming pause"), 0.3)
    assert engine.support("calming pause", sound) > 5
    assert engine.support("i need to repair", sound) < 0
    assert engine.support("calming pause", conversation(0.3, spoken("view glass"), 0.3)) < 0


@pytest.mark.parametrize(("word", "bar"), [("computer", 36), ("view_glass", 36)])
def test_people_are_understood(word: str, bar: int) -> None:
    engine = pair()
    engine.use(grammar(*PHRASES))
    recordings = human_recordings(f"wake/{word}")[:40]
    heard = [hear(engine, read(one)).text for one in recordings]
    assert heard.count(word.replace("_", " ")) >= bar


def test_people_who_mean_something_else_are_not() -> None:
    engine = pair()
    engine.use(grammar(*PHRASES))
    recordings = [*human_recordings("commands")[::10], *human_recordings("negative")]
    assert [hear(engine, read(one)).text for one in recordings] == [""] * len(recordings)


@pytest.mark.parametrize("broken", ["graph/HCLr.fst", "graph/Gr.fst", "am/final.mdl"])
@pytest.mark.parametrize("how", ["missing", "empty"])
def test_a_broken_model_folder_is_one_sentence(tmp_path: Path, broken: str, how: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(bundled_model(), folder)
    (folder / broken).unlink()
    if how == "empty":
        (folder / broken).touch()
    with pytest.raises(ModelProblem, match="model cannot be used"):
        VoskRecogniser(folder)


def test_a_model_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelProblem, match="cannot be used"):
        VoskRecogniser(tmp_path / "nowhere")


@pytest.mark.parametrize("file", ["am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst"])
@pytest.mark.parametrize("how", ["rubbish", "cut short"])
def test_a_damaged_model_is_one_sentence_and_no_crash(
    tmp_path: Path, file: str, how: str, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(bundled_model(), folder)
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(
        b"rubbish" * 100 if how == "rubbish" else content[: -len(content) // 3]
    )
    with pytest.raises(ModelProblem, match="is damaged"):
        VoskRecogniser(folder)
    assert capfd.readouterr().err == ""


def test_an_utterance_that_was_never_finished_leaves_nothing_behind(
    make: Callable[[str], Recogniser],
) -> None:
    engine = make("calming pause")
    engine.use(grammar(*PHRASES))
    engine.begin()
    engine.feed(conversation(0.3, spoken("I need to repair")))
    assert hear(engine, spoken("calming pause")).text == "calming pause"


def test_a_look_before_any_sound_sees_nothing() -> None:
    for make_engine in ENGINES.values():
        with closing(make_engine()) as engine:
            engine.use(grammar(*PHRASES))
            engine.begin()
            assert engine.peek().text == ""
