"""The packs for the recordings that recognition is measured with can be read."""

import os
from pathlib import Path

import pytest

from voice_ally.language.reader import read_folders, read_pack

REPO = Path(__file__).parents[2]
SHARED = Path(os.environ.get("VOICE_ALLY_SHARED", REPO.parent / "shared")) / "speech"


@pytest.mark.parametrize(
    ("name", "dialog"), [("coffee-pack", "coffee"), ("phrases-pack", "phrases_to_measure")]
)
def test_a_measuring_pack(name: str, dialog: str) -> None:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip("the recordings to measure with are not here")
    alone = read_pack(folder)
    assert (alone.problems, dict(alone.pack.commands)) == ((), {})
    assert set(alone.pack.dialogs) == {dialog}
    layered = read_folders([REPO / "dialogs" / "en", folder])
    assert layered.problems == ()
    assert {dialog, "safety"} <= set(layered.pack.dialogs)
    assert layered.pack.commands["stop"]
