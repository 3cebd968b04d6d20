"""Installing the service: the system's tools are stood in for by programs that note their calls."""

import getpass
import os
import plistlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_on_file import call
from voice_ally.app import service, service_tools
from voice_ally.app.service import Launchd, ServiceProblem, Systemd
from voice_ally.app.service_files import launchd_agent, systemd_unit
from voice_ally.core.errors import UsageProblem
from voice_ally.core.plain_text import unprintable_in
from voice_ally.settings.places import logs_folder, user_cache_folder, user_state_folder

TOOLS = ("systemctl", "systemd-run", "loginctl", "journalctl", "launchctl")
Calls = Callable[[], list[str]]


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Calls:
    """The system's tools, and what they were asked, a line each."""
    tools, noted = tmp_path / "tools", tmp_path / "noted"
    tools.mkdir()
    for name in TOOLS:
        program = tools / name
        program.write_text(
            f'#!/bin/sh\necho "{name} $*" >>"{noted}"\n'
            f'[ -f "{tools}/{name}.says" ] && cat "{tools}/{name}.says"\n'
            f'[ ! -f "{tools}/{name}.fails" ]\n'
        )
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tools), prepend=os.pathsep)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return lambda: noted.read_text().splitlines() if noted.exists() else []


def says(tmp_path: Path, tool: str, text: str) -> None:
    (tmp_path / "tools" / f"{tool}.says").write_text(text)


def fails(tmp_path: Path, tool: str) -> None:
    (tmp_path / "tools" / f"{tool}.fails").touch()


def test_installed_it_is_written_started_and_kept(calls: Calls, tmp_path: Path) -> None:
    says(tmp_path, "systemctl", "systemd 255 (255.4)\n")
    result = call("service", "install", "--boot")
    unit = tmp_path / "config" / "systemd" / "user" / "voice-ally.service"
    text = unit.read_text()
    assert f'ReadWritePaths="{user_state_folder()}"' in text
    assert f'Environment="VOICE_ALLY_STATE={user_state_folder()}"' in text
    assert '"voice_ally" "run" "--wait"' in text
    for line in (
        "NoNewPrivileges=yes", "ProtectSystem=strict", "IPAddressDeny=any",
        "RestrictAddressFamilies=AF_UNIX", "PrivateNetwork=yes", "StandardOutput=null",
        "Restart=on-failure", "RestartSteps=5",
    ):  # fmt: skip
        assert line in text.splitlines()
    assert [line for line in calls() if "--version" not in line][1:] == [
        "systemctl --user daemon-reload",
        "systemctl --user enable --now voice-ally.service",
        f"loginctl enable-linger {getpass.getuser()}",
    ]
    assert "It starts when the machine starts" in result.output


def test_the_folders_of_this_shell_are_those_of_the_service(
    calls: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.delenv(f"VOICE_ALLY_{one}", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "st"))
    monkeypatch.setenv("VOICE_ALLY_DATA", "relative")
    monkeypatch.chdir(tmp_path)
    text = Systemd().text()
    for variable, folder in {
        "CONFIG": tmp_path / "config" / "voice-ally",
        "STATE": tmp_path / "st" / "voice-ally",
        "DATA": tmp_path / "relative",
        "CACHE": user_cache_folder(),
    }.items():
        assert f'Environment="VOICE_ALLY_{variable}={folder}"' in text
    assert f'ReadWritePaths="{tmp_path / "st" / "voice-ally"}"' in text
    assert "LimitCORE=0" in text


@pytest.mark.parametrize("before", [b"", b"[Unit]\n# an earlier one\n"])
def test_an_installation_that_fails_leaves_nothing_behind(
    calls: Calls, tmp_path: Path, before: bytes
) -> None:
    path = Systemd().path
    if before:
        path.parent.mkdir(parents=True)
        path.write_bytes(before)
    fails(tmp_path, "systemctl")
    said: list[str] = []
    with pytest.raises(ServiceProblem):
        Systemd().install(said.append, at_boot=False)
    assert said == []
    if before:
        assert path.read_bytes() == before
    else:
        assert not (tmp_path / "config").exists()
    fails(tmp_path, "launchctl")
    with pytest.raises(ServiceProblem):
        Launchd().install(said.append, at_boot=False)
    assert not Launchd().path.exists()


@pytest.mark.parametrize("folder", ["a\nExecStartPre=/bin/evil", "a\x85b", "a\tb", "a\x1b[2Jb"])
def test_a_line_break_in_a_value_is_refused(folder: str) -> None:
    where: dict[str, Any] = {"environment": {"VOICE_ALLY_STATE": folder}}
    with pytest.raises(UsageProblem, match="a line break or the like") as caught:
        systemd_unit(["x"], writable=[], systemd_version=0, **where)
    assert unprintable_in(str(caught.value)) == ""
    with pytest.raises(UsageProblem):
        launchd_agent(["x"], errors=Path("/e"), **where)


def test_a_dollar_is_doubled_only_where_variables_are_put_in() -> None:
    text = systemd_unit(
        ["/opt/$x/python", "$HOME"],
        writable=[Path("/st/$y")],
        environment={"VOICE_ALLY_STATE": "/st/$y 50%"},
        systemd_version=0,
    )
    assert 'ExecStart="/opt/$x/python" "$$HOME"' in text
    assert 'Environment="VOICE_ALLY_STATE=/st/$y 50%%"' in text
    assert 'ReadWritePaths="/st/$y"' in text


def test_where_it_may_not_start_with_the_machine_it_says_what_would_help(
    calls: Calls, tmp_path: Path
) -> None:
    fails(tmp_path, "loginctl")
    result = call("service", "install", "--boot")
    assert calls()[-1].startswith("loginctl enable-linger ")
    assert isinstance(result.exception, ServiceProblem)
    assert "whenever you log in" in result.exception.message
    assert result.exception.mend == f"Run: sudo loginctl enable-linger {getpass.getuser()}"


def test_where_private_namespaces_are_forbidden_it_does_without_and_says_so(
    calls: Calls, tmp_path: Path
) -> None:
    fails(tmp_path, "systemd-run")
    result = call("service", "install", "--login")
    text = Systemd().path.read_text()
    assert "PrivateUsers" not in text
    assert "RestrictAddressFamilies=AF_UNIX" in text
    assert "RestartSteps" not in text, "an older systemd does not know it"
    assert "does without it" in result.output
    assert "when you log in" in result.output
    assert not any("linger" in line for line in calls())


def test_a_refusal_is_passed_on_in_one_sentence(calls: Calls, tmp_path: Path) -> None:
    fails(tmp_path, "systemctl")
    says(tmp_path, "systemctl", "Failed to connect to bus\n")
    with pytest.raises(ServiceProblem, match="daemon-reload failed: Failed to connect to bus"):
        Systemd().install(print, at_boot=None)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "systemd").touch()
    with pytest.raises(ServiceProblem, match="cannot be written"):
        Systemd().install(print, at_boot=None)


def test_its_state_its_log_and_its_end(calls: Calls, tmp_path: Path) -> None:
    assert call("service", "status").output == "not installed\n"
    assert call("service", "remove").output == "It is not installed.\n"
    call("service", "install", "--login")
    says(tmp_path, "systemctl", "active\n")
    assert call("service", "status").output == "active, active\n"
    call("service", "stop")
    call("service", "restart")
    assert calls()[-2:] == [
        "systemctl --user stop voice-ally.service",
        "systemctl --user restart voice-ally.service",
    ]
    assert call("service", "logs").output == "Nothing has happened yet.\n"
    logs_folder().mkdir()
    (logs_folder() / "voice-ally.log").write_text("begin\n")
    says(tmp_path, "journalctl", "voice-ally: The microphone is gone.\n")
    assert call("service", "logs").output == "begin\nvoice-ally: The microphone is gone.\n"
    says(tmp_path, "systemctl", "")
    assert service.status() == "its state cannot be asked, unknown at start"
    assert call("service", "remove").output.startswith("Removed.")
    assert not Systemd().path.exists()


def test_on_a_mac_it_is_an_agent(calls: Calls, tmp_path: Path) -> None:
    agent, said = Launchd(), list[str]()
    assert agent.status() == "not installed"
    agent.remove(said.append)
    agent.install(said.append, at_boot=True)
    settings = plistlib.loads(agent.path.read_bytes())
    assert settings["ProgramArguments"][-3:] == ["voice_ally", "run", "--wait"]
    assert settings["KeepAlive"] == {"SuccessfulExit": False}
    assert settings["StandardOutPath"] == "/dev/null", "what is said is not kept"
    assert agent.status() == "installed, not running"
    says(tmp_path, "launchctl", "\tstate = running\n")
    assert agent.status() == "running"
    (logs_folder() / "service-errors.log").write_text("voice-ally: oh\n")
    assert agent.journal() == ["voice-ally: oh"]
    for verb in ("stop", "start", "restart"):
        agent.control(verb)
    agent.remove(said.append)
    domain = f"gui/{os.getuid()}"
    assert [line.split()[1] for line in calls() if domain in line][-4:] == [
        "bootout", "bootstrap", "kickstart", "bootout",
    ]  # fmt: skip
    assert said[0] == "It is not installed."
    assert "nothing of a person's" in said[3]


def test_where_nobody_keeps_services_it_says_what_to_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "neither systemd nor launchd" in str(call("service", "status").exception)
    assert service.status() == "no systemd and no launchd here"
    monkeypatch.setattr("sys.platform", "darwin")
    assert isinstance(service.this_system(), Launchd)


def test_a_raspberry_pi_is_known_by_its_model() -> None:
    assert service._is_pi(lambda: b"Raspberry Pi 5 Model B Rev 1.0\0")
    assert not service._is_pi(lambda: b"Something else")

    def gone() -> bytes:
        raise FileNotFoundError

    assert not service._is_pi(gone)


def test_a_tool_that_hangs_or_is_missing_is_no_traceback(
    calls: Calls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_tools, "PATIENCE_SECONDS", 0.1)
    (tmp_path / "tools" / "systemctl").write_text("#!/bin/sh\nexec sleep 5\n")
    assert service_tools.ask("systemctl").returncode == 127
    assert service_tools.ask("no-such-tool").returncode == 127


@pytest.mark.parametrize("namespaces", [True, False])
def test_systemd_itself_finds_nothing_wrong_with_the_unit(tmp_path: Path, namespaces: bool) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    unit = tmp_path / "voice-ally.service"
    unit.write_text(
        systemd_unit(
            ["/usr/bin/env", 'a "b" 50% $HOME \\'],
            writable=[tmp_path / "with space"],
            environment={"VOICE_ALLY_STATE": "/somewhere else"},
            systemd_version=0,
            namespaces=namespaces,
        )
    )
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--user", str(unit)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    if "initialize manager" in verified.stderr:
        pytest.skip("systemd-analyze does not run here")
    assert (verified.returncode, verified.stderr) == (0, "")


def test_an_agent_without_anything_special() -> None:
    made = plistlib.loads(launchd_agent(["x"], environment={}, errors=Path("/e")))
    assert made["EnvironmentVariables"] == {}
