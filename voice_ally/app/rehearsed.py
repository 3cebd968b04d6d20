"""What was heard of phrases that were rehearsed before, kept in the cache.

Rules: a cache that cannot be read or written only costs time; no sound is kept.
"""

import hashlib
import json
from typing import TYPE_CHECKING

from voice_ally import __version__
from voice_ally.core.regular_files import read_regular
from voice_ally.core.whole_files import write_whole

if TYPE_CHECKING:
    from voice_ally.language.model import Pack

CACHE_FILE = "rehearsed.json"
MOST_CACHE_BYTES = 20_000_000


class Rehearsed:
    """What was heard before, by a hash of everything it depends on."""

    def __init__(self) -> None:
        from voice_ally.settings.places import user_cache_folder

        self._file = user_cache_folder() / CACHE_FILE
        self._known: dict[str, str] = {}
        try:
            found = json.loads(read_regular(self._file, MOST_CACHE_BYTES))
        except (OSError, ValueError, RecursionError):
            return  # the first time, or a file that was cut short: listen again
        if isinstance(found, dict):
            self._known = {str(key): str(value) for key, value in found.items()}

    @staticmethod
    def key(phrase: str, at: str, voice: tuple[str, float], noisy: bool, pack: "Pack") -> str:
        """Anything that could change what is heard: the phrase, the voice, and the pack."""
        what = pack.once("rehearsed as", lambda: hashlib.sha256(_heard_by(pack)).hexdigest())
        text = json.dumps([__version__, what, phrase, at, *voice, noisy])
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def get(self, key: str) -> str | None:
        """What was understood; "" nothing; None: not known."""
        return self._known.get(key)

    def set(self, key: str, intent: str) -> None:
        """Keep it."""
        self._known[key] = intent

    def write(self) -> None:
        """A cache that cannot be written only costs time."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, json.dumps(self._known))
        except OSError:
            return


def _heard_by(pack: "Pack") -> bytes:
    from voice_ally.language.spoken import spoken_templates

    lists = sorted((name, repr(one.values), repr(one.numbers)) for name, one in pack.lists.items())
    parts_of_it = (spoken_templates(pack), sorted(pack.rules.items()), lists)
    return repr((parts_of_it, sorted(pack.pronunciations.items()))).encode()
