"""The command line, and the one place where every part meets: ``ioc`` with its commands, one module a group."""

import importlib
import sys

import typer

app = typer.Typer(
    name="ioc",
    help="A district's operations centre (trung tâm điều hành thông minh): events in, alerts out, seen live.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

GROUPS = ("demo", "flow", "replay", "importing", "wall", "dead_letters", "generate")


def main() -> None:
    """Run a command. What a person can mend is one sentence and exit code 2, never a traceback."""
    for group in GROUPS:
        importlib.import_module(f"ioc.cli.{group}").register(app)
    app(prog_name="ioc")


def fail(error: object, code: int = 2) -> typer.Exit:
    """Say what is wrong and stop: ``raise fail(error)``."""
    print(f"ioc: {error}", file=sys.stderr)
    return typer.Exit(code)
