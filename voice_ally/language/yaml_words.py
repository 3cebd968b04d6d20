"""Why a file cannot be read as YAML, as a person would say it, where it begins, and the fix.

Rules: pure; no word of the parser's own English comes through, whichever of PyYAML's two it is.
The parser names the place where it gave up; what was forgotten mostly stands in a line before,
so the lines around are looked at for each usual mistake, the surest first.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from voice_ally.language.yaml_layout import Opened, columns_above, has_dash, indent
from voice_ally.language.yaml_mistake import LONGEST_LINE, Mistake, Reason, plainly

_SIGNS = "%@`&*!|>]},?"
"""What plain text cannot begin with."""
BULLET = re.compile(r"^\s*([\u2010-\u2015\u2212•·●▪◦‣⁃]|\*(?=\s))\s*(?=\S)")
"""What text programs make of a dash at the beginning of a line."""
NUMBERED = re.compile(r"^\s*(\d+[.)])\s+\w+:")
NO_SPACE_BEHIND_DASH = re.compile(r"^\s*-(?=[A-Za-z]\w*:(?:\s|$))")
_NO_SPACE = re.compile(r"^[\s-]*\w+:[^\s:]")
_OTHER_COLON = re.compile(r"^\s*(?:- )?\w+ ?([：;=＝﹕；])")
_VALUE_BEHIND_KEY = re.compile(r"^ *\w[\w ]*: +\S")
_BRACKET_THEN_TEXT = re.compile(
    r"^\s*(?:- +)?(?:[^\s:\"']+: +)?([\[{])[^\[\]{}]*[\]}]\s*([^\s,#\]}:].*)"
)
_PHRASE_THEN_WORD = re.compile(r"^\s*(\"[^\"]*\"|'[^']*')\s+([\w{].*)")
_WORD_ALONE = re.compile(r"^ *\w[\w ]*$")
_TABS = "Indent with spaces, not with tabs."
_CURLY = 'Use the straight quotes (") of a keyboard.'
_USUAL = 'Often a quote (") or a colon is missing, or a line is indented differently.'
_CLOSE = 'Close it with the same quote (") at the end of the text.'


def explain(lines: Sequence[str], number: int, column: int, said: str) -> Reason:
    """The reason behind what the parser says about this place."""
    mistake = Mistake([line[:LONGEST_LINE] for line in lines], number, column, said)
    return next(found for look in _LOOKS for found in look(mistake))


def _tabs(it: Mistake) -> Iterator[Reason]:
    for number, line in it.both():
        if "\t" in line[: len(line) - len(line.lstrip())]:
            column = line.index("\t") + 1
            yield Reason(number, column, "This line is indented with a tab.", _TABS)


def _bullets(it: Mistake) -> Iterator[Reason]:
    for number, line in it.both():
        if found := BULLET.match(line) or NUMBERED.match(line):
            yield bullet(number, found)
        if found := NO_SPACE_BEHIND_DASH.match(line):
            message = "There is no space behind the dash."
            yield Reason(number, found.end(), message, 'Write "- " with a space behind it.')


def bullet(number: int, found: re.Match[str]) -> Reason:
    """A line that begins like a list, but not with a dash."""
    message = f'This line begins with "{found[1]}", which makes no list here.'
    mend = 'Begin it with the dash of a keyboard and a space: "- ".'
    return Reason(number, found.start(1) + 1, message, mend)


def _quotes(it: Mistake) -> Iterator[Reason]:
    told = [one for one in it.layout.quotes if one.line <= it.here]
    for one in reversed(told):
        if reason := _lone(one, it):
            yield reason


def _lone(quote: Opened, it: Mistake) -> Reason | None:
    """A quote that is never closed, or closed too early."""
    follows = quote.follows
    ended = not follows or follows[0] in ":#" or (quote.depth and follows[0] in ",]}")
    if quote.closed_line == quote.line:
        return None if ended else _goes_on(quote, it)
    if quote.closed_line and (ended or it.here > quote.closed_line):
        return None
    message = f"The quote ({quote.sign}) that begins here is never closed."
    return Reason(quote.line, quote.column, message, _CLOSE.replace('"', quote.sign))


def _goes_on(quote: Opened, it: Mistake) -> Reason:
    """Something stands behind a quote that is closed in its own line."""
    follows, line = quote.follows, it.lines[quote.line - 1]
    column = quote.follows_column
    if quote.sign == "'" and follows[0].isalpha():
        message = "An apostrophe ends this text, since it begins with a single quote."
        return Reason(quote.line, quote.column, message, 'Put the text in double quotes (").')
    if follows[0] == "," and not quote.depth:
        message = "Several phrases in one line need brackets around them."
        return Reason(quote.line, quote.column, message, 'Write it like: ["one", "another"].')
    if found := _PHRASE_THEN_WORD.fullmatch(line):
        message = "There is no colon behind this phrase."
        mend = f"Write it like: {found[1]}: {found[2]}"
        return Reason(quote.line, quote.column, message, mend)
    if quote.depth:
        message = "A comma is missing before this, or a quote stands inside the text."
        mend = "Put a comma there; quotes inside a text can be single ones (')."
        return Reason(quote.line, column, message, mend)
    message = "The text goes on behind its closing quote."
    mend = "Close the quote at the end of all of it; quotes inside it can be single ones (')."
    return Reason(quote.line, column, message, mend)


def _curly(it: Mistake) -> Iterator[Reason]:
    for number, line in it.both():
        if found := re.search(r"(?:^|[\s\[{,-])([“”„‟«»＂])", line):
            message = f"A text begins with the sign {found[1]}, which is no quote here."
            if "mapping values" in it.said:
                message = f"This cannot be read: {plainly(it.said)}."
            yield Reason(number, found.start(1) + 1, message, _CURLY)


def _colons(it: Mistake) -> Iterator[Reason]:
    missing = "expected ':'" in it.said
    if not missing and "mapping values" not in it.said:
        return
    for number, line in it.both():
        if found := _OTHER_COLON.match(line):
            message = f'A key ends with a colon (:), not with "{found[1]}".'
            word = line[: found.start(1)].strip(" -")
            yield Reason(number, found.start(1) + 1, message, f"Write it like: {word}: …")
    if missing and (alone := _word_alone(it)):
        yield _no_colon(alone, it.lines[alone - 1])
    above = it.above
    if _NO_SPACE.match(above) and ": " not in above:
        column = above.index(":") + 1
        message = "There is no space behind this colon."
        yield Reason(it.before, column, message, "Put a space behind the colon in this line.")
    for number, line in reversed(list(it.both())) if missing or _ends_open(it) else ():
        if not re.search(r":(?:\s|$)", line) and re.match(r"\s*[\w<({]", line):
            yield _no_colon(number, line)


def _no_colon(number: int, line: str) -> Reason:
    mend = f"Write it like: {line.split(maxsplit=1)[0]}: …"
    return Reason(number, indent(line) + 1, "This line has no colon.", mend)


def _word_alone(it: Mistake) -> int:
    """The number of the line above with a key without its colon, below which a list or what is
    further in goes down to here: all that is one text to the parser. 0 if there is none."""
    above = ((number, it.lines[number - 1]) for number in range(it.before, 0, -1))
    number, line = next(
        (one for one in above if one[1].strip() and not _goes_below(one[1], it.line)), (0, "")
    )
    return number if _WORD_ALONE.fullmatch(line) else 0


def _goes_below(line: str, here: str) -> bool:
    return has_dash(line) or indent(line) > indent(here)


def _ends_open(it: Mistake) -> bool:
    """A word alone in the line before, and this one further in: a key without its colon."""
    return _WORD_ALONE.fullmatch(it.above) is not None and indent(it.line) > indent(it.above)


def _too_far_in(it: Mistake) -> Iterator[Reason]:
    deeper = indent(it.line) > indent(it.above)
    if "mapping values" in it.said and deeper and _VALUE_BEHIND_KEY.match(it.above):
        message = "This line is further in than the one above, which is finished already."
        mend = f"Begin it in column {indent(it.above) + 1}, under the line above."
        yield Reason(it.number, indent(it.line) + 1, message, mend)
    if "mapping values" in it.said:
        yield it.at(plainly(it.said), 'Put the whole text in quotes ("): a colon needs that.')


def _brackets(it: Mistake) -> Iterator[Reason]:
    for number, line in it.both():
        found = _BRACKET_THEN_TEXT.match(line)
        if found and not any(one.line == number and one.depth for one in it.layout.quotes):
            kind = "brace" if found[1] == "{" else "bracket"
            message = f"Text that begins with a {kind} must stand in quotes."
            mend = f'Put the text in quotes ("): a {kind} at its beginning needs that.'
            yield Reason(number, found.start(1) + 1, message, mend)
    for sign, number, column in it.layout.extra:
        if number == it.here:
            message = f'The "{sign}" closes nothing that was opened.'
            yield Reason(number, column, message, "Leave it out.")
    if "',' or" not in it.said and "node content" not in it.said:
        return
    still = [
        one
        for one in it.layout.brackets
        if one.line <= it.here and not (one.closed_line and one.closed_line < it.here)
    ]
    kind, other = ("brace ({)", "}") if "'}'" in it.said else ("bracket ([)", "]")
    still.sort(key=lambda one: (one.closed_line > 0, -one.line, -one.column))
    for one in still:
        kind, other = ("brace ({)", "}") if one.sign == "{" else ("bracket ([)", "]")
        mend = f'Close it with {other}, or put the text in quotes (").'
        if one.closed_line == one.line:
            message = f"a {kind} is not closed before this, or a comma is missing"
            yield it.at(message, f"Put a comma before this. {mend}")
        message = f"This cannot be read: a {kind} is not closed where it should be."
        yield Reason(one.line, one.column, message, mend)
    if "',' or" in it.said:
        yield it.at(plainly(it.said), f'Close it with {other}, or put the text in quotes (").')


def _unclosed(it: Mistake) -> Iterator[Reason]:
    if "end of stream" in it.said or "document indicator" in it.said:
        yield it.at(plainly(it.said), _CLOSE)
    if "unknown escape" in it.said:
        yield it.at(plainly(it.said), "Leave the backslash out.")


def _signs(it: Mistake) -> Iterator[Reason]:
    sign = re.search(rf": *([{re.escape(_SIGNS)}])", it.line[: it.column + 1]) or re.match(
        r"[\s-]*([%@`])", it.line
    )
    if sign:
        mend = f'Put the text in quotes ("): a sign such as {sign[1]} at its beginning needs that.'
        yield it.at(plainly(it.said), mend)
    if ": {" in it.line:
        mend = 'Put the text in quotes ("): a brace at its beginning needs that.'
        yield it.at(plainly(it.said), mend)


def _columns(it: Mistake) -> Iterator[Reason]:
    """Lines that do not stand under what they belong to."""
    if not any(one in it.said for one in ("expected key", "<block end>", "expected '-'")):
        return
    line, begin = it.line, indent(it.line) + 1
    if has_dash(line) != has_dash(it.above) and indent(it.above) + 1 == begin:
        if has_dash(line):
            message = "This line has no dash (-) in front, but the next one has."
            mend = 'Put "- " in front of this one, or take the dash away there.'
            yield Reason(it.before, begin, message, mend)
        message = "This line has no dash (-) in front, but those above it have."
        content = columns_above(it.lines, it.here)[0][0]
        mend = (
            f'Put "- " in front, or begin it in column {content} if it belongs to the line above.'
        )
        yield Reason(it.here, begin, message, mend)
    places = columns_above(it.lines, it.here)
    if has_dash(line):
        of_lists = [number for _, number in places if has_dash(it.lines[number - 1])]
        places = [(indent(it.lines[one - 1]) + 1, one) for one in of_lists] or places
    near = min(places, key=lambda one: abs(one[0] - begin), default=None)
    if near is not None and near[0] != begin:
        message = (
            f"This line begins in column {begin}, but line {near[1]}, under which it belongs,"
            f" in column {near[0]}."
        )
        mend = f"Begin it in column {near[0]} too, or indent both alike."
        yield Reason(it.here, begin, message, mend)


def _otherwise(it: Mistake) -> Iterator[Reason]:
    yield it.at(plainly(it.said), _USUAL)


_LOOKS: tuple[Callable[[Mistake], Iterator[Reason]], ...] = (
    *(_tabs, _bullets, _quotes, _curly, _colons, _too_far_in, _brackets, _unclosed, _signs),
    *(_columns, _otherwise),
)
