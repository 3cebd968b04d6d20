"""What the checker says of whole packs; single mistakes are in broken/."""

from dataclasses import replace
from pathlib import Path

from tests.language.packs import small_files, small_pack
from voice_ally.checker.phrases import UNHEARD
from voice_ally.checker.whole_pack import MOST_OF_A_KIND, check, check_read, summed_up
from voice_ally.language import model
from voice_ally.language.model import Dialog, Go, Pack, Place
from voice_ally.language.problems import Problem, warning
from voice_ally.language.reader import read_folders, read_pack

BUNDLED = Path(__file__).parents[2] / "dialogs" / "en"


def checked(**files: bytes) -> list[Problem]:
    result = read_pack({f"{name}.yaml": text for name, text in files.items()}, over=small_pack())
    assert result.problems == ()
    return list(check_read(result))


def test_a_sound_pack_has_no_problems() -> None:
    assert check(small_pack()) == ()


def test_the_bundled_pack_has_no_errors() -> None:
    result = read_folders([BUNDLED])
    assert result.problems == ()
    assert [one for one in check(result.pack) if one.severity == "error"] == []


def test_an_empty_pack_cannot_be_used() -> None:
    assert [one.code for one in check(Pack())] == ["VA040", "VA040", "VA046"]


def test_safety_without_triggers_is_told_at_its_place() -> None:
    pack = small_pack()
    safety = replace(pack.dialogs["safety"], triggers=())
    problems = check(replace(pack, dialogs={**pack.dialogs, "safety": safety}))
    assert {(one.code, one.place.file) for one in problems} == {
        ("VA028", "small/safety.yaml"),
        ("VA040", "small/safety.yaml"),
    }


def test_questions_without_a_word_for_silence_are_doubtful() -> None:
    problems = check(replace(small_pack(), silence=(), unclear=()))
    assert [(one.code, one.severity) for one in problems] == [("VA026", "warning")] * 2
    assert "silence" in problems[1].message and "unclear" in problems[0].message


def test_words_the_recogniser_does_not_know_are_told_once() -> None:
    asked: list[frozenset[str]] = []

    def unknown(words: frozenset[str]) -> dict[str, str]:
        asked.append(words)
        return dict.fromkeys(words & {"afraid", "nope"}, "it will be guessed")

    problems = check(small_pack(), unknown)
    assert [(one.code, one.message) for one in problems] == [
        ("VA037", 'The recogniser does not know the word "nope": it will be guessed.'),
        ("VA037", 'The recogniser does not know the word "afraid": it will be guessed.'),
    ]
    assert {"stop", "half", "twenty", "yeah"} <= asked[0]
    known = replace(small_pack(), pronunciations={"afraid": "AH F R EY D", "nope": "N OW P"})
    assert check(known, unknown) == ()


def test_a_word_that_the_recogniser_cannot_learn_is_told_however_it_is_said_to_sound() -> None:
    pack = replace(small_pack(), pronunciations={"afraid": "AH F R EY D"})
    (problem,) = check(pack, lambda words: dict.fromkeys(words & {"afraid"}, UNHEARD))
    assert (problem.code, UNHEARD in problem.message) == ("VA037", True)
    assert problem.mend == "Use another word, or leave vosk_model out of the settings."


def unused(file: str, many: int) -> list[Problem]:
    return [warning(Place(file, line, 1), "VA042", "Drop it.") for line in range(1, many + 1)]


def test_of_many_of_a_kind_in_one_file_ten_are_told_and_how_many_more_there_are() -> None:
    told = summed_up([*unused("a.yaml", 14), *unused("b.yaml", 2)])
    assert told[:MOST_OF_A_KIND] == unused("a.yaml", 10)
    assert told[MOST_OF_A_KIND + 1 :] == unused("b.yaml", 2)
    more = told[MOST_OF_A_KIND]
    assert (more.place.line, more.code) == (11, "VA042")
    assert more.message.startswith("And 4 more of this kind: ")
    assert more.mend == "Add --all to see every one."


def test_one_more_than_ten_is_told_itself() -> None:
    assert summed_up(unused("a.yaml", 11)) == unused("a.yaml", 11)


def test_answers_may_go_before_commands() -> None:
    pack = small_pack()
    pack = replace(pack, commands={**pack.commands, "skip": ("next",)})
    answers = b"answers: {next: {end: true}}"
    extra = b'dialog: extra\ntriggers: [begin]\nsteps: {a: [{ask: "Well?", %b}]}' % answers
    result = read_pack({"extra.yaml": extra}, over=pack)
    assert check(result.pack) == ()


def test_two_answers_that_do_the_same_may_share_words() -> None:
    assert (
        checked(
            extra=b"""
dialog: extra
triggers: ["begin"]
steps:
  a:
    - ask: "Well?"
      answers:
        "(sure|fine)": {end: true}
        "[just] fine": {end: true}
        "just fine by me": {end: true}
"""
        )
        == []
    )


def test_two_dialogs_with_the_same_phrases_are_told_once() -> None:
    one = b"dialog: one\ntriggers: [begin it, start now]\nsteps: {a: [{run: calm}]}"
    problems = checked(one=one, two=one.replace(b"one", b"two", 1))
    assert [(one.code, one.place.file) for one in problems] == [("VA034", "two.yaml")]


def test_an_answer_that_hides_two_ways_to_stop_is_told_once() -> None:
    pack = replace(small_pack(), commands={"stop": ("stop", "halt")})
    extra = b"""
dialog: extra
triggers: [begin]
steps:
  a:
    - ask: "Well?"
      answers: {"(stop|halt)": {end: true}}
"""
    result = read_pack({"extra.yaml": extra}, over=pack)
    assert [(one.code, one.place.line) for one in check(result.pack)] == [("VA035", 7)]


def test_how_many_more_begin_with_a_phrase_is_told_once() -> None:
    (problem,) = checked(
        extra=b"""
dialog: extra
triggers: ["begin"]
steps:
  a:
    - ask: "Well?"
      answers: {"go": {end: true}, "go on": {run: calm}, "go away": {run: safety}}
    - ask: "Well?"
      answers: {"go": {end: true}, "go on": {run: calm}}
"""
    )
    assert problem.code == "VA036" and problem.message.endswith("begins (and 1 more).")


def test_a_dialogs_own_triggers_are_no_danger_to_its_lines() -> None:
    own = (
        b'dialog: own\nanywhere: yes\ntriggers: ["how are you"]\n'
        b'steps: {a: [{say: "Say: how are you?"}]}'
    )
    other = own.replace(b"own", b"other", 1).replace(b'"how are you"', b'"who is there"')
    problems = checked(own=own, other=other)
    assert [(one.code, one.place.file) for one in problems] == [("VA039", "other.yaml")]


def test_sentences_are_counted_along_every_way() -> None:
    text = b"""
dialog: extra
triggers: ["begin"]
slots: {minutes: 3}
steps:
  a:
    - say: "One. Two."
    - when: {minutes: 3}
      then: [{say: "Three."}]
      else: [{go: c}]
    - chime: soft
    - forget: reminders
  b:
    - ask: "Four?"
      answers: {"now": {say: "Well."}, "then": c, "later": {end: true}}
      silence: [{say: "One. Two. Three. Four."}]
    - say: "Two. Three."
    - pause: 1s
    - run: calm
  c:
    - pause: 3s
    - say: "One. Two. Three."
    - hold: 20s
    - say: "One. Two. Three."
    - when: {minutes: {over: 5}}
      then: {end: true}
      else: {end: true}
"""
    assert [(one.code, one.place.line) for one in checked(extra=text)] == [
        ("VA044", 14),
        ("VA044", 16),
    ]


def test_circles_lead_through_other_dialogs_too() -> None:
    def to(name: bytes, other: bytes) -> bytes:
        steps = b'steps: {a: [{say: "Here."}, {pause: 3s}, {run: %b}]}' % other
        return b'dialog: %b\ntriggers: ["begin %b"]\n' % (name, name) + steps

    (problem,) = checked(ping=to(b"ping", b"pong"), pong=to(b"pong", b"ping"))
    assert (problem.code, problem.place.file) == ("VA024", "ping.yaml")


def test_what_is_repeated_and_leads_away_is_no_way_out() -> None:
    problems = checked(
        about=b"""\
dialog: about
triggers: ["walk about"]
steps:
  a: [{say: "Here."}]
  b: [{repeat: {times: 2, do: [{go: {any: [a, b]}}]}}]
"""
    )
    assert ("VA025", 4) in [(one.code, one.place.line) for one in problems]


def test_a_way_out_by_silence_is_enough() -> None:
    assert (
        checked(
            extra=b"""
dialog: extra
triggers: ["begin"]
slots: {minutes: 3}
steps:
  a:
    - ask: "Again?"
      answers: {"again": a, "a pause": {detour: calm}, "both": [{detour: calm}, {go: b}]}
      silence: [{when: {minutes: 3}, then: [{go: a}]}]
  b: []
"""
        )
        == []
    )


def test_packs_made_by_hand_are_checked_as_well() -> None:
    dialog = Dialog(
        "odd",
        "",
        "one",
        ("(", "<none>"),
        "nowhere",
        {"a": (Go("b"), model.Run("none"))},
        silence=((model.Hold(model.Duration(9.0), until=("{none}",)),),),
    )
    pack = Pack(
        dialogs={"odd": dialog},
        rules={"r": "("},
        lists={"l": model.SpokenList()},
        commands={"stop": ("]",)},
        not_meant=(")",),
        silence=((Go("a"),),),
    )
    codes = {one.code for one in check(pack, lambda words: dict.fromkeys(words, "cannot be heard"))}
    assert {"VA020", "VA021", "VA030", "VA031", "VA032", "VA040", "VA027"} <= codes


def test_a_large_pack_is_still_a_small_one() -> None:
    files = small_files()
    for number in range(60):
        name = f"d{number}"
        files[f"{name}.yaml"] = (
            f'dialog: {name}\ntriggers: ["start {number} now"]\nsteps: {{a: [{{run: calm}}]}}'
        ).encode()
    result = read_pack(files)
    assert len(result.pack.dialogs) == 62
    assert check_read(result) == ()


def test_of_a_copy_of_the_bundled_pack_only_what_was_changed_is_told() -> None:
    bundled = read_folders([BUNDLED]).pack
    files = {one.name: one.read_bytes() for one in BUNDLED.glob("*.yaml")}
    untouched = read_pack(files, over=bundled)
    assert check(untouched.pack, book=untouched.book) == ()
    begun = files["welcome.yaml"].replace(b'"introduce yourself"', b'"help me"')
    assert begun != files["welcome.yaml"]
    changed = read_pack({**files, "welcome.yaml": begun}, over=bundled)
    told = check(changed.pack, book=changed.book)
    assert {one.code for one in told} == {"VA034"}
    assert any('"help me"' in one.message for one in told)
