"""The bundled pack keeps its promises: it covers the practices, in short and plain words.

Rules: reads the files as plain YAML, so that it can fail on words alone, whatever the engine does.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hassil.intents import RangeSlotList, SlotList, TextSlotList
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_expression

from voice_ally.checker.whole_pack import check
from voice_ally.core.actions import Phrase
from voice_ally.core.events import Meaning
from voice_ally.interpret.understanding import Understanding
from voice_ally.language.help_lines import read_help_lines, spoken_slots
from voice_ally.language.reader import read_pack, vocabulary

ROOT = Path(__file__).parents[2]
PACK = ROOT / "dialogs" / "en"
PRACTICES = ROOT / "docs" / "practices.md"
PHRASES: dict[str, Any] = yaml.load((PACK / "phrases.yaml").read_text("utf-8"), yaml.BaseLoader)
DIALOGS: dict[str, dict[str, Any]] = {
    file.stem: yaml.load(file.read_text("utf-8"), yaml.BaseLoader)
    for file in sorted(PACK.glob("*.yaml"))
    if file.name != "phrases.yaml"
}
EVERY_DIALOG = pytest.mark.parametrize("name", DIALOGS)

MOST_WORDS_A_LINE = 20
MOST_SENTENCES_IN_A_ROW = 3
HIGHEST_GRADE = 6.0
FEWEST_WAYS_TO_START = 8
LONG_PAUSE_SECONDS = 2
SLOWER = "VA036"
"""One phrase begins like another: it is understood a moment later, and all the same."""
CHANCES = {"ask", "hold", "turn", "breathe", "detour", "run", "end"}
AS_SPOKEN = {"minutes": "three", "feeling": "sad", "need": "some quiet", "growth": "learning"}
ALSO_AS_SPOKEN = {
    "moment": "when we argue",
    "first_feeling": "tired",
    "second_feeling": "angry",
    "harm_line": "another one, 1 1 6",
    "emergency_again": "1 1 2",
    "violence_again": "1 1 6",
    "life_again": "1 1 6",
    "harm_again": "1 1 6",
}

COMMANDS = [
    "stop",
    "goodbye",
    "exit",
    "pause",
    "continue",
    "repeat",
    "back",
    "skip",
    "help",
    "slower",
    "faster",
    "louder",
    "quieter",
    "longer",
    "how_long",
    "start_over",
    "quiet",
]
LINES = [
    *("morning", "afternoon", "evening"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "paused",
    "nothing_before",
    "you_can_say",
    "how_long_left",
    "exit_reply",
    "confirm_help",
    "reminder_intro",
    "breathe_in",
    "breathe_hold",
    "breathe_out",
    "breathe_rest",
    "devices_back",
    "one_can_stop",
    "one_can_breathe",
    "one_can_continue",
    "no_time_running",
    "loudest",
    "quietest",
    "slowest",
    "fastest",
    "no_reminders",
    "reminders_in",
    "more_reminders_in",
]
EXPECTED_DIALOGS = [
    "calming_pause",
    "repair",
    "welcome",
    "help",
    "grounding",
    "listen",
    "ally",
    "i_statement",
    "not_now",
    "celebrate",
    "setback",
    "check_in",
    "appreciation",
    "old_wound",
    "safety",
    "love_through",
    "aftermath",
    "hold_me",
    "weekly",
    "gratitude",
    "ask_us",
    "teach",
    "body",
]


def instructions(node: object) -> Iterator[dict[str, Any]]:
    """Every instruction written anywhere below, in the order of the file."""
    if isinstance(node, list):
        for one in node:
            yield from instructions(one)
    elif isinstance(node, dict):
        yield node
        for key in ("answers", "silence", "unclear", "then", "else"):
            below = node.get(key)
            yield from instructions(list(below.values()) if isinstance(below, dict) else below)


def wordings(value: object) -> list[str]:
    return list(value["any"]) if isinstance(value, dict) else [str(value)]


def spoken_in(instruction: dict[str, Any]) -> list[str]:
    lines = [line for key in ("say", "ask") for line in wordings(instruction.get(key, {"any": []}))]
    return lines + ([instruction["help"]] if "help" in instruction else [])


def all_instructions(dialog: dict[str, Any]) -> list[dict[str, Any]]:
    shared = [dialog.get("silence"), dialog.get("unclear")]
    return list(instructions([*dialog["steps"].values(), *shared]))


def as_heard(line: str, slots: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda slot: slots[slot[1]], line)


def spoken_lines(name: str) -> list[str]:
    dialog = DIALOGS[name]
    slots = {
        **AS_SPOKEN,
        **ALSO_AS_SPOKEN,
        **{k: v for k, v in dialog.get("slots", {}).items() if v},
    }
    lines = [line for one in all_instructions(dialog) for line in spoken_in(one)]
    return [as_heard(line, slots) for line in [*lines, *filter(None, [dialog.get("confirm")])]]


def sentences(line: str) -> list[str]:
    return [one for one in re.split(r"[.!?]+(?:\s|$)", line) if one.strip()]


def parts(line: str) -> list[str]:
    """The pieces between two breaths of the voice."""
    return [one for one in re.split(r"[.!?:]+(?:\s|$)", line) if one.strip()]


def words(line: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9']+", line)


def syllables(word: str) -> int:
    """A count good enough for everyday words: groups of vowels, but for a silent e."""
    word = word.lower().replace("'", "")
    groups = len(re.findall(r"[aeiouy]+", word))
    silent_end = re.search(r"[^aeiouylr]e$|[^aeioutd]ed$|[aeiouy][lr]e$", word)
    return max(1, groups - (1 if silent_end else 0))


def reading_grade(lines: list[str]) -> float:
    """The years of American school the lines ask for.

    Kincaid, Fishburne, Rogers and Chissom, Derivation of New Readability Formulas for Navy
    Enlisted Personnel, 1975; syllables by groups of vowels.
    """
    all_words = [word for line in lines for word in words(line)]
    count = sum(len(sentences(line)) for line in lines)
    spoken = sum(syllables(word) for word in all_words)
    return 0.39 * len(all_words) / count + 11.8 * spoken / len(all_words) - 15.59


def _lists() -> dict[str, SlotList]:
    found: dict[str, SlotList] = {}
    for name, values in PHRASES["lists"].items():
        if isinstance(values, dict):
            found[name] = RangeSlotList(name, int(values["from"]), int(values["to"]))
        else:
            says = [one["say"] if isinstance(one, dict) else one for one in values]
            found[name] = TextSlotList.from_strings(says, name=name)
    return found


LISTS = _lists()
RULES = {name: parse_sentence(text) for name, text in PHRASES["rules"].items()}


def ways_to_say(template: str) -> set[str]:
    sampled = sample_expression(parse_sentence(template).expression, LISTS, RULES, language="en")
    return {" ".join(words(one.lower().replace("-", " "))) for one in sampled}


def in_table() -> list[tuple[str, str]]:
    text = PRACTICES.read_text("utf-8")
    return [
        (dialog, step) for dialog, step in re.findall(r"`(\w+)/(\w+)`", text) if dialog != "dialog"
    ]


def test_every_dialog_that_was_promised_is_there() -> None:
    assert set(EXPECTED_DIALOGS) <= set(DIALOGS)


@pytest.mark.parametrize(("dialog", "step"), in_table())
def test_the_table_of_practices_names_steps_that_exist(dialog: str, step: str) -> None:
    assert step in DIALOGS[dialog]["steps"]


def test_the_table_of_practices_names_every_dialog_and_all_seven_practices() -> None:
    assert {dialog for dialog, _ in in_table()} == set(DIALOGS)
    assert re.findall(r"^\| (\d) ", PRACTICES.read_text("utf-8"), re.M) == list("1234567")


def test_each_of_the_twenty_four_bullets_has_its_places() -> None:
    rows = re.findall(r"^\| ([a-z]) \| ([^|]+) \| ([^|]+) \|$", PRACTICES.read_text("utf-8"), re.M)
    assert [letter for letter, _, _ in rows] == list("abcdefghijklmnopqrstuvwx")
    for _, bullet, where in rows:
        assert re.fullmatch(r"(`\w+/\w+` ?)+", where.strip()), bullet


def test_the_deck_holds_sixty_questions_and_none_comes_twice() -> None:
    (deck,) = [one["say"]["any"] for one in DIALOGS["ask_us"]["steps"]["draw"] if "say" in one]
    assert len(deck) == len(set(deck)) == 60
    assert all(one.endswith("?") for one in deck)


@EVERY_DIALOG
def test_a_dialog_is_what_its_file_is_called(name: str) -> None:
    assert DIALOGS[name]["dialog"] == name
    assert DIALOGS[name]["for"] in ("one", "two", "either")
    assert DIALOGS[name]["title"]


@EVERY_DIALOG
def test_lines_are_short(name: str) -> None:
    long = [line for line in spoken_lines(name) if len(words(line)) > MOST_WORDS_A_LINE]
    assert long == []


@EVERY_DIALOG
def test_words_are_plain(name: str) -> None:
    assert reading_grade(spoken_lines(name)) <= HIGHEST_GRADE


def test_the_grade_tells_hard_words_from_plain_ones() -> None:
    hard = "Individuals experiencing emotional dysregulation frequently benefit from reassurance."
    assert reading_grade([hard]) > HIGHEST_GRADE
    assert reading_grade(["Take one slow breath."]) < HIGHEST_GRADE


def test_the_programs_own_lines_are_short_and_plain_too() -> None:
    own = [
        as_heard(
            line, {"minutes": "two minutes", "options": "yes", "times": "an hour", "count": "4"}
        )
        for line in PHRASES["lines"].values()
    ]
    own = [line for line in own if line]
    assert max(len(words(line)) for line in own) <= MOST_WORDS_A_LINE
    assert reading_grade(own) <= HIGHEST_GRADE


def sentences_at_once(instruction: dict[str, Any]) -> int:
    spoken = [wordings(instruction[key]) for key in ("say", "ask") if key in instruction]
    return sum(max(len(sentences(line)) for line in lines) for lines in spoken)


def is_a_chance(instruction: dict[str, Any]) -> bool:
    quiet = int(re.findall(r"\d+", instruction.get("pause", "0s"))[0])
    return bool(CHANCES & set(instruction)) or quiet >= LONG_PAUSE_SECONDS


@EVERY_DIALOG
def test_at_most_three_sentences_between_two_chances_to_answer(name: str) -> None:
    run = 0
    for step, block in DIALOGS[name]["steps"].items():
        for one in block:
            run += sentences_at_once(one)
            assert run <= MOST_SENTENCES_IN_A_ROW, step
            run = 0 if is_a_chance(one) or "go" in one else run
    for one in all_instructions(DIALOGS[name]):
        assert sentences_at_once(one) <= MOST_SENTENCES_IN_A_ROW


@EVERY_DIALOG
def test_there_are_many_ways_to_start(name: str) -> None:
    triggers = DIALOGS[name]["triggers"]
    assert len(triggers) >= FEWEST_WAYS_TO_START or name == "safety"  # a list of its own


@EVERY_DIALOG
def test_where_a_dialog_leads_there_is_something(name: str) -> None:
    steps = DIALOGS[name]["steps"]
    assert DIALOGS[name].get("start", next(iter(steps))) in steps
    for one in all_instructions(DIALOGS[name]):
        for target in [
            one.get("go"),
            *[to for to in one.get("answers", {}).values() if isinstance(to, str)],
        ]:
            assert target is None or target in steps
        for other in (one.get("run"), one.get("detour"), one.get("remind", {}).get("run")):
            assert other is None or other in DIALOGS


@EVERY_DIALOG
def test_every_question_has_answers_and_says_what_can_be_said(name: str) -> None:
    for one in all_instructions(DIALOGS[name]):
        if "ask" in one:
            assert one["answers"]
            assert one["help"]


def test_silence_and_unclear_words_are_met_kindly_and_never_more_than_twice() -> None:
    assert len(PHRASES["silence"]) == 2
    assert len(PHRASES["unclear"]) == 2
    for dialog in DIALOGS.values():
        for one in all_instructions(dialog):
            assert len(one.get("silence", [])) <= 2
            assert len(one.get("unclear", [])) <= 2


def test_nothing_means_two_things_and_nothing_that_is_said_stops_it() -> None:
    """Over all that can be said, by graphs: people, acts and tenses make millions of sentences."""
    result = read_pack({one.name: one.read_bytes() for one in PACK.glob("*.yaml")})
    assert result.problems == ()
    told = [one for one in check(result.pack) if one.code != SLOWER]
    assert told == []


def test_the_shared_phrases_hold_every_command_and_line() -> None:
    assert sorted(PHRASES["commands"]) == sorted(COMMANDS)
    assert sorted(PHRASES["lines"]) == sorted(LINES)
    assert PHRASES["lists"]["minutes"] == {"from": "1", "to": "20"}
    assert len(PHRASES["lists"]["feeling"]) >= 40
    assert len(PHRASES["not_meant"]) >= 10


def test_the_calming_pause_breathes_before_it_asks() -> None:
    told = [next(iter(one)) for one in DIALOGS["calming_pause"]["steps"]["begin"]]
    assert told[0] == "say"
    assert "ask" not in told
    first_breath = DIALOGS["calming_pause"]["steps"]["equal"][0]
    assert "breathe" in first_breath["then"][0] and "breathe" in first_breath["else"][0]
    assert len(words(DIALOGS["calming_pause"]["steps"]["begin"][0]["say"])) <= 6


def test_silence_after_the_calming_pause_means_stay_here() -> None:
    (question,) = [one for one in DIALOGS["calming_pause"]["steps"]["after"] if "ask" in one]
    assert question["silence"] == [{"go": "stay"}]
    assert set().union(*DIALOGS["calming_pause"]["steps"]["stay"]) == {"hold", "end"}


@pytest.mark.parametrize("name", [one for one in DIALOGS if DIALOGS[one]["for"] == "two"])
def test_a_script_for_two_goes_on_only_when_each_has_agreed(name: str) -> None:
    first, second = (
        next(one for one in DIALOGS[name]["steps"][step] if "ask" in one)
        for step in ("first_agrees", "second_agrees")
    )
    assert first["answers"]["<yes>"] == "second_agrees"
    assert second["answers"]["<yes>"] not in ("second_agrees", "for_one")
    for question in (first, second):
        assert question["silence"][-1] == {"go": "then_not_now"}
        assert question["unclear"][-1] == {"go": "then_not_now"}
        assert question["answers"]["<no>"] == "then_not_now"


def test_safety_works_everywhere_and_asks_nothing() -> None:
    safety = DIALOGS["safety"]
    assert safety["anywhere"] == "yes" and safety["voice"] == "low"
    assert not any("ask" in one for one in all_instructions(safety))
    assert "confirm" not in safety
    spoken = " ".join(spoken_lines("safety"))
    assert "recorded guide" in spoken and "call anyone" in spoken


@pytest.mark.parametrize(
    ("need", "first", "second"),
    [
        ("other", "safe place", "{emergency_number}"),
        ("life", "stay near someone", "{life_line}"),
        ("harm", "another room", "{harm_line}"),
    ],
)
def test_what_to_do_comes_before_whom_to_call(need: str, first: str, second: str) -> None:
    said = [
        line for one in instructions(DIALOGS["safety"]["steps"][need]) for line in spoken_in(one)
    ]
    assert first in said[0]
    assert second in " ".join(said[1:3])
    again = second.replace("number", "again").replace("line", "again")
    assert f"{again}." in said


def test_who_was_hurt_by_somebody_is_never_asked_for_their_own_part() -> None:
    """Not even the word: it stands only where two people have agreed, or one who is sorry."""
    part = re.compile(r"your (own )?part\b|went wrong", re.I)
    steps = {
        (name, step)
        for name, dialog in DIALOGS.items()
        for step, block in dialog["steps"].items()
        for one in instructions(block)
        if any(part.search(line) for line in spoken_in(one))
    }
    assert steps <= {("repair", "own_part"), ("repair", "for_one"), ("aftermath", "own_part")}


def test_no_question_about_fear_is_asked_aloud() -> None:
    asked = [
        one["ask"] for name in DIALOGS for one in all_instructions(DIALOGS[name]) if "ask" in one
    ]
    fear = re.compile(r"\b(afraid|scared|fear|safe|danger|hurt you)\b", re.I)
    assert [one for lines in map(wordings, asked) for one in lines if fear.search(one)] == []


FEARS = {
    "other": (
        "i don't feel safe",
        "she keeps hitting me",
        "my husband is going to kill me",
        "im scared of him",
    ),
    "life": ("i want to hurt myself", "i dont want to live anymore", "please i took pills"),
    "harm": ("i'm afraid i'll hurt her", "i might hit you", "i slapped him"),
    "": (
        "i'm scared",
        "you hurt me",
        "i'm scared of losing you",
        "stop yelling at me",
        "he hit the road",
    ),
}


@pytest.mark.parametrize("need", FEARS)
def test_words_of_danger_are_told_from_words_that_only_sound_like_it(need: str) -> None:
    pack = read_pack({one.name: one.read_bytes() for one in PACK.glob("*.yaml")}).pack
    safety = [Phrase(one, Meaning("trigger", "safety")) for one in pack.dialogs["safety"].triggers]
    heard = Understanding.of(safety, vocabulary(pack), pack.not_meant)
    for said in FEARS[need]:
        found = heard.match(said)
        assert (found.slots["danger"] if found else "") == need, said


def test_saying_one_is_scared_is_never_taken_for_an_everyday_feeling() -> None:
    feelings = set().union(*map(ways_to_say, ["{feeling}", "{done_to_me}", "{dark}"]))
    assert feelings & {"scared", "afraid", "frightened", "terrified", "unsafe"} == set()


def test_only_the_welcome_says_once_that_it_is_not_therapy() -> None:
    saying = [
        (name, line) for name in DIALOGS for line in spoken_lines(name) if "not therapy" in line
    ]
    assert [name for name, _ in saying] == ["welcome"]


def test_nobodys_gender_or_marriage_is_assumed_aloud() -> None:
    assumed = re.compile(r"\b(he|she|him|her|his|hers|husband|wife|spouse|married)\b", re.I)
    assert [line for name in DIALOGS for line in spoken_lines(name) if assumed.search(line)] == []


HELP_LINES = PACK / "data" / "helplines.toml"
COUNTRIES = ("US", "CA", "GB", "IE", "AU", "NZ", "DE", "FR", "IN")


def test_help_lines_have_numbers_sources_and_an_honest_date() -> None:
    lines = tomllib.loads(HELP_LINES.read_text("utf-8"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", lines["checked"])
    assert "not called" in lines["how"]
    slots = DIALOGS["safety"]["slots"]
    assert {name: slot for name, slot in slots.items() if slot} == {
        "emergency_number": "your local emergency number",
        "violence_line": "a help line near you",
        "life_line": "a crisis line near you",
    }
    for country in COUNTRIES:
        there = lines[country]
        assert there["source"].startswith("http")
        kinds = [line["for"] for line in there["lines"]]
        assert "life" in kinds and len(set(kinds)) == len(kinds)
        for line in there["lines"]:
            assert line["source"].startswith("http")


@pytest.mark.parametrize("country", ["", *COUNTRIES])
def test_what_safety_says_is_short_in_every_country(country: str) -> None:
    """A number's groups count as a word each; nobody hears them as sentences."""
    known, problems = read_help_lines("h.toml", HELP_LINES.read_bytes())
    assert problems == ()
    slots = {**DIALOGS["safety"]["slots"], **(spoken_slots(known[country]) if country else {})}
    lines = [
        as_heard(line, slots)
        for one in all_instructions(DIALOGS["safety"])
        for line in spoken_in(one)
    ]
    text = " ".join(lines)
    said = [re.sub(r"\d( \d)*", "number", line) for line in lines]
    assert max(len(words(one)) for one in said) <= MOST_WORDS_A_LINE
    assert "{" not in text


@pytest.mark.parametrize(
    ("rule", "ways"),
    [
        (
            "yes",
            ("yeah", "yep", "sure", "okay", "i guess so", "i think so", "all right", "yes please"),
        ),
        ("no", ("nope", "not really", "not now", "no thanks", "i'd rather not", "maybe later")),
        ("a_moment", ("give me a minute", "give us a moment", "i need a minute")),
        ("not_sure", ("i don't know", "not sure", "hard to say")),
    ],
)
def test_answers_are_taken_as_people_give_them(rule: str, ways: tuple[str, ...]) -> None:
    assert set(ways) <= ways_to_say(PHRASES["rules"][rule])


@EVERY_DIALOG
def test_a_yes_or_no_is_always_the_shared_one(name: str) -> None:
    """So that each question takes all the ways to say it."""
    for one in all_instructions(DIALOGS[name]):
        said = " ".join(one.get("answers", {}))
        if re.search(r"\b(yes|no)\b", re.sub("<[^>]*>", "", said)):
            assert name == "help" or "<yes>" in said or "<no>" in said, one["ask"]
