"""Which outputs wake slowly, and so swallow the first word after a silence.

Rules: told by the name alone, of the device or of the sound server's default sink; what cannot be
found out counts as quick.
"""

import re
import shutil
import subprocess

LEAD_IN_SECONDS = 0.4
_SLOW = re.compile(r"hdmi|displayport|bluetooth|bluez|a2dp|airpods|spdif|iec958", re.IGNORECASE)
_SERVERS = ("default", "pulse", "pipewire", "sysdefault")
_PATIENCE_SECONDS = 2.0


def lead_in_seconds(device_name: str, wanted_seconds: float) -> float:
    """How much lead-in this output needs: what the person wants, else by its name."""
    if wanted_seconds > 0:
        return wanted_seconds
    name = device_name.strip()
    if name.lower() in _SERVERS or not name:
        name = _default_sink()
    return LEAD_IN_SECONDS if _SLOW.search(name) else 0.0


def _default_sink() -> str:
    """As PulseAudio or PipeWire names it: "alsa_output.…hdmi-stereo", "bluez_output.…"."""
    if not shutil.which("pactl"):
        return ""
    try:
        return subprocess.run(
            ["pactl", "get-default-sink"],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        ).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
