"""Is what was heard to be taken up, and as which phrase?

Rules: pure. How sure it is that a phrase was said, and what follows from that, hearing has decided
already. Here its own voice is told from a person's: where an echo is possible, only what may
interrupt a line counts while it sounds, and only from somebody who is plainly not the assistant; a
stop that was heard very well needs no such proof.
"""

from dataclasses import dataclass

from voice_ally.core.events import Meaning
from voice_ally.core.speech import Decision, Utterance
from voice_ally.interpret.understanding import Match, Understanding
from voice_ally.runtime.own_voice import OwnVoice, plainly_another

STOP = Meaning("command", "stop")
WELL_HEARD = 0.95
"""Probability of a stop over a line from which no other proof is needed that a person said it."""


@dataclass(frozen=True)
class Decided:
    """What becomes of an utterance."""

    match: Match | None
    """The phrase it is taken for; None where it is ignored."""
    decision: Decision = Decision.IGNORE
    echo: bool = False
    """It may be the assistant's own voice."""
    over_own_line: bool = False
    """It began while a line sounded, and could be an echo of it."""


@dataclass
class Deciding:
    """What is armed just now, and what could be mistaken for a person."""

    may_echo: bool
    own_voice: OwnVoice
    understanding: Understanding | None = None
    interrupting: Understanding | None = None
    """Of what is heard while a line sounds."""

    def decide(self, utterance: Utterance) -> Decided:
        """What to take it for, and whether to ask first."""
        over_own_line = self.may_echo and self.own_voice.sounds_during(utterance)
        if self.may_echo and self.own_voice.explains(utterance):
            return Decided(None, echo=True, over_own_line=over_own_line)
        armed = self.interrupting if over_own_line else self.understanding
        decision = utterance.decision
        match = armed.match(utterance.text) if armed else None
        # nothing is asked in the middle of a line
        if match is None or not _may_be(decision, match, over_own_line=over_own_line):
            return Decided(None, over_own_line=over_own_line)
        if over_own_line and not (_is_sure_stop(match, utterance) or plainly_another(utterance)):
            return Decided(None, echo=True, over_own_line=True)
        return Decided(match, decision, over_own_line=over_own_line)


def _may_be(decision: Decision, match: Match, *, over_own_line: bool) -> bool:
    """Can that be done about it now? Only a start can be asked about, and not over a line."""
    if decision is Decision.CONFIRM:
        return match.phrase.meaning.kind == "trigger" and not over_own_line
    return decision is Decision.ACT


def _is_sure_stop(match: Match, utterance: Utterance) -> bool:
    """Is it a stop that was heard too well for an echo, also in a room nobody knows yet?"""
    well = utterance.confidence >= WELL_HEARD and not utterance.amid
    return well and match.phrase.meaning == STOP
