"""Is what was heard to be taken up, and as which phrase?

Rules: pure. Where an echo is possible, only what may interrupt a line counts while it sounds, and
only from somebody who is plainly not the assistant; a stop that was heard very well needs no such
proof. In doubt a stop is obeyed, what would begin something is asked about, all else is nothing.
So it is while nothing is running with what was barely said: most of it was said to somebody else.
"""

from dataclasses import dataclass

from voice_ally.core.actions import Phrase
from voice_ally.core.events import Meaning
from voice_ally.core.speech import Utterance
from voice_ally.interpret.understanding import Match, Understanding
from voice_ally.respond.armed import OBEYED_IN_DOUBT
from voice_ally.respond.state import SAFETY
from voice_ally.runtime.own_voice import OwnVoice, plainly_another

STOP = Meaning("command", "stop")
WELL_HEARD = 0.85
"""Confidence of a stop over a line that needs no other proof. Of its own voice, in rooms not yet
known, the best was 0.80."""


@dataclass(frozen=True)
class Taken:
    """What became of an utterance."""

    match: Match | None
    """The phrase it is taken for."""
    echo: bool = False
    """It may be the assistant's own voice."""
    over_own_line: bool = False
    """It began while a line sounded, and could be an echo of it."""
    ask_first: bool = False
    """It was not said so surely that something may begin by it."""


@dataclass
class Believing:
    """What is armed just now, and what could be mistaken for a person."""

    may_echo: bool
    own_voice: OwnVoice
    understanding: Understanding | None = None
    interrupting: Understanding | None = None
    """Of what is heard while a line sounds."""

    def take(self, event: Utterance, *, idle: bool) -> Taken:
        """What to take it for. idle: nothing is running that could be stopped."""
        over_own_line = self.may_echo and self.own_voice.sounds_during(event)
        if self.may_echo and self.own_voice.explains(event):
            return Taken(None, echo=True, over_own_line=over_own_line)
        armed = self.interrupting if over_own_line else self.understanding
        match = armed.match(event.text) if armed else None
        if match is None:
            return Taken(None, over_own_line=over_own_line)
        if event.doubtful and not _may_be_doubtful(match.phrase, over_own_line, idle=idle):
            return Taken(None, over_own_line=over_own_line)
        if event.barely and idle and match.phrase.meaning.kind != "trigger":
            return Taken(None)
        if over_own_line and not (_is_sure_stop(match, event) or plainly_another(event)):
            return Taken(None, echo=True, over_own_line=True)
        return Taken(match, over_own_line=over_own_line, ask_first=_is_to_be_asked(match, event))


def _may_be_doubtful(phrase: Phrase, over_own_line: bool, *, idle: bool) -> bool:
    """Whoever probably said "stop" is obeyed; what would begin something is asked about."""
    kind, name = phrase.meaning.kind, phrase.meaning.name
    if kind == "command":
        return name in OBEYED_IN_DOUBT and not idle
    return kind == "trigger" and not over_own_line and (name == SAFETY or idle)


def _is_to_be_asked(match: Match, event: Utterance) -> bool:
    """Is it not sure enough to begin something? Safety begins also where it was barely said."""
    return event.doubtful or (event.barely and match.phrase.meaning.name != SAFETY)


def _is_sure_stop(match: Match, event: Utterance) -> bool:
    """Is it a stop that was heard too well for an echo, also in a room nobody knows yet?"""
    well = event.confidence >= WELL_HEARD and not (event.amid or event.doubtful)
    return well and match.phrase.meaning == STOP
