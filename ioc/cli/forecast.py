"""``ioc forecast``: how good forecasts of what will be late would have been on a recording."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from detectors.queue_forecast import ForecastPolicy
from ioc import district as districts
from ioc import recording
from ioc.cli import fail
from ioc.office.backtest import Backtest, backtest, pasts


def register(app: typer.Typer) -> None:
    app.command("forecast")(forecast)


def forecast(
    file: Annotated[Path, typer.Argument(help="A recording of dossiers, documents or requests with due times.")],
    district: Annotated[str, typer.Option(help="District file with the calendar.")] = "open_logs",
    calendar: Annotated[
        str | None, typer.Option(help="Id of the calendar that counts working days; else the detector's in that file.")
    ] = None,
    first_part: Annotated[
        float,
        typer.Option(min=0.1, max=0.9, help="The pace is learnt on this part of the cases; the rest is reported."),
    ] = 0.5,
    plot: Annotated[Path | None, typer.Option(help="Draw the calibration here: .svg, .png or .pdf.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Walk through a recording day by day and hold each forecast of being late against what came.

    Forecasts are those of the detector `queue_forecast` as the district file sets it, each queue by its own pace.
    Well calibrated: of what was forecast with 80 %, about 80 % happened. For engineers; the wall shows numbers.
    """
    bad: list[str] = []
    try:
        said = districts.load(district)
        policy = ForecastPolicy.model_validate(said.detectors.get("queue_forecast", {}))
        office = said.calendar(calendar or policy.calendar)
        with Progress(console=Console(stderr=True), transient=True) as progress:
            progress.add_task("reading", total=None)
            cases = pasts(recording.readable(file, bad), office)
            if not any(case.due for case in cases):
                raise fail(f"{file}: no case has a due time; give the mapping a `term`, and import again")
            reported = sorted(case.since for case in cases)[int(len(cases) * first_part)]
            found = backtest(cases, office, reported, policy)
    except (districts.BadDistrict, OSError, recording.BadRecording) as error:
        raise fail(error) from None
    if plot:
        draw(found, plot)
    if as_json:
        print(json.dumps(asdict(found), default=str))
        return
    table = Table(
        "forecast", "cases × days", "cases", "mean forecast", "came true", title=f"{found.first} – {found.last}"
    )
    for each in (*found.bins, *((found.about_80,) if found.about_80 else ())):
        chances = f"{each.low:.0%}–{each.high:.0%}"
        table.add_row(chances, f"{each.number:,}", f"{each.cases:,}", f"{each.forecast:.1%}", f"{each.observed:.1%}")
    Console().print(table)
    held = f" ({found.spans_held / found.spans:.1%})" if found.spans else ""
    print(f"the 80 % span held the number of late ones on {found.spans_held} of {found.spans} mornings of queues{held}")


def draw(found: Backtest, path: Path) -> None:
    """Forecast against what came, with the diagonal of a perfect forecast."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="#999", linestyle="--", label="perfect")
    sizes = [max(10, min(300, each.number / 10)) for each in found.bins]
    axes.scatter(
        [each.forecast for each in found.bins], [each.observed for each in found.bins], sizes, label="forecasts"
    )
    axes.set(xlabel="Forecast chance of being late", ylabel="Came true", xlim=(0, 1), ylim=(0, 1))
    axes.set_title(f"{found.first} – {found.last}")
    axes.legend()
    figure.savefig(path)
    pyplot.close(figure)
