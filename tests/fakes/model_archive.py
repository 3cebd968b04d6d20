"""A model that is small enough to be sent around."""

import hashlib
import io
import zipfile

from voice_ally.models.catalogue import KnownModel

NAME = "vosk-model-test"

MODEL_FILES = {
    "am/final.mdl": b"acoustic" * 500,
    "conf/mfcc.conf": b"--num-ceps=40\n",
    "conf/model.conf": b"--beam=14\n",
    "graph/HCLr.fst": bytes(range(256)) * 40,
    "graph/Gr.fst": b"grammar" * 300,
    "graph/phones/word_boundary.int": b"1 nonword\n",
}


def zipped(files: dict[str, bytes], top: str = f"{NAME}/") -> bytes:
    """An archive as the makers of Vosk pack theirs: one folder, and the model in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(top + name, content)
    return buffer.getvalue()


def known(archive: bytes, *, size_known: bool = True) -> KnownModel:
    """The catalogue's entry for this archive."""
    return KnownModel(
        name=NAME,
        size_bytes=len(archive) if size_known else None,
        sha256=hashlib.sha256(archive).hexdigest(),
        licence="Apache-2.0",
        what="For tests.",
    )
