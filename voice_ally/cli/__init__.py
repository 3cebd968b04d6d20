"""The command line.

Rules: the stable commands and exit codes (0 done, 1 found problems, 2 wrong usage or unusable
input); loads nothing heavy before a command is chosen; the user sees one sentence, never a
traceback.
"""

import errno
import io
import os
import sys
from contextlib import suppress

from voice_ally.app import interrupts
from voice_ally.core.errors import VoiceAllyError
from voice_ally.core.own_memory import keep_to_itself
from voice_ally.ui import output


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        try:
            interrupts.install()
            _prepare()
            code = _run()
        except KeyboardInterrupt:
            code = interrupts.exit_code()
        # From here on there is nothing left to interrupt, only the interpreter to wind up.
        interrupts.ignore()
    except KeyboardInterrupt:
        # it was raised once more just before
        interrupts.ignore()
        code = interrupts.exit_code()
    sys.exit(code)


def _prepare() -> None:
    # what is made here, reminders and recordings of a session included, is its owner's business
    os.umask(0o077)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # a letter that the terminal does not have is no reason to end
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    output.stand_in()
    keep_to_itself()


def _run() -> int:
    try:
        from voice_ally.cli.commands import ally

        code = ally(standalone_mode=False)
    except VoiceAllyError as error:
        return _tell(str(error), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _other(error)
    return code if isinstance(code, int) else 0


def _other(error: Exception) -> int:
    import click

    from voice_ally.core import room_for_threads

    # Python up to 3.11 wraps a Ctrl-C that comes while a class is being made (__set_name__)
    wrapped = isinstance(error.__cause__, KeyboardInterrupt)
    if wrapped or isinstance(error, click.exceptions.Abort):
        return interrupts.exit_code()
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        with suppress(OSError, ValueError, AttributeError):  # nobody reads it
            sys.stderr.write(f"{error.format_message()}\n")
        return error.exit_code
    if isinstance(error, click.ClickException):
        return _tell(error.format_message(), error.exit_code)
    if os.environ.get("VOICE_ALLY_DEBUG"):
        raise error
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return _tell("There is no room left to write to.", 2)
    if room_for_threads.is_too_few(error):
        return _tell(str(room_for_threads.too_few()), 2)
    kind = type(error).__name__
    return _tell(
        f"Something unexpected went wrong ({kind}: {error}). Set VOICE_ALLY_DEBUG=1 to see where.",
        2,
    )


def _tell(sentence: str, code: int) -> int:
    one_line = " ".join(sentence.split())
    with suppress(OSError, ValueError, AttributeError):  # nobody reads it
        sys.stderr.write(f"voice-ally: {one_line}\n")
    return code
