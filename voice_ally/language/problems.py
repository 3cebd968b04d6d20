"""What an author got wrong, as data.

Rules: all of it at once, each with its place, a stable code, plain words and the mend.
An error keeps a dialog from being used; a warning does not.
"""

from dataclasses import asdict, dataclass

from voice_ally.language.own_names import as_written
from voice_ally.language.place import Place

CODES = {
    "VA001": "the file cannot be read as YAML",
    "VA002": "the file or something in it is too large or too deep, or uses anchors or tags",
    "VA003": "the same key twice",
    "VA004": "more than one document in a file",
    "VA005": "an empty file",
    "VA006": "a sign that steers a terminal instead of being seen",
    "VA010": "an unknown key",
    "VA011": "a key that is missing",
    "VA012": "a value of the wrong kind",
    "VA013": "a length of time that cannot be read",
    "VA014": "a name that is none of those possible",
    "VA020": "a step that does not exist",
    "VA021": "a dialog that does not exist",
    "VA022": "the name of the dialog is not the name of the file",
    "VA023": "a step that is never reached",
    "VA024": "a step that only leads back to itself",
    "VA025": "a circle of steps without a question and without an end",
    "VA026": "a question that ends the dialog at the first silence or unclear answer",
    "VA027": "an instruction that is never reached",
    "VA028": "a dialog that nothing starts",
    "VA029": "a question that is asked for ever when nobody answers",
    "VA030": "a phrase that cannot be read",
    "VA031": "a list that does not exist",
    "VA032": "a rule that does not exist",
    "VA033": "a phrase that can be said in too many ways",
    "VA034": "one phrase that means two things",
    "VA035": "a phrase that hides stop, goodbye, exit or safety",
    "VA036": "a phrase with which another one begins",
    "VA037": "a word that the recogniser does not know",
    "VA038": "the same phrase written twice",
    "VA039": "a line that says a phrase by itself",
    "VA040": "no way to stop, or no safety dialog",
    "VA041": "a slot that nothing fills",
    "VA042": "a rule or list that nothing uses",
    "VA043": "a length of time out of all sense",
    "VA044": "too many sentences before anybody can answer",
    "VA045": "a sentence that is too long to listen to",
    "VA046": "a pack without dialogs",
    "VA060": "speech that is no answer, and leads where only a yes may lead",
    "VA061": "answers that all lead to the same, without one for everything else",
    "VA062": "a promise that comes again and again, to which nobody said yes",
    "VA063": "an answer that is called as a rule, without its brackets",
    "VA064": "a name that would be kept without a yes",
    "VA065": "a sound file that cannot be played",
    "VA051": "a speech model that cannot be used",
    "VA070": "text that a comment cuts off",
    "VA071": "a file that looks like a dialog and is not read",
    "VA072": "a sign in a phrase that nobody can say",
    "VA073": "a slot written as another program would write it",
    "VA074": "a line without anything to say",
    "VA075": "a quote that stands alone",
    "VA076": "a word that lacks its apostrophe",
    "VA077": "a part of the pack that is still in another language",
    "VA078": "a language that no recogniser here knows",
    "VA050": "an emergency number or a help line that cannot be used",
}
"""Every code there is; tests and documentation count on the numbers staying as they are."""


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake, or one doubtful thing."""

    place: Place
    code: str
    severity: str
    """"error" or "warning"."""
    message: str
    mend: str = ""

    def __str__(self) -> str:
        where = f"{self.place.file}:{self.place.line}:{self.place.column}"
        mend = f" — {self.mend}" if self.mend else ""
        return f"{where}: {self.severity} {self.code} {self.message}{mend}"

    def as_dict(self) -> dict[str, object]:
        """For editors."""
        return {**asdict(self.place), **{k: v for k, v in asdict(self).items() if k != "place"}}


def error(place: Place, code: str, message: str, mend: str = "") -> Problem:
    """Something that must be mended before the dialog can be used."""
    return Problem(place, code, "error", as_written(message), as_written(mend))


def warning(place: Place, code: str, message: str, mend: str = "") -> Problem:
    """Something that works, but perhaps not as meant."""
    return Problem(place, code, "warning", as_written(message), as_written(mend))
