"""Rules and lists that a dialog has of its own, beside those of the pack and of other dialogs."""

from tests.language.packs import small_files, small_pack
from voice_ally import engine
from voice_ally.checker.whole_pack import check_read
from voice_ally.core.actions import Phrase
from voice_ally.core.events import Meaning
from voice_ally.engine.armed import phrases_for
from voice_ally.engine.state import State
from voice_ally.interpret.understanding import Understandings
from voice_ally.language.intents import intent_of
from voice_ally.language.own_names import as_written, owner_of
from voice_ally.language.phrasebook import plainest
from voice_ally.language.problems import Problem
from voice_ally.language.reader import ReadResult, read_pack, vocabulary
from voice_ally.language.spoken import spoken_words

TEA = b"""
dialog: tea
triggers: ["<want> {kind}", "[some] {cups} tea"]
rules:
  want: "(I want|bring me) <some>"
  some: "(some|a cup of)"
  yes: "(aye|go on then)"
lists:
  kind: [{say: "(green|jasmine) tea", means: green}, "<some> mint tea"]
  cups: {from: 2, to: 4}
  feeling: [thirsty]
slots: {kind: "", cups: 1, feeling: ""}
steps:
  a:
    - ask: "{kind}?"
      answers:
        "<yes>": []
        "I feel {feeling}": [{say: "So {feeling}."}]
        "<no>": {end: true}
        anything: [{ask: "Really?", answers: {"<yes> please": []}}]
      silence: [[{ask: "Still?", answers: {"<yes> now": []}}]]
    - when: {kind: green}
      then: [{hold: {for: 5s, until: "<want> more"}}]
      else: [{turn: {speaker: first, for: 5s, until: ["<want> that"]}}]
    - repeat: {times: 2, do: [{hold: {for: 5s, until: "<want> it"}}]}
"""
OTHER = b"""
dialog: other
triggers: ["<want>"]
rules: {want: "something else altogether"}
steps: {a: [{say: "Well."}]}
"""


def read(**files: bytes) -> ReadResult:
    return read_pack({f"{name}.yaml": text for name, text in files.items()}, over=small_pack())


def found(**files: bytes) -> list[Problem]:
    result = read(**files)
    return sorted({*result.problems, *check_read(result)})


def test_they_are_used_in_all_phrases_of_their_dialog() -> None:
    result = read(tea=TEA, other=OTHER)
    assert result.problems == ()
    words = Understandings(vocabulary(result.pack))
    idle = words.of(phrases_for(result.pack, State()))
    match = idle.match("bring me a cup of jasmine tea")
    assert match is not None and (match.phrase.meaning.name, match.slots) == (
        "tea",
        {"kind": "green"},
    )
    match = idle.match("three tea")
    assert match is not None and match.slots == {"cups": 3}
    match = idle.match("something else altogether")
    assert match is not None and match.phrase.meaning.name == "other"
    assert {"jasmine", "thirsty", "aye", "altogether"} <= spoken_words(result.pack)


def test_at_a_question_they_go_before_the_packs_and_only_there() -> None:
    pack = read(tea=TEA).pack
    state, _ = engine.start(pack, State(), "tea", 0.0)
    here = Understandings(vocabulary(pack)).of(phrases_for(pack, state))
    match = here.match("aye")
    assert match is not None and intent_of(match.phrase) == "yes"
    assert here.match("yeah") is None, "the pack's <yes> is hidden here"
    assert here.match("I feel sad") is None
    match = here.match("I feel thirsty")
    assert match is not None and match.slots == {"feeling": "thirsty"}
    elsewhere, _ = engine.start(pack, State(), "calm", 0.0)
    there = Understandings(vocabulary(pack)).of(phrases_for(pack, elsewhere))
    assert there.match("yeah") and not there.match("aye")


def test_a_list_of_the_pack_can_be_used_beside_the_dialogs_own() -> None:
    result = read(tea=TEA.replace(b"[some] {cups} tea", b"[some] {cups} tea in {minutes}"))
    assert result.problems == ()
    words = Understandings(vocabulary(result.pack))
    match = words.of(phrases_for(result.pack, State())).match("three tea in twenty")
    assert match is not None and match.slots == {"cups": 3, "minutes": 20}


def test_what_is_shown_is_what_was_written() -> None:
    pack = read(tea=TEA).pack
    template = pack.dialogs["tea"].triggers[0]
    assert as_written(template) == "<want> {kind:kind}"
    assert as_written("nothing // here") == "nothing // here"
    assert (owner_of("tea//want"), owner_of("want")) == ("tea", "")
    assert plainest("<tea//some> tea", pack) == "some tea"
    answer = Phrase("<tea//yes>", Meaning("answer", "0"))
    assert intent_of(answer) == "yes"


def test_help_and_skip_know_them() -> None:
    from tests.engine.walking import Walker

    walker = Walker(read(tea=TEA.replace(b"anything", b'"anything else"')).pack).start("tea")
    walker.goes_on()
    walker.hear(Meaning("command", "skip"))
    assert walker.state.doing.what != "idle" or walker.state.frames == ()


def test_a_mistake_in_one_is_told_in_the_authors_words_at_its_place() -> None:
    problems = found(tea=TEA.replace(b'"(some|a cup of)"', b'"(some|a cup of"'))
    assert {one.code for one in problems} >= {"VA030"}
    assert all("//" not in f"{one.message} {one.mend}" for one in problems)
    assert any(one.place.line == 6 for one in problems)
    problems = found(tea=TEA.replace(b"<some> mint", b"<sum> mint"))
    assert ("VA032", 9) in {(one.code, one.place.line) for one in problems}
    assert "There is no rule <sum>." in {one.message for one in problems}


def test_a_dialog_that_cannot_be_used_is_not_blamed_for_its_own_names() -> None:
    problems = found(tea=TEA.replace(b"title", b"title") + b"  b: [{go: nowhere}, {sing: true}]\n")
    assert sorted(one.code for one in problems) == ["VA010", "VA020"]


def test_one_that_nothing_uses() -> None:
    codes = [
        one.message
        for one in found(
            other=OTHER.replace(
                b'altogether"}', b'altogether", too: "much"}\nlists: {more: [a, b]}'
            )
        )
    ]
    assert codes == ["Nothing uses the rule <too>.", "Nothing uses the list {more}."]


def test_a_later_folder_replaces_a_dialog_with_its_names() -> None:
    before = read(tea=TEA).pack
    plain = b'dialog: tea\ntriggers: ["tea"]\nsteps: {a: [{say: "Tea."}]}\n'
    after = read_pack({"tea.yaml": plain, "phrases.yaml": b"rules: {aha: aha}"}, over=before)
    assert after.problems == ()
    assert after.pack.dialogs["tea"].rules == {}


def test_an_answer_without_its_brackets() -> None:
    problems = found(
        tea=TEA.replace(b'"<no>": {end', b'"no": {end').replace(b'"<yes>": []', b"want: []")
    )
    warned = [(one.place.line, one.mend) for one in problems if one.code == "VA063"]
    assert warned == [
        (17, 'Write "<want>" for all that the rule says.'),
        (19, 'Write "<no>" for all that the rule says.'),
    ]


def test_small_files_have_none() -> None:
    assert all(not one.rules and not one.lists for one in small_pack().dialogs.values())
    assert set(small_files()) == {"phrases.yaml", "safety.yaml", "calm.yaml"}
