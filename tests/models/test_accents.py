"""Ways to say a word that the dictionary does not have."""

import pytest

from voice_ally.models.accents import both


@pytest.mark.parametrize(
    ("written", "also"),
    [
        ("G L AE S", "G L AA S"),
        ("D AE N S", "D AA N S"),
        ("R IH P EH R", "R IH P EH"),
        ("L AA R JH", "L AA JH"),
        ("HH IY R", "HH IY AH"),
        ("B EH T ER", "B EH T AH"),
    ],
)
def test_words_are_also_said_as_in_britain(written: str, also: str) -> None:
    assert both(written.split()) == (tuple(written.split()), tuple(also.split()))


@pytest.mark.parametrize("same", ["R IY D IH NG", "P AO Z", "HH AE N D", "ER TH", "B R EH D"])
def test_most_words_are_said_alike_everywhere(same: str) -> None:
    assert both(same.split()) == (tuple(same.split()),)
