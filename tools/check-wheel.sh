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

"$1" -m pip wheel -qq --disable-pip-version-check --no-deps --wheel-dir "$scratch" .
"$1" -m venv "$scratch/env"
"$scratch/env/bin/python" -m pip install -qq --disable-pip-version-check --prefer-binary \
    "$scratch"/voice_ally-*.whl

# a newcomer has no settings, no fetched models and no reminders
mkdir "$scratch/home"
export HOME="$scratch/home"
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME
unset VOICE_ALLY_CONFIG VOICE_ALLY_DATA VOICE_ALLY_STATE VOICE_ALLY_CACHE
cd "$HOME"
ally="$scratch/env/bin/voice-ally"

# prints WORDS ARGUMENT…: the command succeeds, and its output holds these words
prints() {
    words=$1
    shift
    { "$ally" "$@" >printed.txt && grep -qi -- "$words" printed.txt; } || {
        echo "voice-ally $* should succeed and print \"$words\"; it printed:" >&2
        cat printed.txt >&2
        exit 1
    }
}

prints 'usage: voice-ally' --help
prints '^0 errors' check
prints '^installed *en-tiny' models list
prints 'en-tiny: whole' models verify
printf 'calming pause\nyes\nstop\n' >typed.txt
prints 'breath' try <typed.txt
echo 'The wheel works on its own.'
