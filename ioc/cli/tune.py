"""``ioc tune``: a detector's setting along a range, on a recording: what would have rung, and was it right?"""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

import detectors
from ioc import recording
from ioc.cli import fail
from ioc.cli.replay import DistrictName, Salvage, opened, progress, rules_of
from ioc.district import BadDistrict
from ioc.replay.result import Result
from ioc.replay.tuning import BadTuning, Point, Range, read_labels, settings, with_setting
from ioc.replay.tuning import tune as points_of


def register(app: typer.Typer) -> None:
    app.command()(tune)


def tune(
    detector: Annotated[str, typer.Argument(help="As `ioc detectors list` names it.")],
    recordings: Annotated[list[Path], typer.Argument(help="The recordings to try it on.")],
    param: Annotated[str, typer.Option(help="The setting and its range: factor=1.5..4, look_again=10m..90m/9.")],
    labels: Annotated[
        Path | None, typer.Option(help="What ought to have rung: CSV with subject, from, to and perhaps kind.")
    ] = None,
    district: DistrictName = None,
    plot: Annotated[Path | None, typer.Option(help="Draw it: .svg, .png or .pdf.")] = None,
    salvage: Salvage = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Precision, recall and alerts a day along a setting's range.

    Precision: of the alerts, the share that began while something labelled went on. Recall: of what was
    labelled, the share that an alert told of. Judge the value you choose on another recording than you chose it on.

        ioc tune queue_growing day.jsonl.zst --param factor=1.5..4 --labels storms.csv --plot factor.png
    """
    spec = next((spec for spec in detectors.ALL if spec.name == detector), None)
    if spec is None:
        raise fail(f"{detector}: no such detector; `ioc detectors list` shows them")
    source = opened(recordings, salvage)
    rules = rules_of(source, district)
    here = rules.district
    try:
        range_ = Range.parse(param)
        values = list(settings(spec, range_))
        known = read_labels(labels, here) if labels else []
        span = _span(recordings)
        with progress(source, "trying", len(values)) as advance:

            def run(value: object) -> tuple[Result, timedelta]:
                return source.run(with_setting(here, detectors.ALL, spec, range_.name, value), None, advance), span

            points = list(points_of(values, frozenset(kind.name for kind in spec.kinds), known, run))
        if plot:
            from dashboards.tuning_plot import draw

            draw(points, f"{spec.name}: {range_.name}", plot)
    except (BadTuning, BadDistrict, OSError, ValueError) as error:
        raise fail(error) from None
    show(points, range_.name, as_json)


def _span(paths: list[Path]) -> timedelta:
    """From the first event to the last."""
    first: datetime | None = None
    last: datetime | None = None
    for event in recording.merged([recording.readable(path, []) for path in paths]):
        first, last = first or event.at, event.at
    return (last - first) if first and last else timedelta(0)


def show(points: list[Point], name: str, as_json: bool) -> None:
    """A row a value."""
    rows: list[dict[str, Any]] = [
        {name: each.value, "alerts": each.alerts, "alerts a day": round(each.a_day, 2), "right": each.true,
         "precision": each.precision, "recall": each.recall}
        for each in points
    ]  # fmt: skip
    if as_json:
        print(json.dumps(rows))
        return
    table = Table(*rows[0])
    for row in rows:
        table.add_row(*("-" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)
                        for value in row.values()))  # fmt: skip
    Console().print(table)
