"""say in other ways: low, slow, quiet, by the second voice."""

import pytest

from tests.engine.test_engine import Talk, dialog
from voice_ally.core.actions import Say, Style


def spoken(say: str, head: str = "") -> Talk:
    talk = Talk(dialog(f"  a: [{{say: {say}}}, {{say: Plain.}}]", head))
    talk.hear("begin")
    return talk


@pytest.mark.parametrize(
    ("say", "style"),
    [
        ('{text: "Now."}', Style()),
        ('{text: "Now.", voice: low}', Style(low=True)),
        ('{text: "Now.", voice: second}', Style(second=True)),
        ('{any: ["Now."], rate: slow}', Style(rate=0.85)),
        ('{text: "Now.", rate: fast, quiet: yes}', Style(rate=1.15, volume=0.5)),
    ],
)
def test_a_line_is_spoken_as_it_asks_and_the_next_as_usual(say: str, style: Style) -> None:
    talk = spoken(say)
    assert [(one.text, one.style) for one in talk.some(Say)] == [("Now.", style)]
    talk.run()
    assert [one.style for one in talk.some(Say)] == [Style()]


def test_in_a_dialog_with_a_low_voice_a_line_may_be_normal() -> None:
    assert spoken('{text: "Now.", quiet: yes}', "voice: low").some(Say)[0].style.low
    assert not spoken('{text: "Now.", voice: normal}', "voice: low").some(Say)[0].style.low


def test_what_the_user_set_and_what_is_said_again_keep_it() -> None:
    talk = spoken('{text: "Now.", voice: second, rate: slow}')
    talk.hear("slower")
    talk.hear("repeat")
    assert talk.some(Say)[0].style == Style(rate=1 / 1.12 * 0.85, second=True)
    talk.hear("pause")
    assert talk.some(Say)[0].style == Style(rate=1 / 1.12), "its own line is spoken as usual"
    talk.hear("go on")
    assert talk.some(Say)[0].style.second
