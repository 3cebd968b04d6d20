"""What else was probable when the recogniser decided.

Rules: weighs exactly as the recogniser does; what was weighed is given once and then forgotten.
"""

import math
from collections.abc import Sequence

from voice_ally.hear.engines.acceptance import MOST_LOG_ODDS, Evidence, Found, acceptance


class Weighed:
    """In the place of the recogniser's own Acceptance, which it asks."""

    def __init__(self) -> None:
        self._acceptance = acceptance()
        self._evidence: tuple[Evidence, ...] = ()
        self._chosen: Evidence | None = None

    def best(self, evidence: Sequence[Evidence]) -> Found | None:
        """See acceptance.Weigher."""
        found = self._acceptance.best(evidence)
        self._evidence = tuple(evidence)
        self._chosen = found.evidence if found else None
        return found

    def runner_up(self) -> tuple[str, float] | None:
        """The second likeliest meaning of what was weighed last, and how probable it was."""
        evidence, chosen = self._evidence, self._chosen
        self._evidence, self._chosen = (), None
        others = [one for one in evidence if one is not chosen]
        if not others:
            return None
        odds = {
            id(one): math.exp(min(self._acceptance.log_odds(one), MOST_LOG_ODDS))
            for one in evidence
        }
        second = max(others, key=lambda one: odds[id(one)])
        return second.text, odds[id(second)] / (1.0 + sum(odds.values()))
