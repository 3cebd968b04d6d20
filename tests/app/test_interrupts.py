"""Ctrl-C is never lost."""

import os
import signal
import sys
import time
from collections.abc import Iterator

import pytest

from voice_ally import cli
from voice_ally.app import interrupts


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    hook = sys.unraisablehook
    used = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
    handlers = {one: signal.getsignal(one) for one in used}
    yield
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    for number, handler in handlers.items():
        signal.signal(number, handler)
    sys.unraisablehook = hook
    interrupts._requested, interrupts._ending = None, False


def press_ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    signal.sigpending()


def test_one_that_is_swallowed_on_the_way_is_told_later() -> None:
    interrupts.check()
    interrupts.install()
    with pytest.raises(KeyboardInterrupt):
        press_ctrl_c()
    with pytest.raises(KeyboardInterrupt):
        interrupts.check()


def test_one_that_is_swallowed_is_raised_again_until_the_program_is_ending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(interrupts, "AGAIN_SECONDS", 0.02)
    interrupts.install()
    for wait in (press_ctrl_c, lambda: time.sleep(5), lambda: time.sleep(5)):
        with pytest.raises(KeyboardInterrupt):
            wait()
    interrupts.ignore()
    time.sleep(0.05)


def test_one_that_falls_where_nothing_can_be_raised_prints_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Fragile:
        def __init__(self, error: BaseException) -> None:
            self._error = error

        def __del__(self) -> None:
            raise self._error

    sys.unraisablehook = sys.__unraisablehook__
    interrupts.install()
    del_one = Fragile(KeyboardInterrupt())
    del del_one
    assert capsys.readouterr().err == ""
    del_one = Fragile(RuntimeError("something else"))
    del del_one
    assert "something else" in capsys.readouterr().err
    with pytest.raises(KeyboardInterrupt):
        press_ctrl_c()
    del_one = Fragile(AttributeError("half made"))
    del del_one
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("a_session", "asked_to_end"), [(True, (0, 0)), (False, (143, 129))])
def test_being_asked_to_end_is_success_for_a_session_and_ctrl_c_never_is(
    monkeypatch: pytest.MonkeyPatch, a_session: bool, asked_to_end: tuple[int, int]
) -> None:
    monkeypatch.setattr(interrupts, "_ends_well", False)
    interrupts.install()
    if a_session:
        interrupts.ending_is_success()
    terminated, hung_up = asked_to_end
    for number, code in (
        (signal.SIGINT, 130),
        (signal.SIGTERM, terminated),
        (signal.SIGHUP, hung_up),
    ):
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
        assert interrupts.exit_code() == code
    interrupts.ignore()
    os.kill(os.getpid(), signal.SIGTERM)


def test_one_that_came_just_before_the_end_is_not_raised_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Python may run a handler later than the signal came."""
    interrupts.install()
    handlers = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGALRM)]
    interrupts.ignore()
    for handler in handlers:
        assert callable(handler)
        handler(signal.SIGINT, None)
    monkeypatch.setattr(interrupts, "_ending", False)
    with pytest.raises(KeyboardInterrupt):
        handlers[1](signal.SIGALRM, None)  # type: ignore[operator, misc, arg-type]


def test_raised_once_more_just_before_the_end_it_still_ends_quietly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ends = iter([KeyboardInterrupt, None])

    def interrupted() -> int:
        raise KeyboardInterrupt

    def ending() -> None:
        if (problem := next(ends)) is not None:
            raise problem

    monkeypatch.setattr(cli, "_run", interrupted)
    monkeypatch.setattr(interrupts, "ignore", ending)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == interrupts.EXIT_INTERRUPTED


def test_before_the_command_line_is_read_it_ends_quietly_as_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "keep_to_itself", press_ctrl_c)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == interrupts.EXIT_INTERRUPTED
    assert capsys.readouterr().err == ""


def test_in_the_midst_of_a_class_being_made_it_still_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Field:
        def __set_name__(self, owner: type, name: str) -> None:
            press_ctrl_c()

    def importing(**_: object) -> int:
        type("Heard", (), {"slots": Field()})
        return 0

    monkeypatch.setattr("voice_ally.cli.commands.ally", importing)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == interrupts.EXIT_INTERRUPTED
    assert capsys.readouterr().err == ""


def test_while_a_session_runs_the_first_breaks_nothing_off_and_the_second_does() -> None:
    interrupts.install()
    woken: list[str] = []
    with interrupts.first_only_noted(lambda: woken.append("woken")):
        press_ctrl_c()
        assert woken == ["woken"]
        with pytest.raises(KeyboardInterrupt):
            interrupts.check()
        with pytest.raises(KeyboardInterrupt):
            press_ctrl_c()
    assert woken == ["woken"]


def test_a_session_that_does_not_look_is_broken_off_after_a_second() -> None:
    interrupts.install()
    with interrupts.first_only_noted(lambda: None):
        press_ctrl_c()
        with pytest.raises(KeyboardInterrupt):
            time.sleep(10 * interrupts.AGAIN_SECONDS)


def test_after_a_session_each_is_raised_at_once_again() -> None:
    interrupts.install()
    with interrupts.first_only_noted(lambda: None):
        pass
    with pytest.raises(KeyboardInterrupt):
        press_ctrl_c()
