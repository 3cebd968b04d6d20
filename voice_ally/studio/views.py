"""What is made from the text of a dialog: problems with their fixes, and the map.

Rules: pure. A fix is offered only where the words to be replaced stand at the problem's place.
"""

import difflib
import re
from collections.abc import Sequence

from voice_ally.language.model import Dialog, Pack
from voice_ally.language.problems import Problem
from voice_ally.ui.flow_graph import DIALOG, END, STEP, Box, Exit, boxes_of_dialog

_MEANT = re.compile(r'Did you mean "([^"]+)"\?')
_ONE_OF_TWO = re.compile(r"Did you mean (\w+) or (\w+)\?")
_CUT_OFF, _SLOT_OF_OTHERS = "VA070", "VA073"
_POSSIBLE = re.compile(r"Possible here: (.+?)\.")
_QUOTED = re.compile(r'"([^"]+)"')
THE_END = " end"
"""The id of the box in which a dialog is over: no step can be called so."""


def problem_data(problem: Problem, lines: Sequence[str]) -> dict[str, object]:
    """For the page; lines: of the text it was found in."""
    place = problem.place
    return {
        "line": place.line,
        "column": place.column,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "mend": problem.mend,
        "fixes": list(_fixes(problem, lines[place.line - 1] if place.line <= len(lines) else "")),
    }


def _fixes(problem: Problem, line: str) -> list[dict[str, object]]:
    """Words to be put in the place of others, nearest to what the problem names."""
    wrong, column = _QUOTED.findall(problem.message), problem.place.column
    if two := _ONE_OF_TWO.search(problem.mend):
        value = re.compile(r"\d+(?:\.\d+)?(?!\w)").search(line, max(0, column - 1))
        span = value.span() if value else None
        return [_change(problem, span, one) for one in two.groups()] if span else []
    meant = _MEANT.findall(problem.mend)
    possible = _POSSIBLE.search(problem.mend)
    if wrong and not meant and possible:
        meant = difflib.get_close_matches(wrong[-1], possible[1].split(", "), n=1, cutoff=0.5)
    if wrong and meant:
        for word in reversed(wrong):
            found = [one.span() for one in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", line)]
            if found:
                near = min(found, key=lambda span: abs(span[0] + 1 - column))
                return [_change(problem, near, meant[0])]
    if problem.code == _CUT_OFF:
        return _quoted_whole(problem, line)
    if problem.code == _SLOT_OF_OTHERS or "one brace on each side" in problem.mend:
        double = re.search(r"\{[{%] *(\w+) *[}%]\}", line)
        return [_change(problem, double.span(), f"{{{double[1]}}}")] if double else []
    return []


_VALUE = re.compile(r"^(\s*+(?:- )*+(?:[\w ]++: ++)?+)([^\s\"'\[{>|&*!%@#].*)$")


def _quoted_whole(problem: Problem, line: str) -> list[dict[str, object]]:
    """The text of a line in quotes, with what a comment cuts off of it."""
    found = _VALUE.match(line.rstrip())
    if found is None:
        return []
    text = found[2].replace("\\", "\\\\").replace('"', '\\"')
    change = _change(problem, found.span(2), f'"{text}"')
    return [{**change, "label": "Put the whole text in quotes"}]


def _change(problem: Problem, span: tuple[int, int], text: str) -> dict[str, object]:
    change = {
        "from_line": problem.place.line,
        "from_column": span[0] + 1,
        "to_line": problem.place.line,
        "to_column": span[1] + 1,
        "text": text,
    }
    return {"to": text, "changes": [change]}


def map_of(pack: Pack, dialog: Dialog) -> dict[str, object]:
    """Boxes and arrows of a dialog."""
    boxes = boxes_of_dialog(pack, dialog)
    nodes: dict[str, dict[str, object]] = {box.name: _node(box) for box in boxes}
    edges = []
    for box in boxes:
        for way in box.exits:
            if way.kind not in (STEP, DIALOG, END):
                continue
            target = {STEP: way.target, END: THE_END}.get(way.kind, f"dialog {way.target}")
            if target not in nodes:
                title = pack.dialogs[way.target].title if way.kind == DIALOG else ""
                about = {"title": title, "kind": way.kind, "dialog": way.target}
                nodes[target] = {"id": target, "text": "", **about}
            kind, label = _kind(way)
            edges.append({"from": box.name, "to": target, "kind": kind, "label": label})
    return {"nodes": list(nodes.values()), "edges": edges}


def _node(box: Box) -> dict[str, object]:
    return {
        "id": box.name, "title": box.name, "text": box.says, "kind": STEP, "reached": box.reached,
    }  # fmt: skip


def _kind(way: Exit) -> tuple[str, str]:
    """What leads there, and in which words."""
    for kind in ("silence", "unclear"):
        if way.label.startswith(kind):
            return kind, way.label.removeprefix(kind).strip(" ,")
    if way.label.endswith("and comes back"):
        return "detour", way.label.removesuffix("and comes back").strip()
    label = way.label.removesuffix("goes over to").strip()
    return ("answer", label) if "“" in label or label else ("next", "")
