"""Who is on duty: ``ioc roster check``, ``ioc roster import``."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ioc.agencies.parts import ROLES, Role
from ioc.agencies.roster import RosterFiled, officer
from ioc.agencies.roster_file import Roster, read
from ioc.cli.flow import LOCAL, Bootstrap, DistrictName
from ioc.cli.sheets import SOME_PROBLEMS, Sheet, opened, sent


def register(app: typer.Typer) -> None:
    roster = typer.Typer(
        help="Duty rosters (lịch trực): a sheet with a row for each person and day. Columns: cơ quan (agency), "
        "ngày (date), vai trò (role: trực ban, trực thay, lãnh đạo), họ tên (name), điện thoại (phone), and if the "
        "duty is not from 07:00 to 07:00: từ (from), đến (to).",
        no_args_is_help=True,
    )
    roster.command("check")(check)
    roster.command("import")(import_sheet)
    app.add_typer(roster, name="roster")


def check(
    file: Sheet,
    district: DistrictName,
    as_json: Annotated[bool, typer.Option("--json", help="as one JSON object")] = False,
) -> None:
    """Say what a sheet holds and what is wrong with it; nothing is written. Exit code 3: something is wrong."""
    _tell(opened(read, file, district), as_json)


def import_sheet(
    file: Sheet,
    district: DistrictName,
    space: Annotated[str, typer.Option(help="The space.")] = "wall",
    bootstrap: Bootstrap = LOCAL,
    as_json: Annotated[bool, typer.Option("--json", help="as one JSON object")] = False,
) -> None:
    """Put the duties of a sheet into a space. A day filed again takes the place of the one before.

    Rows with mistakes are told, and spoil their own duty only. Exit code 3: some were left out.
    """
    found = opened(read, file, district)
    if found.duties:
        sent(bootstrap, space, "/rosters/import", found.duties)
    _tell(found, as_json)


def _tell(found: Roster, as_json: bool) -> None:
    if as_json:
        duties = [duty.model_dump(mode="json") for duty in found.duties]
        print(json.dumps({"duties": duties, "problems": found.problems}, ensure_ascii=False, indent=2))
    else:
        _table(found.duties)
        for problem in found.problems:
            print(f"ioc: {problem}", file=sys.stderr)
    raise typer.Exit(SOME_PROBLEMS if found.problems else 0)


def _table(duties: list[RosterFiled]) -> None:
    table = Table("agency", "from", "to", *(f"{text.vi} ({role})" for role, text in ROLES.items()))
    roles: tuple[Role, ...] = tuple(ROLES)
    for duty in duties:
        people = [officer(duty, role) for role in roles]
        named = [f"{escape(each.name)} {each.phone}" if each else "–" for each in people]
        table.add_row(duty.agency, f"{duty.since:%d/%m/%Y %H:%M}", f"{duty.until:%d/%m/%Y %H:%M}", *named)
    Console().print(table)
