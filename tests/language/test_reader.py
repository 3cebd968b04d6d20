"""Reading packs: what each thing that can be written becomes, and how folders lie over folders."""

from pathlib import Path

import pytest

from tests.language.packs import PHRASES, SAFETY, small_files, small_pack
from voice_ally.core.errors import PackProblem
from voice_ally.language import model
from voice_ally.language.durations import read_duration
from voice_ally.language.model import Duration, NumberRange, SpokenList
from voice_ally.language.problems import Problem
from voice_ally.language.reader import ReadResult, read_folders, read_pack, vocabulary
from voice_ally.language.shape_kinds import Written, place_of

EVERYTHING = b"""
dialog: everything
title: One of each
for: two
triggers: "do everything"
confirm: "Everything?"
anywhere: yes
voice: low
slots: {minutes: 3, name: "3", half: 0.5, empty: ""}
wait: 20s
silence: [{say: "Still here."}, [{say: "Good night."}, {end: yes}]]
unclear: [{say: "Say yes."}]
start: talk
steps:
  talk:
    - say: "Hello {name}."
    - say: {any: ["One.", "Two."]}
    - pause: "{minutes} minutes"
    - chime: bell
    - hold: 90s
    - hold: {for: 1m30s, until: ["we are there", "enough"], chime: soft}
    - turn: {speaker: first, for: 2m, warn: 15s, until: "that is it"}
    - breathe: {pattern: 4-7-8, rounds: 6}
    - breathe: {in: 4s, hold: 2s, out: 6s, rest: 2s, for: 3m, guide: silent}
    - set: {minutes: 5, half: 1.5, name: "{name} again"}
    - remind: {in: 1h, run: safety}
    - forget: reminders
    - when: {minutes: {over: 10}, half: {under: 3}, name: {known: yes}, empty: [a, 2]}
      then: {go: choose}
      else: [{detour: calm}, {run: calm}]
  choose:
    - ask: {any: ["Well?", "And now?"]}
      wait: 12s
      answers:
        "<yes>": talk
        "<no>": {end: true}
        "(perhaps|it depends)": [{say: "All right."}, {go: talk}]
      silence: [{say: "Take your time."}, {end: true}]
      unclear: [[{say: "Say yes."}]]
      help: "You can say yes."
"""


def everything() -> model.Dialog:
    result = read_pack({"everything.yaml": EVERYTHING}, over=small_pack())
    assert result.problems == ()
    return result.pack.dialogs["everything"]


def test_a_dialog_with_one_of_each() -> None:
    dialog = everything()
    assert (dialog.id, dialog.title, dialog.audience) == ("everything", "One of each", "two")
    assert (dialog.triggers, dialog.confirm) == (("do everything",), "Everything?")
    assert dialog.anywhere and dialog.low_voice and dialog.start == "talk"
    assert dialog.slots == {"minutes": 3, "name": "3", "half": 0.5, "empty": ""}
    assert dialog.wait == Duration(20.0)
    assert dialog.silence == (
        (model.Say(("Still here.",)),),
        (model.Say(("Good night.",)), model.End()),
    )
    assert list(dialog.steps) == ["talk", "choose"]


def test_each_instruction_is_what_was_written() -> None:
    conditions = (
        model.Condition("minutes", over=10.0),
        model.Condition("half", under=3.0),
        model.Condition("name", known=True),
        model.Condition("empty", one_of=("a", 2)),
    )
    own = (("in", 4.0), ("hold", 2.0), ("out", 6.0), ("rest", 2.0))
    assert everything().steps["talk"] == (
        model.Say(("Hello {name}.",)),
        model.Say(("One.", "Two.")),
        model.Pause(Duration(slot="minutes", unit_seconds=60.0)),
        model.Chime("bell"),
        model.Hold(Duration(90.0)),
        model.Hold(Duration(90.0), ("we are there", "enough"), "soft"),
        model.Turn("first", Duration(120.0), Duration(15.0), ("that is it",)),
        model.Breathe("4-7-8", rounds=6),
        model.Breathe("own", own, Duration(180.0), guide="silent"),
        model.Set({"minutes": 5, "half": 1.5, "name": "{name} again"}),
        model.Remind(Duration(3600.0), "safety"),
        model.Forget(),
        model.When(
            conditions,
            (model.Go("choose"),),
            (model.Detour("calm"), model.Run("calm")),
        ),
    )


def test_a_question_is_what_was_written_and_its_answers_know_their_lines() -> None:
    (ask,) = everything().steps["choose"]
    assert ask == model.Ask(
        ("Well?", "And now?"),
        (
            model.Answer("<yes>", (model.Go("talk"),)),
            model.Answer("<no>", (model.End(),)),
            model.Answer("(perhaps|it depends)", (model.Say(("All right.",)), model.Go("talk"))),
        ),
        Duration(12.0),
        ((model.Say(("Take your time.",)),), (model.End(),)),
        ((model.Say(("Say yes.",)),),),
        "You can say yes.",
    )
    assert isinstance(ask, model.Ask)
    assert [answer.place.line for answer in ask.answers] == [35, 36, 37]
    assert ask.place == model.Place("everything.yaml", 32, 7)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90s", Duration(90.0)),
        ("2m", Duration(120.0)),
        ("1m30s", Duration(90.0)),
        ("1h", Duration(3600.0)),
        ("1.5h", Duration(5400.0)),
        ("3 minutes", Duration(180.0)),
        ("1 hour", Duration(3600.0)),
        ("10 seconds", Duration(10.0)),
        ("{minutes} minutes", Duration(slot="minutes", unit_seconds=60.0)),
        ("{n} hour", Duration(slot="n", unit_seconds=3600.0)),
        ("{n}s", Duration(slot="n", unit_seconds=1.0)),
        ("90", None),
        ("", None),
        ("m", None),
        ("-3s", None),
        ("3s2m", None),
        ("9" * 400 + "s", None),
    ],
)
def test_lengths_of_time(text: str, duration: Duration | None) -> None:
    assert read_duration(text) == duration


def test_what_the_dialogs_share() -> None:
    pack = small_pack()
    assert pack.language == "en"
    assert pack.rules == {"yes": "(yes|yeah)", "no": "(no|nope)"}
    assert pack.lists["feeling"] == SpokenList((("sad", "sad"), ("angry", "angry")))
    assert pack.lists["minutes"] == SpokenList(numbers=NumberRange(1, 20))
    assert pack.lists["later"] == SpokenList((("half an hour", 30),))
    assert pack.lines == {"paused": "I'm here.", "resumed": ""}
    words = vocabulary(pack)
    assert words.rules == pack.rules
    assert words.lists["minutes"].numbers == (1, 20, 1)
    assert words.lists["later"].values == (("half an hour", 30),)


def over_small(**files: bytes) -> ReadResult:
    return read_pack({f"{name}.yaml": text for name, text in files.items()}, over=small_pack())


def test_nothing_for_a_line_of_the_program_is_silence_there_and_in_quotes_it_is_text() -> None:
    result = over_small(phrases=b'lines: {paused: ~, resumed: "~"}')
    assert (result.problems, result.pack.lines) == ((), {"paused": "", "resumed": "~"})


def test_a_later_folder_overrides_and_extends_the_earlier() -> None:
    pack = over_small(
        phrases=b"""
rules: {yes: "aye", maybe: "perhaps"}
lists: {mood: [blue]}
commands: {stop: ["halt"]}
lines: {paused: "Waiting."}
not_meant: ["never stop", "full stop"]
pronunciations: {Siobhan: "SH AH V AO N"}
wait: 20s
silence: []
language: en-GB
""",
        calm=b'dialog: calm\ntriggers: ["calm"]\nsteps: {a: [{say: "Mine."}]}',
    ).pack
    assert pack.rules == {"yes": "aye", "no": "(no|nope)", "maybe": "perhaps"}
    assert set(pack.lists) == {"feeling", "minutes", "later", "mood"}
    assert pack.commands == {"stop": ("halt", "stop [now]"), "goodbye": ("goodbye",)}
    assert pack.lines == {"paused": "Waiting.", "resumed": ""}
    assert pack.not_meant == ("never stop", "full stop")
    assert pack.pronunciations == {"Siobhan": "SH AH V AO N"}
    assert (pack.wait, pack.silence, pack.language) == (Duration(20.0), (), "en-GB")
    assert len(pack.unclear) == 1
    assert list(pack.dialogs["calm"].steps) == ["a"]


def test_a_broken_file_leaves_the_others_and_the_earlier_one_in_place() -> None:
    result = over_small(calm=b"dialog: calm\nsteps: [", extra=SAFETY.replace(b"safety", b"extra"))
    assert set(result.pack.dialogs) == {"safety", "calm", "extra"}
    assert list(result.pack.dialogs["calm"].steps) == ["ask", "breathe"]
    assert [one.place.file for one in result.problems] == ["calm.yaml"]


def test_what_leads_to_a_dialog_left_out_is_left_out_too() -> None:
    result = over_small(
        first=b'dialog: first\ntriggers: ["begin"]\nsteps: {a: [{run: second}]}',
        second=b'dialog: second\ntriggers: ["then"]\nsteps: {a: [{go: nowhere}]}',
        third=b'dialog: third\ntriggers: ["last"]\nsteps: {a: [{say: "Here."}]}',
    )
    assert set(result.pack.dialogs) == {"safety", "calm", "third"}
    assert [(one.place.file, one.code) for one in result.problems] == [
        ("first.yaml", "VA021"),
        ("second.yaml", "VA020"),
    ]


def test_an_override_that_cannot_be_used_gives_way_to_the_bundled_one() -> None:
    result = over_small(calm=b'dialog: calm\ntriggers: ["calm"]\nsteps: {a: [{go: b}]}')
    assert list(result.pack.dialogs["calm"].steps) == ["ask", "breathe"]


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    result = over_small(
        many=b"dialog: manny\ntitel: x\nfor: three\nsteps: {a: [{sya: x}, {pause: 90}, {go: b}]}"
    )
    told = ["VA022", "VA010", "VA014", "VA010", "VA013", "VA020"]
    assert [one.code for one in result.problems] == told
    assert [one.mend for one in result.problems[1:-1]] == [
        'Did you mean "title"?',
        "Possible here: one, two, either.",
        'Did you mean "say"?',
        "Did you mean 90s or 90m?",
    ]


def test_phrases_are_looked_at_though_something_else_is_wrong_too() -> None:
    result = over_small(
        many=b"""dialog: many
titel: x
triggers: ["(begin"]
steps:
  a:
    - ask: "Well?"
      answers: {"<nobody>": a, "{nothing}": b}
    - hold: {for: 9s, until: "done)"}
    - run: calmm
"""
    )
    assert [(one.code, one.place.line) for one in result.problems] == [
        ("VA010", 2),
        ("VA030", 3),
        ("VA032", 7),
        ("VA031", 7),
        ("VA020", 7),
        ("VA030", 8),
        ("VA021", 9),
    ]
    assert "many" not in result.pack.dialogs


def test_how_a_word_sounds_is_kept_as_our_models_spell_it() -> None:
    result = over_small(phrases=b'pronunciations: {Siobhan: "sh ah0 V  AO1 n"}')
    assert (result.problems, result.pack.pronunciations) == ((), {"Siobhan": "SH AH V AO N"})


def test_a_sound_there_is_not_is_refused_at_its_place() -> None:
    result = over_small(
        phrases=b'pronunciations:\n  Siobhan: "SHUV AWN"\n  Niamh: "N IY V"\n  Odd: "AH3"\n'
    )
    assert [(one.code, one.place.line, one.place.column) for one in result.problems] == [
        ("VA014", 2, 12),
        ("VA014", 4, 8),
    ]
    assert '"SHUV"' in result.problems[0].message
    assert result.pack.pronunciations == {"Niamh": "N IY V"}


def test_two_files_with_one_name() -> None:
    result = read_pack({**small_files(), "safety.yml": SAFETY})
    assert [(one.code, one.place.file) for one in result.problems] == [("VA003", "safety.yml")]


def test_a_broken_phrases_file_takes_nothing_else_down() -> None:
    result = over_small(phrases=b"rules: [", extra=SAFETY.replace(b"safety", b"extra"))
    assert result.pack.rules == small_pack().rules
    assert "extra" in result.pack.dialogs


@pytest.mark.parametrize(
    "phrases",
    [
        b'commands: {stop: ["(halt"]}',
        b'rules: {yes: "(yes"}',
        b'rules: {yes: "<yes>"}',
        b'rules: {yes: "[yes]"}',
        b'lists: {feeling: ["<mood>"]}',
        b"lists: {feeling: []}",
        b"silence: [{go: a}]",
        b"unclear: [{go: a}]",
        b'not_meant: ["(never"]',
        b"rules: yes",
    ],
)
def test_what_cannot_be_used_gives_way_to_what_was_there(phrases: bytes) -> None:
    result = over_small(phrases=phrases)
    assert result.problems
    assert result.pack == small_pack()


def test_a_broken_rule_that_nobody_had_before_is_dropped() -> None:
    rules = b'rules: {maybe: "<oops>"}\n'
    lists = b'lists: {mood: ["{oops}"]}\n'
    commands = b'commands: {help: ["(", "<b>"]}\n'
    result = over_small(phrases=rules + lists + commands)
    assert result.pack == small_pack()
    assert [one.code for one in result.problems] == ["VA032", "VA031", "VA030", "VA032"]


def test_rules_that_lead_too_deep_are_refused() -> None:
    chain = "".join(f'  r{n}: "<r{n + 1}>"\n' for n in range(450)) + '  r450: "at last"\n'
    result = over_small(phrases=b"rules:\n" + chain.encode())
    assert {one.code for one in result.problems} >= {"VA033"}
    assert "r450" in result.pack.rules and "r0" not in result.pack.rules


def test_the_same_mistake_over_and_over_is_told_so_often_and_no_more() -> None:
    keys = "".join(f"key{n}: x\n" for n in range(300)).encode()
    assert len(over_small(extra=keys).problems) == 200


def test_a_changed_list_must_not_break_phrases_that_were_there() -> None:
    files = small_files()
    files["calm.yaml"] = files["calm.yaml"].replace(b"I am {feeling}", b"{feeling}")
    files["hold.yaml"] = (
        b'dialog: hold\ntriggers: ["hold"]\nsteps: {a: [{hold: {for: 9s, until: "ok"}}]}'
    )
    before = read_pack(files).pack
    result = read_pack({"phrases.yaml": b'lists: {feeling: ["[well]"]}'}, over=before)
    assert [one.code for one in result.problems] == ["VA030"]
    assert result.pack == before


def test_folders_on_disk(tmp_path: Path) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    for folder in (first, second):
        folder.mkdir()
        (folder / "safety.yaml").write_bytes(SAFETY)
    (first / "phrases.yaml").write_bytes(PHRASES)
    (second / "notes.txt").write_text("not read")
    (second / "bad.yaml").write_text("dialog: [")
    result = read_folders([first, second])
    assert set(result.pack.dialogs) == {"safety"}
    assert [one.place.file for one in result.problems] == [f"{second}/bad.yaml"]
    assert f"{first}/phrases.yaml" in result.files
    assert read_pack(first).pack == read_folders([first]).pack


def test_one_file_that_cannot_be_opened_takes_nothing_else_down(tmp_path: Path) -> None:
    for name, content in small_files().items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    (tmp_path / "folder.yaml").mkdir()
    result = read_pack(tmp_path)
    assert result.pack == small_pack()
    assert [(one.place.file, one.code) for one in result.problems] == [
        (f"{tmp_path}/folder.yaml", "VA001"),
        (f"{tmp_path}/gone.yaml", "VA001"),
    ]
    assert "cannot be opened: Is a directory." in result.problems[0].message


def test_what_editors_and_other_systems_leave_behind_is_no_dialog(tmp_path: Path) -> None:
    for name, content in small_files().items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / ".#calm.yaml").symlink_to("somebody@somewhere.1234")
    (tmp_path / "._calm.yaml").write_bytes(b"\x00\x05\x16\x07")
    (tmp_path / ".calm.yaml").write_bytes(b"dialog: [")
    result = read_pack(tmp_path)
    assert (result.pack, result.problems) == (small_pack(), ())


@pytest.mark.parametrize("what", ["missing", "empty"])
def test_a_folder_without_dialogs(tmp_path: Path, what: str) -> None:
    folder = tmp_path / what
    if what == "empty":
        folder.mkdir()
    with pytest.raises(PackProblem) as raised:
        read_pack(folder)
    assert str(folder) in str(raised.value) and raised.value.mend


def test_a_problem_in_words_and_as_data() -> None:
    problem = Problem(model.Place("a.yaml", 3, 7), "VA012", "error", "Wrong.", "Mend it.")
    assert str(problem) == "a.yaml:3:7: error VA012 Wrong. — Mend it."
    assert str(Problem(model.NOWHERE, "VA012", "error", "Wrong.")).endswith("VA012 Wrong.")
    assert problem.as_dict() == {
        "file": "a.yaml",
        "line": 3,
        "column": 7,
        "code": "VA012",
        "severity": "error",
        "message": "Wrong.",
        "mend": "Mend it.",
    }


def test_written_text_is_text_that_knows_its_place() -> None:
    place = model.Place("a.yaml", 2, 2)
    written = Written.at("yes", place)
    assert written == "yes" and place_of(written, model.NOWHERE) == place
    assert place_of("yes", place) == place


def test_a_length_of_time_that_is_a_list() -> None:
    found = read_pack({"x.yaml": b"dialog: x\nsteps:\n  one:\n    - pause: [a]\n"})
    assert [one.code for one in found.problems] == ["VA012"]


def test_a_pronunciation_that_is_no_text_is_told() -> None:
    result = read_pack({"phrases.yaml": b"pronunciations: {Ann: []}"})
    assert "VA012" in {one.code for one in result.problems}
