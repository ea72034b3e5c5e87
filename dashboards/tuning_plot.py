"""A setting's range as a picture: precision and recall above, alerts a day below."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from ioc.replay.tuning import Point


def draw(points: Sequence[Point], title: str, file: Path) -> None:
    """Write the picture; the file's suffix says as what (.svg, .png, .pdf). Raises ValueError, OSError."""
    figure = Figure(figsize=(9, 6), layout="constrained")
    above, below = figure.subplots(2, sharex=True, height_ratios=(3, 2))
    numbers = [point.number for point in points]
    for words, colour, shares in (
        ("độ chính xác · precision", "#2b6cb0", [point.precision for point in points]),
        ("độ bao phủ · recall", "#c05621", [point.recall for point in points]),
    ):
        known = [(number, share) for number, share in zip(numbers, shares, strict=True) if share is not None]
        if known:
            above.plot(*zip(*known, strict=True), marker="o", color=colour, label=words)
    above.set_ylim(-0.03, 1.03)
    if above.get_legend_handles_labels()[0]:
        above.legend(loc="best")
    else:
        above.text(0.5, 0.5, "không có nhãn · no labels", ha="center", transform=above.transAxes)
    above.grid(alpha=0.3)
    below.plot(numbers, [point.a_day for point in points], marker="o", color="#3b7a57")
    below.set_ylabel("cảnh báo mỗi ngày\nalerts a day")
    below.set_xlabel(title)
    below.set_ylim(bottom=0)
    below.grid(alpha=0.3)
    figure.suptitle(title)
    figure.savefig(file, dpi=120)
