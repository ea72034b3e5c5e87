"""A season of fire danger as a picture: P in the bands of its levels, rain, and the Canadian FWI below."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

# What is ignored below: matplotlib takes dates where its types name numbers, and its dates have no types.
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.figure import Figure

from ioc.fire.levels import LEVELS
from ioc.fire.tables import Table

#: Our own choice: the decree gives no colour a level, so the numeral always stands with it.
COLOURS = ("#3b8f4f", "#3f7fbf", "#e0b000", "#e8772e", "#c62f2f")


def draw(days: Sequence[dict[str, Any]], table: Table, title: str, file: Path) -> None:
    """Write the picture; the file's suffix says as what (.svg, .png, .pdf). Raises ValueError, OSError."""
    figure = Figure(figsize=(11, 6.2), layout="constrained")
    above, below = figure.subplots(2, sharex=True, height_ratios=(3, 2))
    dates = [date.fromisoformat(day["date"]) for day in days]
    _danger(above, dates, days, table)
    _weather(below, dates, days)
    basis = " · ".join(dict.fromkeys((table.basis.vi, table.basis.en)))
    figure.suptitle(f"{title}\n{basis}", fontsize=10)
    figure.savefig(file, dpi=130)


def _danger(axes: Axes, dates: Sequence[date], days: Sequence[dict[str, Any]], table: Table) -> None:
    values = [_or_gap(day["p"]) for day in days]
    top = max([value for value in values if value == value], default=0.0) * 1.08 or table.bounds[0]
    edges = (0.0, *table.bounds, max(top, table.bounds[-1] * 1.25))
    for level, colour, low, high in zip(LEVELS, COLOURS, edges, edges[1:], strict=False):
        axes.axhspan(low, high, color=colour, alpha=0.16, lw=0)
        if low < top:
            axes.text(0.995, min((low + high) / 2, (low + top) / 2), f"{level.roman}  {level.name.vi}", ha="right",
                      va="center", color=colour, weight="bold", transform=axes.get_yaxis_transform())  # fmt: skip
    axes.plot(dates, values, color="#222222", marker="o", ms=2.5, lw=1.3)  # type: ignore[arg-type]
    axes.set_ylim(0, top)
    axes.set_ylabel("P")
    for day, at in zip(days, dates, strict=True):
        if day["missing"]:
            axes.axvspan(at, at, color="#888888", alpha=0.8, lw=1.5, ls=":")  # type: ignore[arg-type]


def _weather(axes: Axes, dates: Sequence[date], days: Sequence[dict[str, Any]]) -> None:
    axes.plot(dates, [_or_gap(day["fwi"]) for day in days], color="#8a2be2", lw=1.3, label="FWI")  # type: ignore[arg-type]
    axes.set_ylabel("FWI")
    axes.set_ylim(bottom=0)
    rain = axes.twinx()
    rain.bar(dates, [day["prec"] or 0.0 for day in days], color="#3f7fbf", alpha=0.55, width=0.8)  # type: ignore[arg-type]
    rain.set_ylabel("mưa, mm · rain, mm", color="#3f7fbf")
    rain.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(AutoDateLocator())  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%d/%m/%Y"))  # type: ignore[no-untyped-call]
    axes.tick_params(axis="x", labelrotation=30)


def _or_gap(value: float | None) -> float:
    return float("nan") if value is None else value
