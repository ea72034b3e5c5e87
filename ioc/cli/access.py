"""``ioc access``: who may sign in to the wall, which screens and programs may read it, and who did what."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ioc.cli import fail

if TYPE_CHECKING:
    from dashboards.wall.access.registry import Registry

Where = Annotated[
    Path | None,
    typer.Option("--access", envvar="IOC_WALL_ACCESS", help="The file; else the one that `ioc wall` uses here."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]
Role = Annotated[
    str, typer.Option(help="operator (trực ban), shift_leader (trưởng ca), agency, leader, viewer or engineer.")
]
Agency = Annotated[str | None, typer.Option(help="Id of the agency, for the role agency: it sees its own alerts only.")]
DAY = 86_400

users = typer.Typer(no_args_is_help=True, help="People (người dùng).")
screens = typer.Typer(no_args_is_help=True, help="Wall screens (màn hình): they read, and nothing else.")
tokens = typer.Typer(no_args_is_help=True, help="Tokens of programs (mã truy cập), hashed and expiring.")


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Who may use the wall, and who did what there.")
    group.add_typer(users, name="user")
    group.add_typer(screens, name="screen")
    group.add_typer(tokens, name="token")
    group.command("audit")(audit)
    app.add_typer(group, name="access")


def _registry(where: Path | None) -> "Registry":
    from dashboards.wall.access.registry import Registry
    from dashboards.wall.settings import Settings

    try:
        return Registry(where or Settings().access)
    except OSError as error:
        raise fail(error) from None


def _change(where: Path | None, action: str, target: str, change: Callable[["Registry"], str | None]) -> None:
    """Do it, note it in the audit, and say what came of it."""
    registry = _registry(where)
    try:
        said = change(registry)
    except ValueError as error:
        raise fail(error) from None
    registry.audit.write("command line", "command line", "", action, target)
    if said:
        print(said)


@users.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="The name to sign in with: one word.")],
    role: Role,
    shown: Annotated[str, typer.Option(help="The person's name as others read it.")] = "",
    agency: Agency = None,
    access: Where = None,
) -> None:
    """Add a user; prints a password, once."""
    from dashboards.wall.access.secret import new_password

    password = new_password()

    def change(registry: "Registry") -> str:
        registry.users.add(name, password, role, shown, agency)
        return password

    _change(access, "add user", name, change)


@users.command("password")
def new_password_of(name: str, access: Where = None) -> None:
    """Give a user a new password, printed once; ends all sessions of that user."""
    from dashboards.wall.access.secret import new_password

    password = new_password()

    def change(registry: "Registry") -> str:
        registry.users.set_password(name, password)
        return password

    _change(access, "new password", name, change)


@users.command("disable")
def disable_user(name: str, access: Where = None) -> None:
    """Let a user sign in no more; what that user did stays in the audit."""
    _change(access, "disable user", name, lambda registry: registry.users.disable(name))


@users.command("list")
def list_users(access: Where = None, as_json: AsJson = False) -> None:
    """Every user, with role and agency."""
    _show([vars(user) for user in _registry(access).users.all()], as_json)


@screens.command("enrol")
def enrol_screen(name: Annotated[str, typer.Argument(help="Where it hangs.")], access: Where = None) -> None:
    """Print a code to type at /enrol on the screen, within fifteen minutes; it works once."""
    _change(access, "invite a screen", name, lambda registry: registry.screens.invite(name))


@screens.command("revoke")
def revoke_screen(number: Annotated[int, typer.Argument(help="Its id in the list.")], access: Where = None) -> None:
    """Withdraw a screen: within seconds it shows nothing."""

    def change(registry: "Registry") -> None:
        if not registry.screens.revoke(number):
            raise ValueError(f"there is no screen {number} that could be withdrawn")

    _change(access, "revoke screen", str(number), change)


@screens.command("list")
def list_screens(access: Where = None, as_json: AsJson = False) -> None:
    """Every screen, and when it was last seen."""
    _show(map(dict, _registry(access).screens.all()), as_json)


@tokens.command("issue")
def issue_token(
    name: Annotated[str, typer.Argument(help="The program that will send it.")],
    role: Role = "viewer",
    agency: Agency = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="It ends by itself after so many days.")] = 90,
    access: Where = None,
) -> None:
    """Print a token, once; a program sends it as `Authorization: Bearer …`."""
    _change(access, "issue token", name, lambda registry: registry.tokens.issue(name, role, days * DAY, agency))


@tokens.command("revoke")
def revoke_token(number: Annotated[int, typer.Argument(help="Its id in the list.")], access: Where = None) -> None:
    """Withdraw a token at once."""

    def change(registry: "Registry") -> None:
        if not registry.tokens.revoke(number):
            raise ValueError(f"there is no token {number} that could be withdrawn")

    _change(access, "revoke token", str(number), change)


@tokens.command("list")
def list_tokens(access: Where = None, as_json: AsJson = False) -> None:
    """Every token, and when it was last used."""
    _show(map(dict, _registry(access).tokens.all()), as_json)


def audit(
    count: Annotated[int, typer.Option(min=1, help="How many of the newest.")] = 100,
    access: Where = None,
    as_json: AsJson = False,
) -> None:
    """Who signed in, who was refused, and who did what, newest first."""
    _show([vars(entry) for entry in _registry(access).audit.newest(count)], as_json)


def _show(rows: Iterable[Mapping[str, Any]], as_json: bool) -> None:
    found = [{name: _readable(name, value) for name, value in row.items()} for row in rows]
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    table = Table(*(found[0] if found else ("nothing",)))
    for row in found:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console().print(table)


def _readable(name: str, value: object) -> object:
    """Epoch seconds as local time."""
    if name in ("at", "created", "enrolled", "ends", "seen", "revoked") and isinstance(value, float):
        return datetime.fromtimestamp(value).astimezone().isoformat(" ", "seconds")
    return value
