"""PocketSphinx in a process of its own, for sessions in real time.

Rules: while PocketSphinx decodes it never lets Python go on (0.1 s for each second of speech on
an idle machine, 0.3 s on a busy one), and the loudspeaker's callback would stand still meanwhile:
the voice stutters, and its echo comes later after each time than before. A child that dies is
replaced and asked again. It is fed through pipes and writes nothing to disk.

No answer in time: propose() and fit_of() wait for at most answer_seconds(sound) and then raise
NoAnswer; while the child is known to be late they raise it at once (and `answers` is False). That
says nothing about the sound. Whoever asks has to decide without PocketSphinx then, so that a
"stop" is obeyed however long the child stands still. use(), begin(), feed() and foresee() never
wait.
"""

import importlib.util
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import IO, Any

from voice_ally.core.audio import Pcm16, samples_in, to_seconds
from voice_ally.core.errors import RecogniserProblem
from voice_ally.core.speech import Grammar, Hypothesis
from voice_ally.hear.engines.acceptance import Fit
from voice_ally.hear.engines.pocketsphinx_child import (
    FIT,
    FORGET,
    LEARN,
    PROPOSE,
    UNKNOWN,
    receive,
    remember,
    send,
)
from voice_ally.hear.engines.pocketsphinx_engine import (
    SHORTEST_BYTES,
    PocketSphinxRecogniser,
    Proposal,
)
from voice_ally.supervised.child_process import BrokenChild, ChildProcess, NoAnswer, Talk
from voice_ally.supervised.worker import Answer, Worker

__all__ = ["NoAnswer", "PocketSphinxApart", "answer_seconds"]

MODULE = "voice_ally.hear.engines.pocketsphinx_child"
AT_LEAST_SECONDS = 0.6
"""For a sound as short as "stop": with what Vosk needs it is obeyed within a second."""
SHARE = 0.5
"""Of what is longer: one busy core takes 0.3 of it, a small machine about as much when idle."""
SHORT_SECONDS = 1.5
SETTING_UP_SECONDS = 30.0
"""Words are looked up before anybody speaks: then there is time."""


def answer_seconds(sound: Pcm16) -> float:
    """How long PocketSphinx is waited for, for this sound."""
    longer = to_seconds(samples_in(sound)) - SHORT_SECONDS
    return AT_LEAST_SECONDS + SHARE * max(0.0, longer)


class PocketSphinxApart:
    """The same as PocketSphinxRecogniser. Raises RecogniserProblem where that is missing.

    patience: how long it is waited for, in seconds for a sound; see above for what comes then.
    """

    name = PocketSphinxRecogniser.name

    def __init__(
        self,
        pronunciations: Mapping[str, str] | None = None,
        patience: Callable[[Pcm16], float] = answer_seconds,
    ) -> None:
        if importlib.util.find_spec("pocketsphinx") is None:
            raise RecogniserProblem("The recogniser PocketSphinx is not installed.")
        # plain str: the child need not know the kind of text that knows where it was written
        self._pronunciations = {str(w): str(one) for w, one in (pronunciations or {}).items()}
        self._patience = patience
        self._wanted: Grammar | None = None
        self._grammar: Grammar | None = None
        self._known: OrderedDict[str, Grammar] = OrderedDict()
        """What the child has; only touched where it is talked to, and in the same order."""
        self._sound = bytearray()
        self._ahead: tuple[tuple[str, Pcm16], Answer[Any]] | None = None
        """Phrases and sound that the child was asked about ahead of time, and its answer."""
        try:
            self._worker = Worker(MODULE, self._renewed)
        except OSError as error:
            raise RecogniserProblem(f"PocketSphinx cannot be started ({error}).") from error

    def _renewed(self, child: ChildProcess) -> None:
        wanted = self._wanted

        def begin(requests: IO[bytes], _answers: IO[bytes]) -> None:
            self._known.clear()
            send(requests, self._pronunciations)
            if wanted is not None:
                self._teach(requests, wanted)

        child.submit(begin)

    @property
    def process_id(self) -> int:
        """For tests and the curious."""
        return self._worker.process_id

    @property
    def answers(self) -> bool:
        """False while it is known that asking would only raise NoAnswer."""
        return self._worker.answers

    def use(self, grammar: Grammar) -> None:
        """Only these phrases, from the next begin() on. The child makes ready at once."""
        self._wanted = grammar
        self._worker.tell(lambda requests, _: self._teach(requests, grammar))

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        """Words whose pronunciation is a guess."""
        found: frozenset[str] = self._ask(
            self._question(UNKNOWN, grammar, Pcm16(b"")), SETTING_UP_SECONDS
        )
        return found

    def begin(self) -> None:
        """A new utterance."""
        self._sound.clear()
        self._ahead = None
        if self._wanted is not None and self._wanted.words:
            self._grammar = self._wanted

    def feed(self, pcm16: Pcm16) -> None:
        """More sound."""
        self._sound += pcm16

    def peek(self) -> Hypothesis:
        """What fits all of it best, however badly: decodes all of it."""
        sound = Pcm16(bytes(self._sound))
        found = self.propose(sound, self._grammar) if self._grammar else None
        return found.believed() if found else Hypothesis()

    def finish(self) -> Hypothesis:
        """The utterance is over."""
        return self.peek()

    def forget(self) -> None:
        """Neither its sound nor its words are kept, here or by the child."""
        self._sound.clear()
        self._ahead = None
        self._worker.tell(lambda requests, _: send(requests, (FORGET, "")))

    def prepare(self, grammar: Grammar) -> None:
        """The child makes ready for these phrases as well."""
        self._worker.tell(lambda requests, _: self._teach(requests, grammar))

    def foresee(self, sound: Pcm16, grammar: Grammar) -> None:
        """It will probably be asked the same: the child begins now, and nobody waits. While it is
        still busy it is spared; the answer is the same, only later."""
        if not grammar.words or len(sound) < SHORTEST_BYTES or self._worker.is_busy:
            return
        question = self._question(PROPOSE, grammar, sound)
        self._ahead = (grammar.key, sound), self._worker.tell(question)

    def propose(self, sound: Pcm16, grammar: Grammar) -> Proposal | None:
        """Which of the phrases fits this sound best, for somebody else to judge; None if none
        does. Raises NoAnswer."""
        if not grammar.words or len(sound) < SHORTEST_BYTES:
            return None
        seconds = self._patience(sound)
        if self._ahead is not None and self._ahead[0] == (grammar.key, sound):
            try:
                good, answer = self._ahead[1].wait(seconds)
            except BrokenChild:
                self._ahead = None
            else:
                ahead: Proposal | None = self._checked(good, answer)
                return ahead
        found: Proposal | None = self._ask(self._question(PROPOSE, grammar, sound), seconds)
        return found

    def fit_of(self, text: str, sound: Pcm16) -> Fit | None:
        """How well this phrase fits this sound; None if it does not at all. Raises NoAnswer."""
        if self._grammar is None or len(sound) < SHORTEST_BYTES:
            return None
        question = self._question(FIT, self._grammar, sound, text)
        found: Fit | None = self._ask(question, self._patience(sound))
        return found

    def _teach(self, requests: IO[bytes], grammar: Grammar) -> None:
        if grammar.key not in self._known and grammar.words:
            remember(self._known, grammar)
            send(requests, (LEARN, grammar))

    def _question(self, wish: str, grammar: Grammar, sound: Pcm16, text: str = "") -> Talk[Any]:
        def talk(requests: IO[bytes], answers: IO[bytes]) -> Any:  # noqa: ANN401 - went it well, what
            self._teach(requests, grammar)
            send(requests, (wish, grammar.key, sound, text))
            return receive(answers)

        return talk

    def _ask(self, question: Talk[Any], seconds: float) -> Any:  # noqa: ANN401 - what was asked for
        try:
            return self._checked(*self._worker.ask(question, seconds))
        except BrokenChild as error:
            raise RecogniserProblem(
                f"PocketSphinx does not answer ({error}).", mend="Run: voice-ally doctor"
            ) from error

    @staticmethod
    def _checked(good: bool, answer: Any) -> Any:  # noqa: ANN401 - what was asked for
        if not good:
            raise RecogniserProblem(f"PocketSphinx broke ({answer}).")
        return answer

    def close(self) -> None:
        """End the child; may be called twice."""
        self._sound.clear()
        self._ahead = None
        self._worker.close()
