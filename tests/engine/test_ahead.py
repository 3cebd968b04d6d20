"""What is rendered ahead, in which order, and what of it may be kept on disk."""

from voice_ally.engine.ahead import MOST_LINES, fixed_lines, lines_ahead, opening_lines
from voice_ally.language.model import Pack
from voice_ally.language.reader import read_folders, read_pack
from voice_ally.settings.places import bundled_dialogs

SHARED = b"""
lines: {paused: Paused., how_long_left: "About {minutes} left.", breathe_in: In., breathe_out: Out.}
silence: [{say: No hurry.}]
"""
TALK = b"""
dialog: talk
triggers: [talk]
slots: {name: you, feeling: ""}
start: first
steps:
  first:
    - say: {any: [Hello., Hi.]}
    - ask: "Red or blue?"
      answers:
        red: far
        blue: [{say: Blue it is.}, {go: near}]
      silence: [{say: Take your time.}]
      help: Say red or blue.
  unseen: [{say: Never said.}, {end: true}]
  far: [{say: "So you feel {feeling}."}, {say: "Dear {name}."}]
  near:
    - when: {name: you}
      then: [{say: It is you.}]
      else: [{say: It is not.}]
    - breathe: {rounds: 2}
"""
CALM = b'dialog: calm\ntriggers: [calm]\nanywhere: yes\nsteps: {a: [{say: "Breathe."}]}'
SURE = b'dialog: sure\ntriggers: [sure]\nconfirm: "Sure?"\nsteps: {a: [{say: "Hello {x}."}]}'


def pack() -> Pack:
    files = {"phrases.yaml": SHARED, "talk.yaml": TALK, "calm.yaml": CALM, "sure.yaml": SURE}
    result = read_pack(files)
    assert result.problems == ()
    return result.pack


def test_the_present_step_comes_first_then_where_it_leads() -> None:
    read = pack()
    ahead = lines_ahead(read, read.dialogs["talk"], "first", {"name": "you", "feeling": ""})
    assert ahead == (
        *("Hello.", "Hi.", "Red or blue?", "Take your time.", "Blue it is.", "Say red or blue."),
        *("Dear you.", "It is you.", "It is not.", "In.", "Out.", "Never said."),
        *("No hurry.", "Paused."),
    )
    later = lines_ahead(read, read.dialogs["talk"], "near", {"feeling": "sad"})
    assert later[:4] == ("It is you.", "It is not.", "In.", "Out.")


def test_a_line_is_rendered_ahead_as_soon_as_its_slots_are_known() -> None:
    read = pack()
    ahead = lines_ahead(read, read.dialogs["talk"], "far", {"name": "you", "feeling": "sad"})
    assert ahead[:2] == ("So you feel sad.", "Dear you.")


def test_while_nothing_runs_the_first_lines_of_all_dialogs_are_likely() -> None:
    assert opening_lines(pack()) == ("Breathe.", "Sure?", "Hello.")


def test_nothing_that_was_heard_can_be_among_the_lines_that_may_be_kept() -> None:
    fixed = fixed_lines(pack())
    assert {"Hello.", "Blue it is.", "Never said.", "Sure?", "Paused.", "No hurry."} <= fixed
    assert not any("{" in one or "you." in one for one in fixed - {"It is you."})
    assert "So you feel sad." not in fixed


def test_the_bundled_calming_pause_has_its_first_words_and_cues_in_front() -> None:
    read = read_folders([bundled_dialogs()]).pack
    calm = read.dialogs["calming_pause"]
    ahead = lines_ahead(read, calm, calm.start, calm.slots)
    assert len(ahead) <= MOST_LINES
    assert {"Breathe in.", "And out."} <= set(ahead[:8])
    assert len(fixed_lines(read)) > 100


def test_a_long_dialog_is_not_rendered_all_at_once() -> None:
    lines = ", ".join(f"{{say: Line {number}.}}" for number in range(MOST_LINES + 20))
    long = f"dialog: long\ntriggers: [long]\nsteps: {{a: [{lines}]}}".encode()
    read = read_pack({"phrases.yaml": SHARED, "long.yaml": long}).pack
    ahead = lines_ahead(read, read.dialogs["long"], "a", {})
    assert ahead == tuple(f"Line {number}." for number in range(MOST_LINES))
