"""What must not follow from words that nobody understood, nor from silence.

Rules: `anything` is an answer, never a yes: it leads nowhere that only a yes may lead, and makes
no promise. Where several answers lead to one place, it is proposed.
"""

from collections.abc import Iterator

from voice_ally.language import model
from voice_ally.language.blocks import every_instruction, makes_promise
from voice_ally.language.own_names import as_written
from voice_ally.language.problems import Problem, error, warning
from voice_ally.language.reserved import NO_RULE, YES_RULE


def check_consent(pack: model.Pack) -> Iterator[Problem]:
    """Everything about what nobody agreed to."""
    for dialog in pack.dialogs.values():
        yield from dialog.once("consent", lambda: tuple(_in_dialog(dialog)))  # noqa: B023


def _in_dialog(dialog: model.Dialog) -> Iterator[Problem]:
    for one in every_instruction(dialog):
        if isinstance(one, model.Ask):
            yield from _about_anything(dialog, one)


def _about_anything(dialog: model.Dialog, ask: model.Ask) -> Iterator[Problem]:
    follows = ask.anything
    if follows is None:
        yield from _proposed(ask)
        return
    place = follows[0].place if follows else ask.place
    for answer in ask.answers:
        if YES_RULE in as_written(answer.template) and answer.then == follows:
            message = "Whatever is said here would count as a yes."
            mend = "Let anything lead elsewhere: only a yes is a yes."
            yield error(place, "VA060", message, mend)
    if makes_promise(dialog, follows):
        message = "Whatever is said here would make a promise to come back."
        yield error(place, "VA060", message, "Ask for a yes before remind.")
    for block in ask.unclear[:1]:
        message = "unclear is never reached here: anything takes all that is said."
        at = block[0].place if block else ask.place
        yield warning(at, "VA027", message, "Drop one of the two.")


def _proposed(ask: model.Ask) -> Iterator[Problem]:
    """Several answers that lead to one place, as if it did not matter what is said."""
    alike = all(answer.then == ask.answers[0].then for answer in ask.answers)
    written = [as_written(one.template) for one in ask.answers]
    consent = any(YES_RULE in one or NO_RULE in one for one in written)
    over = any(isinstance(one, model.End) for answer in ask.answers for one in answer.then)
    if len(ask.answers) > 1 and alike and not (consent or over):
        message = "All these answers lead to the same, yet other words are not understood."
        mend = 'Add an answer "anything:" that leads there, too.'
        yield warning(ask.place, "VA061", message, mend)
