"""Where things are: what travels with the program, and what belongs to the user.

Rules: only names folders, never makes one. Bundled data lie inside an installed wheel, else in
the checkout. VOICE_ALLY_DATA, VOICE_ALLY_STATE (folders) and VOICE_ALLY_CONFIG (the settings
file, or the folder it is in) move what belongs to the user elsewhere.
"""

import os
from pathlib import Path

from voice_ally.core.errors import ModelProblem, SettingsProblem

APP_NAME = "voice-ally"
SETTINGS_NAME = "settings.toml"
BUNDLED_MODEL_NAME = "en-tiny"


def bundled_dialogs(language: str = "en") -> Path:
    """The pack that travels with the program; SettingsProblem when there is none so named."""
    folder = _bundled("dialogs")
    languages = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
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


def user_data_folder() -> Path:
    """What the user adds: models, an own pack."""
    moved = _moved("VOICE_ALLY_DATA")
    if moved:
        return moved
    import platformdirs

    return platformdirs.user_data_path(APP_NAME, appauthor=False)


def user_config_file() -> Path:
    """The settings; need not exist."""
    moved = _moved("VOICE_ALLY_CONFIG")
    if moved:
        return moved / SETTINGS_NAME if moved.is_dir() else moved
    import platformdirs

    return platformdirs.user_config_path(APP_NAME, appauthor=False) / SETTINGS_NAME


def user_state_folder() -> Path:
    """What the program keeps between runs: reminders."""
    moved = _moved("VOICE_ALLY_STATE")
    if moved:
        return moved
    import platformdirs

    return platformdirs.user_state_path(APP_NAME, appauthor=False)


def user_models_folder() -> Path:
    """One folder for each model the user installed."""
    return user_data_folder() / "models"


def user_pack_folder() -> Path:
    """The user's own pack, if there is one."""
    return user_data_folder() / "dialogs"


def _moved(variable: str) -> Path | None:
    value = os.environ.get(variable, "")
    return Path(value).expanduser() if value else None


def _bundled(kind: str) -> Path:
    package = Path(__file__).resolve().parent.parent
    inside = package / "bundled"
    return (inside if inside.is_dir() else package.parent) / kind
