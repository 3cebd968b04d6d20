"""What every voice keeps to, the real one and the fake."""

import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy
import pytest

from tests.fakes.voice import FakeVoice
from tests.speak.tiny_piper import make_voice
from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.ports import Voice
from voice_ally.core.sound import samples_in
from voice_ally.speak.flite_voice import FliteVoice, list_flite_voices
from voice_ally.speak.hibari_voice import HibariVoice
from voice_ally.speak.piper_voice import PiperVoice
from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice


def flite() -> Voice:
    if not list_flite_voices():
        pytest.skip("flite is not installed")
    return FliteVoice("slt")


def piper() -> Voice:
    with tempfile.TemporaryDirectory() as folder:
        voice = PiperVoice(str(make_voice(Path(folder))))
        # loaded while its file is there
        voice.render("Here.", Style())
        return voice


def hibari() -> Voice:
    # a busy machine takes long to load it
    return HibariVoice(start_seconds=120.0, render_seconds=60.0)


VOICES = [FakeVoice, hibari, Pyttsx3Voice, flite, piper]


@pytest.fixture(scope="module", params=VOICES)
def voice(request: pytest.FixtureRequest) -> Iterator[Voice]:
    voice = request.param()
    yield voice
    voice.close()


def peak(pcm16: bytes) -> int:
    return int(abs(numpy.frombuffer(pcm16, "<i2").astype(int)).max())


def test_a_line_becomes_whole_samples(voice: Voice) -> None:
    pcm16 = voice.render("Breathe in.", Style())
    assert len(pcm16) % 2 == 0
    assert samples_in(pcm16) > 0


def test_the_same_line_lasts_as_long_again(voice: Voice) -> None:
    # not equal to the sample: espeak-ng puts chance into its hissing sounds
    first, second = (len(voice.render("Stay.", Style())) for _ in range(2))
    assert second == pytest.approx(first, rel=0.05)


def test_a_slower_style_lasts_longer(voice: Voice) -> None:
    usual = voice.render("Take your time.", Style())
    assert len(voice.render("Take your time.", Style(rate=0.7))) > len(usual) * 1.2


def test_a_quieter_style_and_a_low_one_are_quieter(voice: Voice) -> None:
    usual = peak(voice.render("Take your time.", Style()))
    assert peak(voice.render("Take your time.", Style(volume=0.5))) < usual * 0.6
    assert peak(voice.render("Take your time.", Style(low=True))) < usual


def test_an_empty_line_is_no_sound(voice: Voice) -> None:
    assert voice.render(" ", Style()) == b""


def test_it_has_a_name(voice: Voice) -> None:
    assert voice.name


@pytest.mark.parametrize("make", VOICES)
def test_a_closed_voice_says_so_and_may_be_closed_again(make: Callable[[], Voice]) -> None:
    voice = make()
    voice.close()
    voice.close()
    with pytest.raises(VoiceProblem, match="closed"):
        voice.render("Too late.", Style())


def test_close_ends_a_render_under_way() -> None:
    voice, ended = FakeVoice(), threading.Event()
    voice.hang()

    def render() -> None:
        with pytest.raises(VoiceProblem):
            voice.render("Never.", Style())
        ended.set()

    threading.Thread(target=render).start()
    assert voice.began.wait(5)
    voice.close()
    assert ended.wait(5)
