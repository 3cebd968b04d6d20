"""The first lines of every child process of ours: `python -m …begin_child MODULE [ARGUMENT …]`.

Rules: before the module runs, what it will hold in memory is made to stay there.
"""

import runpy
import sys

from voice_ally.core.own_memory import keep_to_itself

if __name__ == "__main__":
    keep_to_itself()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
