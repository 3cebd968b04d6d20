"""One child process, and the thread that alone talks to it.

Rules: callers hand in what is to be said (a `Talk`) and wait at most as long as they please; only
the thread reads and writes the pipes, so a child that stands still (SIGSTOP, a swapping machine)
holds up nobody else. A child that has ended is always waited for: none stays behind as a zombie.
Killing works on a child that stands still too, and ends the talk under way.
"""

import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

import voice_ally

T = TypeVar("T")
Talk = Callable[[IO[bytes], IO[bytes]], T]
"""Writes to the first (the child's standard input), reads from the second (its output)."""
BEGIN = "voice_ally.supervised.begin_child"
END_SECONDS = 1.0
"""A killed process is gone after milliseconds, or hangs in the system itself."""
_BROKEN = (OSError, EOFError, ValueError, pickle.UnpicklingError)


class NoAnswer(Exception):
    """None in time. It may still come; nobody gets it then."""


class BrokenChild(Exception):
    """The child died or made no sense; another may do better."""


class DeadChild(BrokenChild):
    """Its process is gone, or what was read could not be: for whatever reason."""


@dataclass(frozen=True)
class _Job:
    talk: Talk[Any]
    answer: "Future[Any]"


class ChildProcess:
    """Runs a module of ours with these arguments. Raises OSError where it cannot be started.

    ended: called from a thread of its own when the process is gone.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str] = (),
        ended: Callable[["ChildProcess"], None] = lambda _child: None,
    ) -> None:
        root = str(Path(voice_ally.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        # -P: a file called wave.py in somebody's folder must not get in the way.
        # A process group of its own: Ctrl-C in the terminal is ours to handle, not the child's.
        # (In the same session: should we be killed, the system wakes and ends a child that was
        # stopped, which it does not for one in a session of its own.)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", BEGIN, module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            process_group=0,
        )
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._busy_since: float | None = None
        self._ended = ended
        self._is_broken = False
        self.is_late = False
        """Has somebody given up waiting for what it is at just now?"""
        self._talking = threading.Thread(target=self._talk, daemon=True, name=f"to {module}")
        self._talking.start()
        threading.Thread(target=self._wait, daemon=True, name=f"end of {module}").start()

    @property
    def process_id(self) -> int:
        """For tests and the curious."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Is its process there, however still it stands, and of use?"""
        return self._process.returncode is None and not self._is_broken

    @property
    def is_busy(self) -> bool:
        """Is it being talked to, or is somebody next in line?"""
        return self._busy_since is not None or not self._jobs.empty()

    @property
    def busy_seconds(self) -> float:
        """How long the talk under way has taken so far."""
        since = self._busy_since
        return 0.0 if since is None else time.monotonic() - since

    def submit(self, talk: Talk[T]) -> "Future[T]":
        """After what was submitted before. The future may hold BrokenChild."""
        answer: Future[T] = Future()
        self._jobs.put(_Job(talk, answer))
        if not self.is_alive:  # its thread may have gone meanwhile
            self._jobs.put(None)
            self._give_up_the_rest()
        return answer

    def ask(self, talk: Talk[T], seconds: float) -> T:
        """The answer. Raises NoAnswer when it takes longer, BrokenChild, or what `talk` raises."""
        return self.wait_for(self.submit(talk), seconds)

    def wait_for(self, answer: "Future[T]", seconds: float) -> T:
        """The same for what was submitted before."""
        try:
            return answer.result(timeout=seconds)
        except CancelledError:
            raise DeadChild("it was ended") from None
        except TimeoutError:
            # what has not begun yet never will
            if not answer.cancel():
                self.is_late = not answer.done()
            raise NoAnswer(f"no answer within {seconds:.1f} s") from None

    def _talk(self) -> None:
        requests, answers = self._process.stdin, self._process.stdout
        assert requests and answers
        while (job := self._jobs.get()) is not None:
            if not job.answer.set_running_or_notify_cancel():
                continue
            self._busy_since = time.monotonic()
            try:
                answer = job.talk(requests, answers)
            except _BROKEN as error:
                self._is_broken = True  # whatever it says next would answer another question
                self._process.kill()
                job.answer.set_exception(DeadChild(f"{type(error).__name__}: {error}"))
            except BaseException as error:
                job.answer.set_exception(error)
            else:
                job.answer.set_result(answer)
            finally:
                self._busy_since = None
                self.is_late = False
        self._give_up_the_rest()
        for stream in (requests, answers):
            with suppress(OSError):
                stream.close()

    def _give_up_the_rest(self) -> None:
        with suppress(queue.Empty):
            while True:
                job = self._jobs.get_nowait()
                if job is not None and job.answer.set_running_or_notify_cancel():
                    job.answer.set_exception(DeadChild("its process ended"))

    def _wait(self) -> None:
        self._process.wait()
        self._jobs.put(None)
        self._ended(self)

    def kill(self) -> None:
        """At once, in whatever state it is; does not wait. May be called twice."""
        self._process.kill()

    def end(self) -> None:
        """Kill it, and wait until it is gone (bounded)."""
        self.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)
        if self._talking is not threading.current_thread():
            self._talking.join(END_SECONDS)
