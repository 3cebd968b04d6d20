"""A second voice for another's part, beside the usual one.

Rules: opened when first needed. Where it is not set, cannot be opened or fails, the usual voice
speaks its lines, low: nobody is left without an answer.
"""

from collections.abc import Callable
from dataclasses import replace

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.sound import Sound
from voice_ally.speak.voices import RenderingVoice


class TwoVoices:
    """Renders each line with the voice whose part it is.

    open_second: gives the second voice, or raises VoiceProblem; None where there is none.
    """

    def __init__(
        self,
        first: RenderingVoice,
        open_second: Callable[[], RenderingVoice] | None,
        warn: Callable[[str], None],
    ) -> None:
        self._first, self._open, self._warn = first, open_second, warn
        self._second: RenderingVoice | None = None

    @property
    def name(self) -> str:
        """Of the first."""
        return self._first.name

    def warm_up(self) -> None:
        """The usual voice; the second is started by its first line."""
        self._first.warm_up()

    def render(self, text: str, style: Style) -> Sound:
        """The spoken line. Raises VoiceProblem when the usual voice fails, too."""
        if not style.second:
            return self._first.render(text, style)
        try:
            if self._second is None and self._open is not None:
                self._second = self._open()
            if self._second is not None:
                return self._second.render(text, replace(style, second=False))
        except VoiceProblem as problem:
            self._open = self._second = None
            self._warn(f"{problem} The usual voice speaks the second part.")
        return self._first.render(text, replace(style, second=False, low=True))

    def close(self) -> None:
        """Both; may be called twice."""
        self._first.close()
        if self._second is not None:
            self._second.close()
