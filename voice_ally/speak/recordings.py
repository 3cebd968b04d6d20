"""Sound files of a pack, as loud as everything else.

Rules: read where lines are rendered, so that nothing waits for a file; bounded in size and length;
only what libsndfile reads. A stereo file is heard in its middle.
"""

import io
from pathlib import Path

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.regular_files import read_regular
from voice_ally.core.sound import SAMPLE_RATE_HZ, Sound
from voice_ally.speak.loudness import TARGET_LUFS, amplified, loudness_lufs
from voice_ally.speak.voices import RenderingVoice

MOST_BYTES = 60_000_000
MOST_SECONDS = 300.0
MEASURED_SECONDS = 60.0
"""So much of it, from its middle, tells how loud it is."""


def recording(path: Path) -> Sound:
    """The file's sound in our format, level-matched. Raises VoiceProblem with what is wrong."""
    import numpy
    import soundfile
    import soxr

    try:
        content = read_regular(path, MOST_BYTES)
    except OSError as error:
        raise VoiceProblem(f"{path.name} cannot be opened: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise VoiceProblem(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        with soundfile.SoundFile(io.BytesIO(content)) as file:
            rate = file.samplerate
            wave = file.read(int(MOST_SECONDS * rate) + 1, dtype="float32", always_2d=True)
    except (soundfile.SoundFileError, ValueError, RuntimeError) as error:
        raise VoiceProblem(f"{path.name} is no sound file that can be read.") from error
    if not len(wave) or not numpy.isfinite(wave).all():
        raise VoiceProblem(f"There is no sound in {path.name}.")
    if len(wave) > MOST_SECONDS * rate:
        raise VoiceProblem(f"{path.name} is longer than {MOST_SECONDS / 60:g} minutes.")
    samples = soxr.resample(wave.mean(axis=1), rate, SAMPLE_RATE_HZ)
    whole = numpy.clip(samples, -1, 1).astype("float64")
    first = max(0, (len(whole) - int(MEASURED_SECONDS * SAMPLE_RATE_HZ)) // 2)
    loudness = loudness_lufs(whole[first : first + int(MEASURED_SECONDS * SAMPLE_RATE_HZ)])
    if loudness == float("-inf"):
        raise VoiceProblem(f"There is no sound in {path.name}.")
    pcm16 = Sound(numpy.rint(whole * 32767).astype("<i2").tobytes())
    return amplified(pcm16, 10 ** ((TARGET_LUFS - loudness) / 20))


class WithRecordings:
    """A voice that plays a file where the text is the name of one."""

    def __init__(self, voice: RenderingVoice) -> None:
        self._voice = voice

    @property
    def name(self) -> str:
        """Of the voice."""
        return self._voice.name

    def warm_up(self) -> None:
        """The voice."""
        self._voice.warm_up()

    def render(self, text: str, style: Style) -> Sound:
        """The spoken line, or the sound of the file. Raises VoiceProblem."""
        if style.recording:
            return amplified(recording(Path(text)), style.volume)
        return self._voice.render(text, style)

    def close(self) -> None:
        """The voice; may be called twice."""
        self._voice.close()
