"""Whatever file a document names as a proof is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"[`(]((?:\.\./)?[\w-]+(?:/[\w.-]+)*(?:\.(?:py|md|sh|lock|toml|txt)|/))[`)]")
ELSEWHERE = ("install_arm64.sh",)


@pytest.mark.parametrize(
    "document",
    [
        "SECURITY.md",
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/glossary.md",
        "docs/threat-model.md",
        "docs/raspberry-pi.md",
        "docs/licences.md",
    ],
)
def test_what_it_names_is_there(document: str) -> None:
    names = set(NAMED.findall((ROOT / document).read_text(encoding="utf-8"))) - set(ELSEWHERE)
    assert names
    beside = (ROOT / document).parent
    for name in names:
        places = (ROOT / name, ROOT / "voice_ally" / name, beside / name)
        assert any(one.exists() for one in places), name
