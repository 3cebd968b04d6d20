"""The short phrases of a grammar, and their rivals."""

from voice_ally.core.actions import Phrase
from voice_ally.core.events import Meaning
from voice_ally.core.speech import Stakes
from voice_ally.hear.engines.local_grammar import RIVAL, local_grammar
from voice_ally.interpret.understanding import Understandings
from voice_ally.interpret.vocabulary import Vocabulary

NO = Meaning("answer", "1")


def test_words_of_longer_phrases_are_rivals_and_no_answers() -> None:
    armed = [Phrase("(no|not now|no I don't)", NO), Phrase("right now please", NO)]
    whole = Understandings(Vocabulary()).of(armed).grammar
    local = local_grammar(whole, lambda word: word != "please")
    assert local.outcome("no") == whole.outcome("no") != RIVAL
    assert local.outcome("not now") == whole.outcome("not now")
    assert local.outcome("now") == local.outcome("right") == local.outcome("right") == RIVAL
    assert local.outcome("house") == RIVAL, "so is any common word"
    assert not local.accepts("no i don't"), "three words are none of the short ones"
    assert not local.accepts("please"), "nor is what the engine does not know"
    assert RIVAL.stakes is Stakes.NOTHING


def test_equal_grammars_have_equal_local_ones() -> None:
    phrases = Understandings(Vocabulary())
    one = local_grammar(phrases.of([Phrase("(no|nope)", NO)]).grammar, lambda _: True)
    same = local_grammar(phrases.of([Phrase("(nope|no)", NO)]).grammar, lambda _: True)
    other = local_grammar(phrases.of([Phrase("(no|nah)", NO)]).grammar, lambda _: True)
    assert one.key == same.key != other.key
