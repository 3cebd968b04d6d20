"""PocketSphinx in a process of its own, for sessions in real time.

Rules: while PocketSphinx decodes it never lets Python go on (0.1 s for each second of speech on
an idle machine, 0.3 s on a busy one), and the loudspeaker's callback would stand still meanwhile:
the voice stutters, and its echo comes later after each time than before. A child that dies is
replaced and asked again. It is fed through pipes and writes nothing to disk.
"""

import importlib.util
import os
import pickle
import select
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import voice_ally
from voice_ally.core.audio import Pcm16
from voice_ally.core.errors import RecogniserProblem
from voice_ally.core.speech import Grammar, Hypothesis
from voice_ally.hear.engines.pocketsphinx_child import (
    FIT,
    LEARN,
    PROPOSE,
    UNKNOWN,
    remember,
    send,
)
from voice_ally.hear.engines.pocketsphinx_engine import (
    SHORTEST_BYTES,
    PocketSphinxRecogniser,
    Proposal,
)
from voice_ally.hear.engines.rejection import ALONE, Fit

MODULE = "voice_ally.hear.engines.pocketsphinx_child"
ANSWER_SECONDS = 30.0
"""A child that takes longer over one utterance hangs."""
ATTEMPTS = 2


class PocketSphinxApart:
    """The same as PocketSphinxRecogniser. Raises RecogniserProblem where that is missing."""

    name = PocketSphinxRecogniser.name

    def __init__(
        self,
        pronunciations: Mapping[str, str] | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        if importlib.util.find_spec("pocketsphinx") is None:
            raise RecogniserProblem("The recogniser PocketSphinx is not installed.")
        # plain str: the child need not know the kind of text that knows where it was written
        self._pronunciations = {str(w): str(one) for w, one in (pronunciations or {}).items()}
        self._answer_seconds = answer_seconds
        self._wanted: Grammar | None = None
        self._grammar: Grammar | None = None
        self._known: OrderedDict[str, Grammar] = OrderedDict()
        self._sound = bytearray()
        self._ahead: tuple[str, Pcm16] | None = None
        """Phrases and sound that the child was asked about and nobody has waited for yet."""
        self._foreseen: tuple[tuple[str, Pcm16], Any] | None = None
        """The last of these, with its answer."""
        self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        self._known.clear()
        self._ahead = None
        root = str(Path(voice_ally.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            # Ctrl-C in the terminal is ours to handle
            start_new_session=True,
        )
        assert process.stdin
        with suppress(OSError):
            send(process.stdin, self._pronunciations)
        return process

    @property
    def process_id(self) -> int:
        """For tests and the curious."""
        return self._process.pid

    def use(self, grammar: Grammar) -> None:
        """Only these phrases, from the next begin() on. The child makes ready at once."""
        self._wanted = grammar
        with suppress(OSError, ValueError):
            self._teach(grammar)

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        """Words whose pronunciation is a guess."""
        found: frozenset[str] = self._ask(UNKNOWN, grammar, Pcm16(b""))
        return found

    def begin(self) -> None:
        """A new utterance."""
        self._sound.clear()
        self._foreseen = None
        if self._wanted is not None and self._wanted.words:
            self._grammar = self._wanted

    def feed(self, pcm16: Pcm16) -> None:
        """More sound."""
        self._sound += pcm16

    def peek(self) -> Hypothesis:
        """What it would be if it ended here: decodes all of it."""
        found = self.propose()
        return found.judged(ALONE.verdict(found.fit)) if found else Hypothesis()

    def finish(self) -> Hypothesis:
        """The utterance is over."""
        found = self.peek()
        self._sound.clear()
        return found

    def foresee(self, sound: Pcm16) -> None:
        """It will probably be asked what fits this sound best: the child begins now, and nobody
        waits. While it is still busy with such a request it is spared another; the answer is the
        same, only later."""
        if self._grammar is None or len(sound) < SHORTEST_BYTES:
            return
        # a child that is no more is noticed where an answer is waited for
        with suppress(OSError, ValueError, EOFError, pickle.UnpicklingError):
            if self._ahead is not None and not self._has_answered():
                return
            self._take_ahead()
            self._teach(self._grammar)
            assert self._process.stdin
            send(self._process.stdin, (PROPOSE, self._grammar.key, sound, ""))
            self._ahead = (self._grammar.key, sound)

    def propose(self, sound: Pcm16 | None = None) -> Proposal | None:
        """What fits the sound so far, or this sound, best, for somebody else to judge; None if
        nothing does."""
        sound = Pcm16(bytes(self._sound)) if sound is None else sound
        if self._grammar is None or len(sound) < SHORTEST_BYTES:
            return None
        found: Proposal | None = self._ask(PROPOSE, self._grammar, sound)
        return found

    def fit_of(self, text: str) -> Fit | None:
        """How well this phrase fits, if it ended here; None if it does not at all."""
        if self._grammar is None or len(self._sound) < SHORTEST_BYTES:
            return None
        found: Fit | None = self._ask(FIT, self._grammar, Pcm16(bytes(self._sound)), text)
        return found

    def _teach(self, grammar: Grammar) -> None:
        if grammar.key not in self._known and grammar.words:
            remember(self._known, grammar)
            assert self._process.stdin
            send(self._process.stdin, (LEARN, grammar))

    def _ask(self, wish: str, grammar: Grammar, sound: Pcm16, text: str = "") -> Any:  # noqa: ANN401
        broken: Exception | None = None
        for _ in range(ATTEMPTS):
            watchdog = threading.Timer(self._answer_seconds, self._process.kill)
            watchdog.daemon = True
            watchdog.start()
            try:
                self._take_ahead()
                if wish == PROPOSE and self._foreseen and self._foreseen[0] == (grammar.key, sound):
                    good, answer = self._foreseen[1]
                else:
                    self._teach(grammar)
                    assert self._process.stdin
                    send(self._process.stdin, (wish, grammar.key, sound, text))
                    good, answer = self._answer()
            except (OSError, ValueError, EOFError, pickle.UnpicklingError) as error:
                broken = error
                self._end()
                self._process = self._started()
                continue
            finally:
                watchdog.cancel()
            if not good:
                raise RecogniserProblem(f"PocketSphinx broke ({answer}).")
            return answer
        raise RecogniserProblem(
            f"PocketSphinx does not answer ({type(broken).__name__}).",
            mend="Run: voice-ally doctor",
        ) from broken

    def _take_ahead(self) -> None:
        if self._ahead is not None:
            self._foreseen = (self._ahead, self._answer())
            self._ahead = None

    def _has_answered(self) -> bool:
        """Can it be told that it has? Of pipes Windows cannot tell: OSError."""
        assert self._process.stdout
        return bool(select.select([self._process.stdout], [], [], 0)[0])

    def _answer(self) -> Any:  # noqa: ANN401 - whether it went well, and what was asked for
        assert self._process.stdout
        return pickle.load(self._process.stdout)

    def close(self) -> None:
        """End the child; may be called twice."""
        self._sound.clear()
        self._ahead = self._foreseen = None
        self._end()

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            with suppress(OSError):
                stream.close()
