"""The settings: what a person may choose once instead of on every start.

Rules: this table is all there is: from it come the reading, the checks, the environment
variables, the default file and what `voice-ally settings` shows. A new setting is one entry with
a default, its meaning and, where the type is not enough, a limit. Read once, frozen, passed on as
Settings and never as a dict.
"""

import math
import re
from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from typing import Any

SettingValue = str | float | bool


@dataclass(frozen=True)
class Limit:
    """What a value must be beyond its type."""

    holds: Callable[[object], bool]
    wanted: str


def between(low: float, high: float) -> Limit:
    """A number in this range; not a number is in none."""
    return Limit(
        lambda value: isinstance(value, float) and low <= value <= high,
        f"between {low:g} and {high:g}",
    )


def looks_like(pattern: str, wanted: str) -> Limit:
    """Text of this form."""
    return Limit(lambda value: re.fullmatch(pattern, str(value)) is not None, wanted)


WORDS = r"|[^\W\d_][\w'’]*([ ,-]+[^\W\d_][\w'’]*){0,4}[.!]?"
"""None, or a few as a person writes them."""
_NAME = r"[^\W\d_][\w'’.-]{0,39}( [^\W\d_][\w'’.-]{0,39})?"
NAMES = rf"|{_NAME}( ?, ?{_NAME})?"
"""None, one, or two."""
BY_NAME = Limit(
    lambda value: not str(value).isdigit(),
    "part of a device's name, since numbers change (see: voice-ally devices)",
)


def setting(default: Any, meaning: str, *, limit: Limit | None = None, example: str = "") -> Any:  # noqa: ANN401
    """One entry of the table. The example is TOML, for the default file."""
    return field(default=default, metadata={"meaning": meaning, "limit": limit, "example": example})


@dataclass(frozen=True)
class Settings:
    """What the person chose; the defaults are what happens without a settings file."""

    country: str = setting(
        "",
        "Whose help lines are named: two letters. Empty: no country is assumed.",
        limit=looks_like("|[A-Za-z]{2}", 'two letters such as "GB"'),
        example='"GB"',
    )
    voice: str = setting(
        "",
        "A voice by name (see: voice-ally voices). Empty: the usual one.",
        example='"hibari:emma"',
    )
    second_voice: str = setting(
        "",
        "The voice that speaks another's part (see: voice-ally voices). Empty: the same, lower.",
        example='"flite:rms"',
    )
    names: str = setting(
        "",
        "Your names, which dialogs may speak: one, or two with a comma between. Empty: none.",
        limit=looks_like(NAMES, 'one or two names such as "Ada, Bo"'),
        example='"Ada, Bo"',
    )
    language: str = setting(
        "en",
        "Which bundled dialogs.",
        limit=looks_like("[a-z]{2,3}(-[A-Za-z]+)?", 'a language such as "en"'),
        example='"en"',
    )
    recogniser: str = setting(
        "",
        'Which engine listens: "vosk" or "pocketsphinx". Empty: the best there is.',
        limit=looks_like("|vosk|pocketsphinx", '"vosk", "pocketsphinx" or ""'),
        example='"vosk"',
    )
    vosk_model: str = setting(
        "",
        "A folder, or the name of an installed model. Empty: chosen automatically.",
        example='"vosk-model-small-en-us-0.15"',
    )
    microphone: str = setting(
        "",
        "A microphone by (part of) its name. Empty: the system's choice.",
        limit=BY_NAME,
        example='"USB"',
    )
    speaker: str = setting(
        "",
        "A loudspeaker by (part of) its name. Empty: the system's choice.",
        limit=BY_NAME,
        example='"HDMI"',
    )
    rate: float = setting(
        1.0,
        "How fast it speaks, 0.5 to 2; 1 is unhurried.",
        limit=between(0.5, 2.0),
        example="0.9",
    )
    volume: float = setting(
        1.0,
        "How loud it speaks, 0.1 to 1: never so quiet that it seems to be broken.",
        limit=between(0.1, 1.0),
        example="0.7",
    )
    tone: str = setting(
        "soft",
        'The sound of a breath: "soft" (a hum), "bowl" (a singing bowl) or "wave" (the sea).',
        limit=looks_like("soft|bowl|wave", '"soft", "bowl" or "wave"'),
        example='"wave"',
    )
    tone_volume: float = setting(
        1.0,
        "How loud that sound is, 0 to 2; 1 lies well under the voice.",
        limit=between(0.0, 2.0),
        example="0.6",
    )
    bed: str = setting(
        "",
        'A quiet sound under everything while a dialog runs: "rain", "waves" or "brown" (soft'
        " noise). Empty: none.",
        limit=looks_like("|rain|waves|brown", '"rain", "waves", "brown" or ""'),
        example='"rain"',
    )
    bed_volume: float = setting(
        1.0, "How loud that is, 0.1 to 3.", limit=between(0.1, 3.0), example="0.5"
    )
    lead_in: float = setting(
        0.0,
        "Seconds of inaudible noise before the first word after a silence, 0 to 3, for outputs that"
        " swallow it. 0: 0.4 for HDMI and Bluetooth, none for others.",
        limit=between(0.0, 3.0),
        example="0.8",
    )
    wake: str = setting(
        "",
        "Words that have to come first while nothing is running, for busy rooms; three syllables"
        ' or more. "Stop" and safety never need them. Empty: none are needed.',
        limit=looks_like(WORDS, 'one to five words such as "hey ally"'),
        example='"hey ally"',
    )
    pack: str = setting(
        "", "A folder with your own dialogs. Empty: the one beside this file.", example='"~/ally"'
    )
    log: bool = setting(
        True,
        "Keep a short log of what happened, never of what was said.",
        example="false",
    )
    welcome: bool = setting(
        True,
        "Say hello at the very first start.",
        example="false",
    )
    headphones: bool = setting(
        False,
        "Its own voice cannot reach the microphone, so it may listen while it speaks.",
        example="true",
    )
    echo: str = setting(
        "",
        'How its own voice is kept out of the microphone: "webrtc" (needs the extra barge-in) or'
        ' "plain". Empty: the best there is.',
        limit=looks_like("|webrtc|plain", '"webrtc", "plain" or ""'),
        example='"plain"',
    )
    screen: bool = setting(
        True,
        "A quiet screen in the terminal; false: plain lines, as a screen reader wants them.",
        example="false",
    )
    reduced_motion: bool = setting(False, "Nothing on the screen moves by itself.", example="true")


def table() -> dict[str, Field[Any]]:
    """Every setting by name, in the order of the default file."""
    return {one.name: one for one in fields(Settings)}


def meaning_of(entry: Field[Any]) -> str:
    """The sentence that explains it."""
    return str(entry.metadata.get("meaning", ""))


TYPE_NAMES = {str: 'text in "quotes"', float: "a number", bool: "true or false"}


def widened(value: object) -> object:
    """Whole numbers are numbers too; spaces around text are never meant."""
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:  # hundreds of digits
            return math.inf if value > 0 else -math.inf
    return value.strip() if isinstance(value, str) else value


def fault_of(name: str, value: object) -> str:
    """What is wrong with a (widened) value of a known setting; empty if nothing is."""
    entry = table()[name]
    kind = type(entry.default)
    limit: Limit | None = entry.metadata.get("limit")
    if type(value) is not kind:
        return f"{name} must be {TYPE_NAMES[kind]}"
    if limit is not None and not limit.holds(value):
        return f"{name} must be {limit.wanted}, not {shown(value)}"
    return ""


def from_text(name: str, text: str) -> object:
    """What a value means that was given as bare text: in the environment, on the command line."""
    kind: type = type(table()[name].default)
    text = text.strip()
    if kind is bool:
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(
            text.lower(), text
        )
    if kind is float:
        try:
            return float(text)
        except ValueError:
            return text
    return text


def settings_from(given: dict[str, object]) -> Settings:
    """These values, checked before, over the defaults."""
    settings = Settings()
    for name, value in given.items():
        # frozen, but not yet handed out
        object.__setattr__(settings, name, value)
    return settings


def shown(value: object) -> str:
    """A value as a person writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
