"""Any bytes at all become nodes with places, or problems with places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.language.model import Place
from voice_ally.language.yaml_nodes import Items, Table, Text
from voice_ally.language.yaml_source import MOST_PROBLEMS, Source, read_source


def read(text: str | bytes) -> Source:
    return read_source("a.yaml", text.encode() if isinstance(text, str) else text)


def codes(source: Source) -> list[str]:
    return [one.code for one in source.problems]


def test_words_like_yes_and_off_stay_text() -> None:
    root = read("{a: yes, b: off, c: 012, d: ~, e: 'no'}").root
    assert isinstance(root, Table)
    assert [value.value for _, value in root.entries if isinstance(value, Text)] == [
        "yes",
        "off",
        "012",
        "~",
        "no",
    ]
    assert root.get("e") == Text("no", Place("a.yaml", 1, 35), quoted=True)
    assert root.get("f") is None


def test_everything_knows_its_place() -> None:
    root = read("top:\n  - one\n  - - two\n").root
    assert isinstance(root, Table)
    items = root.get("top")
    assert isinstance(items, Items)
    assert [item.place.line for item in items.items] == [2, 3]
    assert items.items[0].place.column == 5


def test_a_file_too_large_is_refused_unread() -> None:
    assert codes(read(b"#" * 1_000_001)) == ["VA002"]


@pytest.mark.parametrize("signs", ["[", "{a: ", "- ", "? "])
def test_no_depth_can_hurt(signs: str) -> None:
    source = read(signs * 200_000)
    assert source.root is None
    assert codes(source) == ["VA002"]


def test_a_bomb_of_aliases_never_goes_off() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert codes(read("\n".join(lines))) == ["VA002"]


def test_a_mistake_repeated_thousands_of_times_is_told_so_often_and_no_more() -> None:
    assert len(codes(read("same: 1\n" * 5_000))) == MOST_PROBLEMS


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"a: b\nc: \xff\n", 2, 4),
        (b"a: b\nc: \x00\n", 2, 4),
        (b"a: b\n\tc: d\n", 2, 1),
        (b"a: b\nc: d: e\n", 2, 5),
        (b'a: b\nc: "d\n\n', 2, 4),
        (b"\xef\xbb\xbfa: \xff\n", 1, 4),
        (b"\xff\xfe" + "a: b\nc: ".encode("utf-16-le") + b"\x00\xdc", 2, 4),
        (b"\xfe\xff" + "a: b\nc: d".encode("utf-16-be") + b"\x00", 2, 5),
    ],
)
def test_what_cannot_be_read_is_told_where_it_stands(
    content: bytes, line: int, column: int
) -> None:
    (problem,) = read(content).problems
    assert problem.code == "VA001"
    assert (problem.place.line, problem.place.column) == (line, column)
    assert "spaces, not with tabs" in problem.mend or b"\t" not in content


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only this\n", b"---\n", b"\xef\xbb\xbf"])
def test_nothing_is_told_as_nothing(content: bytes) -> None:
    assert codes(read(content)) == ["VA005"]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    root = read(b"\xef\xbb\xbfa: b").root
    assert isinstance(root, Table) and root.get("a") is not None


@given(
    st.binary(max_size=200)
    | st.text("-:[]{}&*!|>'\"#%@`\t\n ab?,.~=<", max_size=60).map(str.encode)
)
def test_no_bytes_make_it_raise(content: bytes) -> None:
    source = read(content)
    assert source.root is not None or source.problems
    assert all(one.place.line >= 1 and one.place.column >= 1 for one in source.problems)


@pytest.mark.parametrize(
    ("text", "message", "mend"),
    [
        (b"a: \xe2\x80\x9cThank: you\xe2\x80\x9d\n", "a colon too many", "straight quotes"),
        (b"a: one: two\n", "a colon too many", "a colon needs that"),
        (b"a: {b}. Thank you\n", "must stand in quotes", "a brace at its beginning"),
        (b'- a: "x"\n  b: 1\n c: 2\n', "begins in column 2, but line 2", "Begin it in column 3"),
        (b"- a\nb: c\n", "no dash (-) in front", 'Put "- " in front'),
        (b'a: {b: "c" d: e}\n', "A comma is missing before this", "Put a comma there"),
        (b"a: [b\nd: e\n", "a bracket ([) is not closed", "Close it with ]"),
        (b'a: "never closed\nb: c', "never closed", "Close it with the same quote"),
        (b'"a\n---\nb"', "not closed when this comes", "Close it with the same quote"),
        (b"- say: %half\n", "this sign cannot stand here", "such as % at its beginning"),
        (b"say: @home\n", "this sign cannot stand here", "such as @ at its beginning"),
        (b"say: > hi\n", "cannot begin with this sign", "such as > at its beginning"),
        (b"say: *\n", "cannot begin with this sign", "such as * at its beginning"),
        (b"say: }\n", "this sign cannot stand here", "such as } at its beginning"),
        (b"%x: 1\n", "cannot begin with this sign", "such as % at its beginning"),
        (b'say: "a\\q"\n', "a backslash", "Leave the backslash out"),
        (b"a: - b\n", "in the middle of a line", "quote"),
        (b'confirm:"x"\nsteps: {}\n', "no space behind this colon", "a space behind the colon"),
        (b"say: \x07\n", "no keyboard writes", "quote"),
        (b"a: !<x y\n", "not how YAML is written", "such as !"),
        (b"a: [\xe2\x80\x9cmy [tea]\xe2\x80\x9d]\n", "begins with the sign “", "straight quotes"),
        (b"a: 'it''s late\nb: c", "The quote (') that begins here is never", "the same quote (')"),
        (b"a: ! [b\nd: e\n", "a bracket ([) is not closed before this", "Close it with ]"),
        (b"a: ! {b: c\nd: e\n", "a brace ({) is not closed before this", "Close it with }"),
        (b"a: b\n: c\n", "what begins above is not finished", "a colon is missing"),
        (b"- a\n\n# then\nb: c\n", "but those above it have", "or begin it in column 3"),
        (b"a: b\nsay\n\n# tea\n- c\n- d\ne: f\n", "This line has no colon", "Write it like: say: "),
        (b"a: b\nsay\n", "This line has no colon", "Write it like: say: "),
        (b"say: %half\nb: {c: d}}\n", "this sign cannot stand here", "such as % at its beginning"),
        (b"say: {a: {b: c}} well\n", "is not finished when this comes", "a brace at its beginning"),
    ],
)
def test_what_the_parser_says_is_said_plainly(text: bytes, message: str, mend: str) -> None:
    (problem,) = read_source("a.yaml", text).problems
    assert problem.code == "VA001"
    assert message in problem.message
    assert mend in problem.mend


PARSERS_OWN = ("found", "did not", "expected", "could not", "while ", "stream", "token", "node")


@given(st.text("-:[]{}&*!|>'\"#%@`\t\n ab?,.~=<\\\x07", max_size=60))
def test_the_parser_never_speaks_for_itself(text: str) -> None:
    for problem in read(text).problems:
        assert not any(one in problem.message for one in PARSERS_OWN), problem
