"""Whatever an author writes, the recognisers' grammar and the matcher agree on it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voice_ally.core.actions import Phrase
from voice_ally.core.events import Meaning
from voice_ally.core.speech import Grammar, Stakes
from voice_ally.interpret import covering_sample as sample_module
from voice_ally.interpret.template import TemplateError
from voice_ally.interpret.text import normalise
from voice_ally.interpret.understanding import Understanding, sample, validate, words_of
from voice_ally.interpret.vocabulary import SpokenValues, Vocabulary

VOCABULARY = Vocabulary(
    rules={"kind": "[very] (good|bad)", "and": "and[ then]"},
    lists={
        "drink": SpokenValues((("tea", "tea"), ("iced tea", "cold"), ("[iced] tea", "[iced] tea"))),
        "count": SpokenValues((("a few", 3),), (1, 22, 7)),
    },
)
COFFEE_SENTENCE = (
    "(brew|can I get|can I have|I want|I'd like|make me) [a|an] "
    "([{size}];[{roast}];[{shots}]) {drink} "
    "[with ({milk} [and {sugar}]|{sugar} [and {milk}])]"
)
AMOUNT = "[a little bit of|a bit of|some|a lot of|lots of]"


def spoken(*templates: str) -> SpokenValues:
    return SpokenValues(tuple((one, one) for one in templates))


COFFEE = Vocabulary(
    lists={
        "size": spoken("small", "large", "eight ounce", "twelve ounce"),
        "roast": spoken("light roast", "dark roast"),
        "shots": spoken("single shot", "double shot", "triple shot"),
        "drink": spoken("americano", "mocha", "iced mocha", "coffee", "iced coffee"),
        "milk": spoken(f"{AMOUNT} ([skim|whole|soy] milk|cream)"),
        "sugar": spoken(f"{AMOUNT} ([brown] sugar|sweetener)"),
    }
)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        several.map(" ".join),
        several.map("".join),
        several.map(lambda parts: f"({'|'.join(parts)})"),
        several.map(lambda parts: f"({';'.join(f'({part})' for part in parts)})"),
        inner.map(lambda part: f"[{part}]"),
    )


PIECES = ["tea", "a", "s", "don't", "'s", "5", "-", ", ", "<kind>", "<and>", "{drink}", "{count:n}"]


def _sayable(template: str) -> str:
    """With a word more, where saying nothing would do."""
    try:
        validate(template, VOCABULARY)
    except TemplateError as refused:
        assert refused.code == "empty", template
        return f"go {template}"
    return template


TEMPLATES = st.recursive(st.sampled_from(PIECES), _larger, max_leaves=7).map(_sayable)
OFTEN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def understood(*templates: str, not_meant: tuple[str, ...] = ()) -> Understanding:
    phrases = [Phrase(one, Meaning("answer", str(at))) for at, one in enumerate(templates)]
    return Understanding.of(phrases, VOCABULARY, not_meant)


def every_pair(grammar: Grammar) -> Iterator[tuple[int, str, str]]:
    for state, arcs in enumerate(grammar.arcs):
        for word, target in arcs.items():
            yield from ((state, word, second) for second in grammar.arcs[target])
            if target in grammar.final:
                yield state, word, ""


def sampled_pairs(grammar: Grammar) -> Iterator[tuple[int, str, str]]:
    for phrase in grammar.phrases:
        state, words = 0, phrase.split()
        for word, second in zip(words, [*words[1:], ""], strict=True):
            yield state, word, second
            state = grammar.arcs[state][word]


@given(TEMPLATES)
@OFTEN
def test_whatever_can_be_sampled_is_matched_and_can_be_heard(template: str) -> None:
    ally = understood(template)
    said = sample(template, VOCABULARY, 40)
    assert said
    for one in said:
        assert normalise(one) == one
        assert ally.match(one) is not None
        assert ally.grammar.accepts(one)
        assert set(one.split()) <= words_of(template, VOCABULARY)
    assert words_of(template, VOCABULARY) == ally.grammar.words


@given(st.lists(TEMPLATES, min_size=1, max_size=3), TEMPLATES)
@OFTEN
def test_whatever_can_be_heard_is_matched_or_not_meant(templates: list[str], decoy: str) -> None:
    ally = understood(*templates, not_meant=(decoy,))
    nothing = understood(decoy)
    for one in ally.grammar.phrases:
        assert ally.grammar.accepts(one)
        assert (ally.match(one) is None) == (nothing.match(one) is not None)
        assert bool(ally.meanings(one)) == (ally.match(one) is not None)


@given(TEMPLATES)
@OFTEN
def test_the_example_of_a_phrase_means_that_phrase(template: str) -> None:
    ally = understood(template)
    phrase = Phrase(template, Meaning("answer", "0"))
    assert ally.meanings(ally.examples(phrase)) == (phrase,)


@given(st.lists(TEMPLATES, min_size=1, max_size=3))
@OFTEN
def test_the_grammar_is_in_order_and_its_sample_covers_it(templates: list[str]) -> None:
    grammar = understood(*templates).grammar
    for state, arcs in enumerate(grammar.arcs):
        assert all(target > state for target in arcs.values())
        assert arcs or state in grammar.final
    assert set(sampled_pairs(grammar)) == set(every_pair(grammar))
    assert len(set(grammar.phrases)) == len(grammar.phrases)
    reversed_grammar = understood(*reversed(templates)).grammar
    assert all(reversed_grammar.accepts(one) for one in grammar.phrases)
    assert all(grammar.accepts(one) for one in reversed_grammar.phrases)


def test_a_phrase_is_settled_where_nothing_that_may_follow_changes_what_is_meant() -> None:
    armed = [
        Phrase("stop [now|please]", Meaning("command", "stop")),
        Phrase("yes", Meaning("answer", "0")),
        Phrase("yes but not now", Meaning("answer", "1")),
        Phrase("{count} [cups]", Meaning("answer", "2")),
        Phrase("{count} (mugs)", Meaning("answer", "2")),
    ]
    grammar = Understanding.of(armed, VOCABULARY, ("don't stop", "stop the car")).grammar
    settled = {one: grammar.is_settled(one) for one in ("yes", "yes but not now", "stop now")}
    assert settled == {"yes": False, "yes but not now": True, "stop now": True}
    assert not grammar.is_settled("stop"), "the car may follow, which is not meant"
    assert not grammar.is_settled("yes but")
    assert not grammar.is_settled("")
    without = Understanding.of(armed, VOCABULARY).grammar
    assert without.is_settled("stop"), "whatever follows, it is a stop"
    assert not without.is_settled("eight"), "words that are kept are waited for"


def test_what_is_urgent_is_so_whatever_may_follow_unless_it_means_something_else_first() -> None:
    armed = [
        Phrase("yes", Meaning("answer", "1")),
        Phrase("(stop|yes) [now]", Meaning("command", "stop"), urgent=True),
        Phrase("skip [now]", Meaning("command", "skip")),
        Phrase("stop (there|here)", Meaning("command", "stop"), urgent=True),
    ]
    grammar = Understanding.of(armed, VOCABULARY, ("stop there", "stop the car")).grammar
    urgent = [one for one in grammar.phrases if grammar.is_urgent(one)]
    assert sorted(urgent) == ["stop", "stop here", "stop now", "yes now"]
    assert not grammar.is_urgent("")
    assert not grammar.is_urgent("now")


def test_a_stop_keeps_nobody_waiting_for_what_is_not_meant() -> None:
    armed = [
        Phrase("stop [now]", Meaning("command", "stop"), stakes=Stakes.STOP),
        Phrase("pause", Meaning("command", "pause"), stakes=Stakes.STOP),
        Phrase("pause for {count}", Meaning("answer", "1")),
        Phrase("yes", Meaning("answer", "0")),
    ]
    not_meant = ("stop the car", "yes sir", "stop now and then")
    grammar = Understanding.of(armed, VOCABULARY, not_meant).grammar
    waits = {one: not grammar.is_harmless(one) for one in ("stop", "stop now", "pause", "yes", "")}
    assert waits == {"stop": False, "stop now": False, "pause": True, "yes": True, "": True}


def test_nor_for_what_begins_something_which_is_heard_all_the_same() -> None:
    armed = [
        Phrase("stop", Meaning("command", "stop"), stakes=Stakes.STOP),
        Phrase("stop you scare me", Meaning("trigger", "apart"), stakes=Stakes.START),
        Phrase("rest", Meaning("trigger", "rest"), stakes=Stakes.START),
        Phrase("rest of us", Meaning("trigger", "us"), stakes=Stakes.START),
        Phrase("[stop] hitting me", Meaning("trigger", "safety"), stakes=Stakes.SAFETY),
        Phrase("yes", Meaning("answer", "0")),
        Phrase("yes he hits me", Meaning("trigger", "safety"), stakes=Stakes.SAFETY),
    ]
    understanding = Understanding.of(armed, VOCABULARY)
    assert understanding.grammar.is_harmless("stop")
    assert not understanding.grammar.is_settled("stop")
    assert not understanding.grammar.is_harmless("yes")
    assert not understanding.grammar.is_settled("rest"), "that may become something else"
    heard = understanding.match("stop hitting me")
    assert heard and heard.phrase.meaning.name == "safety"


def test_whatever_else_may_be_meant_behind_it_is_waited_for() -> None:
    """Many outcomes behind one word: none of them gets lost among what is not meant."""
    armed = [
        Phrase("stop [it now]", Meaning("command", "stop"), stakes=Stakes.STOP),
        *(Phrase(f"stop it {word}", Meaning("answer", word)) for word in ("one", "two", "three")),
        Phrase("stop it", Meaning("command", "stop"), stakes=Stakes.STOP),
    ]
    grammar = Understanding.of(armed, VOCABULARY, ("stop it please",)).grammar
    assert not grammar.is_harmless("stop")
    assert not grammar.is_harmless("stop it")
    assert grammar.is_harmless("stop it now")


@given(st.text())
def test_any_text_at_all_is_matched_or_not(text: str) -> None:
    ally = Understanding.of([Phrase("{count} {drink}", Meaning("answer", "0"))], VOCABULARY)
    assert (ally.match(text) is not None) == ally.grammar.accepts(normalise(text))


@given(st.text(alphabet="ab '[](){}<>|;:.,\\1-", max_size=12))
def test_any_template_at_all_compiles_or_is_refused_with_a_code(template: str) -> None:
    try:
        validate(template, VOCABULARY)
    except TemplateError as refused:
        assert re.fullmatch("syntax|unknown_list|unknown_rule|empty|too_large", refused.code)
        assert str(refused)
    else:
        assert sample(template, VOCABULARY, 1)


def test_a_large_sample_keeps_every_word_but_not_every_pair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sample_module, "MOST_SAMPLES", 12)
    words = "(alder|birch|cedar|elm|fir|hazel|juniper|larch)"
    grammar = understood(f"{words} {words} {words}").grammar
    pairs = set(sampled_pairs(grammar))
    assert {(state, word) for state, word, _ in pairs} == {
        (state, word) for state, word, _ in every_pair(grammar)
    }
    assert len(grammar.phrases) < 24
    assert pairs < set(every_pair(grammar))


def coffee_orders(template: str, vocabulary: Vocabulary) -> Understanding:
    return Understanding.of([Phrase(template, Meaning("trigger", "coffee"))], vocabulary)


def test_a_grammar_of_millions_of_orders_stays_small() -> None:
    ally = coffee_orders(COFFEE_SENTENCE, COFFEE)
    assert ally.size < 100
    assert len(ally.grammar.phrases) < 1000
    assert set(sampled_pairs(ally.grammar)) == set(every_pair(ally.grammar))
    match = ally.match("I'd like a dark roast, 12 ounce iced mocha with brown sugar and some cream")
    assert match is not None
    assert match.slots == {
        "roast": "dark roast",
        "size": "twelve ounce",
        "drink": "iced mocha",
        "sugar": "brown sugar",
        "milk": "some cream",
    }
    assert ally.match("I'd like a dark roast with") is None


def test_what_people_ordered_is_understood_word_for_word() -> None:
    beside = Path(__file__).parents[3] / "shared"
    pack = Path(os.environ.get("VOICE_ALLY_SHARED", beside)) / "speech" / "coffee-pack"
    if not pack.is_dir():
        pytest.skip("the coffee pack is not beside the repository (VOICE_ALLY_SHARED)")
    lists = yaml.safe_load((pack / "phrases.yaml").read_text())["lists"]
    (template,) = yaml.safe_load((pack / "coffee.yaml").read_text())["triggers"]
    ally = coffee_orders(
        template, Vocabulary(lists={name: spoken(*one) for name, one in lists.items()})
    )
    assert set(sampled_pairs(ally.grammar)) == set(every_pair(ally.grammar))
    match = ally.match("can i get a large light roast double shot latte with a bit of soy milk")
    assert match is not None
    assert match.slots == {
        "size": "large",
        "roast": "light roast",
        "numberOfShots": "double shot",
        "coffeeDrink": "latte",
        "milkAmount": "a bit of soy milk",
    }
