"""Where things are: what travels with the program, and what belongs to the user.

Rules: only names folders, never makes one. Bundled data lie inside an installed wheel, else in
the checkout. What belongs to the user is where the platform keeps such things, or in the folders
that VOICE_ALLY_CONFIG, VOICE_ALLY_DATA, VOICE_ALLY_STATE and VOICE_ALLY_CACHE name.
"""

import os
from pathlib import Path
from typing import Literal

from voice_ally.core.errors import ModelProblem, SettingsProblem

APP_NAME = "voice-ally"
BUNDLED_MODEL_NAME = "en-tiny"


def bundled_dialogs(language: str = "en") -> Path:
    """The pack that travels with the program; SettingsProblem when there is none so named."""
    folder = _bundled("dialogs")
    inside = folder.iterdir() if folder.is_dir() else ()
    languages = sorted(path.name for path in inside if path.is_dir())
    if not languages:
        raise SettingsProblem(
            f"The bundled dialogs are missing from {folder}.", mend="Install Voice Ally again."
        )
    if language not in languages:
        raise SettingsProblem(
            f'There are no bundled dialogs in the language "{language}".',
            mend=f"There are: {', '.join(languages)}.",
        )
    return folder / language


def bundled_models_folder() -> Path:
    """The folder of the models that travel with the program."""
    return _bundled("models")


def bundled_model() -> Path:
    """The small Vosk model that travels with the program; ModelProblem when it is gone."""
    folder = bundled_models_folder() / BUNDLED_MODEL_NAME
    if not folder.is_dir():
        raise ModelProblem(
            f"The bundled speech model is missing from {folder}.", mend="Install Voice Ally again."
        )
    return folder


def user_config_folder() -> Path:
    """What the user writes: the settings, an own pack."""
    return _user("VOICE_ALLY_CONFIG", "config")


def user_data_folder() -> Path:
    """What the program fetches for the user: models."""
    return _user("VOICE_ALLY_DATA", "data")


def user_state_folder() -> Path:
    """What the program keeps between runs."""
    return _user("VOICE_ALLY_STATE", "state")


def user_cache_folder() -> Path:
    """What can be made again at any time."""
    return _user("VOICE_ALLY_CACHE", "cache")


def user_config_file() -> Path:
    """The settings; need not exist."""
    return user_config_folder() / "settings.toml"


def user_pack_folder() -> Path:
    """The user's own dialogs; used when the folder exists."""
    return user_config_folder() / "dialogs"


def extended_models_folder() -> Path:
    """The bundled model with more words, as user's dialogs need them."""
    return user_cache_folder() / "models"


def user_models_folder() -> Path:
    """One folder for each model the user installed."""
    return user_data_folder() / "models"


def user_voices_folder() -> Path:
    """Voices the user fetched or put there."""
    return user_data_folder() / "voices"


def reminders_file() -> Path:
    """Promises to come back."""
    return user_state_folder() / "reminders.sqlite"


def people_file() -> Path:
    """Names that somebody agreed to have kept."""
    return user_state_folder() / "people.json"


def logs_folder() -> Path:
    """What happened, never what was said."""
    return user_state_folder() / "logs"


def may_be_written(folder: Path) -> bool:
    """Could something be kept there, if need be in a folder yet to be made?"""
    nearest = next(one for one in (folder, *folder.resolve().parents) if one.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def _user(variable: str, kind: Literal["config", "data", "state", "cache"]) -> Path:
    if moved := os.environ.get(variable):
        return Path(moved).expanduser()
    import platformdirs

    folders = platformdirs.PlatformDirs(APP_NAME, appauthor=False)
    return {
        "config": folders.user_config_path,
        "data": folders.user_data_path,
        "state": folders.user_state_path,
        "cache": folders.user_cache_path,
    }[kind]


def _bundled(kind: str) -> Path:
    package = Path(__file__).resolve().parent.parent
    inside = package / "bundled"
    return (inside if inside.is_dir() else package.parent) / kind
