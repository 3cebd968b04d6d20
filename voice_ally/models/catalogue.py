"""The speech models that can be fetched: what they are, how large, and their fingerprints.

Rules: data only. Every entry is pinned by SHA-256; the address may change (a mirror), the
content may not.
"""

import os
from dataclasses import dataclass

from voice_ally.core.did_you_mean import nearest
from voice_ally.core.errors import ModelProblem

DEFAULT_BASE_URL = "https://alphacephei.com/vosk/models/"
URL_VARIABLE = "VOICE_ALLY_MODELS_URL"


@dataclass(frozen=True)
class KnownModel:
    """A model that can be fetched."""

    name: str
    """Also the folder it is installed in."""
    size_bytes: int | None
    """Of the archive; None when it is not known for sure."""
    sha256: str
    """Of the archive, lower-case hexadecimal."""
    licence: str
    what: str
    """One line for a person choosing."""

    @property
    def url(self) -> str:
        """Where its archive is."""
        return self.url_at(base_url())

    def url_at(self, base: str) -> str:
        """Where its archive is on this server."""
        return f"{base.rstrip('/')}/{self.name}.zip"


SMALL_EN = KnownModel(
    name="vosk-model-small-en-us-0.15",
    size_bytes=41_205_931,
    sha256="30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498",
    licence="Apache-2.0",
    what="English, small: more accurate than the bundled one, about 300 MB of memory.",
)

CATALOGUE: tuple[KnownModel, ...] = (
    SMALL_EN,
    KnownModel(
        name="vosk-model-en-us-0.22-lgraph",
        size_bytes=None,
        sha256="d9838b4aaa82a75c4a17f5aca300eaca129aaab2a7cbf951bafbb500eb9c4334",
        licence="Apache-2.0",
        what="English, mid-size (about 128 MB to fetch): for a computer with memory to spare.",
    ),
)


def base_url() -> str:
    """The server asked: VOICE_ALLY_MODELS_URL, else the makers' own."""
    return os.environ.get(URL_VARIABLE) or DEFAULT_BASE_URL


def find(name: str) -> KnownModel:
    """The known model of this name; ModelProblem when there is none."""
    names = [model.name for model in CATALOGUE]
    for model in CATALOGUE:
        if model.name == name:
            return model
    raise ModelProblem(
        f'There is no model "{name}" to fetch.',
        mend=nearest(name, names) or f"There are: {', '.join(names)}.",
    )
