"""A person names a device by a few letters."""

import pytest

from voice_ally.core.device_names import best_match

NAMES = ["HDA Intel: ALC (hw:0,0)", "USB Audio Device: - (hw:1,0)", "pulse", "my pulse", ""]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("usb", 1),
        ("pulse", 2),
        (" PULSE ", 2),
        ("my", 3),
        ("hw:0", 0),
        ("audio", 1),
        ("moon", None),
    ],
)
def test_the_nearest_name_is_meant(wanted: str, found: int | None) -> None:
    assert best_match(wanted, NAMES) == found
