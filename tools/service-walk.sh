#!/bin/bash
# Walks the life of the service on a bare Debian with its own systemd, as a Raspberry Pi has it:
# installed, spoken to, killed, started with the machine, removed. Prints what that person sees.
#
# usage: tools/bare-debian.sh demo FOLDER && tools/service-walk.sh FOLDER     as root;
#        debootstrap and systemd-container must be installed
#
# Rules: everything happens below FOLDER, in a container that shares no user, process or service
# with this machine. The microphone and the loudspeaker are PulseAudio's pretended ones.
set -euo pipefail
root=$1/root

inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"; }
inside apt-get install --yes --no-install-recommends \
    systemd-sysv dbus-user-session libpam-systemd polkitd procps \
    pulseaudio pulseaudio-utils libasound2-plugins >"$1/apt-service.log" 2>&1

cat >"$root/home/pi/walk.sh" <<'END'
#!/bin/bash
# usage: walk.sh BOOT; runs as the user pi, after the machine has started
export XDG_RUNTIME_DIR=/run/user/$(id -u)
export DBUS_SESSION_BUS_ADDRESS=unix:path=$XDG_RUNTIME_DIR/bus
export PATH=$PATH:$HOME/voice-ally/.venv/bin
exec >>"$HOME/walk.log" 2>&1

typed() {
    echo "pi@raspberrypi:~ \$ $*"
    "$@"
}
part() { echo && echo "# $*"; }
pretend_devices() {
    for name in loud room; do pactl load-module module-null-sink "sink_name=$name"; done
    pactl load-module module-remap-source source_name=mic master=room.monitor
    pactl set-default-sink loud
    pactl set-default-source mic
} >/dev/null
say() {
    echo "# somebody says: $1"
    (cd voice-ally && .venv/bin/python - "$1" ~/said.wav) <<'PYTHON'
import sys, wave
from voice_ally.core.actions import Style
from voice_ally.speak.voices import open_voice
voice = open_voice("", "en")
with wave.open(sys.argv[2], "wb") as file:
    file.setparams((1, 2, 16000, 0, "NONE", ""))
    file.writeframes(bytes(8000) + voice.render(sys.argv[1] + ".", Style()) + bytes(16000))
voice.close()
PYTHON
    paplay --device=room ~/said.wav
}
main_process() { systemctl --user show --property MainPID --value voice-ally; }

cd || exit
if [ "$1" = 1 ]; then
    systemctl --version | head -n 1
    systemctl --user start pulseaudio
    pretend_devices
    typed voice-ally service status
    typed voice-ally service install --boot
    sleep 5
    typed voice-ally service status
    typed voice-ally run
    part 'what it may do'
    typed grep -E 'NoNewPrivs|^Seccomp:' "/proc/$(main_process)/status"
    typed sudo nsenter --net --target "$(main_process)" cat /proc/net/dev
    typed sudo nsenter --mount --target "$(main_process)" touch /home/pi/written /etc/written
    part 'it hears'
    say 'calming pause' && sleep 5
    say stop && sleep 2
    part 'killed'
    typed kill -KILL "$(main_process)"
    sleep 8
    typed voice-ally service status
    typed voice-ally service logs
    part 'the machine is turned off and on again'
else
    sleep 5
    pretend_devices
    sleep 5
    typed voice-ally service status
    say 'calming pause' && sleep 3
    say stop && sleep 2
    typed tail -n 4 .local/state/voice-ally/logs/voice-ally.log
    typed voice-ally service stop
    typed voice-ally service status
    typed voice-ally service remove
    typed voice-ally service status
fi
END
chmod 755 "$root/home/pi/walk.sh"
cat >"$root/etc/systemd/system/walk.service" <<'END'
[Unit]
After=multi-user.target

[Service]
Type=oneshot
User=pi
Environment=LANG=C.UTF-8 TERM=dumb
ExecStart=/bin/bash -c 'echo x >>$$HOME/boots; exec $$HOME/walk.sh $(wc -l <$$HOME/boots)'
ExecStopPost=+/usr/bin/systemctl poweroff --force
TimeoutStartSec=120
END
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -sf ../walk.service "$root/etc/systemd/system/multi-user.target.wants/walk.service"
# the container's root is this folder; what was mounted for another walk would be in its way
! mountpoint --quiet "$root/dev" || umount "$root/dev"
rm -rf "$root"/home/pi/{walk.log,boots,.config/systemd,.config/pulse,.local/state} "$root/var/lib/systemd/linger"
inside chown pi: /home/pi/walk.sh

for boot in 1 2; do
    # walk.service waits for the user's own systemd: at first nothing else would start it
    [ $boot = 2 ] || mkdir -p "$root/etc/systemd/system/walk.service.d"
    [ $boot = 2 ] || printf '[Unit]\nWants=user@1000.service\nAfter=user@1000.service\n' \
        >"$root/etc/systemd/system/walk.service.d/first.conf"
    [ $boot = 1 ] || rm -r "$root/etc/systemd/system/walk.service.d"
    systemd-nspawn --quiet --directory="$root" --boot --register=no --keep-unit \
        </dev/null >"$1/boot-$boot.log" 2>&1
done
cat "$root/home/pi/walk.log"
