"""Documents of the office system: incoming ones are assigned and done, outgoing ones signed and sent."""

from collections.abc import Iterator
from datetime import date, datetime

from ioc.demo.chance import Random, chance
from ioc.demo.times import Times, minutes, working_day
from ioc.events.base import AnyEvent, Event
from ioc.events.documents import (
    DocumentArrived,
    DocumentAssigned,
    DocumentData,
    DocumentDone,
    DocumentSent,
    DocumentSigned,
    Urgency,
)

SOURCE = "/qoffice"
UNITS = ("van-phong", "phong-kinh-te", "phong-van-hoa-xa-hoi", "trung-tam-phuc-vu-hanh-chinh-cong")
INCOMING, OUTGOING = 42, 18
URGENCIES: tuple[Urgency, ...] = ("normal", "urgent", "very_urgent", "most_urgent")
#: The province's telegram on the fire, of the highest urgency.
TELEGRAM, TELEGRAM_AT = "VB-DEN-HOA-TOC", "13:58"

Step = tuple[datetime, DocumentData]


def events(times: Times, seed: int) -> Iterator[AnyEvent]:
    """Every step of every document."""
    draw = chance(seed, "documents")
    for day in times.days:
        if day.weekday() < 5:
            for number in range(INCOMING):
                yield from _told(_incoming(times, f"VB-DEN-{day:%y%m%d}-{number + 1:03}", day, draw))
            for number in range(OUTGOING):
                yield from _told(_outgoing(times, f"VB-DI-{day:%y%m%d}-{number + 1:03}", day, draw))
    yield from _told(_telegram(times))


def _told(steps: Iterator[Step]) -> Iterator[AnyEvent]:
    for number, (at, data) in enumerate(steps, 1):
        yield Event(at, SOURCE, f"{data.document}/{number}", data)


def _incoming(times: Times, document: str, day: date, draw: Random) -> Iterator[Step]:
    commune, unit = draw.choice(times.district.communes).code, draw.choice(UNITS)
    arrived = times.work(times.at("07:30", day), draw.uniform(0, 7.3))
    urgency = draw.choices(URGENCIES[:3], (90, 8, 2))[0]
    yield arrived, DocumentArrived(document=document, commune=commune, urgency=urgency)
    due = times.at("17:00", working_day(day, draw.randint(2, 7))) if draw.random() < 0.6 else None
    assigned = times.work(arrived, draw.uniform(0.1, 2))
    yield assigned, DocumentAssigned(document=document, commune=commune, unit=unit, due=due)
    hours = draw.uniform(1, 14) if urgency == "normal" else draw.uniform(0.5, 3)  # what is marked urgent goes first
    done = times.work(assigned, hours)
    if due is not None:  # an orderly office is done before it counts as due soon
        done = min(done, due - minutes(130))
    yield done, DocumentDone(document=document, commune=commune, unit=unit)


def _outgoing(times: Times, document: str, day: date, draw: Random) -> Iterator[Step]:
    commune, unit = draw.choice(times.district.communes).code, draw.choice(UNITS)
    drafted = times.work(times.at("07:30", day), draw.uniform(0, 6))
    yield drafted, DocumentArrived(document=document, commune=commune, unit=unit, kind="outgoing")
    signed = times.work(drafted, draw.uniform(0.3, 3))
    yield signed, DocumentSigned(document=document, commune=commune, unit=unit, by="leader")
    sealed = times.work(signed, draw.uniform(0.1, 0.6))
    yield sealed, DocumentSigned(document=document, commune=commune, unit=unit, by="office")
    yield sealed + minutes(1), DocumentSent(document=document, commune=commune, unit=unit)


def _telegram(times: Times) -> Iterator[Step]:
    at, due, commune = times.at(TELEGRAM_AT), times.at("17:00"), "20920"
    yield at, DocumentArrived(document=TELEGRAM, commune=commune, urgency="most_urgent", due=due)
    yield at + minutes(3), DocumentAssigned(document=TELEGRAM, commune=commune, unit=UNITS[1], due=due)
    yield times.at("16:40"), DocumentDone(document=TELEGRAM, commune=commune, unit=UNITS[1])
