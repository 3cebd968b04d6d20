"""What `make run` and `make test` decide on machines of many kinds."""

import shutil

import pytest

from tests.setup.machine import Machine

MAKE_ENVIRONMENT = "Making the environment (.venv) with python3 …"
PIP_INSTALL = "python3 -m pip install --disable-pip-version-check"
INSTALL = "Installing Voice Ally and its libraries (a minute or two) …"


def a_debian_that_lacks_nothing(machine: Machine) -> None:
    machine.debian(installed=["libportaudio2"])
    machine.python("python3", "3.11")


def test_a_fresh_debian_as_root_gets_everything(machine: Machine) -> None:
    machine.debian()
    machine.user(0)
    machine.python("python3", "3.11", has_venv=False)
    assert machine.plan("run") == [
        "Installing python3-venv libportaudio2 …",
        MAKE_ENVIRONMENT,
        INSTALL,
    ]


def test_a_plan_changes_nothing(machine: Machine) -> None:
    machine.debian()
    machine.user(0)
    machine.python("python3", "3.11")
    machine.plan("run")
    assert machine.calls == []
    assert not (machine.checkout / ".venv").exists()


def test_debian_without_any_python_gets_one(machine: Machine) -> None:
    machine.debian(installed=["libportaudio2"])
    machine.user(0)
    assert machine.plan("run")[:2] == ["Installing python3 python3-venv …", MAKE_ENVIRONMENT]


def test_neither_root_nor_sudo_and_no_venv_says_what_to_install(machine: Machine) -> None:
    machine.debian()
    machine.python("python3", "3.11", has_venv=False)
    result = machine.set_up("run")
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        "Please install what is missing, then try again: "
        "sudo apt-get install python3-venv libportaudio2"
    ]
    assert machine.calls == []


def test_without_sound_devices_it_goes_on_after_one_line(machine: Machine) -> None:
    machine.debian()
    machine.python("python3", "3.11")
    result = machine.set_up("run")
    assert result.returncode == 0
    assert result.stderr.splitlines() == [
        "Without sound devices until you install: sudo apt-get install libportaudio2",
        MAKE_ENVIRONMENT,
        INSTALL,
    ]


def test_sudo_without_a_password_is_used(machine: Machine) -> None:
    machine.debian()
    machine.sudo(asks_password=False)
    machine.python("python3", "3.11")
    assert machine.set_up("run").returncode == 0
    sudo, apt, *_ = machine.calls
    assert sudo.startswith("sudo -n env DEBIAN_FRONTEND=noninteractive apt-get")
    assert apt.endswith("install --no-install-recommends --no-remove libportaudio2")


def test_sudo_with_a_password_is_left_alone(machine: Machine) -> None:
    machine.debian()
    machine.sudo(asks_password=True)
    machine.python("python3", "3.11")
    assert machine.plan("run")[0].startswith("Without sound devices until you install: sudo")


def test_empty_package_lists_are_fetched_and_the_packages_tried_again(machine: Machine) -> None:
    machine.debian()
    machine.user(0)
    machine.flag("stale-lists", on=True)
    machine.python("python3", "3.11")
    assert machine.set_up("run").returncode == 0
    apt = [call for call in machine.calls if call.startswith("apt-get")]
    assert [line.split()[4] for line in apt] == ["install", "update", "install"]


@pytest.mark.parametrize("version", ["2.7", "3.10", "3.14"])
def test_debian_with_another_python_says_so_in_one_line(machine: Machine, version: str) -> None:
    machine.debian(installed=["libportaudio2"])
    machine.user(0)
    machine.python("python3", version)
    result = machine.set_up("run")
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("Voice Ally needs Python 3.11, 3.12 or 3.13.")
    assert machine.calls == []


def test_a_second_python_that_suits_is_found(machine: Machine) -> None:
    machine.debian(installed=["libportaudio2"])
    machine.user(0)
    machine.python("python3", "3.14")
    machine.python("python3.13", "3.13", has_venv=False)
    assert machine.plan("run")[:2] == [
        "Installing python3.13-venv …",
        "Making the environment (.venv) with python3.13 …",
    ]


def test_a_mac_gets_python_from_brew_and_nothing_else(machine: Machine) -> None:
    machine.mac(brew=True)
    machine.python("python3", "3.9")
    brewed = machine.home / "brewed/bin/python3.13"
    assert machine.plan("run") == [
        "Installing Python 3.13 (brew) …",
        f"Making the environment (.venv) with {brewed} …",
        INSTALL,
    ]


def test_a_mac_without_brew_says_where_python_is(machine: Machine) -> None:
    machine.mac(brew=False)
    machine.python("python3", "3.9")
    (line,) = machine.plan("run")
    assert "python.org" in line


@pytest.mark.parametrize(
    ("libraries", "hint"), [("libportaudio.so.2 => somewhere", False), ("libc.so.6", True)]
)
def test_another_linux_is_told_about_portaudio(
    machine: Machine, libraries: str, hint: bool
) -> None:
    machine.fedora(libraries=libraries)
    machine.python("python3", "3.13")
    told = any("PortAudio" in line for line in machine.plan("run"))
    assert told is hint


def test_a_second_run_calls_nothing(machine: Machine) -> None:
    a_debian_that_lacks_nothing(machine)
    assert machine.set_up("run").returncode == 0
    assert machine.calls == [
        "python3 -m venv --clear .venv",
        f"{PIP_INSTALL} --prefer-binary --no-deps --require-hashes --requirement requirements.lock",
        f"{PIP_INSTALL} --no-deps --no-build-isolation --editable .",
    ]
    result = machine.set_up("run")
    assert (result.stdout, result.stderr, result.returncode) == ("", "", 0)
    assert machine.calls == []
    assert machine.plan("run") == ["Everything is in place."]


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.lock"])
def test_changed_requirements_are_installed_into_the_same_environment(
    machine: Machine, name: str
) -> None:
    a_debian_that_lacks_nothing(machine)
    machine.set_up("run")
    with (machine.checkout / name).open("a") as requirements:
        requirements.write("# one more\n")
    assert machine.plan("run") == [INSTALL]


def test_a_moved_checkout_gets_a_new_environment(machine: Machine) -> None:
    a_debian_that_lacks_nothing(machine)
    machine.set_up("run")
    machine.checkout = machine.checkout.rename(machine.checkout.with_name("else where"))
    assert machine.plan("run")[0] == MAKE_ENVIRONMENT


def test_without_network_the_last_noise_and_one_line_and_the_next_run_tries_again(
    machine: Machine,
) -> None:
    a_debian_that_lacks_nothing(machine)
    machine.flag("offline", on=True)
    result = machine.set_up("run")
    assert result.returncode == 2
    assert result.stderr.splitlines()[2:] == [
        "much noise of pip",
        "Could not install the libraries; the lines above say why. "
        "With the network back, try again.",
    ]
    machine.flag("offline", on=False)
    assert machine.set_up("run").returncode == 0


def test_tests_need_virtual_sound_devices_and_no_larger_model(machine: Machine) -> None:
    a_debian_that_lacks_nothing(machine)
    machine.user(0)
    assert machine.plan("test") == [
        "Installing pulseaudio pulseaudio-utils libasound2-plugins espeak-ng flite strace"
        " chromium …",
        MAKE_ENVIRONMENT,
        INSTALL,
    ]


def test_what_was_made_for_tests_is_enough_for_running(machine: Machine) -> None:
    a_debian_that_lacks_nothing(machine)
    machine.user(0)
    machine.set_up("test")
    assert machine.calls[-2].endswith("--require-hashes --requirement requirements-dev.lock")
    assert machine.plan("run") == ["Everything is in place."]


def test_a_wrong_word_is_answered_with_the_usage(machine: Machine) -> None:
    result = machine.set_up("dance")
    assert result.returncode == 2
    assert result.stderr == "usage: tools/setup.sh [--plan] run|test\n"


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
class TestMake:
    def test_alone_it_says_what_it_can_do(self, machine: Machine) -> None:
        result = machine.make()
        assert "make run" in result.stdout
        assert machine.calls == []

    def test_run_passes_the_arguments_on(self, machine: Machine) -> None:
        a_debian_that_lacks_nothing(machine)
        assert machine.make("run", "ARGS=--typed --pace fast").returncode == 0
        assert machine.calls[-1] == "voice-ally run --typed --pace fast"

    def test_run_ends_quietly_when_interrupted(self, machine: Machine) -> None:
        a_debian_that_lacks_nothing(machine)
        machine.set_up("run")
        machine.program(exit_code=130)
        shutil.copy(machine.home / "voice-ally", machine.checkout / ".venv/bin/voice-ally")
        result = machine.make("run")
        assert (result.stderr, result.returncode) == ("", 0)

    def test_run_fails_when_the_program_fails(self, machine: Machine) -> None:
        a_debian_that_lacks_nothing(machine)
        machine.set_up("run")
        machine.program(exit_code=2)
        shutil.copy(machine.home / "voice-ally", machine.checkout / ".venv/bin/voice-ally")
        assert machine.make("run").returncode != 0
