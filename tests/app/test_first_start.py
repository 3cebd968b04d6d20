"""The very first start, and the ones after it."""

from pathlib import Path

import pytest

from voice_ally.app.first_start import MARK, country_line, is_first, likely_country

KNOWN = {"GB", "IE", "US"}


def test_the_first_start_is_the_first_only_once_and_nothing_tells_when_it_was(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "not there yet"
    assert is_first(folder)
    assert not is_first(folder)
    assert (folder / MARK).read_bytes() == b""
    assert (folder / MARK).stat().st_mtime == 0


def test_where_nothing_can_be_kept_there_is_no_welcome_again_and_again(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    assert not is_first(tmp_path / "a file")


@pytest.mark.parametrize(
    ("environment", "country"),
    [
        ({"LANG": "en_GB.UTF-8"}, "GB"),
        ({"LC_ALL": "en_IE", "LANG": "en_US.UTF-8"}, "IE"),
        ({"LC_ALL": "", "LC_MESSAGES": "en_US.utf8"}, "US"),
        ({"LC_ALL": "C.UTF-8", "LANG": "en_GB.UTF-8"}, ""),
        ({"LANG": "pt_BR.UTF-8"}, ""),
        ({}, ""),
    ],
)
def test_a_country_is_offered_where_help_lines_are_known(
    environment: dict[str, str], country: str
) -> None:
    assert likely_country(KNOWN, environment) == country


def test_no_country_is_assumed_without_being_asked_about() -> None:
    assert "Are you in IE?" in country_line(KNOWN, {"LANG": "en_IE"})
    assert "Are you" not in country_line(KNOWN, {})
