"""Words nobody foresaw: invented and rare names in a pack, said by voices that nothing was trained
on: `python -m benchmarks.invented_names`.

Rules: no name is in PocketSphinx's dictionary or the bundled model's; how it is said comes from
espeak-ng's rules alone. Three listeners: each engine by itself, and both; each hears "call NAME"
among all names. Understood is what would be acted on, as itself.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks import synthetic
from benchmarks.listening import Hear, ours_with
from benchmarks.recordings import in_room
from voice_ally.app import parts
from voice_ally.core.ports import Recogniser
from voice_ally.core.speech import Decision, Grammar
from voice_ally.engine.armed import phrases_for
from voice_ally.engine.state import State
from voice_ally.hear.engines.pocketsphinx_engine import PocketSphinxRecogniser
from voice_ally.settings.settings import Settings

NAMES = (
    "zorblefax", "quillantha", "brimtooth", "vondrelle", "meskaliko", "tarnivex", "olumbra",
    "drishnara", "felquist", "yargothan", "plimsora", "kestromel", "wubbington", "snarvik",
    "eloquara", "thrennody", "jaxomere", "ubalindo", "crintova", "habberly", "niskaroon",
    "povladine", "gwendifer", "lortanix", "shumbatu", "ermentrude", "aoibheann", "szymborska",
    "ngugi", "xochitl",
)  # fmt: skip
PACK = """dialog: {name}
title: {name}
for: one
triggers: ["call {name}"]
start: only
steps:
  only:
    - say: "Calling."
    - end: true
"""


def listeners(folder: Path) -> tuple[Grammar, dict[str, Hear]]:
    """The phrases of a pack that holds the names, and who listens for them."""
    for name in NAMES:
        (folder / f"{name}.yaml").write_text(PACK.format(name=name), encoding="utf-8")
    pack = parts.dialogs(folder, Settings(), print).dialogs.pack
    grammar = parts.understandings(pack).of(phrases_for(pack, State())).grammar
    engines: dict[str, Recogniser] = {
        "pocketsphinx": parts.make_recogniser("pocketsphinx", Settings(), pack),
        "vosk": parts.make_recogniser("vosk", Settings(), pack),
        "both": parts.make_recogniser("", Settings(), pack),
    }
    unknown = PocketSphinxRecogniser().unknown_words(grammar)
    print(f"{len(unknown.intersection(NAMES))} of {len(NAMES)} names are in no dictionary")
    return grammar, {name: ours_with(engine)(grammar) for name, engine in engines.items()}


def main() -> None:
    """Say each name, in each voice, and count."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.invented_names")
    arguments.add_argument("--snr", type=float, help="in kitchen noise so far below, in dB")
    arguments.add_argument("--every", type=int, default=1, help="only every n-th name")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _, hear = listeners(Path(folder))
        right = dict.fromkeys(hear, 0)
        asked = dict.fromkeys(hear, 0)
        said = 0
        for name in NAMES[:: chosen.every]:
            text = f"call {name}"
            for voice, samples in synthetic.measuring(text):
                pcm16 = in_room(samples, f"{voice}: {text}", chosen.snr)
                said += 1
                for listener, ear in hear.items():
                    heard = [one for one in ear(pcm16).heard if one.text]
                    texts = [one.text for one in heard if one.decision is Decision.ACT]
                    right[listener] += texts == [text]
                    asked[listener] += texts == [] and [one.text for one in heard] == [text]
    for listener, count in right.items():
        print(f"{listener:14} understood {count / said:.3f}, asked {asked[listener] / said:.3f}")
    print(f"of {said}")


if __name__ == "__main__":
    main()
