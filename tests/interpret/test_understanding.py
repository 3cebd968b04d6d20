"""What can be said, what is heard of it, and what it means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_ally.core.actions import Phrase
from voice_ally.core.events import Meaning
from voice_ally.interpret import template as templates
from voice_ally.interpret import understanding as understandings
from voice_ally.interpret.template import TemplateError
from voice_ally.interpret.text import normalise
from voice_ally.interpret.understanding import (
    Understanding,
    Understandings,
    sample,
    validate,
    words_of,
)
from voice_ally.interpret.vocabulary import SpokenValues, Vocabulary

WORDS = Vocabulary(
    {"yes": "(yes|sure)", "loop": "again <loop>", "nested": "oh <yes>", "void": " "},
    {
        "mood": SpokenValues((("sad", "sad"), ("(worn out|exhausted)", "worn out"))),
        "said": SpokenValues((("[so] happy", "[so] happy"),)),
        "tens": SpokenValues(numbers=(10, 30, 10)),
        "many": SpokenValues(numbers=(0, 30_000, 1)),
        "open": SpokenValues((("[very] calm [so]", "[very] calm [so]"), ("calm and", "calm and"))),
        "own": SpokenValues((("{own}", 1),)),
    },
)


def made(*phrases: str, not_meant: tuple[str, ...] = ()) -> Understanding:
    together = [Phrase(one, Meaning("answer", str(n))) for n, one in enumerate(phrases)]
    return Understandings(WORDS, not_meant).of(together)


def ways(template: str) -> set[str]:
    return set(sample(template, WORDS, 50))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("[please] stop", {"stop", "please stop"}),
        ("(I|we) go", {"i go", "we go"}),
        ("minute[s]", {"minute", "minutes"}),
        ("(need|want)s rest", {"needs rest", "wants rest"}),
        ("(red;blue)", {"red blue", "blue red"}),
        ("a-b, c", {"a b c"}),
        ("<nested>", {"oh yes", "oh sure"}),
        ("{1..3:n} days", {"one days", "two days", "three days"}),
        ("in {tens}", {"in ten", "in twenty", "in thirty"}),
        ("I\u2019m {mood}", {"i'm sad", "i'm worn out", "i'm exhausted"}),
        ("(a|a) b", {"a b"}),
    ],
)
def test_ways_to_say_a_template(template: str, said: set[str]) -> None:
    assert ways(template) == said
    assert words_of(template, WORDS) == {word for way in said for word in way.split()}


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("(a", "syntax"),
        ("a)", "syntax"),
        ("<a", "syntax"),
        ("{nothing}", "unknown_list"),
        ("<nothing>", "unknown_rule"),
        ("<loop>", "rule_cycle"),
        ("{own}", "rule_cycle"),
        ("", "empty"),
        ("<void>", "empty"),
        ("[please]", "empty"),
        ("(a;b;c;d;e;f)", "too_large"),
        ("{many}", "too_large"),
    ],
)
def test_templates_that_cannot_be_used(template: str, code: str) -> None:
    with pytest.raises(TemplateError) as caught:
        validate(template, WORDS)
    assert caught.value.code == code


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(understandings, "MOST_WORD_ARCS", 3)
    with pytest.raises(TemplateError, match="too many ways"):
        validate("(a|b|c|d)", WORDS)
    monkeypatch.undo()
    monkeypatch.setattr(understandings, "MOST_GRAMMAR_STATES", 3)
    with pytest.raises(TemplateError, match="too many ways"):
        _ = made("a b c d").grammar


def test_slots() -> None:
    one = made("for {tens:minutes} minutes", "I'm {mood}", "I am {said}", "{mood} and {said} too")
    for text, slots in [
        ("for 20 minutes", {"minutes": 20}),
        ("I'm exhausted", {"mood": "worn out"}),
        ("I am so happy", {"said": "so happy"}),
        ("I am happy", {"said": "happy"}),
        ("sad and so happy too", {"mood": "sad", "said": "so happy"}),
    ]:
        match = one.match(text)
        assert match is not None
        assert match.slots == slots


def test_slots_behind_a_shared_beginning_and_before_words_left_out() -> None:
    one = made("(a c|a b {mood})", "I am {open}")
    for text, slots in [
        ("a b sad", {"mood": "sad"}),
        ("I am very calm", {"open": "very calm"}),
        ("I am calm and", {"open": "calm and"}),
    ]:
        match = one.match(text)
        assert match is not None
        assert match.slots == slots


def test_the_earliest_phrase_counts() -> None:
    one = made("(a|b)", "b [c]")
    found = one.match("b")
    assert found is not None
    assert found.phrase.template == "(a|b)"
    assert [each.template for each in one.meanings("b")] == ["(a|b)", "b [c]"]
    assert one.match("c") is None
    assert one.match("") is None
    assert one.meanings("c") == ()


def test_what_is_not_meant_comes_to_nothing() -> None:
    one = made("[don't] stop", not_meant=("don't stop",))
    assert one.match("stop") is not None
    assert one.match("Don\u2019t stop!") is None
    assert one.meanings("don't stop") == ()
    assert one.grammar.accepts("don't stop")


def test_phrases_are_compiled_once_and_forgotten_later() -> None:
    makes = Understandings(WORDS)
    first = [Phrase("a", Meaning("answer", "0"))]
    known = makes.of(first)
    assert makes.of(first) is known
    assert known.grammar is known.grammar
    for number in range(understandings.CACHED):
        makes.of([Phrase("a", Meaning("answer", str(number + 1)))])
    assert makes.of(first) is not known


def test_the_shortest_example() -> None:
    one = made("[oh] <yes> please", "b")
    assert one.example(Phrase("b", Meaning("answer", "1"))) == "b"
    assert one.example(Phrase("[oh] <yes> please", Meaning("answer", "0"))) == "yes please"


def test_sampling_stops_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(sample("(a|b|c|d|e)", WORDS, 4)) == 4
    monkeypatch.setattr(understandings, "MOST_SAMPLES", 2)
    assert len(made("(a|b|c) [d]").grammar.phrases) == 2


PIECES = st.sampled_from(
    ["a", "b [c]", "(a|b c)", "<yes>", "{mood}", "{tens}", "day[s]", "(a;b)", "[not] a", "don't"]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(PIECES, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=4),
    st.lists(PIECES, max_size=1),
)
def test_all_that_can_be_heard_means_something_or_is_not_meant(
    phrases: list[str], not_meant: list[str]
) -> None:
    one = made(*phrases, not_meant=tuple(not_meant))
    decoys = made(*not_meant)
    grammar = one.grammar
    assert grammar.phrases
    for text in grammar.phrases:
        assert grammar.accepts(text)
        assert (one.match(text) is None) == (decoys.match(text) is not None)


@settings(max_examples=150, deadline=None)
@given(st.text())
def test_normalising_twice_changes_nothing_and_matching_never_raises(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    made("a [b]", "{tens}").match(text)


def test_normalising() -> None:
    assert normalise("  It\u2019s 25_o'clock, 'OK'! ") == "it's twenty five o'clock ok"
    assert normalise("1234567") == "one two three four five six seven"


def test_a_permutation_of_nothing_is_nothing() -> None:
    assert templates.is_plain("a b")
    assert not templates.is_plain("a [b]")
