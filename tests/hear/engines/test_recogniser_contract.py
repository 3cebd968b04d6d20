"""One suite over every engine and the fake that stands in for them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy
import pytest

from tests.fakes.recogniser import FakeRecogniser
from tests.kept import reached
from tests.speech_samples import conversation, human_recordings, quiet, read, spoken
from voice_ally.core.actions import Phrase
from voice_ally.core.audio import BLOCK_BYTES, Pcm16, to_samples
from voice_ally.core.errors import ModelProblem
from voice_ally.core.events import Meaning
from voice_ally.core.ports import Recogniser
from voice_ally.core.speech import Grammar, Hypothesis, Utterance
from voice_ally.hear.engines.acceptance import NOT_FOUND_SUPPORT
from voice_ally.hear.engines.noise import without_noise
from voice_ally.hear.engines.pocketsphinx_apart import PocketSphinxApart
from voice_ally.hear.engines.pocketsphinx_engine import PocketSphinxRecogniser, Proposal
from voice_ally.hear.engines.pronunciation import Pronouncer
from voice_ally.hear.engines.two_pass import TwoPassRecogniser
from voice_ally.hear.engines.verifier import open_verifier
from voice_ally.hear.engines.vosk_engine import MOST_DECODERS, VoskRecogniser
from voice_ally.hear.gate import SileroGate
from voice_ally.hear.listener import SegmentListener
from voice_ally.interpret.understanding import Understandings
from voice_ally.interpret.vocabulary import Vocabulary
from voice_ally.settings.places import bundled_model

PHRASES = ("I need to repair", "calming pause", "help me calm down", "computer", "view glass")


def grammar(*phrases: str) -> Grammar:
    armed = [Phrase(one, Meaning("trigger", one)) for one in phrases]
    return Understandings(Vocabulary()).of(armed).grammar


def vosk() -> VoskRecogniser:
    return VoskRecogniser(bundled_model())


def patience(_sound: Pcm16) -> float:
    """A busy machine may take long; what is not waited for has tests of its own."""
    return 60.0


def pair() -> Recogniser:
    verifier = open_verifier(bundled_model())
    assert verifier is not None
    return TwoPassRecogniser(vosk(), PocketSphinxRecogniser(), verifier)


ENGINES: dict[str, Callable[[], Recogniser]] = {
    "vosk": lambda: TwoPassRecogniser(vosk(), None),
    "pocketsphinx": lambda: TwoPassRecogniser(None, PocketSphinxRecogniser()),
    "pocketsphinx apart": lambda: TwoPassRecogniser(None, PocketSphinxApart({}, patience)),
    "without a verifier": lambda: TwoPassRecogniser(vosk(), PocketSphinxRecogniser()),
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


def test_what_was_decided_is_not_kept(make: Callable[[str], Recogniser]) -> None:
    sound = spoken("calming pause")
    for how in ("peek", "finish"):
        engine = make("calming pause")
        engine.use(grammar(*PHRASES))
        engine.begin()
        engine.feed(conversation(0.3, sound, 0.3))
        found = getattr(engine, how)()
        assert how == "peek" or found.text == "calming pause"
        engine.forget()
        kept = list(reached(engine))
        assert [one for one in kept if isinstance(one, Hypothesis | Proposal) and one.text] == []
        pieces = [bytes(one) for one in kept if isinstance(one, bytes | bytearray)]
        assert [len(one) for one in pieces if len(one) >= BLOCK_BYTES and one in sound] == []


def test_the_decoder_of_pocketsphinx_keeps_nothing_either() -> None:
    with closing(PocketSphinxRecogniser()) as engine:
        engine.use(grammar(*PHRASES))
        engine.begin()
        sound = conversation(0.3, spoken("calming pause"), 0.3)
        found = engine.propose(sound, grammar(*PHRASES))
        assert engine._decoder.hyp().hypstr == "calming pause"
        engine.forget()
        assert engine._decoder.hyp() is None
        assert without_noise.cache_info().currsize == 0
        assert engine.propose(sound, grammar(*PHRASES)) == found


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
    engine = PocketSphinxRecogniser(written)
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


def test_a_phrase_in_digital_silence_fits_as_well_as_in_a_quiet_room() -> None:
    with closing(PocketSphinxRecogniser()) as engine:
        phrases = grammar(*PHRASES, "calm down", "stop")
        silent = Pcm16(bytes(16_000) + spoken("calming pause", "en-us") + bytes(16_000))
        samples = numpy.frombuffer(silent, "<i2")
        room = samples + numpy.random.default_rng(2).normal(0.0, 3.0, samples.size)
        found = [
            engine.propose(one, phrases) for one in (silent, Pcm16(room.astype("<i2").tobytes()))
        ]
    assert [one.text for one in found if one] == ["calming pause"] * 2
    scores = [one.fit.score_per_frame for one in found if one]
    assert abs(scores[0] - scores[1]) < 3


def test_one_phrase_alone_fits_as_well_as_it_does_among_others() -> None:
    engine, phrases = PocketSphinxRecogniser(), grammar(*PHRASES)
    assert engine.fit_of("calming pause", Pcm16(b"")) is None, "there is no sound"
    sound = conversation(0.3, spoken("calming pause"), 0.3)
    found = engine.propose(sound, phrases)
    assert found and found.text == "calming pause"
    assert engine.fit_of("calming pause", sound) == found.fit
    other = engine.fit_of("view glass", sound)
    assert other is None or other.score_per_frame < found.fit.score_per_frame
    assert engine.propose(sound, phrases) == found


def test_vosk_takes_what_was_said_for_likelier_than_no_phrase() -> None:
    engine = VoskRecogniser(bundled_model())
    sound = conversation(0.3, spoken("calming pause"), 0.3)
    assert engine.support("calming pause", sound) > 5
    assert engine.support("i need to repair", sound) <= NOT_FOUND_SUPPORT, "it hears other words"
    assert engine.support("calming pause", conversation(0.3, spoken("view glass"), 0.3)) < 0


def as_in_a_session(engine: Recogniser, sound: Pcm16) -> list[str]:
    """The phrases in a recording that is listened to from its beginning to its end."""
    listener = SegmentListener(SileroGate(), engine, early=True)
    listener.use(grammar(*PHRASES))
    blocks = conversation(0.3, sound, 1.0)
    events = [
        event
        for at in range(0, len(blocks) - BLOCK_BYTES, BLOCK_BYTES)
        for event in listener.feed(Pcm16(blocks[at : at + BLOCK_BYTES]))
    ]
    said = [one.text for one in [*events, *listener.flush()] if isinstance(one, Utterance)]
    return [one for one in said if one]


@pytest.mark.parametrize(("word", "bar"), [("computer", 36), ("view_glass", 36)])
def test_people_are_understood(word: str, bar: int) -> None:
    engine = pair()
    recordings = human_recordings(f"wake/{word}")[:40]
    heard = [as_in_a_session(engine, read(one)) for one in recordings]
    assert heard.count([word.replace("_", " ")]) >= bar


def test_people_who_mean_something_else_are_not() -> None:
    engine = pair()
    recordings = [*human_recordings("commands")[::20], *human_recordings("negative")]
    heard = [as_in_a_session(engine, read(one)) for one in recordings]
    assert heard == [[]] * len(recordings)


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
