"""The command line, and the one place where every part meets: ``ioc`` with its commands, one module a group."""

import importlib
import sys
from datetime import datetime

import typer

app = typer.Typer(
    name="ioc",
    help="A district's operations centre (trung tâm điều hành thông minh): events in, alerts out, seen live.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

GROUPS = (
    "roster", "notify", "alerts",
    "demo", "flow", "record", "replay", "explain", "testing", "tune", "describe", "importing", "camera", "fire",
    "figures", "service_index", "forecast", "wall", "access", "dead_letters", "capacity", "bench", "doctor", "generate",
    "why_not", "exercise", "scenario", "report", "targets", "returns",
)  # fmt: skip


def main() -> None:
    """Run a command. What a person can mend is one sentence and exit code 2, never a traceback."""
    for group in GROUPS:
        importlib.import_module(f"ioc.cli.{group}").register(app)
    app(prog_name="ioc")


def moment(text: str | None, option: str) -> datetime | None:
    """A moment given on the command line; without an offset, in the machine's local time."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise fail(f"{option} {text!r}: write it as 2026-01-05T08:00:00+07:00") from None
    return at if at.tzinfo else at.astimezone()


def fail(error: object, code: int = 2) -> typer.Exit:
    """Say what is wrong and stop: ``raise fail(error)``."""
    print(f"ioc: {error}", file=sys.stderr)
    return typer.Exit(code)
