"""Whatever a pack holds: reading and checking give problems, never an exception."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.language.packs import small_files, small_pack
from voice_ally.checker.whole_pack import check, check_read
from voice_ally.language.problems import CODES
from voice_ally.language.reader import read_pack
from voice_ally.language.shape_files import DIALOG, PHRASES
from voice_ally.language.shapes import BREATHE, HOLD, INSTRUCTIONS, REMIND, TURN

OVER = small_pack()
KEYS = sorted(
    {
        *DIALOG.fields,
        *PHRASES.fields,
        *(
            key
            for one in (*INSTRUCTIONS.values(), HOLD, TURN, BREATHE, REMIND)
            for key in one.fields
        ),
        *("any", "over", "under", "known", "from", "to", "step", "say", "means", "a", "<yes>", ""),
    }
)
WORDS = st.sampled_from(
    [
        *("a", "b", "odd", "calm", "safety", "yes", "true", "90s", "2m", "0s", "9" * 40, "1e400"),
        *("{minutes} minutes", "{x}", "<yes>", "<x>", "(a|b)", "[a]", "(", "|", "{a:b}", "{:}"),
        *("one", "first", "bell", "box", "voice", "low", "reminders", "", " ", "One. Two. No."),
        *("-3", "<>"),
    ]
)
TREES = st.recursive(
    WORDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)
INSTRUCTION = st.one_of(
    *(st.fixed_dictionaries({name: TREES}) for name in INSTRUCTIONS),
    st.builds(
        lambda go, text: {"ask": text, "answers": {text or "x": go}, "silence": [{"go": go}]},
        st.sampled_from(["a", "b"]),
        WORDS,
    ),
    st.builds(lambda to: {"go": to}, st.sampled_from(["a", "b"])),
    st.builds(lambda to: {"detour": to}, st.sampled_from(["odd", "calm"])),
)
DIALOG_TREES = st.fixed_dictionaries(
    {
        "dialog": st.just("odd"),
        "steps": st.dictionaries(st.sampled_from(["a", "b"]), st.lists(INSTRUCTION, max_size=4)),
    },
    optional={
        "triggers": TREES,
        "slots": TREES,
        "start": WORDS,
        "silence": TREES,
        "anywhere": WORDS,
    },
)
PHRASES_TREES = st.dictionaries(st.sampled_from(sorted(PHRASES.fields)), TREES, max_size=4)
CALM_SEARCH = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_and_check(files: dict[str, bytes]) -> None:
    for over in (OVER, None):
        result = read_pack(files, over=over)
        problems = [
            *result.problems,
            *check_read(result, lambda words: dict.fromkeys(words, "x")),
        ]
        assert {one.code for one in problems} <= set(CODES)
        links = [one for one in check(result.pack) if one.code in ("VA020", "VA021", "VA030")]
        assert links == [], "what was read can be walked"
        if over is not None:
            assert {"safety", "calm"} <= set(result.pack.dialogs)
            assert result.pack.commands["stop"]


@CALM_SEARCH
@given(st.binary(max_size=120), st.binary(max_size=120))
def test_any_bytes(dialog: bytes, phrases: bytes) -> None:
    read_and_check({"odd.yaml": dialog, "phrases.yaml": phrases})


@CALM_SEARCH
@given(TREES, TREES)
def test_any_structure(dialog: object, phrases: object) -> None:
    read_and_check(
        {"odd.yaml": json.dumps(dialog).encode(), "phrases.yaml": json.dumps(phrases).encode()}
    )


@CALM_SEARCH
@given(DIALOG_TREES, PHRASES_TREES)
def test_anything_that_looks_like_a_dialog(dialog: object, phrases: object) -> None:
    read_and_check(
        {"odd.yaml": json.dumps(dialog).encode(), "phrases.yaml": json.dumps(phrases).encode()}
    )


@CALM_SEARCH
@given(st.sampled_from(sorted(small_files())), st.data())
def test_a_sound_pack_with_a_piece_torn_out(name: str, data: st.DataObject) -> None:
    files = small_files()
    text = files[name]
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, len(text)))
    files[name] = text[:first] + data.draw(st.binary(max_size=3)) + text[last:]
    read_and_check(files)
