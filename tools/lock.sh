#!/bin/sh
# Writes the locks anew: every library, of every supported system and Python, with the hashes of
# its files. tools/setup.sh installs from them and from nothing else.
#
# usage: tools/lock.sh [--upgrade]        without it, only what pyproject.toml changed
set -eu
unset CDPATH
cd "$(dirname "$0")/.."

.venv/bin/python -m pip install -q --disable-pip-version-check uv
# lock FILE OPTION…
lock() {
    file=$1
    shift
    .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
        --no-annotate --no-emit-index-url --no-emit-find-links \
        --overrides tools/not-needed.in \
        --custom-compile-command tools/lock.sh --output-file "$file" "$@" \
        pyproject.toml tools/build-requirements.in
    # What only a Mac needs says from which kernel on. pip on Debian 13 reads such a condition on
    # every system, and ends with a traceback over a kernel named 6.12.1-amd64.
    .venv/bin/python - "$file" <<'END'
import re, sys
from pathlib import Path

lock = Path(sys.argv[1])
text = re.sub(r"(?m)^\S.*platform_release < .*\n(?: .*\n)*", "", lock.read_text())
lock.write_text(re.sub(r"platform_release >= '[\d.]+' and ", "", text))
END
}
lock requirements.lock "$@"
lock requirements-dev.lock --constraints requirements.lock --extra dev "$@"
