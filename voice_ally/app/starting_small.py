"""One new dialog to begin with, explained line by line, and a conversation that tests it.

Rules: the name becomes a file's name, so it is letters, digits and underlines; nothing that is
there is ever overwritten; the test is written by running the dialog, so it holds what is said.
"""

import re
import unicodedata
from pathlib import Path

from voice_ally.core.errors import UsageProblem

DIALOG = """\
# A new dialog. Lines that begin with # are notes for you and are never said.
dialog: {name}                 # the name of this file without .yaml
title: {title}
for: either                    # one | two | either: how many people it is for
triggers:                      # what people say to start it; (a|b): either, [c]: if you like
  - "{phrase}"
  - "(start|begin|open) [the] {phrase}"
steps:                         # from top to bottom, unless something leads elsewhere
  begin:
    - say: "I'm here. Let's take a moment."
    - pause: 2s                # quiet
    - ask: "Would you like to breathe with me?"
      wait: 12s                # so long it waits for an answer
      answers:                 # what people may say: the step it leads to
        "<yes>": breathe       # <yes> stands for every way to say yes
        "<no>": close
      silence:                 # the 1st, the 2nd time that nobody answers
        - say: "Take your time. You can say yes, or no."
        - go: close
  breathe:
    - breathe: {{pattern: long exhale, for: 1 minute}}
  close:
    - say: "Thank you. I'm here whenever you need me."
"""
TALK = """\
# A test: lines behind > are typed, the rest is what it says.
# Again after a change: voice-ally try --pack {folder} --replay {file} --renew

> {phrase}
> yes
> ...
"""


def write_new(folder: Path, name: str, template: str = DIALOG) -> tuple[Path, Path]:
    """The dialog's file and its test's. Raises UsageProblem."""
    from voice_ally.app.rehearse import transcribe
    from voice_ally.core.whole_files import write_whole

    wanted = "_".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name).lower()))
    if not wanted:
        raise UsageProblem(f'"{name}" is no name for a dialog.', mend="Use letters: evening.")
    if wanted == "phrases":
        raise UsageProblem('"phrases" is what dialogs share.', mend="Take another name.")
    dialog, talk = folder / f"{wanted}.yaml", folder / f"{wanted}.talk.txt"
    for file in (dialog, talk):
        if file.exists():
            raise UsageProblem(f"{file} is there already.", mend="Take another name.")
    phrase = _free(wanted.replace("_", " "), folder)
    title = wanted.replace("_", " ").capitalize()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(dialog, template.format(name=wanted, title=title, phrase=phrase))
        write_whole(talk, TALK.format(phrase=phrase, folder=folder, file=talk))
    except OSError as error:
        raise UsageProblem(f"{folder} cannot be written to: {error.strerror}.") from error
    transcribe(folder, (talk,), renew=True, say=lambda _: None)
    return dialog, talk


def _free(phrase: str, folder: Path) -> str:
    """The phrase, or a longer one where it means something already."""
    from voice_ally.app import parts
    from voice_ally.core.actions import Phrase
    from voice_ally.core.events import Meaning
    from voice_ally.engine.armed import phrases_for
    from voice_ally.engine.state import State
    from voice_ally.language.pack_files import dialog_files

    own = folder if folder.is_dir() and dialog_files(folder) else None
    pack = parts.dialogs(own, parts.settings(), lambda _: None).dialogs.pack
    commands = [
        Phrase(template, Meaning("command", name))
        for name, templates in pack.commands.items()
        for template in templates
    ]
    taken = parts.understandings(pack).of([*commands, *phrases_for(pack, State())])
    others = (f"my {phrase}", f"my own {phrase}")
    return next((one for one in (phrase, *others) if taken.match(one) is None), others[-1])
