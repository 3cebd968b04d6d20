"""Drawing a dialog, or how the dialogs of a pack lead to one another.

Rules: a picture goes over an older picture, and over nothing else.
"""

from pathlib import Path

from voice_ally.app import parts
from voice_ally.core.errors import UsageProblem
from voice_ally.core.whole_files import may_replace, write_whole

_BEGINS = {".svg": b"<svg", ".mmd": b"---\ntitle:"}


def draw(pack: Path | None, dialog: str, output: Path | None, *, warn: parts.Write) -> str:
    """Write the picture, and say so; or give Mermaid text where there is no file to write.

    Raises UsageProblem, and PackProblem.
    """
    from voice_ally.ui.flow_graph import boxes_of_dialog, boxes_of_pack
    from voice_ally.ui.flow_picture import mermaid, svg

    if pack is not None and not dialog and not pack.exists():
        pack, dialog = None, str(pack)
    used = parts.dialogs(pack, parts.settings(), warn).dialogs.pack
    if dialog and dialog not in used.dialogs:
        raise parts.unknown_dialog(dialog, used)
    if dialog:
        title, boxes = used.dialogs[dialog].title, boxes_of_dialog(used, used.dialogs[dialog])
    else:
        title, boxes = "All dialogs", boxes_of_pack(used)
    if output is None:
        return mermaid(title, boxes)
    begins = _BEGINS.get(output.suffix.lower())
    if begins is None:
        raise UsageProblem(
            f"What is {output} to be?", mend="End it with .svg (a picture) or .mmd (Mermaid)."
        )
    if not may_replace(output, begins):
        raise UsageProblem(f"{output} is there already, and no picture.", mend="Name another file.")
    try:
        write_whole(
            output, svg(title, boxes) if output.suffix.lower() == ".svg" else mermaid(title, boxes)
        )
    except OSError as error:
        raise UsageProblem(f"{output} cannot be written: {error.strerror}.") from error
    return f"Written: {output}.\n"
