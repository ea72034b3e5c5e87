"""Charts of reports, as pictures that print well in black and white too."""

import io
from collections.abc import Sequence
from datetime import date

# What is ignored below: matplotlib takes dates where its types name numbers, and its dates have no types.
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from dashboards.reports.known import grouped
from ioc.targets.printed import written
from ioc.targets.target import DONE, Judged

BLUE, GREY, RED, GREEN = "#2b5f9e", "#8a8f98", "#b3402c", "#3d7a4f"


def targets(judged: Sequence[Judged]) -> bytes:
    """Each target's value as a bar against its goal; what cannot be judged has none and says so."""
    figure = Figure(figsize=(8, 0.7 + 0.42 * len(judged)), layout="constrained")
    axes = figure.subplots()
    for row, each in enumerate(reversed(judged)):
        value, goal = each.computed.value, each.target.goal
        if each.end in ("data_wrong", "no_basis") or value is None:
            says = "sai số liệu" if each.end == "data_wrong" else "chưa có cơ sở đánh giá"
            axes.text(1, row, says, va="center", fontsize=9, style="italic", color=GREY)
            continue
        share = 100 * value / goal if goal else 0
        axes.barh(row, min(share, 130), color=GREEN if each.end in DONE else RED, height=0.6)
        axes.text(min(share, 130) + 1, row, written(value, "vi"), va="center", fontsize=9)
    axes.axvline(100, color="#111", linewidth=1, linestyle="--")
    axes.set_yticks(range(len(judged)), [_short(each.target.name) for each in reversed(judged)], fontsize=8)
    axes.set_xlim(0, 150)
    axes.set_xlabel("phần trăm của mục tiêu (vạch đứt: đạt mục tiêu)", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    return _png(figure)


def days(counts: Sequence[tuple[date, int]], says: str) -> bytes:
    """A count by day."""
    figure = Figure(figsize=(8, 2.4), layout="constrained")
    axes = figure.subplots()
    axes.bar([day for day, _ in counts], [count for _, count in counts], color=BLUE, width=0.8)  # type: ignore[arg-type]
    axes.xaxis.set_major_locator(AutoDateLocator(maxticks=9))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%d/%m"))  # type: ignore[no-untyped-call]
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: grouped(value)))
    axes.set_ylabel(says, fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.3)
    return _png(figure)


def _short(text: str) -> str:
    return text if len(text) <= 48 else text[:46] + "…"


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=140, metadata={"Software": None})
    return file.getvalue()
