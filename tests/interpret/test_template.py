"""What an author writes, and what can then be said, or why it cannot."""

import pytest

from voice_ally.interpret.template import MOST_PERMUTED, TemplateError, is_plain
from voice_ally.interpret.understanding import sample, validate, words_of
from voice_ally.interpret.vocabulary import SpokenValues, Vocabulary


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("stop", {"stop"}),
        ("[please] stop", {"stop", "please stop"}),
        ("stop[ now]", {"stop", "stop now"}),
        ("(I|we) need", {"i need", "we need"}),
        ("(a;b)", {"a b", "b a"}),
        (
            "x (a;[b];c) y",
            {"x a c y", "x c a y"}
            | {f"x {order} y" for order in ("a b c", "a c b", "b a c", "b c a", "c a b", "c b a")},
        ),
        ("minute[s]", {"minute", "minutes"}),
        ("(need|want)s", {"needs", "wants"}),
        ("that['s| is] enough", {"that enough", "that's enough", "that is enough"}),
        ("I('m| am) done", {"i'm done", "i am done"}),
        ("(yes|no), please", {"yes please", "no please"}),
        ("(un|)happy", {"unhappy", "happy"}),
        (
            "{tens}-minute walk",
            {
                "ten minute walk",
                "twenty minute walk",
                "thirty minute walk",
                "forty minute walk",
            },
        ),
        ("{tens}s", {"tens", "twentys", "thirtys", "fortys"}),
        (
            "{24..26:count} [times]",
            {f"twenty {one}{times}" for one in ("four", "five", "six") for times in ("", " times")},
        ),
        ("{1..9,4:count}", {"one", "five", "nine"}),
        ("in 25 minutes", {"in twenty five minutes"}),
        ("2(0|5)", {"twenty", "twenty five"}),
        ("<yes>", {f"{one}{more}" for one in ("yes", "yeah", "sure") for more in ("", " please")}),
        ("{wait}", {"a moment", "a minute", "half an hour", "two", "three"}),
        ("\\[really\\] now", {"really now"}),
        ("(one|one|[o]ne) way", {"one way", "ne way"}),
        ("' {feeling} '", {"sad", "worn out", "hurt"}),
    ],
)
def test_a_template_says_exactly(vocabulary: Vocabulary, template: str, said: set[str]) -> None:
    assert set(sample(template, vocabulary, 100)) == said
    assert words_of(template, vocabulary) == {word for one in said for word in one.split()}


@pytest.mark.parametrize(
    ("template", "code", "name", "telling"),
    [
        ("", "empty", "", "empty"),
        ("   ", "empty", "", "empty"),
        ("[please]", "empty", "", "saying nothing"),
        ("...", "empty", "", "saying nothing"),
        ("(stop|)", "empty", "", "saying nothing"),
        ("i want {nothing}", "empty", "nothing", "{nothing} holds nothing"),
        ("{5..1:count}", "empty", "5..1", "holds nothing"),
        ("(stop", "syntax", "", '"(" in "(stop" is never closed'),
        ("stop)", "syntax", "", '")" in "stop)" closes nothing'),
        ("([stop)]", "syntax", "", '")"'),
        ("stop ()", "syntax", "", "cannot be read"),
        ("(a|b;c)", "syntax", "", "cannot be read"),
        ("<broken>", "syntax", "", "never closed"),
        ("{mood}", "unknown_list", "mood", "no list {mood}"),
        ("{1..20}", "unknown_list", "1..20", "{1..20:slot}"),
        ("<maybe>", "unknown_rule", "maybe", "no rule <maybe>"),
        ("<chicken>", "rule_cycle", "chicken", "<chicken> leads back"),
        ("{whole}", "rule_cycle", "whole", "{whole} leads back"),
        (f"({';'.join('abcdefghij'[: MOST_PERMUTED + 1])})", "too_large", "", "free order"),
        ("{1..90000:count}", "too_large", "1..90000", "more than 2000 numbers"),
        ("[a] " * 400 + "b", "too_large", "", "too many ways"),
        ("(a|b|c|d)" * 9, "too_large", "", "too many ways"),
        ("(" * 600 + "a" + ")" * 600, "too_large", "", "nested too deeply"),
    ],
)
def test_what_cannot_be_used_says_why(
    vocabulary: Vocabulary, template: str, code: str, name: str, telling: str
) -> None:
    with pytest.raises(TemplateError) as refused:
        validate(template, vocabulary)
    assert (refused.value.code, refused.value.name) == (code, name)
    assert telling in str(refused.value)


def test_rules_that_call_each_other_for_ever_so_long_are_refused() -> None:
    rules = {f"r{number}": f"<r{number + 1}>" for number in range(2000)}
    with pytest.raises(TemplateError, match="nested too deeply"):
        validate("<r0>", Vocabulary({**rules, "r2000": "stop"}))


def test_rules_that_double_each_other_are_refused() -> None:
    rules = {f"r{number}": f"<r{number - 1}> <r{number - 1}>" for number in range(1, 40)}
    with pytest.raises(TemplateError, match="too many ways") as refused:
        validate("<r39>", Vocabulary({**rules, "r0": "stop"}))
    assert refused.value.code == "too_large"


def test_a_sample_of_a_huge_template_is_found_at_once(vocabulary: Vocabulary) -> None:
    assert len(set(sample("(a|b) " * 30, vocabulary, 5))) == 5
    assert sample("[x] " * 9 + "a [very [very]] long [b]", vocabulary, 2) == ["a long", "a long b"]
    assert sample("stop [now]", vocabulary, 0) == []


def test_list_values_may_use_numbers_beside_words() -> None:
    words = Vocabulary(lists={"later": SpokenValues((("soon", 1),), (1, 2, 1))})
    assert set(sample("{later}", words, 9)) == {"soon", "one", "two"}


def test_plain_text_has_no_template_signs() -> None:
    assert is_plain("worn out")
    assert not is_plain("[very] sad")
