"""Text that knows where it was written, so that later checks can point there."""

from voice_ally.language.place import NOWHERE, Place


class Written(str):
    """Text with the place it was written at."""

    place: Place = NOWHERE

    @classmethod
    def at(cls, text: str, place: Place) -> "Written":
        """The text, written there."""
        written = cls(text)
        written.place = place
        return written


def place_of(text: str, otherwise: Place) -> Place:
    """Where a text was written, as far as that is known."""
    return text.place if isinstance(text, Written) else otherwise
