"""What goes on when the day is over: sensors and cameras every minute, now and then an office's own business.

It never ends, is made as it is asked for, and keeps every source heard. Nothing in it rings.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from ioc.demo import cameras, communes, documents, malware, requests, rosters, stations
from ioc.demo.cases import PROCEDURES, appointed
from ioc.demo.chance import Random, chance
from ioc.demo.times import Times, minutes, seconds
from ioc.demo.words import PLACES, SUBJECTS
from ioc.events.base import AnyEvent, Event
from ioc.events.documents import DocumentArrived, DocumentAssigned, DocumentDone
from ioc.events.dossiers import DossierFiled, DossierReceived, DossierResolved
from ioc.events.requests import RequestAnswered, RequestAssigned, RequestClosed, RequestOpened

#: Numbers begin here, out of the way of those of the day.
FIRST_NUMBER = 9001
#: Every so many minutes a request, a document, a dossier, something from the other modules.
REQUEST_EVERY, DOCUMENT_EVERY, DOSSIER_EVERY, MODULES_EVERY = 7, 16, 11, 30
#: Minutes of a day; after this one of them each agency files one more duty.
DAY, ROSTERS_AT = 1440, 300


def events(times: Times, seed: int) -> Iterator[AnyEvent]:
    """Minute by minute from the end of the day."""
    draw = chance(seed, "after")
    waiting: list[tuple[datetime, str, str, AnyEvent]] = []
    for number in count():
        minute = times.closes + timedelta(minutes=number)
        for event in _minute(times, minute, number, draw):
            heappush(waiting, (event.at, event.source, event.id, event))
        while waiting and waiting[0][0] < minute + timedelta(minutes=1):
            yield heappop(waiting)[3]


def _minute(times: Times, minute: datetime, number: int, draw: Random) -> Iterator[AnyEvent]:
    for place, station in enumerate(times.district.stations):
        yield stations.reading(times, station.id, minute + seconds(8 * place), draw)
    for place, camera in enumerate(times.district.cameras):
        yield cameras.health(times, camera, minute + seconds(4 + 15 * place), draw)
    if number % DAY == ROSTERS_AT:
        yield from rosters.ahead(times, minute)
    if number % REQUEST_EVERY == 2:
        yield from _request(times, minute + seconds(draw.randrange(60)), FIRST_NUMBER + number, draw)
    if number % DOCUMENT_EVERY == 4:
        yield from _document(times, minute + seconds(draw.randrange(60)), FIRST_NUMBER + number, draw)
    if number % DOSSIER_EVERY == 5:
        yield from _dossier(times, minute + seconds(draw.randrange(60)), FIRST_NUMBER + number, draw)
    if number % MODULES_EVERY == 9:
        yield malware.harmless(minute + seconds(draw.randrange(60)), str(FIRST_NUMBER + number), draw)
        yield from communes.afterwards(times, minute + seconds(draw.randrange(60)), draw)


def _request(times: Times, at: datetime, number: int, draw: Random) -> Iterator[AnyEvent]:
    request, subject = f"BTM-{times.today:%y%m%d}-{number}", draw.choice(SUBJECTS)
    commune = draw.choice(times.district.communes)
    text = draw.choice(subject.texts).format(place=f"{draw.choice(PLACES)}, xã {commune.name}")
    opened = RequestOpened(
        request=request, queue=subject.queue, category=subject.category, channel="app", commune=commune.code,
        latitude=round(commune.latitude + draw.gauss(0, 0.008), 4),
        longitude=round(commune.longitude + draw.gauss(0, 0.008), 4), text=text,
    )  # fmt: skip
    steps = (
        (0.0, opened),
        (draw.uniform(2, 6), RequestAssigned(request=request, agency=subject.agency)),
        (draw.uniform(10, 40), RequestAnswered(request=request)),
        (draw.uniform(42, 50), RequestClosed(request=request)),
    )
    for step, (later, data) in enumerate(steps, 1):
        yield Event(at + minutes(later), requests.SOURCE, f"{request}/{step}", data)


def _document(times: Times, at: datetime, number: int, draw: Random) -> Iterator[AnyEvent]:
    document, unit = f"VB-DEN-{times.today:%y%m%d}-{number}", draw.choice(documents.UNITS)
    steps = (
        (0.0, DocumentArrived(document=document)),
        (draw.uniform(5, 30), DocumentAssigned(document=document, unit=unit)),
        (draw.uniform(40, 300), DocumentDone(document=document, unit=unit)),
    )
    for step, (later, data) in enumerate(steps, 1):
        yield Event(at + minutes(later), documents.SOURCE, f"{document}/{step}", data)


def _dossier(times: Times, at: datetime, number: int, draw: Random) -> Iterator[AnyEvent]:
    commune = draw.choice(times.district.communes).code
    procedure = draw.choice([each for each in PROCEDURES if each.term_days])
    dossier = f"H17.{commune}-{times.today:%y%m%d}-{number}"
    received = at + minutes(draw.uniform(10, 40))
    term = {"procedure": procedure.code, "service": procedure.service, "channel": "online"}
    due = appointed(times, procedure, received)
    steps = (
        (at, DossierFiled(dossier=dossier, commune=commune, **term)),
        (received, DossierReceived(dossier=dossier, commune=commune, due=due, **term)),
        (received + minutes(draw.uniform(40, 200)), DossierResolved(dossier=dossier, commune=commune)),
    )
    for step, (moment, data) in enumerate(steps, 1):
        yield Event(moment, f"/one-stop/{commune}", f"{dossier}/{step}", data)
