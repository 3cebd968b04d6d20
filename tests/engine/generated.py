"""Dialog packs made up by Hypothesis: every instruction, in any order that the reader accepts."""

from typing import Any

from hypothesis import strategies as st

from tests.language.packs import small_files
from voice_ally.language.model import Pack
from voice_ally.language.reader import read_pack

STEPS = ("a", "b", "c")
DIALOGS = ("one", "other")
LINES = st.sampled_from(["A line.", "You feel {feeling}.", "In {minutes} minutes."])
TIMES = st.sampled_from(["1s", "30s", "2m", "{minutes} minutes"])
PHRASES = st.sampled_from(
    ["<yes>", "<no>", "{minutes}", "I am {feeling}", "wait {later:minutes}", "some more", "later"]
)


def _leads(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from([{"go": one} for one in STEPS]) | st.lists(inner, max_size=2)


def _ask(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    phrases = PHRASES | st.just("anything")
    return st.fixed_dictionaries(
        {
            "ask": LINES,
            "answers": st.dictionaries(phrases, _leads(inner) | st.sampled_from(STEPS), min_size=1),
        },
        optional={
            "wait": TIMES,
            "silence": st.lists(_leads(inner), max_size=2),
            "unclear": st.lists(_leads(inner), max_size=2),
            "help": LINES,
            "others": st.sampled_from(["ask", "yes", "no"]),
        },
    )


def _when(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    condition = st.sampled_from(
        [{"feeling": "sad"}, {"minutes": {"over": "2"}}, {"feeling": {"known": "yes"}}]
    )
    return st.fixed_dictionaries(
        {"when": condition, "then": st.lists(inner, max_size=2)},
        optional={"else": st.lists(inner, max_size=2)},
    )


def _repeat(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda times, block: {"repeat": {"times": times, "do": block}},
        st.sampled_from(["2", "3", "{minutes}"]),
        st.lists(inner, max_size=2),
    )


SIMPLE: st.SearchStrategy[Any] = st.one_of(
    st.fixed_dictionaries({"say": LINES | st.just({"any": ["One.", "Two."]})}),
    st.fixed_dictionaries({"pause": TIMES}),
    st.sampled_from([{"chime": "bell"}, {"end": "true"}, {"end": "all"}, {"hold": "20s"}]),
    st.sampled_from([{"recall": "reminders"}, {"forget": "reminders"}]),
    st.builds(lambda at: {"hold": {"for": at, "until": "done now", "chime": "soft"}}, TIMES),
    st.builds(lambda at: {"hold": {"for": at, "until_quiet": "6s"}}, TIMES),
    st.builds(
        lambda who, at: {"turn": {"speaker": who, "for": at, "warn": "5s", "until": "done now"}},
        st.sampled_from(["first", "second"]),
        TIMES,
    ),
    st.builds(
        lambda pattern, guide: {"breathe": {"pattern": pattern, "rounds": "2", "guide": guide}},
        st.sampled_from(["box", "sigh", "equal"]),
        st.sampled_from(["voice", "tone", "silent"]),
    ),
    st.builds(lambda to: {"go": to}, st.sampled_from(STEPS)),
    st.builds(lambda to: {"run": to}, st.sampled_from([*DIALOGS, "calm", "safety"])),
    st.builds(lambda to: {"detour": to}, st.sampled_from([*DIALOGS, "calm"])),
    st.builds(lambda at: {"remind": {"in": at, "run": "one"}}, TIMES | st.just("2 days")),
    st.just({"remind": {"at": "21:00", "every": "day", "run": "one"}}),
    st.sampled_from([{"set": {"minutes": "4"}}, {"set": {"feeling": "{feeling}"}}]),
    st.just({"go": {"any": ["a", "c"]}}),
    st.just({"play": "rain.flac"}),
    st.just({"say": {"text": "Low.", "voice": "low", "rate": "slow"}}),
)
INSTRUCTIONS: st.SearchStrategy[Any] = st.recursive(
    SIMPLE, lambda inner: _ask(inner) | _when(inner) | _repeat(inner), max_leaves=6
)


def _dialog(name: str) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {
            "dialog": st.just(name),
            "triggers": st.just([f"start {name}"]),
            "slots": st.just({"minutes": "3", "feeling": "sad", "reminders": "0"}),
            "steps": st.fixed_dictionaries(
                {step: st.lists(INSTRUCTIONS, min_size=1, max_size=4) for step in STEPS}
            ),
        },
        optional={
            "anywhere": st.just("yes"),
            "confirm": st.just("Shall I?"),
            "start": st.sampled_from(STEPS),
            "silence": st.lists(_leads(SIMPLE), max_size=2),
        },
    )


def _read(one: Any, other: Any) -> Pack:  # noqa: ANN401 - whatever was generated
    import json

    files = {f"{made['dialog']}.yaml": json.dumps(made).encode() for made in (one, other)}
    return read_pack({**small_files(), **files}).pack


PACKS: st.SearchStrategy[Pack] = st.builds(_read, _dialog("one"), _dialog("other"))
"""Packs as the reader leaves them: what could not be used is not in them."""
