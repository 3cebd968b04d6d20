#!/bin/bash
# Walks the way of a newcomer on a bare Debian, as Raspberry Pi OS is one: a user who may become
# root without a password, and none of what Voice Ally needs. Prints what that person sees.
#
# usage: tools/bare-debian.sh [run|demo|test] [FOLDER]      as root; debootstrap must be installed
#   run   a terminal and no microphone: "calming pause" is typed, then "stop" (the default)
#   demo  no terminal either
#   test  make test
#
# Rules: everything happens below FOLDER (a new one unless named; kept when named). This machine's
# name servers, certificates and proxies are lent to it, nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
what=${1:-run}
folder=${2:-$(mktemp -d)}
root=$folder/root
suite=${SUITE:-bookworm} # SUITE=trixie has Python 3.13
chroot=$(command -v chroot)

finish() {
    umount --lazy "$root/proc" "$root/dev/pts" "$root/dev" 2>/dev/null || :
    [ "${kept-}" ] || rm -rf --one-file-system "$root"
}
[ $# -lt 2 ] || kept=yes
trap finish EXIT

lend() {
    for file in /etc/resolv.conf /etc/hosts /etc/pip.conf; do
        [ ! -e "$file" ] || cp -L "$file" "$root$file"
    done
    mkdir -p "$root/etc/ssl/certs"
    [ ! -e /etc/ssl/certs/ca-certificates.crt ] ||
        cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
}

if [ ! -e "$root/etc/debian_version" ]; then
    mkdir -p "$root"
    debootstrap --variant=minbase "$suite" "$root" >"$folder/debootstrap.log"
fi
lend
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /dev/pts "$root/dev/pts"
# what every Raspberry Pi OS has
chroot "$root" bash -c 'apt-get update && apt-get install --yes --no-install-recommends sudo ca-certificates' \
    >"$folder/apt.log" 2>&1
chroot "$root" id pi >/dev/null 2>&1 || {
    chroot "$root" useradd --create-home --shell /bin/bash pi
    echo 'pi ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/pi"
}
rm -rf "$root/srv/voice-ally.git" "$root/home/pi/voice-ally"
git clone -q --bare . "$root/srv/voice-ally.git"
chroot "$root" chown -R pi: /srv/voice-ally.git

mapfile -t lent < <(env | grep -iE '^(pip_cert|ssl_cert_file|requests_ca_bundle|https?_proxy|no_proxy)=' || :)
as_pi() {
    env -i "${lent[@]}" HOME=/home/pi USER=pi LANG=C.UTF-8 TERM=dumb \
        PATH=/usr/local/bin:/usr/bin:/bin "$chroot" --userspec=pi:pi "$root" "$@"
}
typed() {
    echo "pi@raspberrypi:$1 \$ $2"
    as_pi bash -c "cd $1 && $3"
}

typed '~' 'sudo apt-get install --yes git make' \
    '(sudo apt-get update && sudo apt-get install --yes git make) >/tmp/apt.log 2>&1; tail -n 1 /tmp/apt.log'
lend # the package ca-certificates has written its own
typed '~' 'git clone <address of this repository> voice-ally' \
    'git clone -q /srv/voice-ally.git voice-ally'
echo 'pi@raspberrypi:~ $ cd voice-ally'

case $what in
    run)
        # what is typed waits until it is asked for
        keys=$folder/keys
        rm -f "$keys"
        mkfifo "$keys"
        log=$folder/session.log
        : >"$log"
        {
            exec 3>"$keys"
            for _ in $(seq 600); do
                ! grep -q 'Type instead' "$log" || break
                sleep 1
            done
            sleep 2 && echo 'calming pause' >&3
            sleep 25 && echo 'stop' >&3
            sleep 2 && printf '\004' >&3
            sleep 1
        } &
        typed '~/voice-ally' 'make run' 'script --quiet --return --command "make run" /dev/null' <"$keys" | tee "$log"
        ;;
    demo) typed '~/voice-ally' 'make run' 'make run </dev/null' 2>&1 ;;
    test) typed '~/voice-ally' 'make test' 'VOICE_ALLY_REQUIRE_SOUND=1 make test </dev/null' 2>&1 ;;
esac
