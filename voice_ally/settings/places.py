"""Where the bundled and the user's own files are.

Rules: bundled files travel inside the wheel; in a checkout they lie at its top. The user's
are where the platform keeps such things, or where the environment says.
"""

import os
from pathlib import Path

import voice_ally

APP = "voice-ally"
_PACKAGE = Path(voice_ally.__file__).resolve().parent


def _bundled(name: str) -> Path:
    inside = _PACKAGE / "bundled" / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def bundled_dialogs(language: str = "en") -> Path:
    """The folder of the dialogs that come with the program."""
    return _bundled("dialogs") / language


def bundled_model() -> Path:
    """The folder of the small Vosk model that comes with the program."""
    return _bundled("models") / "en-tiny"


def help_lines_file() -> Path:
    """Emergency numbers and help lines by country."""
    return bundled_dialogs() / "data" / "helplines.toml"


def _user(variable: str, kind: str) -> Path:
    if named := os.environ.get(variable):
        return Path(named)
    import platformdirs

    return Path(str(getattr(platformdirs, f"user_{kind}_path")(APP)))


def user_pack() -> Path:
    """The user's own dialogs; used when the folder exists."""
    return _user("VOICE_ALLY_CONFIG", "config") / "dialogs"


def settings_file() -> Path:
    """The user's settings."""
    return _user("VOICE_ALLY_CONFIG", "config") / "settings.toml"


def reminders_file() -> Path:
    """Promises to come back."""
    return _user("VOICE_ALLY_STATE", "state") / "reminders.sqlite"


def user_models() -> Path:
    """Speech models the user has fetched."""
    return _user("VOICE_ALLY_DATA", "data") / "models"
