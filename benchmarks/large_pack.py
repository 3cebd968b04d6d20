"""How cost grows with the size of a pack: `python -m benchmarks.large_pack`.

Rules: packs are made up, a tenth as many dialogs as phrases; each figure is the median of five
runs in one process. check: without the recogniser's words, which do not grow with the pack.
"""

import statistics
import time
from collections.abc import Callable

from voice_ally import engine
from voice_ally.app.parts import understandings
from voice_ally.checker.whole_pack import check
from voice_ally.core.events import Heard, Meaning, TimedOut
from voice_ally.engine.armed import phrases_for
from voice_ally.engine.state import State
from voice_ally.language.reader import ReadResult, read_pack
from voice_ally.settings.places import bundled_dialogs

RUNS = 5
SIZES = (50, 100, 200, 500)
NINE = ("river", "garden", "winter", "candle", "letter", "morning", "silver", "harbour", "paper")
WORDS = (*NINE, "meadow")
DIALOG = """
dialog: d{n}
triggers: [{triggers}]
steps:
  first:
    - say: "A line."
    - ask: "A question?"
      answers: {{"<yes>": second, "<no>": {{end: true}}, "{word} number {spoken}": second}}
  second:
    - hold: 10s
    - say: "Another line."
"""


def pack_of(size: int) -> dict[str, bytes]:
    """The bundled shared phrases and safety, and so many dialogs with ten phrases each."""
    source = bundled_dialogs()
    kept = ("phrases.yaml", "safety.yaml")
    files = {name: (source / name).read_bytes() for name in kept}
    for n in range(size):
        spoken = " ".join(WORDS[int(digit)] for digit in str(n))
        triggers = ", ".join(f'"{verb} [the] {spoken} now"' for verb in NINE)
        text = DIALOG.format(n=n, triggers=triggers, word=WORDS[n % 10], spoken=spoken)
        files[f"d{n}.yaml"] = text.encode()
    return files


def median(work: Callable[[], object]) -> float:
    """Seconds."""
    took = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return statistics.median(took)


def main() -> None:
    """Print the table."""
    print("dialogs  phrases   check s   step ms   match ms   first listen ms")
    for size in SIZES:
        files = pack_of(size)

        def read_and_check(files: dict[str, bytes] = files) -> ReadResult:
            result = read_pack(files, named="large/")
            check(result.pack, book=result.book)
            return result

        checking = median(read_and_check)
        pack = read_and_check().pack
        idle = engine.begin(pack)[0]
        asking = engine.start(pack, idle, "d7", 0.0)[0]
        trigger, ticket = Heard(1.0, Meaning("trigger", "d7")), asking.doing.ticket
        stepping = max(
            median(lambda: engine.step(pack, idle, trigger)),  # noqa: B023 - called at once
            median(lambda: engine.step(pack, asking, TimedOut(1.0, ticket))),  # noqa: B023
        )
        phrases = phrases_for(pack, State())
        listening = median(lambda: understandings(pack).of(phrases))  # noqa: B023
        understanding = understandings(pack).of(phrases)
        said = f"river the {' '.join(WORDS[int(digit)] for digit in str(size - 1))} now"
        assert understanding.match(said) is not None
        matching = max(
            median(lambda: understanding.match(said)),  # noqa: B023
            median(lambda: understanding.match("none of this means anything")),  # noqa: B023
        )
        print(
            f"{size:7}  {len(phrases):7}  {checking:8.2f}  {stepping * 1e3:8.3f}"
            f"  {matching * 1e3:9.3f}  {listening * 1e3:16.0f}"
        )


if __name__ == "__main__":
    main()
