"""Rules and lists that a dialog has of its own.

Rules: pure. They are kept under the dialog's name, "evening//mood", so that those of two dialogs
never meet and one may be called as one of the pack's, which it then hides in its dialog alone. The
phrases of the dialog name them so, too; nobody reads that: whatever is shown says "mood".
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeVar

from voice_ally.language import model
from voice_ally.language.written import Written, place_of

V = TypeVar("V")
_SIGN = "//"
_REFERENCE = re.compile(r"<([^<>]+)>|\{([^{}:]+)(:[^{}]*)?\}")
_OWNER = re.compile(rf"(?<=[<{{])[^<>{{}}]*{_SIGN}")


def own_name(dialog: str, name: str) -> str:
    """What a rule or list of this dialog is called in the pack."""
    return Written.at(f"{dialog}{_SIGN}{name}", place_of(name, model.NOWHERE))


def owner_of(name: str) -> str:
    """The dialog whose rule or list it is, or empty."""
    return name.partition(_SIGN)[0] if _SIGN in name else ""


def base_name(name: str) -> str:
    """The name alone, as its author wrote it."""
    return name.rpartition(_SIGN)[2]


def as_written(text: str) -> str:
    """As its author wrote it."""
    return _OWNER.sub("", text) if _SIGN in text else text


def with_own_names(
    dialog: model.Dialog, rules: Mapping[str, str], lists: Mapping[str, model.SpokenList]
) -> model.Dialog:
    """The dialog with these rules and lists for its own phrases."""
    if not (rules or lists):
        return dialog
    own = _Own(dialog.id, rules.keys(), lists.keys())
    return replace(
        dialog,
        rules={own_name(dialog.id, name): own.named(text) for name, text in rules.items()},
        lists={own_name(dialog.id, name): own.values(one) for name, one in lists.items()},
        triggers=tuple(own.named(one) for one in dialog.triggers),
        steps={name: own.block(block) for name, block in dialog.steps.items()},
        silence=own.blocks(dialog.silence),
        unclear=own.blocks(dialog.unclear),
    )


class _Own:
    """Puts the dialog's name before the names of its own rules and lists."""

    def __init__(self, dialog: str, rules: Collection[str], lists: Collection[str]) -> None:
        self._dialog, self._rules, self._lists = dialog, rules, lists

    def named(self, template: str) -> str:
        """The template, with their full names."""
        return Written.at(_REFERENCE.sub(self._full, template), place_of(template, model.NOWHERE))

    def _full(self, found: re.Match[str]) -> str:
        rule, spoken, slot = found.groups()
        if rule is not None:
            return f"<{own_name(self._dialog, rule)}>" if rule in self._rules else found[0]
        if spoken not in self._lists:
            return found[0]
        return f"{{{own_name(self._dialog, spoken)}{slot or f':{spoken}'}}}"

    def values(self, spoken: model.SpokenList) -> model.SpokenList:
        """The list, each value said with their full names."""
        values = tuple((self.named(said), value) for said, value in spoken.values)
        return replace(spoken, values=values)

    def blocks(self, blocks: tuple[model.Block, ...]) -> tuple[model.Block, ...]:
        """Each of them."""
        return tuple(self.block(one) for one in blocks)

    def block(self, block: model.Block) -> model.Block:
        """The instructions, and all inside them."""
        return tuple(self._instruction(one) for one in block)

    def _instruction(self, one: model.Instruction) -> model.Instruction:
        match one:
            case model.Ask():
                answers = tuple(
                    replace(answer, template=self.named(answer.template), then=self.block(then))
                    for answer in one.answers
                    for then in (answer.then,)
                )
                anything = None if one.anything is None else self.block(one.anything)
                silence, unclear = self.blocks(one.silence), self.blocks(one.unclear)
                return replace(
                    one, answers=answers, anything=anything, silence=silence, unclear=unclear
                )
            case model.Hold() | model.Turn():
                return replace(one, until=tuple(self.named(text) for text in one.until))
            case model.When():
                then, otherwise = self.block(one.then), self.block(one.otherwise)
                return replace(one, then=then, otherwise=otherwise)
            case model.Repeat():
                return replace(one, block=self.block(one.block))
        return one
