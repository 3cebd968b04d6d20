"""Draws what benchmarks.hearing measured: one picture of how well, one of how soon and how dear."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.hearing_trials import Figures

COLOURS = {
    "both": "#a6342e",
    "pocketsphinx": "#33557a",
    "vosk": "#5b8c5a",
    "vosk's example": "#9a9a9a",
    "plain pocketsphinx": "#c4a24c",
}
LABELS = {"both": "Voice Ally", "pocketsphinx": "PocketSphinx alone", "vosk": "small Vosk alone"}
LEVELS = ("clean", "24 dB", "18 dB", "12 dB", "6 dB")
HIGHEST_MS = 1_500
Every = Mapping[str, Mapping[str, Figures]]


def draw(every: Every, folder: Path) -> None:
    """hearing-accuracy.png and hearing-cost.png. Needs matplotlib."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plot

    plot.rcParams.update(
        {"font.size": 9, "font.family": "DejaVu Sans", "axes.spines.top": False,
         "axes.spines.right": False, "axes.titlesize": 10, "axes.titlelocation": "left"}
    )  # fmt: skip
    figure, panels = plot.subplots(1, 3, figsize=(11, 3.8), constrained_layout=True)
    _lines(panels[0], every, "orders", "all slots right", "Coffee orders, all slots right")
    _lines(panels[1], every, "phrases", "understood", "Short phrases understood")
    _lines(panels[2], every, "not meant", "acted on", "Acted on though not meant")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    figure.savefig(folder / "hearing-accuracy.png", dpi=110)
    figure, panels = plot.subplots(1, 3, figsize=(11, 3.0), constrained_layout=True)
    _delays(panels[0], every)
    _bars(panels[1], every, "cpu", "silence", "CPU seconds a second of silence", "{:.4f}")
    _bars(panels[2], every, "cpu", "speech", "CPU seconds a second of speech", "{:.3f}")
    for axes in panels[1:]:
        axes.set_yticklabels([])
    figure.savefig(folder / "hearing-cost.png", dpi=110)


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("vosk", "Vosk").replace("pocketsphinx", "PocketSphinx"))


def _lines(axes: Any, every: Every, row: str, figure: str, title: str) -> None:  # noqa: ANN401
    for name, rows in every.items():
        found = [(one, rows[f"{row} {one}"]) for one in LEVELS if f"{row} {one}" in rows]
        share = [
            values[figure] / values["of"] if figure == "acted on" else values[figure]
            for _, values in found
        ]
        ours = name == "both"
        axes.plot(
            [LEVELS.index(one) for one, _ in found],
            share,
            color=COLOURS.get(name, "black"),
            marker="o",
            markersize=4,
            lw=2.4 if ours else 1.3,
            zorder=3 if ours else 2,
            label=_label(name),
        )
    axes.set(title=title, xticks=range(len(LEVELS)), xlim=(-0.2, 4.3), ylim=(-0.02, 1.03))
    axes.set_xticklabels(["clean", "24", "18", "12", "6 dB"])
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f} %")
    axes.grid(axis="y", color="#e5e5e5")
    axes.set_axisbelow(True)


def _delays(axes: Any, every: Every) -> None:  # noqa: ANN401
    """A line from p50 to p95, clean speech."""
    for at, (name, rows) in enumerate(every.items()):
        values = rows.get("phrases clean", {})
        if "p50" not in values:
            continue
        ends = [1000 * values[one] for one in ("p50", "p95")]
        axes.plot(ends, (at, at), color=COLOURS.get(name, "black"), lw=6, solid_capstyle="round")
        text = f"{ends[0]:.0f} – {ends[1]:.0f}"
        axes.text(ends[1] + 40, at, text, va="center", color="#444444")
    axes.set(title="From end of speech to decision, ms", xlim=(0, HIGHEST_MS))
    axes.set_yticks(range(len(every)), [_label(one) for one in every])
    axes.set_ylim(len(every) - 0.5, -0.5)


def _bars(axes: Any, every: Every, row: str, figure: str, title: str, form: str) -> None:  # noqa: ANN401
    values = [rows.get(row, {}).get(figure, 0.0) for rows in every.values()]
    axes.barh(range(len(values)), values, color=[COLOURS.get(one, "black") for one in every])
    for at, value in enumerate(values):
        axes.text(value, at, f"  {form.format(value)}", va="center", color="#444444")
    axes.set(title=title, xlim=(0, 1.3 * max(values) or 1.0), xticks=())
    axes.spines["bottom"].set_visible(False)
    axes.set_yticks(range(len(values)))
    axes.set_ylim(len(values) - 0.5, -0.5)
