from pathlib import Path

import pytest

from voice_ally.speak.waking import LEAD_IN_SECONDS, lead_in_seconds


@pytest.mark.parametrize(
    ("name", "slow"),
    [
        ("vc4-hdmi: MAI PCM (hw:1,0)", True),
        ("AirPods", True),
        ("bluez_output.00_11_22", True),
        ("bcm2835 Headphones: - (hw:0,0)", False),
        ("USB Audio", False),
    ],
)
def test_slow_outputs_are_known_by_their_name(name: str, slow: bool) -> None:
    assert lead_in_seconds(name, 0.0) == (LEAD_IN_SECONDS if slow else 0.0)
    assert lead_in_seconds(name, 1.5) == 1.5, "what the person wants"


@pytest.mark.parametrize(("sink", "slow"), [("alsa_output.pci.hdmi-stereo", True), ("usb", False)])
def test_a_sound_server_is_asked_where_it_sends_the_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sink: str, slow: bool
) -> None:
    server = tmp_path / "pactl"
    server.write_text(f"#!/bin/sh\necho {sink}\n")
    server.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert lead_in_seconds("default", 0.0) == (LEAD_IN_SECONDS if slow else 0.0)


def test_where_there_is_no_sound_server_it_counts_as_quick(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    assert lead_in_seconds("default", 0.0) == 0.0
