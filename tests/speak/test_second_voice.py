"""Two voices, each with its part."""

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.sound import Sound
from voice_ally.speak.second_voice import TwoVoices


class FakeVoice:
    """Tells what it was asked to speak."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[tuple[str, Style]] = []
        self.fails = self.closed = self.warm = False

    def warm_up(self) -> None:
        self.warm = True

    def render(self, text: str, style: Style) -> Sound:
        if self.fails:
            raise VoiceProblem(f"{self.name} has gone.")
        self.lines.append((text, style))
        return Sound(b"\0\0")

    def close(self) -> None:
        self.closed = True


def test_each_speaks_its_own_lines_and_the_second_only_from_its_first_line_on() -> None:
    first, second = FakeVoice("first"), FakeVoice("second")
    opened: list[FakeVoice] = []

    def open_second() -> FakeVoice:
        opened.append(second)
        return second

    both = TwoVoices(first, open_second, print)
    both.warm_up()
    both.render("Mine.", Style())
    assert first.warm and opened == []
    both.render("Yours.", Style(rate=0.9, second=True))
    both.render("Yours again.", Style(second=True))
    assert opened == [second]
    assert first.lines == [("Mine.", Style())]
    assert second.lines == [("Yours.", Style(rate=0.9)), ("Yours again.", Style())]
    both.close()
    assert first.closed and second.closed


def test_where_there_is_none_or_it_fails_the_usual_voice_speaks_low() -> None:
    first, second = FakeVoice("first"), FakeVoice("second")
    TwoVoices(first, None, print).render("Yours.", Style(second=True))
    second.fails = True
    told: list[str] = []
    both = TwoVoices(first, lambda: second, told.append)
    both.render("Yours.", Style(second=True))
    both.render("Again.", Style(second=True))
    assert [style for _, style in first.lines] == [Style(low=True)] * 3
    assert len(told) == 1 and "speaks the second part" in told[0]
    both.close()
