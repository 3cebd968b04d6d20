import numpy
import pytest

from voice_ally.core.sound import SAMPLE_RATE_HZ, Sound
from voice_ally.speak.beds import (
    FADE_IN_SECONDS,
    FADE_OUT_SECONDS,
    KINDS,
    LOOP_SECONDS,
    UNDER_VOICE_LU,
    BedUnderDialogs,
    bed,
)
from voice_ally.speak.loudness import TARGET_LUFS, loudness_lufs
from voice_ally.speak.playback import FADE_SAMPLES, Playback

SECOND = SAMPLE_RATE_HZ


def pulled(playback: Playback, seconds: float) -> numpy.ndarray:
    blocks = [playback.pull(240) for _ in range(round(seconds * 100))]
    return numpy.frombuffer(b"".join(blocks), "<i2").astype(float)


def loudness(samples: numpy.ndarray) -> float:
    return float(numpy.sqrt((samples**2).mean()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_bed_lies_well_under_the_voice_and_meets_itself_without_a_seam(kind: str) -> None:
    loop = bed(kind).astype(float)
    assert len(loop) == LOOP_SECONDS * SECOND
    assert loudness_lufs(loop / 32767) == pytest.approx(TARGET_LUFS + UNDER_VOICE_LU, abs=0.1)
    steps = abs(numpy.diff(numpy.concatenate((loop, loop[:1]))))
    assert steps[-1] <= steps.max()
    before, after = loop[-SECOND // 10 :], loop[: SECOND // 10]
    assert 0.5 < loudness(before) / loudness(after) < 2
    assert (bed(kind) == loop.astype(numpy.float32)).all(), "the same each time"


def test_beds_sound_different() -> None:
    def centre_hz(kind: str) -> float:
        spectrum = abs(numpy.fft.rfft(bed(kind).astype(float))) ** 2
        return float((spectrum * numpy.arange(len(spectrum))).sum() / spectrum.sum() / LOOP_SECONDS)

    assert centre_hz("brown") < 400
    assert centre_hz("rain") > 1000
    parts = [loudness(part) for part in numpy.array_split(bed("waves").astype(float), 24)]
    assert max(parts) > 2 * min(parts), "waves come and go"


def test_it_comes_slowly_and_goes_slowly() -> None:
    playback = Playback()
    playback.lay_bed(bed("brown"))
    coming = pulled(playback, FADE_IN_SECONDS + 1)
    assert loudness(coming[: SECOND // 2]) < loudness(coming[-SECOND:]) / 10
    assert abs(numpy.diff(coming)).max() < 600, "nothing clicks"
    playback.lay_bed(None)
    going = pulled(playback, FADE_OUT_SECONDS + 0.5)
    assert loudness(going[:SECOND]) > 20
    assert not going[round(FADE_OUT_SECONDS * SECOND) + 240 :].any()
    assert not playback.sounding


def test_it_gives_way_to_a_voice_and_comes_back() -> None:
    playback = Playback()
    playback.lay_bed(bed("brown"))
    usual = loudness(pulled(playback, FADE_IN_SECONDS + 2)[-SECOND:])
    playback.play(1, Sound(bytes(2 * SECOND * 2)), whole=True, voice=True)
    under = loudness(pulled(playback, 2)[SECOND // 2 :])
    assert under < usual * 0.5
    assert loudness(pulled(playback, 3)[-SECOND:]) > usual * 0.7


def test_a_cut_ends_it_at_once_and_it_comes_back_slowly_where_it_is_still_wanted() -> None:
    playback = Playback()
    playback.lay_bed(bed("rain"))
    pulled(playback, FADE_IN_SECONDS + 1)
    playback.cut()
    after = pulled(playback, 0.1)
    assert loudness(after[FADE_SAMPLES:]) < 2
    playback.lay_bed(None)
    assert not pulled(playback, 3)[SECOND // 2 :].any()


def test_it_lies_under_a_dialog_from_its_beginning_to_its_end() -> None:
    laid: list[object] = []
    under = BedUnderDialogs(laid.append, "waves", 0.5)
    for event in ("started", "said", "started"):
        under(0.0, event, {})
    under(0.0, "ended", {"goes_on": "what it interrupted"})
    assert len(laid) == 1
    for event in ("ended", "started"):
        under(0.0, event, {})
    assert [one is None for one in laid] == [False, True, False]
    assert loudness_lufs(numpy.asarray(laid[0]) / 32767) == pytest.approx(
        TARGET_LUFS + UNDER_VOICE_LU - 6, abs=0.1
    )
