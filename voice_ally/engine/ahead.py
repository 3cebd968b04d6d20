"""Which lines are likely to be spoken next, so that they can be rendered ahead.

Rules: pure. The step at hand comes first, in the order it would be spoken, then the steps it
leads to, nearest first, then what can be said anywhere. A line whose slots are not known yet is
left out.
"""

from collections.abc import Iterable, Iterator, Mapping

from voice_ally.core.events import SlotValue
from voice_ally.language import model, wording

MOST_LINES = 60
CUES = {
    "in": "breathe_in",
    "hold": "breathe_hold",
    "out": "breathe_out",
    "rest": "breathe_rest",
}
"""Which of the pack's lines goes with which phase of a breath."""
ALWAYS = ("paused", "how_long_left", "nothing_before", "one_can_stop", "voice_failed")


def lines_ahead(
    pack: model.Pack, dialog: model.Dialog, step: str, slots: Mapping[str, SlotValue]
) -> tuple[str, ...]:
    """Lines of a dialog, the likeliest first, from the beginning of this step on."""
    found: dict[str, None] = {}
    for text in (*_dialog_lines(pack, dialog, step), *(pack.lines.get(one, "") for one in ALWAYS)):
        known = all(slots.get(slot, "") != "" for slot in wording.slots_in(text))
        if text and known:
            found[wording.fill(text, slots)] = None
        if len(found) == MOST_LINES:
            break
    return tuple(found)


def opening_lines(pack: model.Pack) -> tuple[str, ...]:
    """What each dialog says first, those first that can be asked for anywhere."""
    found: dict[str, None] = {}
    for dialog in sorted(pack.dialogs.values(), key=lambda one: not one.anywhere):
        spoken = _dialog_lines(pack, dialog, dialog.start)
        first = dialog.question if dialog.asks_first else next(spoken, "")
        if first and not wording.slots_in(first):
            found[first] = None
    return tuple(found)[:MOST_LINES]


def fixed_lines(pack: model.Pack) -> frozenset[str]:
    """Every line that stands in the pack as it is spoken: nothing anybody said is in them."""
    spoken = (
        text
        for dialog in pack.dialogs.values()
        for text in (dialog.question, *_dialog_lines(pack, dialog, dialog.start))
    )
    every = {*spoken, *pack.lines.values()}
    return frozenset(one for one in every if one and not wording.slots_in(one))


def _dialog_lines(pack: model.Pack, dialog: model.Dialog, start: str) -> Iterator[str]:
    order = list(dialog.steps)
    waiting, seen = [start], set[str]()
    while waiting:
        step = waiting.pop(0)
        if step in seen or step not in dialog.steps:
            continue
        seen.add(step)
        leads_to: list[str] = []
        yield from _block_lines(pack, dialog.steps[step], leads_to)
        waiting += leads_to
        waiting += order[order.index(step) + 1 :][:1]
        if not waiting:
            # what is reached in no way that can be seen here comes last
            waiting = [one for one in order if one not in seen][:1]
    for block in (*dialog.silence, *dialog.unclear, *pack.silence, *pack.unclear):
        yield from _block_lines(pack, block, [])


def _block_lines(
    pack: model.Pack, block: Iterable[model.Instruction], leads_to: list[str]
) -> Iterator[str]:
    for one in block:
        if isinstance(one, model.Say):
            yield from one.any
        elif isinstance(one, model.Ask):
            yield from one.any
            answers = (answer.then for answer in one.answers)
            anything = () if one.anything is None else (one.anything,)
            for then in (*one.silence, *answers, *anything, *one.unclear):
                yield from _block_lines(pack, then, leads_to)
            if one.help:
                yield one.help
        elif isinstance(one, model.When):
            yield from _block_lines(pack, one.then, leads_to)
            yield from _block_lines(pack, one.otherwise, leads_to)
        elif isinstance(one, model.Breathe):
            yield from (pack.lines.get(name, "") for name in CUES.values())
        elif isinstance(one, model.Repeat):
            yield from _block_lines(pack, one.block, leads_to)
        elif isinstance(one, model.Go):
            leads_to += [one.step, *one.others]
