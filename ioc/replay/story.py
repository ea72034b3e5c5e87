"""Stories: what happens, and what an operator must be told, step by step, as a TOML file that reads like a report.

A step has a time and one of: an ``event``, a person's ``command``, a ``restart`` of everything, or what is expected:
an ``alert``, ``no_alert``, a ``figure``. All that happens at a moment has happened when something is expected of it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ioc import toml_file
from ioc.alerts.alert import AlertChanged
from ioc.alerts.commands import ALERT_COMMANDS
from ioc.district import Duration
from ioc.engine.partition import Partition
from ioc.engine.plan import Plan
from ioc.engine.results import Output
from ioc.events.base import AnyEvent, Data, Event
from ioc.recording import CODEC, tick
from ioc.replay import Replay
from ioc.replay.restart import RestartingFlow
from ioc.text import complaint

_CLOCK = re.compile(r"(?:\+(\d+)d )?(\d{1,2}):(\d\d)(?::(\d\d))?")
#: Deadlines of a moment fire once time is past it.
_PAST = timedelta(microseconds=1)
PREFIX = "vn.ioc."


class BadStory(Exception):
    """A story cannot be told; the message says where and what to change."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Step(_Entry):
    """One line of the report. Times are ``14:05`` of the story's day, or ``+1d 08:00`` of the next."""

    at: Annotated[str, Field(description="when it happens, or is expected")]
    event: Annotated[dict[str, Any] | None, Field(description="type, source and the event's own fields")] = None
    every: Annotated[Duration | None, Field(description="the event comes again after this long")] = None
    to: Annotated[str | None, Field(description="until then")] = None
    heard: Annotated[str | None, Field(description="the event is heard of only then: late")] = None
    command: Annotated[
        dict[str, Any] | None, Field(description="do, kind and subject of the alert, by, and the command's own fields")
    ] = None
    alert: Annotated[dict[str, Any] | None, Field(description="kind, subject, and what else must be so")] = None
    no_alert: Annotated[dict[str, str] | None, Field(description="kind and subject that must not ring")] = None
    figure: Annotated[dict[str, Any] | None, Field(description="name, labels and value of a gauge or tally")] = None
    restart: Annotated[bool, Field(description="every process ends and another takes over")] = False

    @model_validator(mode="after")
    def _one_thing(self) -> "Step":
        given = [self.event, self.command, self.alert, self.no_alert, self.figure, self.restart or None]
        if sum(each is not None for each in given) != 1:
            raise ValueError("a step is one of: event, command, alert, no_alert, figure, restart")
        return self


class Story(_Entry):
    """The whole file."""

    title: str
    district: Annotated[str, Field(description="a shipped one's name, or a path from the story's folder")]
    day: Annotated[date, Field(description="the day of the times that have none")]
    step: Annotated[tuple[Step, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Miss:
    """An expectation that is not met: in words, what was expected and what is."""

    step: int
    at: str
    what: str
    expected: str
    found: str


def load(path: Path) -> Story:
    """Read a story. Raises BadStory."""
    said = toml_file.read(path, BadStory, "No such file or directory")
    try:
        return Story.model_validate(said)
    except ValidationError as error:
        raise BadStory(f"{path}: {complaint(error)}") from None


@dataclass(frozen=True)
class _Act:
    at: datetime
    order: int
    step: int
    event: AnyEvent | None


class Telling:
    """A story told once, by these rules, with so many partitions."""

    def __init__(self, story: Story, plan: Plan, partitions: int = 1) -> None:
        self._story, self._district = story, plan.district
        self._alerts: dict[tuple[str, str], AlertChanged] = {}
        self._flow: RestartingFlow
        self._replay = Replay(plan, partitions, self._hear, self._make)
        self._clock: datetime | None = None

    def _make(self, *arguments: Any, **more: Any) -> RestartingFlow:
        self._flow = RestartingFlow(*arguments, **more)
        return self._flow

    def _hear(self, _: Partition, output: Output) -> None:
        if isinstance(line := output.event.data, AlertChanged):
            self._alerts[line.kind, line.about] = line

    def misses(self) -> Iterator[Miss]:
        """Tell it; every expectation that is not met. Raises BadStory."""
        acts = sorted(self._acts(), key=lambda act: (act.at, act.order))
        for act in acts:
            step = self._story.step[act.step]
            if act.event is not None:
                self._pass(act.at)
                self._replay.put(act.event)
                self._flow.settle()
            elif step.command is not None:
                self._pass(act.at)
                self._replay.put(self._command(step.command, act))
                self._flow.settle()
            elif step.restart:
                self._flow.restart()
            else:
                self._pass(act.at + _PAST)
                yield from self._miss(act.step, step)
        if refused := self._replay.result.refused:
            raise BadStory(f"command {refused[0].action}: {refused[0].reason.en}")
        if rejected := self._replay.result.rejected:
            raise BadStory(f"an event could not be taken: {rejected[0].reason}")

    def _pass(self, at: datetime) -> None:
        """Time comes to ``at``, in steps that no driven clock would exceed."""
        while self._clock is None or self._clock < at:
            self._clock = at if self._clock is None else min(at, self._clock + timedelta(hours=6))
            self._replay.put(tick(self._clock))
            self._flow.settle()

    def _acts(self) -> Iterator[_Act]:
        """Everything in its place: a moment's events stand before what is expected of it."""
        for number, step in enumerate(self._story.step):
            at = self._moment(step.at, number)
            if step.event is None:
                yield _Act(at, 0 if step.restart or step.command else 1, number, None)
                continue
            end = self._moment(step.to, number) if step.to else at
            count = 0
            while at <= end:
                event = self._event(step.event, at, f"{number + 1}-{count + 1}", number)
                yield _Act(self._moment(step.heard, number) if step.heard else at, 0, number, event)
                if step.every is None:
                    break
                at, count = at + step.every, count + 1

    def _event(self, said: dict[str, Any], at: datetime, name: str, number: int) -> AnyEvent:
        fields = {key: self._value(value, number) for key, value in said.items()}
        kind, source = str(fields.pop("type", "")), str(fields.pop("source", "/story"))
        model = CODEC.types.get(kind) or CODEC.types.get(PREFIX + kind)
        if model is None:
            near = ", ".join(sorted(each.removeprefix(PREFIX) for each in CODEC.types))
            raise self._bad(number, f"event type {kind!r} is unknown; there are: {near}")
        try:
            data: Data = model.model_validate_json(orjson.dumps(fields))
        except ValidationError as error:
            raise self._bad(number, f"event {kind}: {complaint(error)}") from None
        return Event(at, source, str(said.get("id", name)), data)

    def _command(self, said: dict[str, Any], act: _Act) -> AnyEvent:
        """What a person who sees the alert as it is now tells the centre to do."""
        fields = dict(said)
        name, kind, subject = (str(fields.pop(key, "")) for key in ("do", "kind", "subject"))
        model = next((each for each in ALERT_COMMANDS if f"{PREFIX}command.{name}" == each.TYPE), None)
        if model is None:
            known = ", ".join(each.TYPE.removeprefix(f"{PREFIX}command.") for each in ALERT_COMMANDS)
            raise self._bad(act.step, f"command {name!r} is unknown; there are: {known}")
        line = self._alerts.get((kind, subject))
        if line is None:
            raise self._bad(act.step, f"no alert {kind} of {subject} has rung by then: {self._others(kind)}")
        seen = {"alert_id": str(line.alert_id), "dedupe_key": line.dedupe_key, "version": line.version}
        fields["by"] = {"user": str(fields.get("by", "operator"))}
        try:
            data: Data = model.model_validate_json(orjson.dumps({**seen, **fields}))
        except ValidationError as error:
            raise self._bad(act.step, f"command {name}: {complaint(error)}") from None
        return Event(act.at, "/story", f"command-{act.step + 1}", data)

    def _value(self, value: Any, number: int) -> Any:
        """A time of day among an event's fields is one of the story's."""
        clock = isinstance(value, str) and _CLOCK.fullmatch(value)
        return self._moment(value, number).isoformat() if clock else value

    def _moment(self, text: str, number: int) -> datetime:
        found = _CLOCK.fullmatch(text)
        if not found:
            raise self._bad(number, f"time {text!r}: write 14:05 or +1d 08:00")
        days, hour, minute, second = (int(part or 0) for part in found.groups())
        try:
            local = datetime.combine(self._story.day + timedelta(days=days), time(hour, minute, second))
        except ValueError as error:
            raise self._bad(number, f"time {text!r}: {error}") from None
        return self._district.at(local)

    def _bad(self, number: int, what: str) -> BadStory:
        return BadStory(f"step {number + 1}, at {self._story.step[number].at}: {what}")

    # -- what is expected ------------------------------------------------------------------------------------

    def _miss(self, number: int, step: Step) -> Iterator[Miss]:
        if step.figure is not None:
            yield from self._figure_miss(number, step, step.figure)
            return
        wanted = dict(step.alert or step.no_alert or {})
        kind, subject = str(wanted.pop("kind", "")), str(wanted.pop("subject", ""))
        what, line = f"{kind} of {subject}", self._alerts.get((kind, subject))
        rings = line is not None and line.condition != "cleared"
        if step.no_alert is not None:
            if rings:
                yield Miss(number + 1, step.at, what, "no alert", self._words(line))
        elif line is None or (not rings and "condition" not in wanted):
            yield Miss(number + 1, step.at, what, "an alert", self._words(line) if line else self._others(kind))
        else:
            shown = line.model_dump(mode="json", by_alias=True)
            for name, value in wanted.items():
                found = shown.get(name, "no such field of an alert")
                if isinstance(found, str) and isinstance(value, str) and _CLOCK.fullmatch(value):
                    found = self._district.local(datetime.fromisoformat(found)).isoformat(" ")
                    value = self._moment(value, number).isoformat(" ")
                if found != value:
                    yield Miss(number + 1, step.at, f"{what}: {name}", str(value), str(found))

    def _figure_miss(self, number: int, step: Step, wanted: dict[str, Any]) -> Iterator[Miss]:
        result = self._replay.result
        for partition in self._flow.partitions():
            if (facts := partition.take_facts()) is not None:
                result.take(facts)
        totals = result.totals()
        rows = [*totals["facts"], *totals["tallies"]]
        same = [row for row in rows if all(row.get(name) == wanted[name] for name in wanted if name != "value")]
        found = sum(row["value"] for row in same)
        if found != wanted.get("value"):
            what = f"{wanted.get('name')} {wanted.get('labels', '')}".strip()
            others = [f"{row['labels']} {row['value']}" for row in rows if row["name"] == wanted.get("name")]
            there = f"; there are: {', '.join(others)}" if others else "; there is no such figure"
            yield Miss(number + 1, step.at, what, str(wanted.get("value")), f"{found}{'' if same else there}")

    def _words(self, line: AlertChanged | None) -> str:
        if line is None:
            return "none"
        opened = self._district.local(line.opened_at)
        return f"{line.condition} since {opened:%H:%M}, {line.severity}: {line.summary.en}"

    def _others(self, kind: str) -> str:
        others = [about for (name, about) in self._alerts if name == kind]
        return f"none; {kind} rang for: {', '.join(others)}" if others else "none"


def tell(story: Story, plan: Plan, partitions: Sequence[int] = (1, 4)) -> list[Miss]:
    """The misses of a story, which are the same however many partitions there are. Raises BadStory."""
    told = [list(Telling(story, plan, count).misses()) for count in partitions]
    if any(each != told[0] for each in told):
        raise BadStory("it is told differently with another number of partitions: a detector is not a pure fold")
    return told[0]
