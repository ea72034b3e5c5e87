"""``ioc figures``: the figures of a reporting period, each with what it is made of."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ioc import district as districts
from ioc.cli import fail
from ioc.cli.counted import read, running
from ioc.cli.flow import LOCAL_REDIS, RedisUrl
from ioc.office import dossier_figures as dossiers
from ioc.office.figures import FLOWS, Shown, corrections, in_hand, shares
from ioc.office.periods import BadPeriod, Period, period
from ioc.office.shares import SHARES, Row
from ioc.text import number

WORK = {"dossier": "Hồ sơ", "document": "Văn bản, nhiệm vụ", "request": "Phản ánh"}


def register(app: typer.Typer) -> None:
    app.command("figures")(figures)


def figures(
    counted: Annotated[
        Path | None,
        typer.Argument(help="What `ioc replay --facts` wrote; without one, the running system's read model."),
    ] = None,
    *,
    over: Annotated[
        str,
        typer.Option(
            "--period", help="2026-10-05, 2026-10, 2026-Q3, 2026-H1, 2026-9M, 2026, or 2026-01-01..2026-09-20."
        ),
    ],
    rule: Annotated[
        str | None,
        typer.Option(
            help="How periods are cut: nd09 (Decree 09/2019, 15th to 14th), calendar (calendar months), or "
            "one of the district's own; without one, the district's first, which is nd09 where it says nothing."
        ),
    ] = None,
    district: Annotated[
        str | None,
        typer.Option(help="District file with its own cut-off rules; without one, the running space's, or bac_tra_my."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Of one label alone: commune=20900, queue=dien, unit=van-phong.")
    ] = None,
    space: Annotated[str, typer.Option(envvar="IOC_SPACE", help="The space of the running system.")] = "wall",
    redis: RedisUrl = LOCAL_REDIS,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of tables.")] = False,
) -> None:
    """Figures of a reporting period: shares with numerator, denominator and exclusions, and work in hand.

    Where nothing was counted there is no basis to judge by, which is not the same as zero. Figures that late or
    corrected events have set right say how often.

        ioc figures --space wall --period 2026-10 --only commune=20900
        ioc figures facts.json --period 2026-Q3
    """
    try:
        rows, own = (read(counted), "bac_tra_my") if counted else asyncio.run(running(space, redis))
        cut_off = districts.load(district or own).cut_off(rule)
        of, where = period(over, cut_off), _labels(only or [])
    except (BadPeriod, districts.BadDistrict) as error:
        raise fail(error) from None
    compared = [shares(rows, each, where) for each in (of, of.year_before, of.year_to_date)]
    shown = [each for each in zip(*compared, strict=True) if any(one.denominator for one in each)]
    revised, held = corrections(rows, of, where), _in_hand(rows, of, where)
    if as_json:
        print(json.dumps({"period": _period(of), "corrections": revised, "in_hand": held, "shares": [
            {"name": now.share.name, "title": now.share.title.vi, **_parts(now), "year_before": _parts(before),
             "year_to_date": _parts(year), "excluded": now.share.excluded.vi}
            for now, before, year in shown
        ]}, ensure_ascii=False))  # fmt: skip
        return
    console = Console()
    console.print(f"Kỳ {of.name}: {of.told.vi} · {of.rule.name} {of.rule.basis}")
    if any(revised.values()):
        words = dossiers.CORRECTIONS.words
        told = ", ".join(f"{count} {words[why].vi}" for why, count in revised.items() if count)
        console.print(f"Đã điều chỉnh số liệu hồ sơ trong kỳ: {told} (corrected after they were first counted)")
    hand = Table("", "kỳ trước chuyển qua", "đang giải quyết cuối kỳ", "quá hạn cuối kỳ", "tuổi trung vị (ngày)")
    for work, now in held.items():
        age = "–" if now["median_age"] is None else number(now["median_age"], "vi")
        hand.add_row(WORK[work], str(now["carried_over"]), str(now["open"]), str(now["overdue"]), age)
    console.print(hand)
    table = Table("chỉ tiêu", "tỷ lệ", "tử số", "mẫu số", "không tính", "cùng kỳ năm trước", "lũy kế từ đầu năm")
    for now, before, year in shown:
        table.add_row(*_told(now), _percent(before), _percent(year))
    console.print(table)
    if not shown:
        console.print("Chưa có cơ sở đánh giá: nothing was counted in this period")


def _labels(only: list[str]) -> dict[str, str]:
    """What ``--only`` asks for. A label that no figure has would leave every figure as it is: refused."""
    known = sorted({label for share in SHARES for part in (share.numerator, share.denominator)
                    for label in part.tally.labels})  # fmt: skip
    found: dict[str, str] = {}
    for each in only:
        label, equals, value = each.partition("=")
        if not equals or label not in known:
            raise fail(f"--only {each}: write it as commune=20900; labels are {', '.join(known)}")
        found[label] = value
    return found


def _in_hand(rows: list[Row], of: Period, where: dict[str, str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for work, flows in FLOWS.items():
        only = where.get(flows.label)
        before, after = (in_hand(rows, work, day, only) for day in (of.first - timedelta(days=1), of.last))
        if any(row.tally == flows.came_in.name for row in rows):
            found[work] = {
                "carried_over": before.open, "open": after.open, "overdue": after.overdue,
                "median_age": after.median_age,
            }  # fmt: skip
    return found


def _told(shown: Shown) -> tuple[str, ...]:
    share = shown.share
    top, bottom = f"{shown.numerator:,} {share.counted.vi}", f"{shown.denominator:,} {share.out_of.vi}"
    return share.title.vi, _percent(shown), top, bottom, share.excluded.vi


def _percent(shown: Shown) -> str:
    """The share as it is printed; a dash where there is no basis."""
    return "–" if shown.percent is None else f"{number(shown.percent, 'vi')}%"


def _parts(shown: Shown) -> dict[str, Any]:
    return {"numerator": shown.numerator, "denominator": shown.denominator, "percent": shown.percent}


def _period(of: Period) -> dict[str, str]:
    return {"name": of.name, "first": str(of.first), "last": str(of.last), "rule": of.rule.name, "basis": of.rule.basis}
