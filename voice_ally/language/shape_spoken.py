"""What say speaks: a line, or lines with how they are spoken.

Rules: as in shapes.py, whose instruction this is.
"""

from voice_ally.language import model
from voice_ally.language.place import Place
from voice_ally.language.shape_kinds import Either, Field, Kind, Made, Reading, Record, Written
from voice_ally.language.shape_numbers import Truth
from voice_ally.language.shape_timed import Found
from voice_ally.language.shape_values import Choice, Line, Lines

VOICES, PACES = ("normal", "low", "second"), ("slow", "normal", "fast")


def _say(found: Found, place: Place, reading: Reading) -> model.Say | None:
    if ("text" in found) == ("any" in found):
        message = 'say needs "text" or "any", and not both.'
        reading.wrong(place, "VA011", message, 'Write it like {text: "A line.", voice: low}.')
        return None
    lines = found["any"] if "any" in found else (found["text"],)
    voice, rate = found.get("voice", ""), found.get("rate", "")
    return model.Say(lines, voice, rate, found.get("quiet", False), place)


def _plain_say(line: Written, place: Place) -> model.Say:
    return model.Say((line,), place=place)


SAY: Kind[model.Say] = Either(
    Record(
        "say",
        {
            "text": Field(Line(), doc="The line."),
            "any": Field(Lines(), doc="Several lines, of which one is spoken."),
            "voice": Field(Choice(VOICES), doc="In which voice; second: another's part."),
            "rate": Field(Choice(PACES), doc="How fast."),
            "quiet": Field(Truth(), doc="Spoken quietly."),
        },
        _say,
        whole=True,
    ),
    Made(Line(), _plain_say),
)
