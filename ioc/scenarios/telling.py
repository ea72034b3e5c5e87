"""A scenario's blocks told event by event: spread over areas, working days and hours, the same for the same seed."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import pairwise

from ioc.demo.chance import Random, chance
from ioc.district import District
from ioc.events.base import AnyEvent, Data, Event
from ioc.events.documents import DocumentArrived, DocumentDone, DocumentSent, DocumentSigned
from ioc.events.dossiers import (
    DossierReceived,
    DossierResolved,
    DossierReturned,
    DossierWithdrawn,
    FeeDue,
    FeePaid,
    SurveyAnswered,
)
from ioc.events.meetings import MeetingHeld
from ioc.events.requests import RequestAnswered, RequestClosed, RequestOpened
from ioc.events.returns import Entry, ReturnFiled
from ioc.scenarios.blocks import Documents, Dossiers, Filed, Meetings, Requests, Scenario

#: A dossier is appointed so many days after reception, and has its result well before that.
APPOINTED = timedelta(days=14)
AT_WORK = timedelta(days=4)
#: What is still open at the end came in within these days before it, is due after it, and done before that.
STILL_OPEN = timedelta(days=12)


def events(scenario: Scenario, district: District, seed: int) -> list[AnyEvent]:
    """Every event of a scenario, by time."""
    told = Telling(scenario, district, seed)
    found = [event for steps in told.everything() for event in steps]
    return sorted(found, key=lambda event: (event.at, event.source, event.id))


class Telling:
    """Tells a scenario of a district."""

    def __init__(self, scenario: Scenario, district: District, seed: int) -> None:
        self._scenario, self._district, self._seed = scenario, district, seed
        self._calendar = district.calendar()

    def everything(self) -> Iterator[Iterator[AnyEvent]]:
        said = self._scenario
        for number, dossiers in enumerate(said.dossiers):
            yield self._dossiers(dossiers, number)
        for number, documents in enumerate(said.documents):
            yield self._documents(documents, number)
        for number, meetings in enumerate(said.meetings):
            yield self._meetings(meetings, number)
        for number, requests in enumerate(said.requests):
            yield self._requests(requests, number)
        for number, filed in enumerate(said.returns):
            yield self._returns(filed, number)

    # -- blocks ----------------------------------------------------------------------------------------------

    def _dossiers(self, block: Dossiers, number: int) -> Iterator[AnyEvent]:
        draw = self._chance("dossiers", number)
        areas, end = self._district.areas(block.areas), self._district.moment(block.until, time(17))
        fees = _chosen(draw, block.count, block.fees, block.fees_online)
        fates = _chosen(draw, block.count, block.results + block.withdrawn, block.withdrawn)
        surveys = iter(_chosen(draw, block.results, block.surveys, block.satisfied))
        finished = self._moment_in(block.since, max(block.since, block.until - AT_WORK))
        waiting = self._moment_in(max(block.since, block.until - STILL_OPEN), block.until)
        for each in range(block.count):
            area, code = draw.choice(areas), f"{self._scenario.id}-{number}-{each:06}"
            procedure = _cycled(draw, block.procedures, each)
            received = waiting(draw) if fates[each] == 0 else finished(draw)
            due = max(received, end) + APPOINTED if fates[each] == 0 else received + APPOINTED
            say = _Saying(f"/one-stop/{area}", code)
            named = {"dossier": code, "commune": area}
            yield say(received, DossierReceived(
                **named, procedure=procedure, service=block.service, channel=block.channel, due=due,
            ))  # fmt: skip
            if fees[each]:
                yield say(received, FeeDue(**named))
                yield say(received + timedelta(minutes=3), FeePaid(**named, online=fees[each] == 2))
            ended = min(self._work(received, draw), end)
            if fates[each] == 0:
                ended = self._work(end + timedelta(days=1), draw)
            if fates[each] == 2:
                yield say(ended, DossierWithdrawn(**named))
                continue
            yield say(ended, DossierResolved(**named, electronic=True))
            yield say(ended + timedelta(minutes=5), DossierReturned(**named))
            if fates[each] and (answer := next(surveys)):
                said = SurveyAnswered(**named, answer="satisfied" if answer == 2 else "neutral")
                yield say(ended + timedelta(minutes=9), said)

    def _documents(self, block: Documents, number: int) -> Iterator[AnyEvent]:
        draw = self._chance("documents", number)
        office = _chosen(draw, block.count, block.signed_office, 0)
        leader = _chosen(draw, block.count, block.signed_leader, 0)
        at = self._moment_in(block.since, block.until)
        for each in range(block.count):
            begun, code = at(draw), f"{self._scenario.id}-vb-{number}-{each:06}"
            say, named = _Saying(block.source, code), {"document": code, "unit": block.unit}
            yield say(begun, DocumentArrived(
                **named, kind=block.kind, urgency=block.urgency, electronic=block.electronic,
            ))  # fmt: skip
            done = begun + timedelta(minutes=draw.uniform(5, 25))
            if block.kind == "incoming":
                yield say(done, DocumentDone(**named))
                continue
            if leader[each]:
                yield say(begun + timedelta(minutes=2), DocumentSigned(**named, by="leader"))
            if office[each]:
                yield say(begun + timedelta(minutes=4), DocumentSigned(**named, by="office"))
            yield say(done, DocumentSent(**named, electronic=block.electronic))

    def _meetings(self, block: Meetings, number: int) -> Iterator[AnyEvent]:
        draw, days = self._chance("meetings", number), self._working_days(block.since, block.until)
        for each in range(block.count):  # evenly, as meetings are called
            day = days[(2 * each + 1) * len(days) // (2 * block.count)]
            starts = self._district.moment(day, time(draw.choice((8, 14))))
            code = f"{self._scenario.id}-hop-{number}-{each:03}"
            say = _Saying("/meetings", code)
            yield say(starts, MeetingHeld(meeting=code, online=block.online, levels=block.levels))

    def _requests(self, block: Requests, number: int) -> Iterator[AnyEvent]:
        draw = self._chance("requests", number)
        in_time, at = _chosen(draw, block.count, block.in_time, 0), self._moment_in(block.since, block.until)
        for each in range(block.count):
            opened, code = at(draw), f"{self._scenario.id}-pa-{number}-{each:05}"
            say = _Saying(block.source, code)
            due = opened + timedelta(hours=48)
            yield say(opened, RequestOpened(
                request=code, queue=draw.choice(block.queues), stream=block.stream, due=due,
                commune=draw.choice(self._district.areas("communes")),
            ))  # fmt: skip
            answered = opened + timedelta(hours=draw.uniform(2, 40)) if in_time[each] else due + timedelta(hours=5)
            yield say(answered, RequestAnswered(request=code))
            yield say(answered + timedelta(hours=1), RequestClosed(request=code))

    def _returns(self, block: Filed, number: int) -> Iterator[AnyEvent]:
        draw, form = self._chance("returns", block.form), next(f for f in self._district.returns if f.id == block.form)
        areas = [area for area in self._district.reporting(form) if area not in block.without]
        indicators = {indicator.id: indicator for indicator in self._district.indicators}
        weights = [draw.uniform(0.5, 1.5) for _ in areas]
        values = {
            **{id_: _spread(total, weights, indicators[id_].decimals) for id_, total in block.total.items()},
            **{id_: [value] * len(areas) for id_, value in block.each.items()},
            **{id_: list(map(float, _chosen(draw, len(areas), count, 0))) for id_, count in block.having.items()},
            **{id_: [said.get(area, 0.0) for area in areas] for id_, said in block.at.items()},
        }
        for place, area in enumerate(areas):
            entries = tuple(
                Entry(indicator=id_, value=values[id_][place], unit=block.units.get(id_, indicators[id_].unit))
                for id_ in form.indicators if id_ in values
            )  # fmt: skip
            at = self._district.moment(block.on, time(8)) + timedelta(minutes=draw.randrange(480))
            yield Event(at, "/returns", f"{block.form}/{area}/{block.last}/{number}", ReturnFiled(
                form=block.form, area=area, first=block.first, last=block.last, entries=entries, claims=block.claims,
                filed_by=block.filed_by, based_on=block.based_on, approved_by=block.approved_by,
            ))  # fmt: skip

    # -- times and places ------------------------------------------------------------------------------------

    def _chance(self, *names: object) -> Random:
        return chance(self._seed, self._scenario.id, *names)

    def _working_days(self, since: date, until: date) -> list[date]:
        days = [since + timedelta(days=each) for each in range((until - since).days + 1)]
        return [day for day in days if self._calendar.is_working(day)] or days

    def _moment_in(self, since: date, until: date) -> "partial[datetime]":
        """Draws a moment of work between two days."""
        return partial(_moment, self._district, self._working_days(since, until))

    def _work(self, begun: datetime, draw: Random) -> datetime:
        """When work that was begun then is done: within some working days, in office hours."""
        day = self._calendar.shift(self._calendar.day(begun), draw.randrange(3))
        done = self._district.moment(day, time(16)) + timedelta(minutes=draw.randrange(50))
        return max(done, begun + timedelta(minutes=10))


class _Saying:
    """The events of one thing, numbered as its source tells them."""

    def __init__(self, source: str, code: str) -> None:
        self._source, self._code, self._number = source, code, 0

    def __call__(self, at: datetime, data: Data) -> AnyEvent:
        self._number += 1
        return Event(at, self._source, f"{self._code}/{self._number}", data)


def _moment(district: District, days: Sequence[date], draw: Random) -> datetime:
    return district.moment(draw.choice(days), time(8)) + timedelta(seconds=draw.randrange(7 * 3600))


def _chosen(draw: Random, count: int, some: int, of_those: int) -> list[int]:
    """For each of ``count``: 0, or 1 for ``some`` of them, 2 for ``of_those`` among these; which, is drawn."""
    marks = [2] * of_those + [1] * (some - of_those) + [0] * (count - some)
    draw.shuffle(marks)
    return marks


def _cycled(draw: Random, procedures: Sequence[str], each: int) -> str | None:
    """Each procedure once, then any."""
    if not procedures:
        return None
    return procedures[each] if each < len(procedures) else draw.choice(procedures)


def _spread(total: float, weights: Sequence[float], decimals: int) -> list[float]:
    """A total over areas by weight, in units of its last decimal, so that it adds up again."""
    units, scale = round(total * 10**decimals), 10**decimals
    bounds, passed = [0], 0.0
    for weight in weights:
        passed += weight
        bounds.append(round(units * passed / sum(weights)))
    return [(after - before) / scale for before, after in pairwise(bounds)]
