"""Somebody says something: what does it mean here?"""

import pytest

from voice_ally.core.actions import Phrase
from voice_ally.core.events import Meaning, SlotValue
from voice_ally.interpret import grammar as grammar_module
from voice_ally.interpret import understanding as understanding_module
from voice_ally.interpret.template import TemplateError
from voice_ally.interpret.understanding import Understanding, Understandings
from voice_ally.interpret.vocabulary import SpokenValues, Vocabulary


def phrase(template: str, name: str = "0") -> Phrase:
    return Phrase(template, Meaning("answer", name))


class Conversation:
    """Phrases armed over a vocabulary; what is said is looked up at once."""

    def __init__(self, vocabulary: Vocabulary, *templates: str, not_meant: str = "") -> None:
        self.phrases = [phrase(one, str(number)) for number, one in enumerate(templates)]
        decoys = [not_meant] if not_meant else []
        self.ally = Understanding.of(self.phrases, vocabulary, decoys)

    def hears(self, text: str) -> tuple[str, dict[str, SlotValue]] | None:
        match = self.ally.match(text)
        return match and (match.phrase.meaning.name, dict(match.slots))


def test_only_the_whole_of_what_is_said_counts(vocabulary: Vocabulary) -> None:
    talk = Conversation(vocabulary, "[please] stop", "<yes>", "<give>")
    assert talk.hears("Please stop!") == ("0", {})
    assert talk.hears("Yeah, please.") == ("1", {})
    assert talk.hears("give us a minute") == ("2", {})
    assert talk.hears("please") is None
    assert talk.hears("stop it") is None
    assert talk.hears("we never stop") is None
    assert talk.hears("") is None


@pytest.mark.parametrize(
    ("template", "said", "slots"),
    [
        ("I feel {feeling}", "I feel sad", {"feeling": "sad"}),
        ("I feel {feeling}", "i feel worn out", {"feeling": "Worn out"}),
        ("I feel {feeling:mine} [now]", "i feel hurt now", {"mine": "hurt"}),
        ("call {partner}", "call my husband", {"partner": "partner"}),
        ("with {milk}", "with some skim milk", {"milk": "some skim milk"}),
        ("with {milk} and sugar", "with cream and sugar", {"milk": "cream"}),
        ("wild{berry}", "wildstrawberry", {"berry": "wildstrawberry"}),
        ("{minutes} minute[s]", "25 minutes", {"minutes": 25}),
        ("a {minutes}-minute walk", "a five minute walk", {"minutes": 5}),
        ("{2..4:rounds} rounds", "three rounds", {"rounds": 3}),
        ("in {wait}", "in a moment", {"wait": 1}),
        ("in {wait}", "in three", {"wait": 3}),
        ("{feeling:one} and {feeling:other}", "sad and hurt", {"one": "sad", "other": "hurt"}),
        (
            "([{size}];[{roast}]) coffee",
            "light roast eight ounce coffee",
            {"size": "eight ounce", "roast": "light roast"},
        ),
        ("([{size}];[{roast}]) coffee", "coffee", {}),
        ("[{feeling:one}] [{feeling:other}] now", "sad now", {"one": "sad"}),
        ("(eight ounce|{size}) cup[s]", "eight ounce cups", {}),
    ],
)
def test_slots_hold_what_was_meant(
    vocabulary: Vocabulary, template: str, said: str, slots: dict[str, SlotValue]
) -> None:
    assert Conversation(vocabulary, template).hears(said) == ("0", slots)


def test_a_slot_that_may_be_silent_is_empty() -> None:
    words = Vocabulary(lists={"extra": SpokenValues((("[please]", "[please]"),))})
    talk = Conversation(words, "stop {extra}")
    assert talk.hears("stop please") == ("0", {"extra": "please"})
    assert talk.hears("stop") == ("0", {"extra": ""})


def test_a_way_that_leads_nowhere_is_given_up(vocabulary: Vocabulary) -> None:
    talk = Conversation(vocabulary, "(very sad day|very {feeling} [year]|[very] {feeling} night)")
    assert talk.hears("very sad night") == ("0", {"feeling": "sad"})
    assert talk.hears("very sad") == ("0", {"feeling": "sad"})


def test_many_ways_to_say_the_same_do_no_harm(vocabulary: Vocabulary) -> None:
    talk = Conversation(vocabulary, "[very] " * 30 + "{feeling}")
    assert talk.hears("very " * 15 + "sad") == ("0", {"feeling": "sad"})


def test_the_earliest_phrase_wins_and_the_checker_sees_all(vocabulary: Vocabulary) -> None:
    talk = Conversation(vocabulary, "sure", "<yes>", "no")
    assert talk.hears("sure") == ("0", {})
    assert talk.ally.meanings("Sure!") == (talk.phrases[0], talk.phrases[1])
    assert talk.ally.meanings("perhaps") == ()


def test_what_is_not_meant_is_heard_as_itself_and_comes_to_nothing(vocabulary: Vocabulary) -> None:
    talk = Conversation(
        vocabulary, "[don't] stop", "go on", not_meant="(don't|never) stop [please]"
    )
    assert talk.hears("don't stop") is None
    assert talk.ally.meanings("don't stop") == ()
    assert talk.ally.grammar.accepts("never stop please")
    assert talk.hears("stop") == ("0", {})


def test_an_example_leaves_options_out_and_takes_the_first_choice(vocabulary: Vocabulary) -> None:
    def example(template: str) -> str:
        one = phrase(template)
        return Understanding.of([one], vocabulary).examples(one)

    assert example("[please] (give me|grant) <a_moment>") == "give me a moment"
    assert example("([{size}];{roast}) coffee[s]") == "light roast coffee"
    assert example("{feeling} for {minutes} minutes") == "sad for five minutes"
    assert example("{tens}-minute walk with {milk}") == "ten minute walk with milk"
    assert example("I('m| am) {partner}") == "i'm my wife"


def test_nothing_armed_hears_nothing(vocabulary: Vocabulary) -> None:
    nothing = Understanding.of([], vocabulary)
    assert nothing.match("stop") is None
    assert nothing.match("") is None
    assert nothing.grammar.phrases == ()
    assert not nothing.grammar.accepts("stop")
    assert nothing.size == 1


def test_equal_phrases_have_equal_grammars_however_they_are_written(
    vocabulary: Vocabulary,
) -> None:
    one = Conversation(vocabulary, "(stop|go) now", "halt").ally.grammar
    same = Conversation(vocabulary, "(go now|stop now)", "halt").ally.grammar
    other = Conversation(vocabulary, "halt", "go now").ally.grammar
    assert one == same
    assert one.key != other.key


def test_endings_are_shared(vocabulary: Vocabulary) -> None:
    ally = Conversation(vocabulary, "(I feel|are you) {feeling} today").ally
    assert ally.size == len(ally.grammar.arcs) == 7


def test_phrases_that_blow_up_together_are_refused(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grammar_module, "MOST_STATES", 50)
    ally = Understanding.of([phrase(f"{one} [a] [b] [c] [d]") for one in "vwxyz"], vocabulary)
    assert ally.match("x a d") is not None
    many = Understanding.of([phrase("(a|b) " * 60)], vocabulary)
    with pytest.raises(TemplateError) as refused:
        _ = many.grammar
    assert refused.value.code == "too_large"


def test_a_broken_phrase_is_refused_at_once(vocabulary: Vocabulary) -> None:
    with pytest.raises(TemplateError):
        Understanding.of([phrase("stop"), phrase("{mood}")], vocabulary)


def test_the_same_phrases_are_compiled_once_and_the_oldest_forgotten(
    vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(understanding_module, "CACHED", 2)
    ally = Understandings(vocabulary)
    first, second, third = ([phrase(one)] for one in ("stop", "go", "wait"))
    stop, go = ally.of(first), ally.of(second)
    assert ally.of(tuple(first)) is stop
    ally.of(third)
    assert ally.of(first) is stop
    assert ally.of(second) is not go


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("im falling apart", "I'm falling apart"),
        ("I´m falling apart", "I'm falling apart"),
        ("cafe now", "café now"),
        ("were here", "were here"),
        ("we're here", "we're here"),
        ("dont stop", None),
        ("im falling", None),
    ],
)
def test_apostrophes_and_accents_count_only_where_they_make_a_difference(
    typed: str, meant: str | None
) -> None:
    templates = ("I'm falling apart", "café now", "were here", "we're here", "im hotel")
    phrases = [phrase(one) for one in templates]
    found = Understanding.of(phrases, Vocabulary(), ["don't stop"]).match(typed)
    assert (found.phrase.template if found else None) == meant


def test_a_slot_is_filled_by_words_typed_without_their_accents() -> None:
    names = Vocabulary(lists={"friend": SpokenValues((("Nguyễn", "Nguyễn"), ("José", "José")))})
    found = Understanding.of([phrase("{friend} hurt me")], names).match("nguyen hurt me")
    assert found is not None
    assert found.slots == {"friend": "Nguyễn"}


def test_two_spellings_that_lead_on_alike_are_followed_once(vocabulary: Vocabulary) -> None:
    talk = Conversation(vocabulary, "(I'm|im|Ím) scared now")
    assert talk.hears("i'm scared now") == ("0", {})
    assert talk.hears("ìm scared now") == ("0", {})
    assert talk.hears("ìm scared later") is None
