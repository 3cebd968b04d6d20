"""What the synthetic voices say.

Rules: own text only; every word is in PocketSphinx's dictionary, so that each sentence has a
pronunciation; the same seed gives the same sentences.

A sixth, or as much as is asked for, is short answers and the words most like them. A third of the
others is the ally's own phrases and lines, taken from dialogs/en; the rest is other commands,
orders, numbers and enough general English that speech not meant for it has somewhere to go.
"""

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pocketsphinx

from voice_ally.interpret.text import normalise
from voice_ally.interpret.word_graph import WordGraph, word_graph
from voice_ally.language.blocks import every_instruction
from voice_ally.language.model import Ask, Pack, Say
from voice_ally.language.reader import read_folders, vocabulary
from voice_ally.language.spoken import spoken_templates
from voice_ally.settings.places import bundled_dialogs

LONGEST_WORDS = 18
SHORT_SHARE = 0.17
"""Of the sentences are short answers, where nothing else is asked for."""
_GRAMMAR = Path(__file__).with_name("sentences.txt")
_ALTERNATIVES = re.compile(r"<(\w+)>")


@cache
def dictionary() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Word -> its pronunciations, best first, from PocketSphinx's wheel."""
    path = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, *phones = line.split()
        found.setdefault(word.split("(")[0] or word, []).append(tuple(phones))
    return {word: tuple(one) for word, one in found.items()}


def bundled_pack() -> Pack:
    """The dialogs that travel with the program."""
    return read_folders([bundled_dialogs()]).pack


def pack_graphs(pack: Pack) -> list[WordGraph]:
    """Those, compiled."""
    words = vocabulary(pack)
    return [word_graph(template, words) for template in spoken_templates(pack)]


def pack_lines(pack: Pack) -> list[str]:
    """Everything the ally says, without slots."""
    lines: set[str] = set()
    for dialog in pack.dialogs.values():
        for instruction in every_instruction(dialog):
            if isinstance(instruction, Say | Ask):
                lines.update(one for one in instruction.any if "{" not in one)
    parts = {part for line in lines for part in re.split(r"[.!?;:]", line)}
    return sorted({normalise(part) for part in parts} - {""})


def walk(graph: WordGraph, chance: random.Random) -> str:
    """One way to say a phrase."""
    state, words = 0, list[str]()
    while True:
        arcs = graph.arcs[state]
        if state in graph.final and (not arcs or chance.random() < 1 / (1 + len(arcs))):
            return " ".join(words)
        arc = chance.choice(arcs)
        words.append(arc.word)
        state = arc.target


@cache
def _rules() -> dict[str, tuple[str, ...]]:
    rules: dict[str, tuple[str, ...]] = {}
    for line in _GRAMMAR.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, choices = line.partition(":")
            known = rules.get(name.strip(), ())
            rules[name.strip()] = known + tuple(one.strip() for one in choices.split("|"))
    return rules


def expand(name: str, chance: random.Random) -> str:
    """A sentence from sentences.txt, beginning at one of its rules."""
    text = f"<{name}>"
    while found := _ALTERNATIVES.search(text):
        text = text.replace(found[0], chance.choice(_rules()[found[1]]), 1)
    return " ".join(text.split())


@cache
def vocabulary_words() -> tuple[str, ...]:
    """The words the model is made with: sentences.txt, words.txt and the bundled pack."""
    own = set(_GRAMMAR.with_name("words.txt").read_text(encoding="utf-8").split())
    for choices in _rules().values():
        own.update(" ".join(_ALTERNATIVES.sub(" ", one) for one in choices).split())
    pack = bundled_pack()
    own.update(arc.word for graph in pack_graphs(pack) for arcs in graph.arcs for arc in arcs)
    own.update(word for line in pack_lines(pack) for word in line.split())
    return tuple(sorted(own & dictionary().keys()))


def sentences(count: int, seed: int, short: float = SHORT_SHARE) -> list[str]:
    """That many things to say, such a share of them short answers."""
    chance = random.Random(seed)
    pack = bundled_pack()
    graphs, lines, words = pack_graphs(pack), pack_lines(pack), vocabulary_words()
    rare = sorted(word for word in dictionary() if word.isalpha() and 3 <= len(word) <= 10)

    def some(these: tuple[str, ...] | list[str], fewest: int, most: int) -> str:
        return " ".join(chance.choices(these, k=chance.randint(fewest, most)))

    kinds: list[tuple[float, Callable[[], str]]] = [
        (0.23, lambda: walk(chance.choice(graphs), chance)),
        (0.07, lambda: chance.choice(lines)),
        (0.20, lambda: expand("order", chance)),
        (0.15, lambda: expand("command", chance)),
        (0.17, lambda: expand("sentence", chance)),
        (0.09, lambda: some(words, 1, 6)),
        (0.09, lambda: some(rare, 1, 5)),
    ]
    others = sum(weight for weight, _ in kinds)
    kinds.append((others * short / (1 - short), lambda: expand("answer", chance)))
    weights, makers = zip(*kinds, strict=True)
    found: list[str] = []
    while len(found) < count:
        text = chance.choices(makers, weights)[0]()
        said = text.split()
        if said and len(said) <= LONGEST_WORDS and all(word in dictionary() for word in said):
            found.append(text)
    return found
