"""What people may order of an alert over the API: made from the commands that are declared, never listed again."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, create_model

from dashboards.wall.access.principal import Principal, Right
from ioc.alerts import commands
from ioc.alerts.alert import AlertChanged
from ioc.alerts.commands import ALERT_COMMANDS, Command
from ioc.alerts.parts import Person
from ioc.alerts.transitions import STEPS

#: Said by the server, never by who asks.
OURS = frozenset({"alert_id", "dedupe_key", "by"})
#: An agency speaks for itself: these say its own name.
AS_AGENCY = (commands.Accept, commands.Seen, commands.AskExtension)
#: What an agency that helps may say of an alert; the one that leads it says more.
HELPS: frozenset[type[Command]] = frozenset({commands.Comment, commands.Verify})
ANSWERS: frozenset[type[Command]] = HELPS | {commands.Return, commands.Resolve, *AS_AGENCY}
#: Closing the gravest needs a second, higher person.
GRAVE = (commands.Close, commands.Reject)


class Order(BaseModel):
    """A command as it is asked for. ``command`` is made up by the sender: sent again, it is the same command."""

    model_config = ConfigDict(extra="forbid")

    action: str
    command: Annotated[UUID, Field(description="a new random id; the same one again is the same command")]
    version: Annotated[int, Field(ge=1, description="the alert's version that the person saw")]


def action(command: type[Command]) -> str:
    """The command's word: the last part of its type."""
    return command.TYPE.rpartition(".")[2]


def _model(command: type[Command]) -> type[Order]:
    own = {
        name: (field.annotation, field)
        for name, field in command.model_fields.items()
        if name not in OURS and name != "version" and not (name == "agency" and command in AS_AGENCY)
    }
    fields: dict[str, Any] = {"action": (Literal[action(command)], ...), **own}
    return create_model(f"{command.__name__}Order", __base__=Order, __doc__=command.__doc__, **fields)


BY_ACTION: dict[str, type[Command]] = {action(command): command for command in ALERT_COMMANDS}
if TYPE_CHECKING:
    AnyOrder = Order
else:
    #: Any order, told apart by its ``action``.
    AnyOrder = Annotated[reduce(or_, map(_model, ALERT_COMMANDS)), Field(discriminator="action")]


def needed(command: type[Command], principal: Principal, alert: AlertChanged) -> Right:
    """What one must be allowed to do for this command on this alert."""
    if principal.role == "agency":
        leads = alert.owner is not None and alert.owner.agency == principal.agency
        return "answer" if command in (ANSWERS if leads else HELPS) else "handle"
    if principal.may("direct") and command is commands.Comment:
        return "direct"
    if command in GRAVE and alert.severity == "extreme":
        return "approve"
    return "silence" if command is commands.Shelve else "handle"


def person(principal: Principal) -> Person:
    """Who asks, as an alert's history names people."""
    return Person(user=principal.name, name=principal.shown, agency=principal.agency)


def command_of(order: Order, alert: AlertChanged, principal: Principal) -> Command:
    """The command that an order asks for, in the name of who asks."""
    kind = BY_ACTION[order.action]
    said = order.model_dump(exclude={"action", "command"})
    if kind in AS_AGENCY:
        said["agency"] = principal.agency or (alert.owner.agency if alert.owner else "")
    by = person(principal)
    return kind.model_validate({**said, "alert_id": alert.alert_id, "dedupe_key": alert.dedupe_key, "by": by})


def possible(alert: AlertChanged, principal: Principal) -> tuple[str, ...]:
    """The orders that make sense of this alert now, for who asks: the fold has the last word."""
    return tuple(
        word
        for word, command in BY_ACTION.items()
        if alert.handling in STEPS[command].sources
        and principal.may(needed(command, principal, alert))
        and _applies(command, alert, principal)
    )


def _applies(command: type[Command], alert: AlertChanged, principal: Principal) -> bool:
    if command in AS_AGENCY:
        return principal.role == "agency" and (command is not commands.AskExtension or bool(alert.clocks))
    if command is commands.Unshelve:
        return any(quiet.kind == "shelved" for quiet in alert.suppression)
    if command is commands.AnswerExtension:
        return alert.extension is not None and alert.extension.state == "asked"
    if command in (commands.PauseClock, commands.ResumeClock, commands.ExtendClock):
        return bool(alert.clocks)
    return True
