#!/bin/sh
# Makes this checkout ready: system packages, an environment in .venv, the package in it.
#
# usage: tools/setup.sh [--plan] run|test        --plan says what would be done, and does nothing
#
# Rules: a second run finds everything done and takes no time. One line a stage, and one line for
# what a person has to do; a command's own noise is shown only when it failed. Root, sudo without
# a password and brew are used where they are at hand; a password is never asked for and no
# package is ever removed. Libraries come from the lock files, each with the hash of its file:
# what was tested is what is installed (tools/lock.sh writes them anew).
set -eu
unset CDPATH
cd "$(dirname "$0")/.."

run_packages='libportaudio2'
test_packages='libportaudio2 pulseaudio pulseaudio-utils libasound2-plugins espeak-ng flite strace chromium'

plan=
if [ "${1-}" = --plan ]; then
    plan=yes
    shift
fi
purpose=${1-}
case $purpose in
    run) system_packages=$run_packages lock=requirements.lock ;;
    test) system_packages=$test_packages lock=requirements-dev.lock ;;
    *)
        echo 'usage: tools/setup.sh [--plan] run|test' >&2
        exit 2
        ;;
esac

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

tell() { if [ "$plan" ]; then echo "$*"; else echo "$*" >&2; fi; }

give_up() {
    tell "$*"
    exit 2
}

# act LABEL COMMAND…: one stage. (set -e is off in what a command before || calls: chain with &&.)
act() {
    tell "$1 …"
    shift
    [ -z "$plan" ] || return 0
    "$@" >"$log" 2>&1 || {
        tail -n 15 "$log" >&2
        return 1
    }
}

has() { command -v "$1" >/dev/null 2>&1; }

# ── the environment ──────────────────────────────────────────────────────────────────────────

suits() {
    case $("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) in
        3.11 | 3.12 | 3.13) return 0 ;;
    esac
    return 1
}

find_python() {
    for candidate in "${PYTHON:-python3}" python3.13 python3.11 python3.12; do
        if suits "$candidate"; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

# Scripts in an environment hold its path, and its libraries belong to one Python.
made_for() {
    pwd
    .venv/bin/python -V
}

is_made() { [ -x .venv/bin/python ] && made_for 2>/dev/null | cmp -s - .venv/made-for; }

is_ready() { is_made && cat pyproject.toml "$lock" | cmp -s - ".venv/ready-$purpose"; }

make_environment() {
    "$1" -m venv --clear .venv &&
        made_for >.venv/made-for
}

pip_install() {
    .venv/bin/python -m pip install --disable-pip-version-check "$@"
}

install_package() {
    # the lock is whole but for tools/not-needed.in, so pip need not look for more
    pip_install --prefer-binary --no-deps --require-hashes --requirement "$lock" &&
        pip_install --no-deps --no-build-isolation --editable . &&
        cat pyproject.toml requirements.lock >.venv/ready-run &&
        cat pyproject.toml "$lock" >".venv/ready-$purpose"
}

# ── system packages ──────────────────────────────────────────────────────────────────────────

# as_root COMMAND…; with "true", asks whether that is possible
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# dpkg-query prints "install ok installed"
is_installed() {
    case $(dpkg-query -W -f='${Status}' "$1" 2>/dev/null) in
        *' installed') return 0 ;;
    esac
    return 1
}

missing_of() {
    missing=
    for package; do
        is_installed "$package" || missing="$missing $package"
    done
    echo "${missing# }"
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -o DPkg::Lock::Timeout=60 "$@"
}

# The package lists of a fresh machine are empty or stale: they are fetched when a first try fails.
apt_install() {
    apt_get install --no-install-recommends --no-remove "$@" || {
        apt_get update && apt_get install --no-install-recommends --no-remove "$@"
    }
}

# prepare_debian: sets $python; ends here when there is no way to have one
prepare_debian() {
    needed=
    if [ -z "$python" ]; then
        has python3 && give_up "$wrong_python Install one, for example: sudo apt-get install python3.11 python3.11-venv"
        python=python3
        needed='python3 python3-venv'
    elif ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        needed="$(basename "$python")-venv"
    fi
    # shellcheck disable=SC2086  # lists of names
    packages="$needed $(missing_of $system_packages)"
    packages=${packages# } packages=${packages% }
    [ "$packages" ] || return 0
    by_hand="sudo apt-get install $packages"
    if as_root true 2>/dev/null; then
        # shellcheck disable=SC2086
        act "Installing $packages" apt_install $packages && return 0
        by_hand="sudo apt-get update && $by_hand"
    fi
    [ -z "$needed" ] || give_up "Please install what is missing, then try again: $by_hand"
    tell "Without sound devices until you install: $by_hand"
}

prepare_other() {
    if [ -z "$python" ]; then
        has brew || give_up "$wrong_python Install one from https://www.python.org/downloads/, then try again."
        act 'Installing Python 3.13 (brew)' brew install python@3.13 ||
            give_up 'Please install Python, then try again: brew install python@3.13'
        python=$(brew --prefix)/bin/python3.13
    fi
    # macOS: PortAudio travels in the wheel
    [ "$(uname -s)" = Linux ] || return 0
    PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -q 'libportaudio\.so\.2' ||
        tell 'Without sound devices until you install PortAudio (the package is often called portaudio).'
}

# ── all of it ────────────────────────────────────────────────────────────────────────────────

if is_ready; then
    [ -z "$plan" ] || tell 'Everything is in place.'
else
    wrong_python='Voice Ally needs Python 3.11, 3.12 or 3.13.'
    python=$(find_python) || python=
    if has apt-get && has dpkg-query; then prepare_debian; else prepare_other; fi
    is_made || act "Making the environment (.venv) with $python" make_environment "$python" ||
        give_up 'Could not make the environment; the lines above say why.'
    act 'Installing Voice Ally and its libraries (a minute or two)' install_package ||
        give_up 'Could not install the libraries; the lines above say why. With the network back, try again.'
fi
