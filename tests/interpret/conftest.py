"""A pack small enough to read, with every sign the templates know."""

import pytest

from voice_ally.interpret.vocabulary import SpokenValues, Vocabulary


@pytest.fixture
def vocabulary() -> Vocabulary:
    return Vocabulary(
        rules={
            "yes": "(yes|yeah|sure) [please]",
            "a_moment": "a (moment|minute)",
            "give": "(give (me|us)|(I|we) need) <a_moment>",
            "chicken": "<egg>",
            "egg": "the <chicken>",
            "broken": "(never closed",
        },
        lists={
            "feeling": SpokenValues((("sad", "sad"), ("Worn out", "Worn out"), ("hurt", "hurt"))),
            "partner": SpokenValues((("my (wife|husband)", "partner"),)),
            "milk": SpokenValues(
                (("[a bit of|some] ([skim|whole] milk|cream)",) * 2,),
            ),
            "berry": SpokenValues((("(straw|black)berry", "(straw|black)berry"),)),
            "minutes": SpokenValues(numbers=(1, 30, 1)),
            "tens": SpokenValues(numbers=(10, 40, 10)),
            "wait": SpokenValues((("<a_moment>", 1), ("half an hour", 30)), (2, 3, 1)),
            "nothing": SpokenValues(),
            "whole": SpokenValues((("all of {whole}", "whole"),)),
            "size": SpokenValues((("small", "small"), ("eight ounce", "eight ounce"))),
            "roast": SpokenValues((("light roast", "light roast"),)),
        },
    )
