"""Requests of the petition app: an ordinary trickle, and the storm of a broken water main.

Besides, two that were forgotten yesterday, and calls about the fire.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count

from ioc.demo.chance import Random, chance
from ioc.demo.times import Times, minutes, seconds
from ioc.demo.words import FIRE_TEXTS, PLACES, STORM_PLACES, STORM_TEXTS, SUBJECTS, Subject
from ioc.district import Commune
from ioc.events.base import AnyEvent, Event
from ioc.events.requests import (
    Priority,
    RequestAnswered,
    RequestAssigned,
    RequestClosed,
    RequestData,
    RequestOpened,
    RequestReopened,
)

SOURCE = "/bac-tra-my-smart"
#: How many requests of a hundred are opened in each hour, from midnight.
HOURS = (0, 0, 0, 0, 0, 1, 3, 6, 9, 10, 9, 7, 4, 5, 7, 8, 8, 7, 5, 4, 4, 2, 1, 0)
A_DAY, A_FREE_DAY = 80, 30
PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high")

STORM_QUEUE, STORM_COMMUNE, STORM_SIZE = "nuoc-sinh-hoat", "20900", 52
STORM_FROM, STORM_UNTIL = "08:40", "09:40"
MENDED, ANSWERED = "11:00", "14:30"
#: Opened yesterday at these times and answered by nobody until this evening.
FORGOTTEN, REMEMBERED = ("15:20", "16:10"), "17:05"
FIRE = Subject("chay-rung", "khoi-lua", "hat-kiem-lam", 0, FIRE_TEXTS)
FIRE_COMMUNE, FIRE_CALLS = "20920", ("13:41", "13:49", "14:02", "14:10")


@dataclass(frozen=True)
class Wait:
    """One request's life, all decided."""

    subject: Subject
    commune: Commune
    text: str
    priority: Priority
    opened: datetime
    assigned: datetime
    answered: datetime
    reopened: datetime | None = None
    number: str = ""


def waits(times: Times, seed: int) -> list[Wait]:
    """All requests of the days told, numbered by day as they come in."""
    draw = chance(seed, "requests")
    told = [wait for day in times.days for wait in _ordinary(times, day, draw)]
    told += [*_forgotten(times, draw), *_storm(times, draw), *_fire(times, draw)]
    counts: dict[date, Iterator[int]] = {}
    numbered = []
    for wait in sorted(told, key=lambda wait: wait.opened):
        day = times.district.day(wait.opened)
        number = next(counts.setdefault(day, count(1)))
        numbered.append(replace(wait, number=f"BTM-{day:%y%m%d}-{number:04}"))
    return numbered


def events(times: Times, seed: int) -> Iterator[AnyEvent]:
    """Every step of every request."""
    for wait in waits(times, seed):
        draw = chance(seed, "request", wait.number)
        for number, (at, data) in enumerate(_steps(wait, draw), 1):
            yield Event(at, SOURCE, f"{wait.number}/{number}", data)


def _steps(wait: Wait, draw: Random) -> Iterator[tuple[datetime, RequestData]]:
    request, commune = wait.number, wait.commune
    opened = RequestOpened(
        request=request, queue=wait.subject.queue, category=wait.subject.category, priority=wait.priority,
        channel=draw.choices(("app", "zalo", "1022"), (70, 20, 10))[0], commune=commune.code,
        latitude=round(commune.latitude + draw.gauss(0, 0.008), 4),
        longitude=round(commune.longitude + draw.gauss(0, 0.008), 4), text=wait.text,
    )  # fmt: skip
    yield wait.opened, opened
    yield wait.assigned, RequestAssigned(request=request, agency=wait.subject.agency)
    yield wait.answered, RequestAnswered(request=request)
    closed = wait.answered + minutes(draw.uniform(3, 20))
    yield closed, RequestClosed(request=request)
    if wait.reopened:
        again = closed + (wait.reopened - wait.answered)
        yield again, RequestReopened(request=request)
        yield again + minutes(50), RequestAnswered(request=request)
        yield again + minutes(60), RequestClosed(request=request)


def _ordinary(times: Times, day: date, draw: Random) -> Iterator[Wait]:
    for _ in range(round((A_DAY if day.weekday() < 5 else A_FREE_DAY) * draw.uniform(0.9, 1.1))):
        subject = draw.choices(SUBJECTS, [each.often for each in SUBJECTS])[0]
        commune = draw.choice(times.district.communes)
        hour = draw.choices(range(24), HOURS)[0]
        opened = times.at(f"{hour:02}:00", day) + seconds(draw.randrange(3600))
        priority = draw.choices(PRIORITIES, (25, 65, 10))[0]
        assigned, answered = _worked_on(times, opened, priority, draw)
        reopened = answered + minutes(draw.uniform(30, 90)) if draw.random() < 0.03 else None
        text = draw.choice(subject.texts).format(place=f"{draw.choice(PLACES)}, xã {commune.name}")
        yield Wait(subject, commune, text, priority, opened, assigned, answered, reopened)


def _worked_on(times: Times, opened: datetime, priority: Priority, draw: Random) -> tuple[datetime, datetime]:
    """When it is assigned and answered: what is urgent at any hour, the rest while the app is staffed."""
    if priority == "high":
        assigned = opened + minutes(draw.uniform(3, 25))
        return assigned, assigned + minutes(draw.uniform(20, 80))
    assigned = _staffed(times, opened) + minutes(draw.uniform(3, 25))
    worked = assigned + minutes(draw.triangular(15, 150, 40))
    staffed = _staffed(times, worked)
    return assigned, worked if staffed == worked else staffed + minutes(draw.uniform(30, 90))


def _staffed(times: Times, at: datetime) -> datetime:
    """Somebody reads the app from 07:00 to 20:00; what comes later waits for the morning."""
    local = times.district.local(at)
    if local.hour < 7:
        return times.at("07:00", local.date())
    return at if local.hour < 20 else times.at("07:00", local.date() + timedelta(1))


def _forgotten(times: Times, draw: Random) -> Iterator[Wait]:
    yesterday = times.today - timedelta(1)
    for clock, subject in zip(FORGOTTEN, SUBJECTS, strict=False):
        opened, commune = times.at(clock, yesterday), draw.choice(times.district.communes)
        text = draw.choice(subject.texts).format(place=f"{draw.choice(PLACES)}, xã {commune.name}")
        yield Wait(subject, commune, text, "normal", opened, opened + minutes(12), times.at(REMEMBERED))


def _storm(times: Times, draw: Random) -> Iterator[Wait]:
    subject = next(each for each in SUBJECTS if each.queue == STORM_QUEUE)
    commune = next(each for each in times.district.communes if each.code == STORM_COMMUNE)
    start, end = times.at(STORM_FROM), times.at(STORM_UNTIL)
    mended, answered = times.at(MENDED), times.at(ANSWERED)
    for number in range(STORM_SIZE):
        opened = start + seconds((end - start).total_seconds() * draw.triangular(0, 1, 0.3))
        place = draw.choice(STORM_PLACES)
        text = draw.choice(STORM_TEXTS).format(place=place, Place=place.capitalize())
        told = mended + (answered - mended) * number / STORM_SIZE
        yield Wait(subject, commune, text, "normal", opened, opened + minutes(draw.uniform(5, 20)), told)


def _fire(times: Times, draw: Random) -> Iterator[Wait]:
    commune = next(each for each in times.district.communes if each.code == FIRE_COMMUNE)
    for clock, text in zip(FIRE_CALLS, FIRE_TEXTS, strict=True):
        opened = times.at(clock)
        answered = opened + minutes(draw.uniform(12, 35))
        yield Wait(FIRE, commune, text, "critical", opened, opened + minutes(2), answered)
