"""Declared returns (số liệu báo cáo): ``ioc returns check``, ``ioc returns import``."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ioc.cli.flow import LOCAL, Bootstrap, DistrictName
from ioc.cli.sheets import SOME_PROBLEMS, Sheet, opened, sent
from ioc.targets.returns_file import Returns, read


def register(app: typer.Typer) -> None:
    returns = typer.Typer(
        help="Declared returns (số liệu báo cáo): a sheet, a row for each area and indicator. Columns: biểu (form), "
        "xã (area), từ ngày, đến ngày (from, to), chỉ tiêu (indicator), giá trị (value), người báo cáo (filed by), and "
        "if you have them: đơn vị tính (unit), căn cứ (based on), người duyệt (approved by).",
        no_args_is_help=True,
    )
    returns.command("check")(check)
    returns.command("import")(import_sheet)
    app.add_typer(returns, name="returns")


def check(
    file: Sheet,
    district: DistrictName,
    as_json: Annotated[bool, typer.Option("--json", help="as one JSON object")] = False,
) -> None:
    """Say what a sheet holds, what is wrong with it and what is doubtful; nothing is written.

    Checked: shares above one, sums, units, what is more than can be, what is missing on the form. Exit code 3:
    something is wrong or doubtful.
    """
    _tell(opened(read, file, district), as_json)


def import_sheet(
    file: Sheet,
    district: DistrictName,
    space: Annotated[str, typer.Option(help="The space.")] = "wall",
    bootstrap: Bootstrap = LOCAL,
    as_json: Annotated[bool, typer.Option("--json", help="as one JSON object")] = False,
) -> None:
    """File the returns of a sheet in a space. One that is filed again takes the former's place.

    A row with a mistake spoils its own return only. What is doubtful is filed, flagged, and rings: it is never mended.
    """
    found = opened(read, file, district)
    if found.filed:
        sent(bootstrap, space, "/returns/import", [filed for filed, _ in found.filed])
    _tell(found, as_json)


def _tell(found: Returns, as_json: bool) -> None:
    doubtful = any(doubts for _, doubts in found.filed)
    if as_json:
        shown = [
            {**filed.model_dump(mode="json"), "doubts": [doubt.says.vi for doubt in doubts]}
            for filed, doubts in found.filed
        ]
        print(json.dumps({"returns": shown, "problems": found.problems}, ensure_ascii=False, indent=1))
    else:
        table = Table("biểu", "đơn vị", "kỳ", "chỉ tiêu có số liệu", "cần kiểm tra")
        for filed, doubts in found.filed:
            days = f"{filed.first:%d/%m/%Y}–{filed.last:%d/%m/%Y}"
            why = escape("; ".join(doubt.says.vi for doubt in doubts))
            table.add_row(filed.form, filed.area, days, str(len(filed.entries)), why)
        Console().print(table)
        for problem in found.problems:
            print(f"ioc: {problem}", file=sys.stderr)
    raise typer.Exit(SOME_PROBLEMS if found.problems or doubtful else 0)
