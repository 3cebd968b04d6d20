"""A voice whose synthesiser lives in child processes.

Rules: a child that dies is replaced and what it was saying is rendered again, until it is said;
one that hangs or forgets gets a second chance in a new process. A child that ends while idle is
replaced at once, so that the next line need not wait for it.
"""

import threading
from collections import OrderedDict

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.sound import Sound
from voice_ally.speak.child import BrokenChild, Child, DeadChild, Head, LateChild
from voice_ally.speak.shaping import plain, shaped, unmarked

DEATHS = 40
"""A piece that so many children died over is given up: it is the piece that kills them."""
ATTEMPTS = 2
CHILDREN = 3
"""Children kept, one a manner (about 15 MB each); the one not used for longest goes."""

Manner = tuple[object, ...]


class ChildVoice:
    """Renders lines in children that run `module`."""

    module = ""
    at_commas = True
    """Whether each clause is rendered alone: for synthesisers that rush over commas."""
    attempts = ATTEMPTS
    deaths = DEATHS
    start_seconds: float | None = None
    """How long a line waits for a child that has only begun; None: as long as for a line."""

    def __init__(self, name: str, language: str, render_seconds: float) -> None:
        self.name = name
        self._language = language
        self._render_seconds = render_seconds
        self._children: OrderedDict[Manner, Child] = OrderedDict()
        self._proven: set[Child] = set()
        self._lock = threading.Lock()
        self._closed = False

    def _manner(self, style: Style) -> Manner:
        """What of a style needs a child of its own."""
        return ()

    def _how(self, style: Style) -> Head:
        """What a child for this style has to be told at its start."""
        raise NotImplementedError

    def _request(self, text: str, style: Style) -> Head:
        """What it is told for each piece."""
        return {"text": unmarked(text)}

    def warm_up(self) -> None:
        """Start the usual child ahead of the first line; does not wait for it."""
        self._child(Style())

    def render(self, text: str, style: Style) -> Sound:
        """The spoken line. Raises VoiceProblem when no child can speak it."""
        if not plain(text):
            self._check_open()
            return Sound(b"")
        return shaped(
            text,
            style,
            lambda piece: self._piece(piece, style),
            language=self._language,
            at_commas=self.at_commas,
        )

    def _piece(self, text: str, style: Style) -> tuple[int, bytes]:
        failures: list[BrokenChild] = []
        attempts, empty = 0, 0
        while attempts < self.attempts and len(failures) < self.deaths:
            child = self._child(style)
            try:
                request = self._request(text, style)
                rate_hz, pcm16 = child.render(request, self._render_seconds, self.start_seconds)
            except LateChild as late:
                raise VoiceProblem(f"The voice {self.name} is still starting.") from late
            except BrokenChild as broken:
                failures.append(broken)
                # dead is not its fault; hanging, or an answer that is an error, may be ours
                attempts += not isinstance(broken, DeadChild)
                self._drop(child)
            except VoiceProblem:
                self._drop(child)
                raise
            else:
                self._proven.add(child)
                if any(pcm16) or empty:
                    return rate_hz, pcm16
                # pyttsx3 now and then forgets a line; what has no sound stays silent twice
                empty += 1
        raise VoiceProblem(
            f"The voice could not speak a line ({failures[-1]}).", mend="Run: voice-ally doctor"
        ) from failures[-1]

    def _check_open(self) -> None:
        if self._closed:
            raise VoiceProblem("The voice has been closed.")

    def _child(self, style: Style) -> Child:
        manner, surplus = self._manner(style), []
        with self._lock:
            self._check_open()
            if manner not in self._children:
                try:
                    self._children[manner] = Child(self.module, self._how(style), self._ended)
                except OSError as error:
                    raise VoiceProblem(f"The voice cannot be started ({error}).") from error
            self._children.move_to_end(manner)
            child = self._children[manner]
            while len(self._children) > CHILDREN:
                surplus.append(self._children.popitem(last=False)[1])
        for one in surplus:
            one.end()
        return child

    def _ended(self, child: Child) -> None:
        """From the thread that waits for it. A child that had spoken has earned a successor."""
        with self._lock:
            proven = child in self._proven
            self._proven.discard(child)
            known = any(one is child for one in self._children.values())
        if known:
            self._drop(child)
        if known and proven and not self._closed:
            try:
                self.warm_up()
            except VoiceProblem:
                return

    def _drop(self, child: Child) -> None:
        with self._lock:
            for manner, one in list(self._children.items()):
                if one is child:
                    del self._children[manner]
        child.end()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The children alive, the one used last at the end."""
        with self._lock:
            return tuple(child.process_id for child in self._children.values())

    def close(self) -> None:
        """End all children, also one that is rendering; may be called twice."""
        with self._lock:
            self._closed = True
            children = list(self._children.values())
            self._children.clear()
            self._proven.clear()
        for child in children:
            child.end()
