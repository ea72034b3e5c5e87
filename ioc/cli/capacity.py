"""``ioc capacity``: how many partitions, workers and gigabytes, with the arithmetic shown."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ioc.capacity import AREAS, Costs, Load, Need, need
from ioc.cli import fail


def register(app: typer.Typer) -> None:
    app.command()(capacity)


def capacity(
    area: Annotated[str, typer.Argument(help=f"Where to start from: {', '.join(AREAS)}.")] = "district",
    cameras: Annotated[int | None, typer.Option(min=0, help="Cameras.")] = None,
    stations: Annotated[int | None, typer.Option(min=0, help="Sensor stations.")] = None,
    dossiers: Annotated[int | None, typer.Option(min=0, help="Dossiers a working day.")] = None,
    documents: Annotated[int | None, typer.Option(min=0, help="Documents a working day.")] = None,
    requests: Annotated[int | None, typer.Option(min=0, help="Requests a day.")] = None,
    replication: Annotated[int, typer.Option(min=1, help="Copies that Kafka keeps.")] = 3,
    event_us: Annotated[float | None, typer.Option(help="CPU per event, µs, as `ioc bench` measured it here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Say what an area needs: partitions, workers, Kafka and Redis, from declarations and measured costs.

    Example: `ioc capacity province --cameras 5000`
    """
    if area not in AREAS:
        raise fail(f"{area!r}: start from one of {', '.join(AREAS)}")
    given = {"cameras": cameras, "stations": stations, "dossiers": dossiers, "documents": documents}
    changed = {name: count for name, count in {**given, "requests": requests}.items() if count is not None}
    load = AREAS[area].model_copy(update=changed)
    costs = Costs() if event_us is None else Costs(event_us=event_us)
    found = need(load, costs, replication)
    if as_json:
        print(json.dumps(_plain(load, costs, found)))
    else:
        _show(load, costs, found, replication)


def _plain(load: Load, costs: Costs, found: Need) -> dict[str, object]:
    return {
        "load": load.model_dump(),
        "topics": [
            {
                "topic": line.topic.name,
                "events_a_day": round(line.events_a_day),
                "peak_a_second": round(line.peak_a_second, 2),
                "partitions": line.partitions,
                "kafka_gb": round(line.kafka_gb, 2),
            }
            for line in found.lines
        ],
        "workers": found.workers,
        "worker_mb": round(found.worker_mb),
        "kafka_gb": round(found.kafka_gb, 1),
        "redis_gb": round(found.redis_gb, 3),
        "event_us": costs.event_us,
    }


def _show(load: Load, costs: Costs, found: Need, replication: int) -> None:
    table = Table("topic", "events a day", "at its peak, a second", "partitions", f"Kafka GB ({replication} copies)")
    for column in table.columns[1:]:
        column.justify = "right"
    for line in found.lines:
        table.add_row(
            line.topic.name,
            f"{line.events_a_day:,.0f}",
            f"{line.peak_a_second:,.1f}",
            str(line.partitions),
            f"{line.kafka_gb:,.1f}",
        )
    console = Console(highlight=False)
    console.print(", ".join(f"{count:,} {name}" for name, count in load))
    console.print(table)
    console.print(
        f"workers   {found.workers}: {found.peak_a_second:,.0f} events/s at the peak × {costs.event_us:.0f} µs "
        f"÷ {costs.share:.0%} of a core,\n          or {found.state_mb:,.0f} MB of state ÷ "
        f"{costs.worker_limit_mb:,.0f} MB, and never fewer than 2\nmemory    {found.worker_mb:,.0f} MB a worker\n"
        f"Kafka     {found.kafka_gb:,.1f} GB, with the history of alerts for ten years\n"
        f"Redis     {found.redis_gb:,.2f} GB, alerts of {costs.keep_alerts_days:.0f} days"
    )
