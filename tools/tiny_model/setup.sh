#!/bin/sh
# Installs what training the small model needs: synthesisers from Debian where that is possible
# without asking for a password, Python libraries into the environment of PYTHON.
#
# usage: tools/tiny_model/setup.sh PYTHON
set -eu
unset CDPATH

packages='flite festival festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts espeak-ng sox npm'

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

missing=
for package in $packages; do
    case $package in
        festvox-*) dpkg-query -W "$package" >/dev/null 2>&1 || missing="$missing $package" ;;
        *) command -v "$package" >/dev/null 2>&1 || missing="$missing $package" ;;
    esac
done
if [ "$missing" ]; then
    # shellcheck disable=SC2086  # a list of names
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -y install --no-install-recommends $missing ||
        echo "Voices will be missing until you install:$missing" >&2
fi
"$1" -m pip install --quiet --disable-pip-version-check --prefer-binary \
    -r "$(dirname "$0")/requirements.txt"
