"""A short run of the fuzzing, and all that it ever found; for longer: make fuzz."""

import pytest

from benchmarks import fuzz


@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_nothing_but_what_is_meant_is_raised(
    kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(fuzz, "tried", _untraced)
    tally = fuzz.fuzz(kind, 1.0, seed=1)
    assert tally.tried >= len(fuzz.seeds(kind))
    assert tally.failures == []


def _untraced(kind: str, content: bytes, tally: fuzz.Tally) -> bool:
    """Coverage measures by the same hook."""
    tally.tried += 1
    try:
        fuzz.KINDS[kind](content)
    except fuzz.VoiceAllyError:
        return False
    return tally.tried % 10 == 0


def test_what_fails_is_told_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: "fuzz.Path"
) -> None:
    def breaks(_content: bytes) -> None:
        raise ZeroDivisionError("here")

    monkeypatch.setattr(fuzz, "CORPUS", tmp_path / "corpus")
    monkeypatch.setitem(fuzz.KINDS, "settings", breaks)
    tally = fuzz.Tally(tried=1)
    assert not fuzz.tried("settings", b"x", tally)
    assert tally.failures == ["settings: ZeroDivisionError: here"]
    assert [one.read_bytes() for one in (tmp_path / "corpus").iterdir()] == [b"x"]
