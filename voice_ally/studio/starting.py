"""Files that come into being: a new dialog, a bundled one made one's own, how a word is said.

Rules: nothing that is there is overwritten; what stands in a file stays as it is written.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from voice_ally.app.copying import copy_dialog
from voice_ally.app.starting_small import DIALOG, write_new
from voice_ally.core.arpabet import PHONES
from voice_ally.core.errors import UsageProblem
from voice_ally.core.whole_files import write_whole
from voice_ally.language.pack_files import SHARED_FILE
from voice_ally.studio.store import Store

MOST_TITLE_LETTERS = 60


@dataclass(frozen=True)
class Template:
    """What a new dialog may begin as."""

    title: str
    text: str


_WORDS = """\
# A new dialog: somebody says what is on their mind, and is asked what would help.
dialog: {name}                 # the name of this file without .yaml
title: {title}
for: one                       # one | two | either: how many people it is for
triggers:                      # what people say to start it; (a|b): either, [c]: if you like
  - "{phrase}"
steps:
  begin:
    - say: "I'm here. Say whatever is on your mind."
    - hold: {{for: 2 minutes, until: ["[I'm] done", "that's (all|it)"]}}   # for your own words
    - ask: "Would you like to rest for a moment?"
      answers:
        "<yes>": rest
        "<no>": close
      silence:                 # when nobody answers
        - go: close
  rest:
    - pause: 20s
  close:
    - say: "Thank you. I'm here whenever you need me."
"""
_TURNS = """\
# A new dialog: two people take turns, for the same time each.
dialog: {name}                 # the name of this file without .yaml
title: {title}
for: two                       # it is asked first whether both want to
triggers:                      # what people say to start it; (a|b): either, [c]: if you like
  - "{phrase}"
steps:
  begin:
    - say: "Each of you speaks for a while, and the other listens."
    - say: "The first of you may begin."
    - turn: {{speaker: first, for: 1 minute, until: ["[I'm] done"]}}
    - say: "Thank you. Now the other."
    - turn: {{speaker: second, for: 1 minute, until: ["[I'm] done"]}}
    - ask: "Shall we breathe together before we end?"
      answers:
        "<yes>": breathe
        "<no>": close
      silence:
        - go: close
  breathe:
    - breathe: {{pattern: equal, for: 1 minute}}
  close:
    - say: "Thank you both."
"""
TEMPLATES = {
    "pause": Template("A short pause with breathing", DIALOG),
    "words": Template("Room for somebody's own words", _WORDS),
    "turns": Template("Two people take turns", _TURNS),
}


def make_new(store: Store, title: str, template: str) -> str:
    """A new dialog and a conversation that tests it; its name. Raises UsageProblem."""
    chosen = TEMPLATES.get(template or "pause")
    if chosen is None:
        raise UsageProblem("There is no such template.")
    if len(title) > MOST_TITLE_LETTERS:
        raise UsageProblem("This title is too long.")
    taken = store.files()
    if any(name.casefold() == _as_name(title) for name in taken):
        raise UsageProblem("A dialog of this name is there already: take another title.")
    dialog, _ = write_new(store.own, title, chosen.text)
    return dialog.stem


def _as_name(title: str) -> str:
    return "_".join(re.findall(r"[^\W_]+", title.lower()))


def make_own(store: Store, name: str) -> None:
    """Copy a bundled dialog beside the own ones. Raises UsageProblem."""
    file = store.file(name)
    if not store.is_own(file):
        copy_dialog(file, store.own)


def make_phrases(store: Store) -> str:
    """The own file of phrases, made where there is none; its name. Raises OSError."""
    name = Path(SHARED_FILE).stem
    if not store.is_own(store.file(name)):
        store.own.mkdir(parents=True, exist_ok=True)
        write_whole(store.own / SHARED_FILE, "# What your dialogs share.\n")
    return name


_HEADING = "pronunciations:"


def with_sounds_of(text: str, word: str, sounds: str) -> str:
    """The phrases with a line that says how a word is spoken; all else stays as it is written.

    Raises UsageProblem for sounds there are not, and for words that are none.
    """
    # how strongly a vowel is said, a digit in dictionaries, is of no use here
    phones = [one.rstrip("012") for one in sounds.upper().split()]
    if not phones or not set(phones) <= set(PHONES):
        raise UsageProblem(f"Sounds are written with: {' '.join(PHONES)}.")
    if not all(part.isalpha() for part in re.split(r"['’-]", word)):
        raise UsageProblem("This is no word.")
    entry = f'"{word}": "{" ".join(phones)}"'
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    heading = next((n for n, one in enumerate(lines) if one.startswith(_HEADING)), None)
    if heading is None:
        return "\n".join([*lines, _HEADING, f"  {entry}", ""])
    if lines[heading].removeprefix(_HEADING).strip()[:1] not in ("", "#"):
        raise UsageProblem(f'Put each word below "{_HEADING}" on a line of its own first.')
    end = heading + 1
    while end < len(lines) and (not lines[end].strip() or lines[end][0] in " \t#"):
        end += 1
    inside = [n for n in range(heading + 1, end) if lines[n].strip()[:1] not in ("", "#")]
    first = lines[inside[0]] if inside else "  "
    indent = first[: len(first) - len(first.lstrip())] or "  "
    known = [n for n in inside if lines[n].split(":")[0].strip(" \t\"'") == word]
    at, over = (known[0], 1) if known else (heading + 1, 0)
    return "\n".join([*lines[:at], f"{indent}{entry}", *lines[at + over :], ""])


def own_folder(named: Path | None, chosen: str, usual: Path, bundled: Path) -> Path:
    """The pack to be worked on: named, set, or the usual one, which need not be there yet.

    Raises UsageProblem for one that is a file.
    """
    folder = named or (Path(chosen).expanduser() if chosen else usual)
    if folder.exists() and not folder.is_dir():
        raise UsageProblem(
            f"{folder} is a file.", mend=f"Name the folder it is in: {folder.parent}"
        )
    return usual if folder.resolve() == bundled.resolve() else folder.absolute()
