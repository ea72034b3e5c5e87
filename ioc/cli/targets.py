"""``ioc targets``: how the targets of a district stand, computed; and what was reported, beside it."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ioc import district as districts
from ioc.cli import fail
from ioc.cli.counted import read, tallies
from ioc.targets.checks import DOUBTS
from ioc.targets.printed import written
from ioc.targets.standing import Standing
from ioc.targets.target import ENDS, Judged


def register(app: typer.Typer) -> None:
    app.command("targets")(targets)


def targets(
    counted: Annotated[Path, typer.Argument(help="What `ioc replay --facts` wrote.")],
    district: Annotated[str, typer.Option(help="District file with figures and targets.")] = "bac_tra_my",
    on: Annotated[str | None, typer.Option(help="Judged on this day: 2026-10-15; without one, today.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables.")] = False,
) -> None:
    """How each target stands: exceeded, met, not met (short by how much), no basis, not yet due, data wrong.

    A share above one, or one that is made of returns that cannot be right, is data wrong, never met.
    """
    try:
        known = districts.load(district)
        today = date.fromisoformat(on) if on else date.today()  # noqa: DTZ011  # the reader's own day
        standing = Standing(known, read(counted), tallies())
    except districts.BadDistrict as error:
        raise fail(error) from None
    except ValueError as error:
        raise fail(error) from None
    judged = standing.targets(today)
    if as_json:
        print(json.dumps([_as_json(each) for each in judged], ensure_ascii=False, indent=1))
        return
    console = Console()
    for plan in known.plans:
        stands = standing.plan(plan, today)
        ends = ", ".join(f"{ENDS[end].vi} {count}" for end, count in stands.ends.items())
        reported = "" if stands.reported is None else f"; báo cáo hoàn thành {stands.reported}"
        console.print(f"{plan.name}: {stands.done}/{sum(stands.ends.values())} hoàn thành ({ends}){reported}")
    table = Table("chỉ tiêu", "mục tiêu", "kết quả", "đánh giá", "thiếu", "tiến độ cần đạt", "dự báo cuối kỳ", "lưu ý")
    for each in judged:
        pace = each.pace
        table.add_row(
            each.target.name, _number(each.target.goal), _number(each.computed.value), ENDS[each.end].vi,
            _number(each.short_by), _number(pace.needed if pace else None), _number(pace.forecast if pace else None),
            ", ".join(DOUBTS[doubt].vi for doubt in sorted(each.computed.doubts)),
        )  # fmt: skip
    console.print(table)


def _number(value: float | None) -> str:
    return "–" if value is None else written(value, "vi")


def _as_json(each: Judged) -> dict[str, Any]:
    pace = each.pace
    return {
        "id": each.target.id, "name": each.target.name, "plan": each.target.plan, "goal": each.target.goal,
        "value": each.computed.value, "numerator": each.computed.numerator, "denominator": each.computed.denominator,
        "end": each.end, "short_by": each.short_by, "missing": each.computed.missing,
        "doubts": sorted(each.computed.doubts), "origins": sorted(each.computed.origins),
        "pace": None if pace is None else {"elapsed": pace.elapsed, "needed": pace.needed, "forecast": pace.forecast},
    }  # fmt: skip
