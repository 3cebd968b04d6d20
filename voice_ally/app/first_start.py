"""The very first start: the welcome is spoken once, and the country is asked for once.

Rules: whoever comes in need is not kept waiting by a welcome: it is spoken only where nobody has
said anything for a while. An empty file in the state folder says that there was a first start, with
no time on it that would tell when; where it cannot be kept, nothing is said, for otherwise it would
come again every time. The country of the system's language is only offered: a wrong number is worse
than none.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from voice_ally.settings.places import user_state_folder

MARK = "welcomed"
DIALOG = "welcome"
QUIET_SECONDS = 6.0
"""Somebody who has read what to say has begun to say it by then."""
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
NO_COUNTRY = "No country is set, so no help line is named by its number."
HOW_TO_SET = "Set it in the settings (voice-ally settings --write)"


def is_first(folder: Path | None = None) -> bool:
    """Is this the very first start? From now on it is not."""
    mark = (folder or user_state_folder()) / MARK
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        with mark.open("x", encoding="utf-8"):
            pass
        os.utime(mark, (0, 0))
    except OSError:  # it is there, or nothing can be kept
        return False
    return True


def likely_country(known: Collection[str], environment: Mapping[str, str] = os.environ) -> str:
    """The country that the system's language names, if help lines are known for it."""
    for name in _LOCALE_VARIABLES:
        language = environment.get(name, "")
        if language:
            country = language.partition(".")[0].partition("_")[2]
            return country if country in known else ""
    return ""


def country_line(known: Collection[str], environment: Mapping[str, str] = os.environ) -> str:
    """What to say where no country is set, with the one that is likely."""
    likely = likely_country(known, environment)
    example = f'country = "{likely}"' if likely else 'such as: country = "GB"'
    asked = f"Are you in {likely}? " if likely else ""
    return f"{NO_COUNTRY} {asked}{HOW_TO_SET}: {example}."
