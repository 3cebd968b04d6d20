"""A pack's templates as word graphs, each compiled once, and what can be asked of them.

Rules: a template that cannot be used is data too (its TemplateError), never an exception.
"""

import re
from collections.abc import Iterable, Iterator

from voice_ally.interpret.overlap import Automaton
from voice_ally.interpret.template import TemplateError, parse
from voice_ally.interpret.template import plainest as plainest_text
from voice_ally.interpret.text import normalise
from voice_ally.interpret.vocabulary import SpokenValues, Vocabulary
from voice_ally.interpret.word_graph import WordGraph, shortest, word_graph
from voice_ally.language import model
from voice_ally.language.blocks import every_instruction
from voice_ally.language.memory import Memory

DEEPEST = 50
"""Rules within rules; what leads deeper depends on all of them."""
REFERENCE = re.compile(r"<([^<>]+)>|\{([^{}:]+)(?::[^{}]*)?\}")
"""A rule or a list in a template: one of the two groups is its name."""


def vocabulary_of(pack: model.Pack) -> Vocabulary:
    """A pack's rules and lists in the form that understanding wants; the same for the same pack."""
    return pack.once("vocabulary", lambda: _vocabulary_of(pack))


def _vocabulary_of(pack: model.Pack) -> Vocabulary:
    rules, lists = dict(pack.rules), dict(pack.lists)
    for dialog in pack.dialogs.values():
        rules |= dialog.rules
        lists |= dialog.lists
    return Vocabulary(rules, {name: _values(one) for name, one in lists.items()})


def _values(spoken: model.SpokenList) -> SpokenValues:
    numbers = spoken.numbers
    if numbers is None:
        return SpokenValues(spoken.values)
    return SpokenValues(spoken.values, (numbers.first, numbers.last, numbers.step))


class Phrasebook:
    """The templates of one pack, compiled when first asked for."""

    def __init__(self, pack: model.Pack, memory: Memory | None = None) -> None:
        self._vocabulary = vocabulary_of(pack)
        self._known: dict[str, WordGraph | TemplateError] = {}
        self._memory = memory or Memory()
        self._definitions: dict[str, int] = {}
        """A number for each rule <name> and list {name} with all that it leads to."""
        self._keys: dict[int, tuple[int, model.Dialog]] = {}
        """Of each dialog, by its identity, its words_key."""

    def compiled(self, template: str) -> WordGraph | TemplateError:
        """The graph, or why there is none."""
        known = self._known.get(template)
        if known is None:
            key = ("graph", template, self.depends_on(template))
            known = self._memory.of(key, lambda: self._compile(template))
            self._known[template] = known
        return known

    def _compile(self, template: str) -> WordGraph | TemplateError:
        try:
            return word_graph(template, self._vocabulary)
        except TemplateError as wrong:
            return wrong

    def depends_on(self, template: str, depth: int = 0) -> tuple[int, ...]:
        """Numbers that change when a rule or a list changes that the template leads to."""
        if "<" not in template and "{" not in template:
            return ()
        return tuple(
            self._definition(f"<{rule}>" if rule else f"{{{values}}}", depth)
            for rule, values in REFERENCE.findall(template)
        )

    def words_key(self, dialog: model.Dialog) -> int:
        """A number that changes when anything changes that the dialog's phrases lead to."""
        known = self._keys.get(id(dialog))
        if known is None:
            referring = dialog.once(
                "refers", lambda: [one for one in templates_of(dialog) if "<" in one or "{" in one]
            )
            number = self._memory.number(tuple(self.depends_on(one) for one in referring))
            known = self._keys[id(dialog)] = (number, dialog)
        return known[0]

    def _definition(self, name: str, depth: int) -> int:
        known = self._definitions.get(name)
        if known is None and depth > DEEPEST:
            rules, lists = self._vocabulary.rules, self._vocabulary.lists
            return self._memory.number((tuple(rules.items()), tuple(lists.items())))
        if known is None:
            self._definitions[name] = 0  # while a circle leads back here
            inner = name[1:-1]
            templates: tuple[str, ...] = ()
            numbers = None
            if name[0] == "<" and inner in self._vocabulary.rules:
                templates = (self._vocabulary.rules[inner],)
            elif name[0] == "{" and inner in self._vocabulary.lists:
                values = self._vocabulary.lists[inner]
                numbers = (values.numbers, values.values)
                templates = tuple(said for said, _ in values.values)
            leads_to = tuple(self.depends_on(one, depth + 1) for one in templates)
            known = self._memory.number((name, templates, numbers, leads_to))
            self._definitions[name] = known
        return known

    def graph(self, template: str) -> WordGraph | None:
        """The graph, or None."""
        found = self.compiled(template)
        return None if isinstance(found, TemplateError) else found

    def wrong(self, template: str) -> TemplateError | None:
        """Why a template cannot be used, or None."""
        found = self.compiled(template)
        return found if isinstance(found, TemplateError) else None

    def slots(self, template: str) -> frozenset[str]:
        """The slots that saying it may fill."""
        graph = self.graph(template)
        if graph is None or ("{" not in template and "<" not in template):
            return frozenset()
        return frozenset(
            mark.name
            for arcs in graph.arcs
            for arc in arcs
            for marks in arc.marks
            for mark in marks
        )

    def words(self, template: str) -> frozenset[str]:
        """Every word it can be said with."""
        graph = self.graph(template)
        if graph is None:
            return frozenset()
        return self._memory.of(
            ("words", id(graph)),
            lambda: frozenset(arc.word for arcs in graph.arcs for arc in arcs),
            graph,
        )

    def plainest(self, template: str) -> str:
        """A plain way to say a template that is sure to be understood, or "" when it needs a
        slot's value or cannot be used: options left out, the first of several choices."""
        key = ("plainest", template, self.depends_on(template))
        return self._memory.of(key, lambda: self._plainest(template))

    def _plainest(self, template: str) -> str:
        graph = self.graph(template)
        if graph is None or self.slots(template):
            return ""
        text = " ".join(plainest_text(parse(template), self._vocabulary).split())
        heard = Automaton([graph]).matching(normalise(text).split())
        return text if heard else next(iter(shortest(graph, 1)), "")

    def words_of(self, templates: Iterable[str]) -> frozenset[str]:
        """The words of all of them."""
        return frozenset().union(*map(self.words, templates))


def templates_in(pack: model.Pack) -> Iterator[str]:
    """Every template of a pack: commands, what is not meant, triggers, answers, ends of waiting."""
    for many in pack.commands.values():
        yield from many
    yield from pack.not_meant
    for dialog in pack.dialogs.values():
        yield from templates_of(dialog)


def templates_of(dialog: model.Dialog) -> tuple[str, ...]:
    """Those of a dialog."""

    def found() -> Iterator[str]:
        yield from dialog.triggers
        for instruction in every_instruction(dialog):
            if isinstance(instruction, model.Ask):
                yield from (answer.template for answer in instruction.answers)
            elif isinstance(instruction, model.Hold | model.Turn):
                yield from instruction.until

    return dialog.once("templates", lambda: tuple(found()))


def book_of(pack: model.Pack) -> Phrasebook:
    """The phrasebook of a pack: the one that was made as it was read, or else a new one."""
    return pack.once("book", lambda: Phrasebook(pack))


def plainest(template: str, pack: model.Pack) -> str:
    """A plain way to say a template; see Phrasebook."""
    return book_of(pack).plainest(template)
