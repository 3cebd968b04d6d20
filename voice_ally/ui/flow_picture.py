"""The flow of a dialog as Mermaid text and as an SVG picture.

Rules: pure; the same boxes give the same text. The picture holds text as text, so that it can be
searched and read out, and has no script, no font of its own and nothing from elsewhere.
"""

from collections.abc import Sequence
from html import escape

from voice_ally.ui.flow_graph import BELOW, DIALOG, END, STEP, Box, Exit

WIDTH, GAP_X, GAP_Y = 280, 80, 26
ROW, TOP, MARGIN = 17, 44, 20
_STYLE = """
text{font:12px sans-serif;fill:#1d2b36} .name{font-weight:bold;font-size:13px}
.says{fill:#5a6b78;font-style:italic} .to{fill:#5a6b78}
.box{fill:#f7f9fa;stroke:#5b7f95;stroke-width:1.3} .never{stroke-dasharray:5 4;fill:#fff}
.way{fill:none;stroke:#5b7f95;stroke-width:1.2} .back{stroke-dasharray:3 3}
"""


def mermaid(title: str, boxes: Sequence[Box]) -> str:
    """A flowchart that Mermaid draws, for example in a README."""
    number = {box.name: f"s{at}" for at, box in enumerate(boxes)}
    lines = ["---", f"title: {title}", "---", "flowchart TD"]
    others: dict[str, str] = {}
    for box in boxes:
        says = f"<br><i>{_quoted(box.says)}</i>" if box.says else ""
        lines.append(f'    {number[box.name]}["<b>{_quoted(box.name)}</b>{says}"]')
    for box in boxes:
        for way in box.exits:
            if way.kind == BELOW:
                continue
            target = number.get(way.target, "")
            if way.kind == END:
                target = "over"
            elif not target:
                target = others.setdefault(way.target, f"d{len(others)}")
            label = f'|"{_quoted(way.label)}"|' if way.label else ""
            lines.append(f"    {number[box.name]} -->{label} {target}")
    lines += [f'    {name}(["{_quoted(other)}"])' for other, name in others.items()]
    if any(way.kind == END for box in boxes for way in box.exits):
        lines.append("    over((end))")
    never = [number[box.name] for box in boxes if not box.reached]
    if never:
        lines += ["    classDef never stroke-dasharray: 5 4", f"    class {','.join(never)} never"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return escape(text, quote=False).replace('"', "#quot;")


def svg(title: str, boxes: Sequence[Box]) -> str:
    """A picture: a box for each step, in it its ways out, from each a line to where it leads."""
    places = _places(boxes)
    heights = {box.name: _height(box) for box in boxes}
    width = max(x for x, _ in places.values()) + WIDTH + MARGIN + 40
    height = max(y + heights[name] for name, (_, y) in places.items()) + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"'
        ' markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#5b7f95"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for box in boxes:
        parts += _drawn(box, *places[box.name], heights[box.name])
        for row, way in enumerate(box.exits):
            if way.kind == STEP or way.target in places:
                parts += _line(places, box.name, row, way)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _height(box: Box) -> int:
    return TOP + ROW * len(box.exits) + 6


def _places(boxes: Sequence[Box]) -> dict[str, tuple[int, int]]:
    """Left upper corners: a column for each distance from the first box."""
    order = {box.name: box for box in boxes}
    depths: dict[str, int] = {}
    for first in [box.name for box in boxes]:
        if first in depths:
            continue
        depths[first] = 0
        queue = [first]
        while queue:
            name = queue.pop(0)
            for way in order[name].exits:
                if way.target in order and way.target not in depths:
                    depths[way.target] = depths[name] + 1
                    queue.append(way.target)
    below: dict[int, int] = {}
    places = {}
    for box in boxes:
        depth = depths[box.name]
        y = below.get(depth, MARGIN)
        places[box.name] = (MARGIN + depth * (WIDTH + GAP_X), y)
        below[depth] = y + _height(box) + GAP_Y
    return places


def _drawn(box: Box, x: int, y: int, height: int) -> list[str]:
    kind = "box" if box.reached else "box never"
    note = "" if box.reached else " (never reached)"
    parts = [
        f'<rect class="{kind}" x="{x}" y="{y}" width="{WIDTH}" height="{height}" rx="7"/>',
        f'<text class="name" x="{x + 10}" y="{y + 18}">{escape(box.name)}{note}</text>',
        f'<text class="says" x="{x + 10}" y="{y + 34}">{escape(box.says)}</text>',
    ]
    for row, way in enumerate(box.exits):
        text = escape(way.label or "then")
        if way.kind == DIALOG:
            text += f' <tspan class="to">⇒ {escape(way.target)}</tspan>'
        elif way.kind == END:
            text += ' <tspan class="to">● end</tspan>'
        elif way.kind == BELOW:
            text += ' <tspan class="to">↓</tspan>'
        parts.append(f'<text x="{x + 10}" y="{_row_y(y, row) + 4}">{text}</text>')
    return parts


def _row_y(y: int, row: int) -> int:
    return y + TOP + ROW * row + 4


def _line(places: dict[str, tuple[int, int]], name: str, row: int, way: Exit) -> list[str]:
    if way.target not in places:
        return []
    (x, y), (to_x, to_y) = places[name], places[way.target]
    begin_x, begin_y, end_x, end_y = x + WIDTH, _row_y(y, row), to_x, to_y + 14
    if end_x > x:
        bend = max(40, (end_x - begin_x) // 2)
        curve = f"M{begin_x} {begin_y}C{begin_x + bend} {begin_y} {end_x - bend} {end_y}"
        return [f'<path class="way" marker-end="url(#tip)" d="{curve} {end_x} {end_y}"/>']
    end_x += WIDTH
    out = max(begin_x, end_x) + 34
    curve = f"M{begin_x} {begin_y}C{out} {begin_y} {out} {end_y} {end_x} {end_y}"
    return [f'<path class="way back" marker-end="url(#tip)" d="{curve}"/>']
