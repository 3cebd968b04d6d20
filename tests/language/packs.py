"""A small sound pack that tests lay their own files over."""

from voice_ally.language.model import Pack
from voice_ally.language.reader import read_pack

PHRASES = b"""
rules:
  yes: "(yes|yeah)"
  no: "(no|nope)"
lists:
  feeling: [sad, angry]
  minutes: {from: 1, to: 20}
  later: [{say: "half an hour", means: 30}]
commands:
  stop: ["stop [now]"]
  goodbye: ["goodbye"]
lines:
  paused: "I'm here."
  resumed: ""
not_meant: ["never stop"]
silence: [{say: "Take your time."}]
unclear: [{say: "You can say yes, or no."}]
"""
SAFETY = b"""
dialog: safety
anywhere: yes
voice: low
triggers: ["I'm (scared|afraid)"]
steps:
  be_safe:
    - say: "Go to a safe place. Call {emergency_number}."
"""
CALM = b"""
dialog: calm
triggers: ["please calm me", "{minutes} minutes", "I am {feeling}", "wait {later:minutes}"]
slots: {minutes: 3, feeling: ""}
steps:
  ask:
    - ask: "Shall I?"
      answers: {"<yes>": breathe, "<no>": {end: true}}
  breathe:
    - breathe: {pattern: box, for: "{minutes} minutes"}
    - say: "You felt {feeling}."
"""


def small_files() -> dict[str, bytes]:
    return {"phrases.yaml": PHRASES, "safety.yaml": SAFETY, "calm.yaml": CALM}


def small_pack() -> Pack:
    result = read_pack(small_files(), named="small/")
    assert result.problems == ()
    return result.pack
