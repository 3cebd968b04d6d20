"""The bundled model is a Vosk model in every respect, and learns words it was not made with."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.speech_samples import conversation, quiet, spoken
from voice_ally.app import parts
from voice_ally.core.actions import Phrase
from voice_ally.core.audio import Pcm16
from voice_ally.core.events import Meaning
from voice_ally.hear.engines.pronunciation import pronunciations
from voice_ally.hear.engines.vosk_engine import VoskRecogniser
from voice_ally.interpret.understanding import Understandings
from voice_ally.interpret.vocabulary import Vocabulary
from voice_ally.language.reader import read_folders
from voice_ally.language.spoken import spoken_words
from voice_ally.models.extend import read_lexicon, with_words
from voice_ally.models.graph import graph_files
from voice_ally.models.store import verify
from voice_ally.settings.places import bundled_dialogs, bundled_model, extended_models_folder

PHRASES = ["i need to repair", "calming pause", "help me listen", "[unk]"]


@pytest.fixture(scope="module")
def model() -> Any:  # noqa: ANN401 - a library without types
    import vosk

    vosk.SetLogLevel(-1)
    return vosk.Model(str(bundled_model()))


def decoder(model: Any, phrases: list[str] | None) -> Any:  # noqa: ANN401
    import vosk

    if phrases is None:
        return vosk.KaldiRecognizer(model, 16_000)
    return vosk.KaldiRecognizer(model, 16_000, json.dumps(phrases))


def feed(engine: Any, sound: Pcm16) -> list[dict[str, Any]]:  # noqa: ANN401
    """What it gives at endpoints while it is fed."""
    return [
        json.loads(engine.Result())
        for at in range(0, len(sound), 3200)
        if engine.AcceptWaveform(bytes(sound[at : at + 3200]))
    ]


def heard(engine: Any, sound: Pcm16) -> str:  # noqa: ANN401
    parts_heard = [*feed(engine, sound), json.loads(engine.FinalResult())]
    return " ".join(part["text"] for part in parts_heard if part["text"])


def padded(text: str, voice: str = "rms") -> Pcm16:
    return conversation(0.4, spoken(text, voice), 0.4)


def test_it_loads_without_a_warning() -> None:
    code = f"import vosk; vosk.Model({str(bundled_model())!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.count("LOG (") > 3
    assert "WARNING" not in done.stderr
    assert "ERROR" not in done.stderr


def test_phrases_and_words_that_are_none_of_them(model: Any) -> None:  # noqa: ANN401
    engine = decoder(model, PHRASES)
    assert heard(engine, padded("I need to repair")) == "i need to repair"
    other = heard(engine, padded("the quick brown fox jumps over the lazy dog"))
    assert "[unk]" in other


def test_phrases_can_be_changed_while_it_runs(model: Any) -> None:  # noqa: ANN401
    engine = decoder(model, PHRASES)
    assert heard(engine, padded("calming pause")) == "calming pause"
    engine.SetGrammar(json.dumps(["stop", "go on", "[unk]"]))
    assert heard(engine, padded("go on")) == "go on"
    assert "calming" not in heard(engine, padded("calming pause"))


def test_partial_results_grow(model: Any) -> None:  # noqa: ANN401
    engine = decoder(model, PHRASES)
    sound = padded("I need to repair")
    seen = []
    for at in range(0, len(sound), 1600):
        engine.AcceptWaveform(bytes(sound[at : at + 1600]))
        partial = json.loads(engine.PartialResult())["partial"]
        if partial and partial not in seen[-1:]:
            seen.append(partial)
    assert seen[-1] == "i need to repair"
    assert len(seen) > 1


def test_words_have_times_and_confidence(model: Any) -> None:  # noqa: ANN401
    engine = decoder(model, PHRASES)
    engine.SetWords(True)
    sound = conversation(1.0, spoken("calming pause", "rms"), 0.4)
    feed(engine, sound)
    words = json.loads(engine.FinalResult())["result"]
    assert [word["word"] for word in words] == ["calming", "pause"]
    assert 0.9 < words[0]["start"] < 1.3
    assert words[0]["end"] <= words[1]["start"] + 0.01
    assert words[1]["end"] < len(sound) / 32_000
    assert all(0 < word["conf"] <= 1 for word in words)


def test_alternatives(model: Any) -> None:  # noqa: ANN401
    engine = decoder(model, PHRASES)
    engine.SetMaxAlternatives(3)
    feed(engine, padded("calming pause"))
    found = json.loads(engine.FinalResult())["alternatives"]
    assert found[0]["text"] == "calming pause"
    assert all("confidence" in one for one in found)


def test_an_utterance_ends_by_itself(model: Any) -> None:  # noqa: ANN401
    engine = decoder(model, PHRASES)
    sound = conversation(padded("calming pause"), quiet(1.5), padded("help me listen"), quiet(1.5))
    ended = [part["text"] for part in feed(engine, sound) if part["text"]]
    assert ended == ["calming pause", "help me listen"]


def test_the_same_sound_is_heard_the_same_twice(model: Any) -> None:  # noqa: ANN401
    results = []
    for _ in range(2):
        engine = decoder(model, PHRASES)
        engine.SetWords(True)
        feed(engine, padded("help me listen", "en-us"))
        results.append(engine.FinalResult())
    assert results[0] == results[1]


def test_its_graph_is_what_its_lexicon_gives() -> None:
    for name, content in graph_files(read_lexicon(bundled_model())).items():
        assert (bundled_model() / name).read_bytes() == content, name


def test_it_is_small_and_says_what_it_is() -> None:
    size = sum(path.stat().st_size for path in bundled_model().rglob("*") if path.is_file())
    assert size <= 8_000_000
    assert "Apache License" in (bundled_model() / "LICENSE").read_text(encoding="utf-8")
    assert "## Figures" in (bundled_model() / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_whatever_the_bundled_dialogs_say_is_known() -> None:
    pack = read_folders([bundled_dialogs()]).pack
    engine = VoskRecogniser(parts.bundled_model_for(pack))
    assert engine.unknown_words(grammar_of(*sorted(spoken_words(pack)))) == set()


OWN_PACK = """
dialog: own
title: Own words
triggers: ["let us frobnicate the zwibble", "start glorfindel"]
start: one
steps:
  one: [{say: "Well."}]
"""


def grammar_of(*phrases: str) -> Any:  # noqa: ANN401
    armed = [Phrase(one, Meaning("trigger", one)) for one in phrases]
    return Understandings(Vocabulary()).of(armed).grammar


def test_made_up_words_of_a_pack_are_recognised(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN_PACK, encoding="utf-8")
    phrases_file = 'language: en\npronunciations: {zwibble: "Z W IH B AH L"}\n'
    (tmp_path / "phrases.yaml").write_text(phrases_file, encoding="utf-8")
    pack = read_folders([bundled_dialogs(), tmp_path]).pack
    folder = parts.bundled_model_for(pack)
    assert folder.parent == extended_models_folder()
    assert verify(folder) == []
    engine = VoskRecogniser(folder)
    grammar = grammar_of("let us frobnicate the zwibble", "start glorfindel", "calming pause")
    assert engine.unknown_words(grammar) == set()
    engine.use(grammar)
    engine.begin()
    engine.feed(padded("let us frobnicate the zwibble"))
    assert engine.finish().text == "let us frobnicate the zwibble"


def test_a_pack_that_cannot_be_cached_is_heard_with_the_words_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.yaml").write_text(OWN_PACK, encoding="utf-8")
    (tmp_path / "cache").write_text("a file where the folder should be")
    monkeypatch.setenv("VOICE_ALLY_CACHE", str(tmp_path / "cache"))
    pack = read_folders([bundled_dialogs(), tmp_path]).pack
    assert parts.bundled_model_for(pack) == bundled_model()


def test_pronunciations_are_written_or_looked_up_or_worked_out() -> None:
    written = {"Zwibble": "z w ih b ah l", "pause": "P AX Z"}
    found = pronunciations({"zwibble", "pause", "forgiveness", "glorfindel"}, written)
    assert found["zwibble"] == (("Z", "W", "IH", "B", "AH", "L"),)
    assert found["pause"] == (("P", "AO", "Z"),), "a phone there is not: the dictionary knows"
    assert found["forgiveness"][0] == ("F", "ER", "G", "IH", "V", "N", "AH", "S")
    assert found["glorfindel"][0][:2] == ("G", "L")


def test_a_word_said_in_two_ways_is_heard_in_both(tmp_path: Path) -> None:
    added = {"quay": [("K", "IY"), ("K", "W", "EY")]}
    engine = VoskRecogniser(with_words(bundled_model(), added, tmp_path))
    engine.use(grammar_of("walk along the quay", "calming pause"))
    for text in ("walk along the key", "walk along the kway"):
        engine.begin()
        engine.feed(padded(text))
        assert engine.finish().text == "walk along the quay"
