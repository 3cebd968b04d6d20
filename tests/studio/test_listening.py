"""What the studio tells of a recording: as `voice-ally hear` would, with what else was likely."""

import io

import numpy
import pytest
import soundfile

from tests.speech_samples import spoken
from voice_ally.app import parts
from voice_ally.core.errors import RecordingProblem, UsageProblem
from voice_ally.core.speech import Stakes
from voice_ally.engine.state import State
from voice_ally.hear.engines.acceptance import Evidence
from voice_ally.language.model import Pack
from voice_ally.studio.armed_here import state_at
from voice_ally.studio.listening import MOST_RECORDING_BYTES, Listening
from voice_ally.studio.weighed import Weighed


@pytest.fixture(scope="module")
def pack() -> Pack:
    with pytest.MonkeyPatch.context():
        return parts.dialogs(None, parts.settings(), lambda _: None).dialogs.pack


def test_a_recording_is_understood_as_in_a_session(pack: Pack) -> None:
    out = io.BytesIO()
    samples = numpy.frombuffer(spoken("calming pause"), "<i2")
    quiet = numpy.zeros(12000, "<i2")
    soundfile.write(out, numpy.concatenate([quiet, samples, quiet]), 16000, format="FLAC")
    [heard] = Listening().recording(pack, State(), out.getvalue(), "a.flac")
    assert heard["text"] == "calming pause"
    assert (heard["meaning"], heard["decision"]) == ("calming_pause", "act")
    probability = heard["probability"]
    assert isinstance(probability, float)
    assert 0.5 < probability <= 1.0


def test_what_is_no_recording_is_one_sentence(pack: Pack) -> None:
    for content in (b"", b"RIFF", b"no sound at all"):
        with pytest.raises(RecordingProblem, match="cannot be read as a recording"):
            Listening().recording(pack, State(), content, "a.wav")
    with pytest.raises(UsageProblem, match="too large"):
        Listening().recording(pack, State(), b"x" * (MOST_RECORDING_BYTES + 1), "a.wav")


def test_where_a_step_listens(pack: Pack) -> None:
    assert state_at(pack, "", "") == State()
    assert state_at(pack, "nothing", "nothing") == State()
    assert state_at(pack, "repair", "nothing") == State()


def test_the_second_likeliest_is_told_once() -> None:
    weighed = Weighed()
    likely = Evidence("yes", Stakes.ANSWER, True, support=30.0, streaming=True, local=True)
    other = Evidence("yesterday", Stakes.ANSWER, True, support=-5.0)
    found = weighed.best([other, likely])
    assert found is not None
    assert found.evidence is likely
    second = weighed.runner_up()
    assert second is not None
    assert second[0] == "yesterday"
    assert second[1] < found.probability
    assert weighed.runner_up() is None
    weighed.best([likely])
    assert weighed.runner_up() is None
