"""Spoken lines kept on disk, so that the next start need not render them again.

Rules: holds only what its owner says may be kept (the dialogs' own lines, never a word that was
heard); files are named by a fingerprint, written whole or not at all, and bounded together: those
not used for longest go. It is only a cache: whatever goes wrong with it is as if it were empty.
"""

import contextlib
import hashlib
import io
import os
import tempfile
from pathlib import Path

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16

FORMAT = 1
"""To be raised when the same words would be rendered differently."""
KEPT_BYTES = 40_000_000
"""About an hour of speech."""
SUFFIX = ".flac"


class LineStore:
    """Sound by key in one folder."""

    def __init__(self, folder: Path, kept_bytes: int = KEPT_BYTES) -> None:
        self._folder, self._kept_bytes = folder, kept_bytes
        self._bytes: int | None = None

    def get(self, key: str) -> Pcm16 | None:
        """The sound kept under this key."""
        import soundfile

        path = self._path(key)
        try:
            samples, rate_hz = soundfile.read(io.BytesIO(path.read_bytes()), dtype="int16")
            os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, RuntimeError):
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        return Pcm16(samples.tobytes()) if rate_hz == SAMPLE_RATE_HZ else None

    def put(self, key: str, pcm16: Pcm16) -> None:
        """Keep this sound."""
        import numpy
        import soundfile

        if not pcm16:
            return
        packed = io.BytesIO()
        soundfile.write(packed, numpy.frombuffer(pcm16, "<i2"), SAMPLE_RATE_HZ, format="FLAC")
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(packed.getvalue())
                Path(name).replace(self._path(key))
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            self._bound(len(packed.getvalue()))

    def _path(self, key: str) -> Path:
        fingerprint = hashlib.sha256(f"{FORMAT}\n{key}".encode(errors="replace")).hexdigest()
        return self._folder / f"{fingerprint[:40]}{SUFFIX}"

    def _bound(self, added: int) -> None:
        if self._bytes is not None:
            self._bytes += added
        if self._bytes is None or self._bytes > self._kept_bytes:
            kept = sorted(
                (file.stat().st_mtime, file.stat().st_size, file)
                for file in self._folder.glob(f"*{SUFFIX}")
            )
            total = sum(size for _, size, _ in kept)
            if total <= self._kept_bytes:
                kept = []
            for _, size, file in kept:
                # somewhat below the bound, so that this is not done at every line
                if total <= self._kept_bytes * 0.9:
                    break
                file.unlink(missing_ok=True)
                total -= size
            self._bytes = total
