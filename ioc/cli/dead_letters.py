"""``ioc dead-letters``: what could not be taken, why, and putting it back once the cause is mended."""

import asyncio
import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ioc.cli import fail
from ioc.cli.flow import LOCAL, Bootstrap, Space


def register(app: typer.Typer) -> None:
    group = typer.Typer(help="Records that could not be taken, with their bytes and the reason.", no_args_is_help=True)
    group.command("list")(show_all)
    group.command("show")(show)
    group.command("redrive")(redrive)
    app.add_typer(group, name="dead-letters")


def show_all(
    space: Space = "wall",
    bootstrap: Bootstrap = LOCAL,
    last: Annotated[int, typer.Option(help="So many of the newest.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines instead of a table.")] = False,
) -> None:
    """List the newest dead letters of a space."""
    from streams import dead_letters

    letters = asyncio.run(dead_letters.read(bootstrap, space))[-last:]
    if as_json:
        for letter in letters:
            print(json.dumps(letter.summary(), ensure_ascii=False))
        return
    table = Table("number", "from", "when", "bytes", "reason")
    for letter in letters:
        where = f"{letter.topic}/{letter.partition}@{letter.offset}"
        table.add_row(str(letter.number), where, f"{letter.at:%F %T}", f"{len(letter.value):,}", letter.reason)
    Console().print(table)


def show(number: int, space: Space = "wall", bootstrap: Bootstrap = LOCAL) -> None:
    """Show one dead letter whole: reason, headers, value."""
    from streams import dead_letters

    letter = asyncio.run(dead_letters.find(bootstrap, space, number))
    if letter is None:
        raise fail(f"space {space} has no dead letter {number}: see `ioc dead-letters list`")
    print(json.dumps({**letter.summary(), "headers": letter.shown_headers()}, ensure_ascii=False, indent=1))
    print(letter.value.decode("utf-8", "backslashreplace"))


def redrive(number: int, space: Space = "wall", bootstrap: Bootstrap = LOCAL) -> None:
    """Put a dead letter back on its topic as it was; it is taken as late, or rejected again with its reason."""
    from streams import dead_letters

    letter = asyncio.run(dead_letters.find(bootstrap, space, number))
    if letter is None:
        raise fail(f"space {space} has no dead letter {number}: see `ioc dead-letters list`")
    if letter.truncated or not letter.offset:
        raise fail(f"dead letter {number} does not hold its whole record: send the event again from its source")
    asyncio.run(dead_letters.redrive(bootstrap, letter))
    print(f"put back on {letter.topic}")
