"""Whether a pack makes sense: everything doubtful about it, with places and mends.

Rules: pure; never raises, whatever the pack; every check runs, and all of their problems come
back sorted by place. What cannot be read at all has been reported by the reader before.
"""

from voice_ally.respond import model
from voice_ally.respond.check_consent import check_consent
from voice_ally.respond.check_flow import check_flow
from voice_ally.respond.check_lines import check_lines
from voice_ally.respond.check_links import SHARED, link_problems
from voice_ally.respond.check_phrasebook import Phrasebook
from voice_ally.respond.check_phrases import UnknownWords, check_phrases
from voice_ally.respond.problems import Problem, error
from voice_ally.respond.state import SAFETY

__all__ = ["UnknownWords", "check"]


def check(
    pack: model.Pack,
    unknown_words: UnknownWords | None = None,
    book: Phrasebook | None = None,
) -> tuple[Problem, ...]:
    """All problems of a pack that has been read, sorted by place.

    unknown_words: which of these words the recogniser does not know; left out, none is asked.
    book: the pack's phrases as ReadResult has them, to save compiling them again.
    """
    book = book or Phrasebook(pack)
    problems = [
        *_essentials(pack),
        *link_problems(pack, book),
        *check_flow(pack),
        *check_consent(pack),
        *check_phrases(pack, book, unknown_words),
        *check_lines(pack, book),
    ]
    return tuple(sorted(set(problems)))


def _essentials(pack: model.Pack) -> list[Problem]:
    problems: list[Problem] = []
    if not pack.dialogs:
        problems.append(error(SHARED, "VA046", "There is no dialog here.", "Add one."))
    if not pack.commands.get("stop"):
        mend = "Write one under commands: stop:."
        problems.append(error(SHARED, "VA040", "Nothing can be said to stop.", mend))
    safety = pack.dialogs.get(SAFETY)
    if safety is None or not safety.triggers:
        place = SHARED if safety is None else safety.place
        mend = "Keep safety.yaml and its triggers, as in the bundled pack."
        problems.append(error(place, "VA040", "The safety dialog cannot be reached.", mend))
    return problems
