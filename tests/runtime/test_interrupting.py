"""While it speaks: who said what, and what it made of that."""

from collections.abc import Mapping, Sequence

from tests.language.packs import small_files
from voice_ally.core.actions import Phrase, Style
from voice_ally.core.sound import Sound
from voice_ally.core.speech import Decision, Grammar, SpeechStarted, Utterance
from voice_ally.interpret.understanding import Understanding, Understandings
from voice_ally.language.reader import read_pack, vocabulary
from voice_ally.runtime.event_log import EventLog
from voice_ally.runtime.reminders import Reminders
from voice_ally.runtime.session import SETTLE_SECONDS, Session, WhileSpeaking
from voice_ally.ui.rehearsal import SilentSounds

QUESTION = "Shall I? You may stop."


class Ears:
    """Says whether a phrase could be heard just now."""

    def __init__(self) -> None:
        self.grammar: Grammar | None = None
        self.broken_off = 0

    def arm(self, understanding: Understanding) -> None:
        self.grammar = understanding.grammar

    def open(self) -> None:
        return None

    def break_off(self) -> None:
        self.broken_off += 1

    def hear(self, text: str) -> bool:
        return self.grammar is not None and self.grammar.accepts(text)


class Mouth:
    """A line sounds until it is told that it is over."""

    lead_seconds = 0.0

    def __init__(self) -> None:
        self.sounding: list[int] = []
        self.lowered = False
        self.cuts = 0

    def say(self, ticket: int, text: str, style: Style, at: float) -> None:
        self.sounding.append(ticket)

    def tone(self, ticket: int, pcm16: Sound, at: float, *, exact: bool = False) -> None:
        self.sounding.append(ticket)

    def prepare(self, texts: Sequence[str], style: Style) -> None:
        return None

    def lower(self, lowered: bool) -> None:
        self.lowered = lowered

    def cut(self) -> None:
        self.sounding.clear()
        self.cuts += 1


class Talk:
    """A session that has been asking QUESTION since second 1."""

    def __init__(self, while_speaking: WhileSpeaking = WhileSpeaking.INTERRUPTIONS) -> None:
        files = small_files()
        files["calm.yaml"] = files["calm.yaml"].replace(b"Shall I?", QUESTION.encode())
        files["phrases.yaml"] = files["phrases.yaml"].replace(
            b'  goodbye: ["goodbye"]', b'  goodbye: ["goodbye"]\n  slower: ["slower"]'
        )
        files["phrases.yaml"] = files["phrases.yaml"].replace(
            b'  stop: ["stop [now]"]', b'  stop: ["stop [now]", "leave it"]'
        )
        pack = read_pack(files, named="small/").pack
        known = Understandings(vocabulary(pack), pack.not_meant)

        def understand(phrases: Sequence[Phrase]) -> Understanding:
            return known.of(phrases)

        self.ears, self.mouth, self.told = Ears(), Mouth(), list[tuple[str, Mapping[str, object]]]()
        log = EventLog()
        log.watch(lambda _at, event, data: self.told.append((event, dict(data))))
        self.session = Session(
            pack,
            understand,
            ears=self.ears,
            mouth=self.mouth,
            sounds=SilentSounds(),
            log=log,
            reminders=Reminders(None, lambda: 0.0, lambda: 0.0),
            while_speaking=while_speaking,
        )
        self.session.begin(1.0, "calm")

    def say(self, text: str, start: float, end: float, own_share: float = 0.0) -> None:
        self.session.heard(SpeechStarted(start, own_share))
        self.session.heard(Utterance(end + 0.1, text, 1.0, start, end, text, own_share))

    def line_over(self, at: float) -> None:
        self.session.sound_over(self.mouth.sounding.pop(0), at)

    def told_of(self, event: str) -> list[Mapping[str, object]]:
        return [data for name, data in self.told if name == event]


def test_stop_is_heard_in_the_middle_of_a_line() -> None:
    talk = Talk()
    assert talk.ears.hear("stop")
    talk.say("stop", 1.5, 1.9)
    assert [one["reason"] for one in talk.told_of("ended")] == ["stopped"]
    assert talk.mouth.sounding == []


def test_so_is_somebody_who_is_afraid() -> None:
    talk = Talk()
    talk.say("i'm scared", 1.5, 2.1)
    assert [one["dialog"] for one in talk.told_of("started")] == ["calm", "safety"]


def test_but_only_if_it_was_plainly_somebody_else() -> None:
    talk = Talk()
    talk.say("i'm scared", 1.5, 2.1, own_share=0.5)
    assert [one["dialog"] for one in talk.told_of("started")] == ["calm"]
    assert [one["echo"] for one in talk.told_of("rejected")] == [True]


def test_a_stop_in_other_words_than_the_line_needs_no_such_proof() -> None:
    for said, obeyed in (("leave it", True), ("goodbye", False)):
        talk = Talk()
        talk.say(said, 1.5, 2.1, own_share=0.5)
        assert bool(talk.told_of("ended")) is obeyed


def test_but_one_found_in_the_midst_of_other_sound_does() -> None:
    for share, obeyed in ((0.5, False), (0.3, True)):
        talk = Talk()
        found = Utterance(2.1, "goodbye", 1.0, 1.5, 2.0, own_share=share, amid=True)
        talk.session.heard(SpeechStarted(1.2, share))
        talk.session.heard(found)
        assert bool(talk.told_of("ended")) is obeyed


def test_its_own_stop_is_not() -> None:
    talk = Talk()
    talk.say("stop", 1.5, 1.9, own_share=0.85)
    assert talk.told_of("ended") == []
    assert [one["echo"] for one in talk.told_of("rejected")] == [True]
    assert talk.mouth.sounding, "and it speaks on"


def test_answers_and_other_commands_wait_for_the_end_of_the_line() -> None:
    talk = Talk()
    assert not talk.ears.hear("yes")
    assert not talk.ears.hear("slower")
    talk.line_over(3.0)
    assert not talk.ears.hear("yes"), "the room still rings"
    talk.session.tick(3.0 + SETTLE_SECONDS)
    assert talk.ears.hear("yes")
    assert talk.ears.hear("slower")


def test_with_a_trusted_canceller_an_answer_may_interrupt() -> None:
    talk = Talk(WhileSpeaking.ANSWERS)
    assert talk.ears.hear("yes")
    talk.say("yes", 1.5, 1.9)
    assert talk.mouth.cuts == 1
    talk.session.tick(5.0)
    assert [one["name"] for one in talk.told_of("phase")][:1] == ["in"]


def test_but_the_echo_of_an_answer_may_not() -> None:
    talk = Talk(WhileSpeaking.ANSWERS)
    talk.say("i", 1.5, 1.9, own_share=0.95)
    assert talk.told_of("phase") == []


def test_with_headphones_nothing_is_an_echo() -> None:
    talk = Talk(WhileSpeaking.ALL)
    talk.say("stop", 1.5, 1.9, own_share=1.0)
    assert [one["reason"] for one in talk.told_of("ended")] == ["stopped"]


def test_what_is_not_understood_while_it_asks_is_nobodys_mistake() -> None:
    for mode in (WhileSpeaking.INTERRUPTIONS, WhileSpeaking.ANSWERS):
        talk = Talk(mode)
        talk.say("mumble", 1.5, 1.9)
        assert talk.told_of("unclear") == []
        talk.line_over(3.0)
        talk.session.tick(3.5)
        talk.say("mumble", 3.6, 4.0)
        assert [one["count"] for one in talk.told_of("unclear")] == [1]


def test_an_echo_after_the_line_is_not_an_answer_that_was_not_understood() -> None:
    talk = Talk()
    talk.line_over(3.0)
    talk.session.tick(3.3)
    talk.say("you may", 3.3, 3.6, own_share=0.7)
    assert talk.told_of("unclear") == []


def test_it_speaks_softly_while_somebody_speaks_and_only_then() -> None:
    talk = Talk()
    talk.session.heard(SpeechStarted(1.5))
    assert talk.mouth.lowered
    talk.session.heard(Utterance(2.0, "", 0.0, 1.5, 1.9))
    assert not talk.mouth.lowered
    assert talk.mouth.cuts == 0, "speaking alone cuts nothing"


def test_it_does_not_go_soft_at_its_own_echo() -> None:
    talk = Talk()
    talk.session.heard(SpeechStarted(1.5, own_share=0.8))
    assert not talk.mouth.lowered


def test_after_a_stop_everything_may_be_said_again() -> None:
    talk = Talk()
    talk.say("stop", 1.5, 1.9)
    talk.session.tick(2.0 + SETTLE_SECONDS)
    assert talk.ears.hear("please calm me")


def test_an_answer_does_not_drown_in_the_echo_of_the_question() -> None:
    talk = Talk()
    talk.session.heard(SpeechStarted(1.5, 0.1))
    talk.line_over(2.0)
    talk.session.tick(2.0 + SETTLE_SECONDS)
    assert talk.ears.broken_off == 1
    talk.session.heard(Utterance(2.3, "", 0.0, 1.5, 2.2))
    talk.say("yes", 2.4, 2.8)
    assert talk.told_of("heard")[-1]["intent"] == "yes"
    assert talk.told_of("unclear") == []


def test_who_begins_to_speak_after_the_question_is_not_broken_off() -> None:
    talk = Talk()
    talk.line_over(2.0)
    talk.session.heard(SpeechStarted(2.1))
    talk.session.tick(2.0 + SETTLE_SECONDS)
    assert talk.ears.broken_off == 0


class TestWhatHearingDecided:
    """Probably said, but not so surely that something may begin on it; or not said at all."""

    def talk(self) -> Talk:
        talk = Talk(WhileSpeaking.ALL)
        talk.line_over(2.0)
        return talk

    def hears(self, talk: Talk, text: str, at: float, decision: Decision) -> None:
        talk.session.heard(SpeechStarted(at))
        talk.session.heard(Utterance(at + 0.6, text, 0.4, at, at + 0.5, decision=decision))

    def test_a_stop_is_obeyed(self) -> None:
        talk = self.talk()
        self.hears(talk, "stop", 3.0, Decision.ACT)
        assert [one["reason"] for one in talk.told_of("ended")] == ["stopped"]
        assert talk.told_of("heard")[-1]["decision"] == "act"

    def test_what_is_ignored_is_nothing(self) -> None:
        talk = self.talk()
        self.hears(talk, "stop", 3.0, Decision.IGNORE)
        assert talk.told_of("ended") == []
        assert talk.told_of("rejected")[-1]["decision"] == "ignore"

    def test_an_answer_in_doubt_is_asked_for_again(self) -> None:
        talk = self.talk()
        self.hears(talk, "yes", 3.0, Decision.CONFIRM)
        assert talk.told_of("heard") == []
        assert len(talk.told_of("unclear")) == 1

    def test_what_would_begin_a_dialog_is_asked_about_by_its_title(self) -> None:
        talk = self.talk()
        talk.say("stop", 3.0, 3.5)
        started = len(talk.told_of("started"))
        self.hears(talk, "please calm me", 5.0, Decision.CONFIRM)
        assert talk.told_of("asked")[-1]["text"] == "calm?"
        assert len(talk.told_of("started")) == started
        talk.line_over(6.0)
        talk.say("yes", 7.0, 7.4)
        assert len(talk.told_of("started")) == started + 1
