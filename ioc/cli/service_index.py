"""``ioc service-index``: an internal estimate of the service index, with the portal's own value beside it."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ioc import district as districts
from ioc.cli import fail
from ioc.cli.counted import read
from ioc.office import service_index
from ioc.office.figures import shares
from ioc.office.periods import BadPeriod, period
from ioc.office.service_index import ESTIMATE, Declared, Estimated, ServiceIndex
from ioc.text import number


def register(app: typer.Typer) -> None:
    app.command("service-index")(index_of)


def index_of(
    counted: Annotated[Path, typer.Argument(help="What `ioc replay --facts` wrote.")],
    over: Annotated[str, typer.Option("--period", help="As of `ioc figures`: 2026-10, 2026-Q3, 2026, …")],
    rule: Annotated[str | None, typer.Option(help="How periods are cut, as of `ioc figures`.")] = None,
    district: Annotated[str, typer.Option(help="District file with its own cut-off rules.")] = "bac_tra_my",
    commune: Annotated[str | None, typer.Option(help="Of one commune alone.")] = None,
    version: Annotated[
        Path | None, typer.Option("--index", help="A province's own version; else the one in force (Decision 766).")
    ] = None,
    portal: Annotated[
        Path | None, typer.Option(help="The portal's own values, declared: a TOML file of [[declared]] by period.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Points by group of the index that rates service to citizens: OUR ESTIMATE, never the portal's value.

    What the centre does not see is not assessed and earns nothing; the estimate says out of how many points it is.
    """
    try:
        of = period(over, districts.load(district).cut_off(rule))
        index = service_index.read(version) if version else service_index.in_force(of.last)
        said = service_index.declared(portal, index).get(over) if portal else None
    except (BadPeriod, districts.BadDistrict, service_index.BadIndex) as error:
        raise fail(error) from None
    found = service_index.estimate(index, shares(read(counted), of, {"commune": commune} if commune else None))
    if as_json:
        print(json.dumps(_as_json(index, str(of.first), str(of.last), found, said), ensure_ascii=False))
        return
    console = Console()
    console.print(f"{ESTIMATE.vi} · {index.name} ({index.decision}) · kỳ {of.name}: {of.told.vi}")
    table = Table("nhóm chỉ số", "tối đa", "ước tính nội bộ", "đánh giá được", "cổng công bố", "căn cứ")
    for each in found:
        points = _shown(each.points) if each.assessed else "chưa có cơ sở"
        by = "; ".join(f"{one.share.title.vi} {one.numerator}/{one.denominator}" for one in each.by)
        table.add_row(
            each.group.name, _shown(each.group.most), points, _shown(each.assessed), _portal(said, each.group.id), by
        )
    points, assessed = (sum(getattr(each, name) for each in found) for name in ("points", "assessed"))
    table.add_row("Tổng", "100", _shown(points), _shown(assessed), _shown(said.points) if said else "–", "")
    console.print(table)
    if said:
        rank = f", xếp hạng {said.rank}" if said.rank else ""
        console.print(
            f"Cổng công bố {_shown(said.points)} điểm{rank} (số liệu báo cáo: {said.source}; {said.by}, "
            f"{said.on:%d/%m/%Y}); ước tính nội bộ lệch {_shown(points - said.points)} điểm"
        )


def _portal(said: Declared | None, group: str) -> str:
    return _shown(said.groups[group]) if said and group in said.groups else "–"


def _shown(points: float) -> str:
    return f"{points:,.2f}".rstrip("0").rstrip(".").replace(".", ",") if points % 1 else number(points, "vi")


def _as_json(
    index: ServiceIndex, first: str, last: str, found: list[Estimated], said: Declared | None
) -> dict[str, object]:
    return {
        "label": ESTIMATE.vi,
        "index": index.id,
        "decision": index.decision,
        "first": first,
        "last": last,
        "points": round(sum(each.points for each in found), 2),
        "assessed": sum(each.assessed for each in found),
        "groups": [
            {"id": each.group.id, "most": each.group.most, "points": each.points if each.assessed else None,
             "assessed": each.assessed,
             "by": [{"share": one.share.name, "numerator": one.numerator, "denominator": one.denominator}
                    for one in each.by]}
            for each in found
        ],
        "portal": said.model_dump(mode="json") if said else None,
    }  # fmt: skip
