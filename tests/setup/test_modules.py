"""A module has one reason to exist, and then 300 lines are enough."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_LINES = 300


def test_no_module_is_longer() -> None:
    package = ROOT / "voice_ally"
    lines = {
        file.relative_to(package).as_posix(): len(file.read_text("utf-8").splitlines())
        for file in (*package.rglob("*.py"), *package.glob("studio/static/*.js"))
    }
    assert len(lines) > 200
    assert {name for name, count in lines.items() if count > MOST_LINES} == set()
