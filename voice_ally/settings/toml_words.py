"""Why a line of the settings cannot be read, as a person would say it, and how to write it.

Rules: pure; looks for the usual mistakes in the line where the TOML parser gave up, the surest
first; no word of the parser's own English comes through.
"""

import re
from collections.abc import Callable

_CURLY = re.compile("[\u2018\u2019\u201c-\u201f\u00ab\u00bb\uff02]")
_LINE = re.compile(r"^\s*([\w\"'.-]+)\s*([=:]?)\s*([^\n]*)$")
_NUMBER_WITH_COMMA = re.compile(r"^[+-]?\d+,\d+$")
_TRUTHS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false"}
_TRUTHS |= {"off": "false"}
_SIGNS_OF_ESCAPES = "\t\n\r\b\f"


def fix_for(line: str, said: str) -> tuple[str, str]:
    """What is wrong with a line, and how to write it instead."""
    found = _LINE.match(line)
    if found is None:
        return "this is no setting", 'Write NAME = VALUE, such as: country = "GB".'
    name, sign, value = found[1], found[2], _without_comment(found[3])
    return next(words for look in _LOOKS if (words := look(name, sign, value, said)))


def _without_comment(value: str) -> str:
    if value[:1] in ('"', "'"):
        return value.strip()
    return value.partition("#")[0].strip()


Words = tuple[str, str] | None


def _curly(name: str, _: str, value: str, __: str) -> Words:
    if not _CURLY.search(value):
        return None
    plain = _CURLY.sub("", value).strip("\"' ")
    return "these are not the quotes of a keyboard", f'Write it like: {name} = "{plain}".'


def _separator(name: str, sign: str, value: str, _: str) -> Words:
    if sign == ":":
        return "there is a colon where = belongs", f"Write it like: {name} = {_value(value)}."
    if not sign and value:
        return "there is no = in this line", f"Write it like: {name} = {_value(value)}."
    if not value:
        example = '"…", or a number, or true'
        return "there is no value", f"Write it like: {name} = {example}."
    return None


def _backslash(name: str, _: str, value: str, said: str) -> Words:
    if "\\" not in value or not value.startswith('"'):
        return None
    path = value.strip('"')
    if "escape" in said or "hex" in said or "Unescaped" in said or "Invalid" in said:
        return (
            "a backslash (\\) in double quotes means something else",
            f"Write single quotes: {name} = '{path}', or / in its place.",
        )
    return None


def _unclosed(name: str, _: str, value: str, __: str) -> Words:
    for quote in "\"'":
        if value.startswith(quote) and value.count(quote) % 2:
            return "the quote is never closed", f"Write it like: {name} = {value}{quote}."
    return None


def _twice(name: str, _: str, __: str, said: str) -> Words:
    if "overwrite" in said or "twice" in said:
        return f'"{name}" is set twice', "Keep one of the lines."
    return None


def _bare(name: str, _: str, value: str, __: str) -> Words:
    if _NUMBER_WITH_COMMA.match(value):
        dotted = value.replace(",", ".")
        return "a number has a point, not a comma", f"Write it like: {name} = {dotted}."
    if re.fullmatch(r"\.\d+", value):
        return "a number begins with a digit", f"Write it like: {name} = 0{value}."
    if value.lower() in _TRUTHS:
        right = _TRUTHS[value.lower()]
        return f'"{value}" is written in another way', f"Write it like: {name} = {right}."
    if value[:1] not in ('"', "'", "[", "{"):
        return "text needs quotes", f"Write it like: {name} = {_value(value)}."
    return None


def _behind(name: str, _: str, value: str, __: str) -> Words:
    found = re.match(r"(\"[^\"]*\"|'[^']*')\s*(\S.*)", value)
    if found:
        mend = f"Write it like: {name} = {found[1]}; comments begin with #."
        return "something stands behind the value", mend
    return None


def _otherwise(name: str, _: str, value: str, __: str) -> Words:
    return "this cannot be read", f"Write it like: {name} = {_value(value)}."


_LOOKS: tuple[Callable[[str, str, str, str], Words], ...] = (
    *(_curly, _separator, _twice, _backslash, _unclosed, _behind, _bare, _otherwise),
)


def _value(value: str) -> str:
    """As TOML wants it."""
    if value.lower() in _TRUTHS:
        return _TRUTHS[value.lower()]
    if re.fullmatch(r"[+-]?\d+([.,]\d+)?", value):
        return value.replace(",", ".")
    if re.fullmatch(r"\"[^\"\\]*\"|'[^']*'", value):
        return value
    text = value.strip("\"'")
    return f"'{text}'" if "\\" in text else f'"{text}"'


def hidden_escape(name: str, value: object, line: str) -> str:
    """What to write where a path was taken for signs: "C:\\temp" holds a tab; else nothing."""
    if not isinstance(value, str) or not any(sign in value for sign in _SIGNS_OF_ESCAPES):
        return ""
    found = _LINE.match(line)
    path = _without_comment(found[3]).strip('"') if found else ""
    return (
        f"{name}: a backslash (\\) in double quotes means something else; write single quotes:"
        f" {name} = '{path}'"
    )
