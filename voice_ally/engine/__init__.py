"""The dialog engine: an event in, the next state and what to do out.

Rules: no clock, no threads, no sound, no files. Knows the dialog language, never the checker.
"""

from voice_ally.engine.machine import Result, begin, start, step, use

__all__ = ["Result", "begin", "start", "step", "use"]
