"""Which sound cards there are and who holds one, as the Linux kernel tells it.

Rules: only reads. PortAudio leaves a card out that another program has opened for itself, so a
busy microphone looks like none at all; the kernel knows better.
"""

import os
from pathlib import Path

CARDS = Path("/proc/asound")
PROCESSES = Path("/proc")
SHARED_BY = {"pipewire": "pipewire-alsa", "pulseaudio": "libasound2-plugins"}
"""Sound servers, and the Debian package that lets ALSA programs go through them."""


def cards_now(cards: Path = CARDS) -> str | None:
    """Something that differs when a card was plugged in or out; None where it is not told."""
    try:
        return (cards / "cards").read_text(errors="replace")
    except OSError:
        return None


def microphone_holder(cards: Path = CARDS, processes: Path = PROCESSES) -> str | None:
    """The name of another program that records from a card now; empty if it hides its name."""
    for status in sorted(cards.glob("card*/pcm*c/sub*/status")):
        try:
            told = dict(
                line.split(":", 1) for line in status.read_text().splitlines() if ":" in line
            )
            owner = next((value for key, value in told.items() if key.strip() == "owner_pid"), "")
            if not owner.strip() or int(owner) == os.getpid():
                continue
        except (OSError, ValueError):
            continue
        try:
            return (processes / owner.strip() / "comm").read_text().strip()
        except OSError:
            return ""
    return None
