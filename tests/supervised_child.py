"""A child for tests: echoes lines; some words make it sleep, die, or tell of its own memory."""

import ctypes
import resource
import sys
import time

_PR_GET_DUMPABLE = 3

for request in sys.stdin.buffer:
    answer, word = request, request.strip()
    if word == b"die":
        sys.exit(3)
    if word == b"sleep":
        time.sleep(60)
    if word == b"memory":
        dumpable = ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0)
        answer = f"{dumpable} {resource.getrlimit(resource.RLIMIT_CORE)}\n".encode()
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
