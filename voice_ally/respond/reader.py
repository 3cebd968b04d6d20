"""Reading packs: folders of YAML into dialogs, with everything that is wrong in them.

Rules: later folders override and extend earlier ones; a broken file never takes the others
down: its dialog is left out, or the earlier folder's is kept, and the problem is reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from voice_ally.core.errors import PackProblem
from voice_ally.core.events import SlotValue
from voice_ally.interpret.vocabulary import SpokenValues, Vocabulary
from voice_ally.respond import model
from voice_ally.respond.fields import Reading
from voice_ally.respond.instructions import Instructions
from voice_ally.respond.links import check_links
from voice_ally.respond.problems import Problem
from voice_ally.respond.yaml_source import Node, Table, Text, read_source

SHARED_FILE = "phrases.yaml"
AUDIENCES = ("one", "two", "either")
DIALOG_KEYS = [
    "dialog",
    "title",
    "for",
    "triggers",
    "confirm",
    "anywhere",
    "voice",
    "slots",
    "wait",
    "silence",
    "unclear",
    "start",
    "steps",
]
SHARED_KEYS = [
    "language",
    "rules",
    "lists",
    "commands",
    "lines",
    "not_meant",
    "pronunciations",
    "wait",
    "silence",
    "unclear",
]


@dataclass(frozen=True)
class ReadResult:
    """What could be used, and what could not."""

    pack: model.Pack
    problems: tuple[Problem, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def read_folders(folders: Sequence[Path]) -> ReadResult:
    """The dialogs of these folders, later ones over earlier ones. Raises PackProblem."""
    pack = model.Pack()
    problems: list[Problem] = []
    contents: dict[str, bytes] = {}
    for folder in folders:
        files = _files(folder)
        contents.update({f"{folder}/{name}": content for name, content in files.items()})
        result = read_pack(files, over=pack, named=f"{folder}/")
        pack = result.pack
        problems.extend(result.problems)
    return ReadResult(pack, tuple(sorted(problems)), contents)


def _files(folder: Path) -> dict[str, bytes]:
    try:
        names = sorted(one for one in folder.iterdir() if one.suffix in (".yaml", ".yml"))
        files = {one.name: one.read_bytes() for one in names}
    except OSError as error:
        raise PackProblem(f"The dialogs in {folder} cannot be read: {error.strerror}.") from error
    if not files:
        raise PackProblem(f"There are no dialogs (*.yaml) in {folder}.")
    return files


def read_pack(
    files: Mapping[str, bytes], over: model.Pack | None = None, named: str = ""
) -> ReadResult:
    """One folder's files (name -> content), laid over a pack. Never raises."""
    reading = Reading()
    pack = over or model.Pack()
    if SHARED_FILE in files:
        pack = _shared(reading, pack, f"{named}{SHARED_FILE}", files[SHARED_FILE])
    dialogs = dict(pack.dialogs)
    for name in sorted(files):
        if name == SHARED_FILE:
            continue
        dialog = _dialog(reading, f"{named}{name}", files[name], Path(name).stem)
        if dialog is not None:
            dialogs[dialog.id] = dialog
    usable, problems = check_links(replace(pack, dialogs=dialogs), over or model.Pack())
    return ReadResult(usable, (*reading.problems, *problems))


def _root(reading: Reading, file: str, content: bytes) -> Table | None:
    source = read_source(file, content)
    reading.problems.extend(source.problems)
    if source.root is None or source.problems:
        return None
    return reading.table(source.root, "The file")


def _dialog(reading: Reading, file: str, content: bytes, stem: str) -> model.Dialog | None:
    before = len(reading.problems)
    table = _root(reading, file, content)
    if table is None or not table.entries:
        return None
    reading.keys(table, DIALOG_KEYS, "A dialog")
    parts = {name.value: value for name, value in table.entries}
    for needed in ("dialog", "steps"):
        if needed not in parts:
            reading.wrong(table.place, "VA011", f'This dialog has no "{needed}".')
    if not {"dialog", "steps"} <= set(parts):
        return None
    name = reading.text(parts["dialog"], "dialog")
    if name != stem:
        reading.wrong(
            parts["dialog"].place,
            "VA022",
            f'The dialog is called "{name}" but the file "{stem}.yaml".',
            "Give both the same name.",
        )
    do = Instructions(reading)
    steps: dict[str, model.Block] = {}
    for step, content_node in reading.table(parts["steps"], "steps").entries:
        steps[step.value] = do.block(content_node)
    start = reading.text(parts["start"], "start") if "start" in parts else next(iter(steps), "")
    if start not in steps:
        place = parts["start"].place if "start" in parts else parts["steps"].place
        reading.wrong(place, "VA020", f'There is no step "{start}" to start with.')
    slots = reading.table(parts["slots"], "slots").entries if "slots" in parts else ()
    dialog = model.Dialog(
        id=name,
        title=reading.text(parts["title"], "title") if "title" in parts else name,
        audience=reading.one_of(parts["for"], AUDIENCES, "for") if "for" in parts else "either",
        triggers=reading.texts(parts["triggers"], "triggers") if "triggers" in parts else (),
        start=start,
        steps=steps,
        confirm=reading.text(parts["confirm"], "confirm") if "confirm" in parts else "",
        anywhere="anywhere" in parts and reading.truth(parts["anywhere"], "anywhere"),
        low_voice="voice" in parts
        and reading.one_of(parts["voice"], ("normal", "low"), "voice") == "low",
        slots={slot.value: reading.value(value, slot.value) for slot, value in slots},
        wait=reading.duration(parts["wait"], "wait") if "wait" in parts else None,
        silence=do.blocks(parts["silence"], "silence") if "silence" in parts else (),
        unclear=do.blocks(parts["unclear"], "unclear") if "unclear" in parts else (),
        place=table.place,
    )
    return dialog if len(reading.problems) == before else None


def _shared(reading: Reading, pack: model.Pack, file: str, content: bytes) -> model.Pack:
    table = _root(reading, file, content)
    if table is None:
        return pack
    reading.keys(table, SHARED_KEYS, SHARED_FILE)
    parts = {name.value: value for name, value in table.entries}
    do = Instructions(reading)
    return replace(
        pack,
        language=reading.text(parts["language"], "language") if "language" in parts else "en",
        rules={
            **pack.rules,
            **{n.value: reading.text(v, n.value) for n, v in _of(parts, "rules", reading)},
        },
        lists={
            **pack.lists,
            **{n.value: _list(reading, v) for n, v in _of(parts, "lists", reading)},
        },
        commands={
            **pack.commands,
            **{n.value: reading.texts(v, n.value) for n, v in _of(parts, "commands", reading)},
        },
        lines={**pack.lines, **{n.value: _line(v) for n, v in _of(parts, "lines", reading)}},
        not_meant=(
            *pack.not_meant,
            *(reading.texts(parts["not_meant"], "not_meant") if "not_meant" in parts else ()),
        ),
        pronunciations={
            **pack.pronunciations,
            **{n.value: reading.text(v, n.value) for n, v in _of(parts, "pronunciations", reading)},
        },
        wait=reading.duration(parts["wait"], "wait") if "wait" in parts else pack.wait,
        silence=do.blocks(parts["silence"], "silence") if "silence" in parts else pack.silence,
        unclear=do.blocks(parts["unclear"], "unclear") if "unclear" in parts else pack.unclear,
    )


def _of(parts: Mapping[str, Node], name: str, reading: Reading) -> tuple[tuple[Text, Node], ...]:
    return reading.table(parts[name], name).entries if name in parts else ()


def _line(node: Node) -> str:
    """One of the program's own lines; it may be empty, and then nothing is said."""
    return node.value if isinstance(node, Text) else ""


def _list(reading: Reading, node: Node) -> model.SpokenList:
    if isinstance(node, Table):
        reading.keys(node, ("from", "to", "step"), "A range of numbers")
        first, last, step = (node.get(name) for name in ("from", "to", "step"))
        if first is None or last is None:
            reading.wrong(node.place, "VA011", 'A range of numbers needs "from" and "to".')
            return model.SpokenList(place=node.place)
        numbers = model.NumberRange(
            int(reading.number(first, "from")),
            int(reading.number(last, "to")),
            max(1, int(reading.number(step, "step"))) if step is not None else 1,
        )
        return model.SpokenList(numbers=numbers, place=node.place)
    values: list[tuple[str, SlotValue]] = []
    for item in reading.items(node, "A list"):
        if isinstance(item, Table):
            reading.keys(item, ("say", "means"), "A value")
            said, means = item.get("say"), item.get("means")
            if said is None or means is None:
                reading.wrong(item.place, "VA011", 'A value needs "say" and "means".')
                continue
            values.append((reading.text(said, "say"), reading.value(means, "means")))
        elif text := reading.text(item, "A value"):
            values.append((text, text))
    return model.SpokenList(tuple(values), place=node.place)


def vocabulary(pack: model.Pack) -> Vocabulary:
    """A pack's rules and lists in the form that understanding wants."""
    return Vocabulary(
        pack.rules,
        {
            name: SpokenValues(
                one.values,
                (one.numbers.first, one.numbers.last, one.numbers.step) if one.numbers else None,
            )
            for name, one in pack.lists.items()
        },
    )
