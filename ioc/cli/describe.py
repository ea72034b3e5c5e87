"""``ioc detectors``: what can be noticed, with settings, alerts and figures, from the declarations."""

import json
from datetime import timedelta
from importlib import import_module
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from rich.console import Console
from rich.table import Column, Table

import detectors
from ioc import district as districts
from ioc.cli import fail
from ioc.detector import Spec

UNITS = {
    "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1),
    "us": timedelta(microseconds=1),
}  # fmt: skip


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help="What can be noticed: detectors, their settings, alerts and figures.", no_args_is_help=True
    )
    group.command("list")(list_)
    group.command("show")(show)
    app.add_typer(group, name="detectors")


def list_(as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False) -> None:
    """All detectors, with the folds they listen to and the kinds of alert they raise."""
    if as_json:
        print(json.dumps([brief(spec) for spec in detectors.ALL], ensure_ascii=False, default=str))
        return
    table = Table(Column("name", no_wrap=True), "tên · title", "listens to", Column("raises", no_wrap=True))
    for spec in detectors.ALL:
        said = brief(spec)
        titles = f"{spec.title.vi}\n{spec.title.en}"
        table.add_row(spec.name, titles, "\n".join(said["folds"]), "\n".join(said["kinds"]) or "-")
    Console().print(table)


def show(
    name: Annotated[str, typer.Argument(help="As `ioc detectors list` names it.")],
    district: Annotated[
        str | None, typer.Option("--district", help="Show the settings of this district beside the usual ones.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """One detector: what it notices and why, its settings, alerts with their sentences, figures."""
    spec = next((spec for spec in detectors.ALL if spec.name == name), None)
    if spec is None:
        raise fail(f"{name}: no such detector; there are: {', '.join(spec.name for spec in detectors.ALL)}")
    try:
        given = districts.load(district).detectors.get(name, {}) if district else {}
    except districts.BadDistrict as error:
        raise fail(error) from None
    said = whole(spec, given)
    if as_json:
        print(json.dumps(said, ensure_ascii=False, default=str, indent=1))
        return
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[bold]{spec.name}[/bold]  {spec.title.vi} · {spec.title.en}\n\n{said['what']}\n")
    settings = Table("setting", "usually", *(["here"] if district else []), "what")
    for each in said["settings"]:
        here = (
            [json.dumps(each["here"], ensure_ascii=False, default=str) if "here" in each else "-"] if district else []
        )
        settings.add_row(
            each["name"], json.dumps(each["default"], ensure_ascii=False, default=str), *here, each["what"] or ""
        )
    alerts = Table("alert", "severity", "module", "sentence")
    for kind in said["alerts"]:
        alerts.add_row(
            kind["kind"], kind["severity"], kind["module"], f"{kind['sentence']['vi']}\n{kind['sentence']['en']}"
        )
    figures = Table("figure", "labels", "what")
    for figure in said["figures"]:
        figures.add_row(
            figure["metric"], ", ".join(figure["labels"]), f"{figure['what']['vi']} · {figure['what']['en']}"
        )
    for table in (settings, alerts, figures):
        if table.row_count:
            Console().print(table)
    console.print(f"listens to: {', '.join(said['folds'])}; to events: {', '.join(said['hears'])}")


def brief(spec: Spec) -> dict[str, Any]:
    return {
        "name": spec.name, "title": {"vi": spec.title.vi, "en": spec.title.en},
        "folds": [fold.name for fold in spec.folds], "kinds": [kind.name for kind in spec.kinds],
    }  # fmt: skip


def whole(spec: Spec, given: Any) -> dict[str, Any]:
    """Everything that is declared."""
    module = import_module(spec.build.__module__)
    return {
        **brief(spec),
        "what": (module.__doc__ or "").strip(),
        "hears": [kind.TYPE for kind in spec.hears],
        "settings": [_setting(spec.params, name, given) for name in spec.params.model_fields],
        "alerts": [
            {"kind": kind.name, "severity": kind.severity, "module": kind.module.name,
             "title": {"vi": kind.title.vi, "en": kind.title.en},
             "sentence": {"vi": kind.sentence.vi, "en": kind.sentence.en}}
            for kind in spec.kinds
        ],
        "figures": [
            {"metric": f"ioc_{each.name}{suffix}", "labels": list(each.labels),
             "what": {"vi": each.help.vi, "en": each.help.en}}
            for suffix, figures in (("", spec.facts), ("_total", spec.tallies)) for each in figures
        ],
        "emits": [topic.name for topic in spec.emits],
    }  # fmt: skip


def _setting(params: type[BaseModel], name: str, given: Any) -> dict[str, Any]:
    field = params.model_fields[name]
    default = field.get_default(call_default_factory=True) if field.default is not PydanticUndefined else None
    said = {"name": field.alias or name, "default": _plain(default), "what": field.description}
    return {**said, "here": given[said["name"]]} if said["name"] in given else said


def _plain(value: Any) -> Any:
    """A value as a district file writes it, or near."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, timedelta):
        return next(f"{value // one}{unit}" for unit, one in UNITS.items() if not value % one)
    return value if isinstance(value, int | float | str | bool | type(None)) else str(value)
