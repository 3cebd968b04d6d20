"""Rooms, noises and microphones, simulated.

Rules: pure; everything is drawn from the generator that is handed in. Levels are in decibels
below the speech (SNR), measured on the louder half of its frames.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.signal
import soxr

from tools.tiny_model.shape import RATE_HZ

Samples = npt.NDArray[np.float32]
Chance = np.random.Generator


def corrupt(speech: Samples, others: Sequence[Samples], chance: Chance) -> Samples:
    """As a cheap microphone somewhere in a furnished, noisy room would hear it.

    others: speech of other people, for babble and television.
    """
    heard = speech
    if chance.random() < 0.7:
        heard = reverberate(heard, chance)
    if chance.random() < 0.85:
        decibels = float(chance.uniform(0, 30))
        heard = heard + scaled(some_noise(len(heard), others, chance), heard, decibels)
    if chance.random() < 0.7:
        heard = through_microphone(heard, chance)
    return heard.astype(np.float32)


def reverberate(sound: Samples, chance: Chance) -> Samples:
    """A room: early reflections and an exponential tail, 0.12 to 0.8 s to fall by 60 dB.

    The tail's high tones fade faster; the nearer the speaker, the weaker it is.
    """
    seconds = float(chance.uniform(0.12, 0.8)) ** 1.2
    length = int(seconds * RATE_HZ)
    time = np.arange(length) / RATE_HZ
    tail = chance.standard_normal(length) * np.exp(-6.9 * time / seconds)
    dull = scipy.signal.lfilter([1 - 0.5], [1, -0.5], tail)
    late = time / seconds
    tail = tail * (1 - late) + dull * late
    tail[: int(float(chance.uniform(0.002, 0.012)) * RATE_HZ)] = 0
    response = tail * (
        10 ** (-float(chance.uniform(-2, 14)) / 20) / (np.sqrt((tail**2).sum()) + 1e-9)
    )
    response[0] = 1
    for _ in range(int(chance.integers(2, 8))):
        response[int(chance.integers(15, min(length, 900)))] += float(chance.uniform(-0.5, 0.5))
    return scipy.signal.fftconvolve(sound, response)[: len(sound)].astype(np.float32)


def some_noise(length: int, others: Sequence[Samples], chance: Chance) -> Samples:
    """One kind of noise or two together."""
    noise = _one_noise(length, others, chance)
    if chance.random() < 0.35:
        second = _one_noise(length, others, chance)
        noise = noise + second * float(chance.uniform(0.3, 1.0))
    return noise


def alone(chance: Chance) -> Samples:
    """Some seconds in which nobody speaks: noise, music, breath, silence."""
    length = int(chance.uniform(2, 6) * RATE_HZ)
    kind = chance.integers(5)
    if kind == 0:
        return music(length, chance)
    if kind == 1:
        return breaths(length, chance)
    if kind == 2:
        return coloured(length, chance)
    return kitchen(length, chance)


def breaths(length: int, chance: Chance) -> Samples:
    """In and out through nose or mouth, sniffs and sighs, over a little room noise."""
    sound = coloured(length, chance) * 0.02
    at = int(chance.uniform(0, 0.5) * RATE_HZ)
    while at < length:
        size = int(chance.uniform(0.1, 1.5) * RATE_HZ)
        centre = float(chance.uniform(300, 3500))
        band = [centre / 2, min(centre * 2, 7600)]
        taps = scipy.signal.butter(2, band, "bandpass", fs=RATE_HZ)
        air = scipy.signal.lfilter(*taps, chance.standard_normal(size))
        air *= np.sin(np.pi * (np.arange(size) / size) ** float(chance.uniform(0.5, 2)))
        part = air[: length - at] * float(chance.uniform(0.1, 1))
        sound[at : at + len(part)] += part.astype(np.float32)
        at += size + int(chance.uniform(0.1, 1.2) * RATE_HZ)
    return sound.astype(np.float32)


def _one_noise(length: int, others: Sequence[Samples], chance: Chance) -> Samples:
    kind = chance.choice(5, p=[0.25, 0.3, 0.2, 0.15, 0.1])
    if kind == 0:
        noise = coloured(length, chance)
    elif kind == 1:
        noise = kitchen(length, chance)
    elif kind == 2:
        noise = babble(length, others, int(chance.integers(3, 8)), chance)
    elif kind == 3:
        noise = babble(length, others, 1, chance) + 0.5 * music(length, chance)
    else:
        noise = music(length, chance)
    return (noise / (np.sqrt(np.mean(noise**2)) + 1e-9)).astype(np.float32)


def coloured(length: int, chance: Chance) -> Samples:
    """From white to beyond brown, sometimes swelling: traffic, fans, wind, hiss."""
    size = 1 << max(length - 1, 1).bit_length()
    hertz = np.fft.rfftfreq(size, 1 / RATE_HZ) + 20
    spectrum = np.fft.rfft(chance.standard_normal(size)) * hertz ** -float(chance.uniform(0, 1.3))
    if chance.random() < 0.4:
        centre, width = chance.uniform(100, 5000), chance.uniform(100, 800)
        spectrum *= 1 + 4 * np.exp(-(((hertz - centre) / width) ** 2))
    noise = np.fft.irfft(spectrum, size)[:length]
    if chance.random() < 0.4:
        swell = np.sin(2 * np.pi * chance.uniform(0.2, 5) * np.arange(length) / RATE_HZ)
        noise *= 1 + 0.8 * swell
    return (noise / (noise.std() + 1e-9)).astype(np.float32)


def kitchen(length: int, chance: Chance) -> Samples:
    """Running water and a fan, with dishes that ring and things put down."""
    noise = coloured(length, chance) * float(chance.uniform(0.1, 0.6))
    for _ in range(int(chance.poisson(2.5 * length / RATE_HZ)) + 1):
        ring = _clatter(chance)
        start = int(chance.integers(0, max(length - 200, 1)))
        part = ring[: length - start]
        noise[start : start + len(part)] += part * float(chance.uniform(0.3, 4))
    return noise.astype(np.float32)


def _clatter(chance: Chance) -> Samples:
    length = int(chance.uniform(0.03, 0.5) * RATE_HZ)
    time = np.arange(length) / RATE_HZ
    knock = chance.standard_normal(length) * np.exp(-time / float(chance.uniform(0.003, 0.03)))
    for _ in range(int(chance.integers(1, 7))):
        hertz, fade = chance.uniform(300, 7000), chance.uniform(0.01, 0.2)
        knock += chance.uniform(0.2, 1.5) * np.sin(2 * np.pi * hertz * time) * np.exp(-time / fade)
    return knock.astype(np.float32)


def babble(length: int, others: Sequence[Samples], people: int, chance: Chance) -> Samples:
    """Several people talking across the room, or one on television."""
    mixed = np.zeros(length, np.float32)
    for _ in range(people):
        at = 0
        while at < length and others:
            one = others[int(chance.integers(len(others)))]
            part = one[: length - at] * float(chance.uniform(0.5, 1.2))
            mixed[at : at + len(part)] += part
            at += len(one) + int(chance.uniform(0, 0.3) * RATE_HZ)
    return reverberate(mixed, chance)


def music(length: int, chance: Chance) -> Samples:
    """Chords with overtones, now and then a beat."""
    time = np.arange(length) / RATE_HZ
    sound = np.zeros(length)
    beat = float(chance.uniform(0.2, 0.8))
    for start in np.arange(0, length / RATE_HZ, beat):
        here = slice(int(start * RATE_HZ), int((start + beat) * RATE_HZ))
        since = time[here] - start
        envelope = np.exp(-since / float(chance.uniform(0.1, 1.0)))
        root = 110 * 2 ** (int(chance.integers(0, 30)) / 12)
        for step in chance.choice([0, 3, 4, 7, 10, 12], int(chance.integers(1, 4)), replace=False):
            for overtone in range(1, 6):
                hertz = root * 2 ** (step / 12) * overtone
                sound[here] += np.sin(2 * np.pi * hertz * since) * envelope / overtone**1.3
        if chance.random() < 0.4:
            drum = chance.standard_normal(len(since)) * np.exp(-since / 0.02)
            sound[here] += drum * float(chance.uniform(0.5, 2))
    return sound.astype(np.float32)


def scaled(noise: Samples, speech: Samples, decibels: float) -> Samples:
    """The noise, so many decibels below the speech."""
    frames = speech[: len(speech) // 400 * 400].reshape(-1, 400)
    powers = np.sort((frames**2).mean(axis=1))
    loud = float(powers[len(powers) // 2 :].mean()) if len(powers) else 1e-4
    own = float((noise**2).mean()) + 1e-12
    return (noise * np.sqrt((loud + 1e-10) / own) * 10 ** (-decibels / 20)).astype(np.float32)


def through_microphone(sound: Samples, chance: Chance) -> Samples:
    """Narrow, tilted, sometimes clipped or coarse."""
    low, high = float(chance.uniform(40, 300)), float(chance.uniform(3200, 7800))
    taps = scipy.signal.butter(2, [low, high], "bandpass", fs=RATE_HZ)
    heard = scipy.signal.lfilter(*taps, sound)
    heard = heard + float(chance.uniform(0, 0.25)) * sound
    tilt = float(chance.uniform(-0.6, 0.6))
    heard = scipy.signal.lfilter([1.0, tilt], [1.0], heard)
    peak = float(np.abs(heard).max()) + 1e-9
    if chance.random() < 0.12:
        heard = np.clip(heard, -0.4 * peak, 0.4 * peak)
    if chance.random() < 0.15:
        steps = 2 ** float(chance.uniform(6, 9))
        heard = np.round(heard / peak * steps) / steps * peak
    return heard.astype(np.float32)


def through_headset(sound: Samples, chance: Chance) -> Samples:
    """At 8 kHz, as Bluetooth headsets and telephone lines send it: little below 50 to 300 Hz,
    nothing above 3.3 to 4 kHz, half of the time in the 8 bits of the telephone's mu-law."""
    narrow = soxr.resample(sound, RATE_HZ, RATE_HZ // 2)
    band = [float(chance.uniform(50, 300)), float(chance.uniform(3300, 3950))]
    if chance.random() < 0.5:
        taps = scipy.signal.butter(3, band, "bandpass", fs=RATE_HZ // 2)
        narrow = scipy.signal.lfilter(*taps, narrow)
    if chance.random() < 0.5:
        pressed = np.sign(narrow) * np.log1p(255 * np.abs(narrow).clip(0, 1)) / np.log(256)
        steps = np.round(pressed * 127) / 127
        narrow = np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255
    wide = soxr.resample(narrow, RATE_HZ // 2, RATE_HZ)
    return np.pad(wide, (0, max(len(sound) - len(wide), 0)))[: len(sound)].astype(np.float32)
