#!/bin/sh
# Builds the wheel and uses it as a stranger would: in an environment of its own, from a folder
# of its own, so that dialogs and models must have travelled inside.
#
# usage: tools/check-wheel.sh PYTHON
set -eu
unset CDPATH
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$1" -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$scratch" .
"$1" -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip install --quiet --disable-pip-version-check --prefer-binary \
    "$scratch"/voice_ally-*.whl

# a newcomer has no settings, no fetched models and no reminders
mkdir "$scratch/home"
export HOME="$scratch/home"
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME
cd "$HOME"
ally="$scratch/env/bin/voice-ally"

"$ally" --help >help.txt
grep -q 'doctor' help.txt
"$ally" check
echo 'goodbye' | "$ally" try >tried.txt
[ -s tried.txt ]
echo 'the wheel works on its own'
