"""``ioc generate``: dashboards, rules, schemas and the catalogue, from the declarations in the code."""

import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ioc.known_districts import Districts

if TYPE_CHECKING:
    from dashboards.declared import Metric, Platform

#: The modules that declare metrics of our own processes.
METERED = (
    "ioc.cli.build", "streams.metrics", "streams.notifier.outbox", "streams.read_model", "dashboards.wall.commands",
    "dashboards.wall.feed",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    app.command()(generate)


def generate(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; say what is not up to date.")] = False,
) -> None:
    """Write the files that follow from declarations: Grafana, Prometheus, topics, JSON Schemas, AsyncAPI, catalogue."""
    from dashboards import generate as generating

    wanted = generating.files(platform(), version("district-ioc"))
    if not check:
        changed = generating.write(wanted)
        print("\n".join(changed) if changed else f"{len(wanted)} files are up to date")
        return
    found = generating.stale(wanted)
    for path in found:
        print(f"{path} is not up to date: run `ioc generate`", file=sys.stderr)
    if found:
        raise typer.Exit(1)


def platform() -> "Platform":
    """What the flow declares, in the words of those who show it."""
    from dashboards.declared import Platform, Shape
    from streams import topics

    shapes = (Shape(each.name, each.partitions, each.config) for each in topics.shapes("{space}"))
    return Platform(tuple(_metrics()), tuple(shapes))


def _metrics() -> "Iterator[Metric]":
    from prometheus_client.metrics import MetricWrapperBase

    from dashboards.declared import Metric
    from streams.exporter import ReadModelCollector

    metered = (each for name in METERED for each in vars(import_module(name)).values())
    found: list[tuple[Any, Any]] = [
        (declared, family)
        for declared in metered
        if isinstance(declared, MetricWrapperBase)
        for family in declared.describe()
    ]
    # Asked for no space, the exporter names all its metrics and does not ask Redis.
    found += [(family, family) for family in ReadModelCollector("redis://", (), Districts()).collect()]
    for declared, family in found:
        name = f"{family.name}_total" if family.type == "counter" else family.name
        # prometheus_client shows the names of labels nowhere else.
        yield Metric(name, family.type, family.documentation, tuple(declared._labelnames))
