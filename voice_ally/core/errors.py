"""The error tree: what can be wrong with the surroundings.

Rules: each error is one plain sentence for a person, with a stable code and, where there is
one, the mend. Caught at the edges (cli/, the top of each thread) and printed on one line.
What an author of dialogs gets wrong is not an error but data: language/problems.py.
"""


class VoiceAllyError(Exception):
    """Something around the program is missing or broken; carries what to do about it."""

    code = "voice-ally"
    exit_code = 2

    def __init__(self, message: str, *, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message} {self.mend}".strip()


class UsageProblem(VoiceAllyError):
    """The command line asks for something that cannot be done."""

    code = "usage"


PORTAUDIO_MEND = "Install it: sudo apt install libportaudio2 (macOS: brew install portaudio)"
"""Both ends of the sound need the same library."""


class MicrophoneProblem(VoiceAllyError):
    """No microphone, a busy one, or one that went away."""

    code = "microphone"


class RecordingProblem(VoiceAllyError):
    """A sound file that cannot be read, or holds no sound."""

    code = "recording"


class SpeakerProblem(VoiceAllyError):
    """No loudspeaker, a busy one, or an output file that cannot be written."""

    code = "speaker"


class VoiceProblem(VoiceAllyError):
    """The synthesiser is missing or keeps failing."""

    code = "voice"


class RecogniserProblem(VoiceAllyError):
    """A recognition engine that cannot start or has failed."""

    code = "recogniser"


class ModelProblem(VoiceAllyError):
    """A speech model that is missing, broken, or could not be fetched."""

    code = "model"


class PackProblem(VoiceAllyError):
    """A dialog pack of which nothing usable is left; the details are listed by `check`."""

    code = "pack"


class SettingsProblem(VoiceAllyError):
    """A settings file that cannot be read or says something impossible."""

    code = "settings"


class AlreadyRunning(VoiceAllyError):
    """Another one is listening already."""

    code = "already-running"


class StorageProblem(VoiceAllyError):
    """A folder or database of ours that cannot be read or written."""

    code = "storage"


class MachineProblem(VoiceAllyError):
    """The machine gives the program too little of something: processes, threads."""

    code = "machine"
