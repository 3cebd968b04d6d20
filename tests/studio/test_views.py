"""Problems as a page shows them, with their fixes; and the map."""

import pytest

from voice_ally.language.place import Place
from voice_ally.language.problems import error, warning
from voice_ally.language.reader import read_pack
from voice_ally.studio.views import map_of, problem_data


def fixed(line: str, message: str, mend: str, column: int = 1, code: str = "VA020") -> list[str]:
    """What the line becomes with each of the fixes."""
    told = problem_data(error(Place("x.yaml", 1, column), code, message, mend), [line])
    lines = []
    fixes = told["fixes"]
    assert isinstance(fixes, list)
    for fix in fixes:
        [change] = fix["changes"]
        begin, end = change["from_column"] - 1, change["to_column"] - 1
        lines.append(line[:begin] + change["text"] + line[end:])
    return lines


@pytest.mark.parametrize(
    ("line", "message", "mend", "column", "becomes"),
    [
        ("- go: clsoe", 'There is no step "clsoe".', 'Did you mean "close"?', 7, ["- go: close"]),
        ("- sya: sya", 'Unknown: "sya".', 'Did you mean "say"?', 3, ["- say: sya"]),
        ("- pause: 5", "No unit.", "Did you mean 5s or 5m?", 10, ["- pause: 5s", "- pause: 5m"]),
        ("for: tow", 'Not "tow".', "Possible here: one, two, either.", 6, ["for: two"]),
        ("for: xyz", 'Not "xyz".', "Possible here: one, two.", 6, []),
        ("- go: clsoe", "Something else.", "Think again.", 7, []),
        ("- go: other", 'There is no step "clsoe".', 'Did you mean "close"?', 7, []),
    ],
)
def test_words_are_put_in_the_place_of_others(
    line: str, message: str, mend: str, column: int, becomes: list[str]
) -> None:
    assert fixed(line, message, mend, column) == becomes


def test_text_that_a_comment_cuts_off_is_put_in_quotes() -> None:
    line = '    - say: Take "a" moment # and breathe'
    whole = r'    - say: "Take \"a\" moment # and breathe"'
    assert fixed(line, "A comment cuts it off.", "Put it in quotes.", 12, "VA070") == [whole]
    assert fixed('    - say: "Take" # x', "…", "…", 12, "VA070") == []


def test_a_slot_of_other_programs_gets_one_brace() -> None:
    mend = "Write it like {name}: one brace on each side."
    assert fixed('- say: "Hello {{name}}."', "Two braces.", mend) == ['- say: "Hello {name}."']


def test_a_problem_beyond_the_text_has_no_fix() -> None:
    problem = warning(Place("x.yaml", 9, 1), "VA020", '"a"', 'Did you mean "b"?')
    assert problem_data(problem, ["a"])["fixes"] == []


FLOW = """
dialog: flow
triggers: [flow]
steps:
  first:
    - ask: "Well?"
      answers: {"<yes>": second, "go on": {detour: other}, "leave": {run: other}}
      silence: [{go: second}]
      unclear: [{go: first}]
  second: [{say: "Yes."}, {end: true}]
  lost: [{say: "Nobody comes here."}]
"""


def test_the_map_has_an_arrow_for_each_way() -> None:
    other = "dialog: other\ntitle: Another\ntriggers: [other]\nsteps: {one: [{say: Hello.}]}\n"
    phrases = 'rules: {"yes": "yes"}\ncommands: {stop: [stop]}\n'
    files = {"flow.yaml": FLOW, "other.yaml": other, "phrases.yaml": phrases}
    pack = read_pack({name: text.encode() for name, text in files.items()}).pack
    told = map_of(pack, pack.dialogs["flow"])
    nodes, edges = told["nodes"], told["edges"]
    assert isinstance(nodes, list)
    assert isinstance(edges, list)
    kinds = {(one["from"], one["to"], one["kind"]) for one in edges}
    assert {
        ("first", "second", "answer"),
        ("first", "second", "silence"),
        ("first", "first", "unclear"),
        ("first", "dialog other", "detour"),
        ("second", " end", "next"),
    } <= kinds
    reached = {one["id"]: one.get("reached") for one in nodes}
    assert (reached["second"], reached["lost"]) == (True, False)
    assert next(one for one in nodes if one["id"] == "dialog other")["title"] == "Another"
