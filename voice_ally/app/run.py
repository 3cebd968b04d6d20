"""Which kind of session it is to be.

Rules: a microphone that is missing at the start is said in one line and becomes a typed
session; where nobody can type either, the demonstration runs. One that goes away later is waited
for: a demonstration in its place would be a pretence.
"""

from typing import TYPE_CHECKING

from voice_ally.app.parts import RunOptions, Write
from voice_ally.core.errors import MicrophoneProblem, UsageProblem

if TYPE_CHECKING:
    from voice_ally.core.ports import Microphone

WAIT_SECONDS = 1.0


def run(options: RunOptions, *, say: Write, warn: Write) -> int:
    """A session, as the options want it; gives the exit code."""
    import sys

    from voice_ally.app import interrupts
    from voice_ally.app.on_file import run_on_file
    from voice_ally.app.real_time import run_in_real_time, run_typed
    from voice_ally.core import room_for_threads
    from voice_ally.runtime.only_one import only_one
    from voice_ally.settings.places import user_state_folder
    from voice_ally.ui import output

    interrupts.ending_is_success()
    room_for_threads.make_sure()
    _look_before(options, warn)
    output.wait_for_nobody()
    if options.fast:
        if not options.input or options.typed:
            raise UsageProblem("--pace fast needs a recording.", mend="Add --input FILE.wav.")
        return run_on_file(options, say=say, warn=warn)
    if options.typed:
        return run_typed(options, say=say, warn=warn)
    if options.input:
        return run_in_real_time(options, _open_microphone(options), say=say, warn=warn)
    with only_one(user_state_folder(), warn):
        try:
            microphone = _wait_for_microphone(options, warn)
        except MicrophoneProblem as problem:
            warn(str(problem))
            told = problem
        else:
            return run_in_real_time(options, microphone, say=say, warn=warn)
        if sys.stdin is not None and sys.stdin.isatty():
            say("Type instead of speaking; Ctrl-D ends.")

            def warn_once(sentence: str) -> None:
                # the loudspeaker often fails for the same reason, or has the same mend
                new = sentence.removeprefix(f"{told.message} ").removesuffix(told.mend)
                warn(new)

            return run_typed(options, say=say, warn=warn_once)
        say("Nothing to listen to and nobody to type: here is a demonstration.")
        from voice_ally.app import demo

        return demo.run(options.output, options.events, options.recogniser, say=say, warn=warn)


def _look_before(options: RunOptions, warn: Write) -> None:
    """What is wrong with the call itself is told before anything is opened or written.

    Raises UsageProblem, SettingsProblem and PackProblem.
    """
    from voice_ally.app import parts
    from voice_ally.app.named_files import refuse_the_same_file
    from voice_ally.app.packs import folders_for
    from voice_ally.settings.sources import strangers

    refuse_the_same_file(
        {"--input": options.input, "--output": options.output, "--events": options.events}
    )
    chosen = parts.settings(options.set)
    folders_for(options.pack, chosen.pack, chosen.language)
    for sentence in strangers():
        warn(f"{sentence}.")


def _wait_for_microphone(options: RunOptions, warn: Write) -> "Microphone":
    """The microphone; with --wait however long it takes until there is one."""
    import time

    from voice_ally.app import interrupts
    from voice_ally.devices.portaudio import look_for_devices

    told = ""
    while True:
        try:
            return _open_microphone(options)
        except MicrophoneProblem as problem:
            if not options.wait:
                raise
            if str(problem) != told:
                told = str(problem)
                warn(f"{problem} I wait for it.")
            interrupts.check()
            time.sleep(WAIT_SECONDS)
            look_for_devices()


def _open_microphone(options: RunOptions) -> "Microphone":
    """The recording named, else the device. Raises RecordingProblem or MicrophoneProblem."""
    from voice_ally.app import parts
    from voice_ally.hear.device import DeviceMicrophone
    from voice_ally.hear.recording import RecordingMicrophone

    if options.input:
        return RecordingMicrophone(options.input, real_time=True)
    return DeviceMicrophone(parts.settings(options.set).microphone or None)
