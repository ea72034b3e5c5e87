"""Every command that people can give to an alert, as a command line made of its own fields."""

import getpass
import inspect
import json
import sys
from collections.abc import Callable
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Annotated, Any, get_origin
from uuid import uuid4

import typer
from pydantic import TypeAdapter, ValidationError

from ioc.alerts.commands import ALERT_COMMANDS, Command, EndSilence, Silence
from ioc.alerts.parts import Person
from ioc.alerts.transitions import TITLES
from ioc.cli import fail
from ioc.cli.flow import LOCAL, LOCAL_REDIS, Bootstrap, RedisUrl, Space
from ioc.cli.present import ZONE, local, now_of, story
from ioc.cli.present import run as ask
from ioc.durations import Duration
from ioc.events.base import Data
from ioc.text import Language, complaint

By = Annotated[str, typer.Option(envvar="IOC_USER", help="Who says so; your own name on this machine by default.")]
Lang = Annotated[Language, typer.Option("--lang", envvar="IOC_LANG", help="vi or en.")]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
Which = Annotated[str, typer.Argument(help="The alert's id, or its beginning.")]
MOMENT = "a moment (2026-01-05T08:00:00+07:00), or a length of time from now: 2h"
#: Words for the fields of commands.
FIELDS = {
    "agency": "the agency's id",
    "agencies": "ids of agencies, with commas",
    "person": "a person there",
    "text": "note, or result",
    "reason": "the reason: others read it",
    "until": MOMENT,
    "due_at": MOMENT,
    "again_at": MOMENT,
    "clock": "ack, respond, resolve or legal",
    "cause": "false_alarm, duplicate, not_ours, test or permitted",
    "duplicate_of": "id of the alert that it doubles",
    "outcome": "of a verification: true, not_true, unclear, controlled, unreachable; of a call: reached, unreachable, "
    "call_later",
    "granted": "yes or no",
    "role": "who was called: duty, deputy or leader",
    "incident_id": "the incident that it is to be part of",
}
#: A terminal waits so long for the answer, seconds.
PATIENCE = 20.0
MOMENTS = frozenset({"until", "due_at", "again_at"})


def register(group: typer.Typer) -> None:
    for kind in ALERT_COMMANDS:
        group.command(kind.TYPE.rpartition(".")[2].replace("_", "-"))(_command(kind))
    group.command("silence")(silence)
    group.command("end-silence")(end_silence)


def _command(kind: type[Command]) -> Callable[..., None]:
    """The command line of one command: what it cannot do without are arguments, its other fields options."""
    own = {name: field for name, field in kind.model_fields.items() if name not in Command.model_fields}
    many = {name for name, field in own.items() if get_origin(field.annotation) is tuple}

    def run(alert: str, space: str, bootstrap: str, redis: str, by: str, version: int | None, lang: Language,
            as_json: bool, **said: str | None) -> None:  # fmt: skip
        newest = ask(story(redis, space, alert))[0][-1]
        fields: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
        fields |= {name: fields[name].split(",") for name in many & fields.keys()}
        fields |= {name: _moment(fields[name], ask(now_of(redis, space))) for name in MOMENTS & fields.keys()}
        told = {"alert_id": newest.alert_id, "dedupe_key": newest.dedupe_key, "version": version or newest.version}
        _give(kind, told | {"by": _person(by)} | fields, space, bootstrap, redis, lang, as_json)

    parameters = [_parameter("alert", Which)]
    parameters += [
        _parameter(name, Annotated[str, typer.Argument(help=FIELDS[name])])
        for name, field in own.items() if field.is_required()
    ]  # fmt: skip
    parameters += [
        _parameter(name, Annotated[str | None, typer.Option(help=FIELDS[name])], None)
        for name, field in own.items() if not field.is_required()
    ]  # fmt: skip
    seen = Annotated[int | None, typer.Option(help="The version that you saw; the newest by default.")]
    parameters += [
        _parameter("space", Space, "wall"), _parameter("bootstrap", Bootstrap, LOCAL),
        _parameter("redis", RedisUrl, LOCAL_REDIS), _parameter("by", By, getpass.getuser()),
        _parameter("version", seen, None), _parameter("lang", Lang, "vi"), _parameter("as_json", Json, False),
    ]  # fmt: skip
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what typer reads, and no type knows
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    run.__doc__ = kind.__doc__
    return run


def _parameter(name: str, hint: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=hint)


def silence(
    reason: Annotated[str, typer.Argument(help=FIELDS["reason"])],
    match: Annotated[
        list[str], typer.Option(help="field=value,value: kind, module, commune, subject or severity; != ")
    ],
    until: Annotated[str, typer.Option(help=MOMENT)],
    since: Annotated[str | None, typer.Option(help="From then on; now by default.")] = None,
    maintenance: Annotated[bool, typer.Option(help="It is maintenance (bảo trì).")] = False,
    even_extreme: Annotated[bool, typer.Option(help="Alerts of the highest severity too.")] = False,
    space: Space = "wall",
    redis: RedisUrl = LOCAL_REDIS,
    bootstrap: Bootstrap = LOCAL,
    by: By = getpass.getuser(),  # noqa: B008
    lang: Lang = "vi",
    as_json: Json = False,
) -> None:
    """Tắt báo có thời hạn: nobody is told of the alerts that match all of these, until then.

    ioc alerts silence "thay pin" --match subject=tm-04* --until 2h
    """
    now, matchers = ask(now_of(redis, space)), []
    for each in match:
        field, _, values = each.partition("=")
        matchers.append({"field": field.rstrip("!"), "values": values.split(","), "negated": field.endswith("!")})
    said = {
        "silence_id": uuid4().hex[:12],
        "kind": "maintenance" if maintenance else "silenced",
        "matchers": matchers,
        "reason": reason,
        "by": _person(by),
        "since": _moment(since, now) if since else now,
        "until": _moment(until, now),
        "even_extreme": even_extreme,
    }
    _give(Silence, said, space, bootstrap, redis, lang, as_json)


def end_silence(
    silence_id: Annotated[str, typer.Argument(help="The silence's id, as it was answered.")],
    reason: Annotated[str, typer.Option(help=FIELDS["reason"])] = "",
    space: Space = "wall",
    redis: RedisUrl = LOCAL_REDIS,
    bootstrap: Bootstrap = LOCAL,
    by: By = getpass.getuser(),  # noqa: B008
    lang: Lang = "vi",
    as_json: Json = False,
) -> None:
    """Bỏ tắt báo: end a silence before its time."""
    said = {"silence_id": silence_id, "reason": reason, "by": _person(by)}
    _give(EndSilence, said, space, bootstrap, redis, lang, as_json)


def _give(
    kind: type[Data], said: dict[str, Any], space: str, bootstrap: str, redis: str, lang: Language, as_json: bool
) -> None:
    """Give the command, and say what the system answers."""
    try:
        command = kind.model_validate(said)
    except ValidationError as error:
        raise fail(complaint(error)) from None
    answer = ask(_answer(command, space, bootstrap, redis))
    if answer is None:
        raise fail("no answer in time: the system may be down, and the command may still be done. Look again", 3)
    told = json.loads(answer)
    if as_json:
        print(answer)
    elif "code" in told:
        print(told["reason"][lang], file=sys.stderr)
    else:
        about = told.get("alert_id", "")[:8] or told.get("silence_id", "")
        title = getattr(TITLES[told["transition"]], lang)
        print(f"{local(datetime.fromisoformat(told['at']))} {title} ({about}), {said['by'].user}")
    if "code" in told:
        raise typer.Exit(1)


async def _answer(command: Data, space: str, bootstrap: str, redis: str) -> str | None:
    from dashboards.wall.commands import Commands
    from dashboards.wall.store import Store

    async with aclosing(Store(redis)) as store:
        commands = Commands(bootstrap, store, source="/cli", patience=PATIENCE)
        try:
            return await commands.give(space, command, uuid4().hex)
        finally:
            await commands.close()


def _person(by: str) -> Person:
    try:
        return Person(user=by)
    except ValidationError as error:
        raise fail(f"--by: {complaint(error)}") from None


def _moment(text: str, now: datetime) -> datetime:
    """A moment, or a length of time from now."""
    try:
        length: timedelta = TypeAdapter(Duration).validate_python(text)
        return now + length
    except ValidationError:
        pass
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise fail(f"{text!r} is neither a moment (2026-01-05T08:00:00+07:00) nor a length of time (2h)") from None
    return at if at.tzinfo else at.replace(tzinfo=ZONE)
