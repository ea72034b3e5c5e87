"""Made-up days for the tests of faults: many keys, equal seconds, every fold with something to alert on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from ioc import recording
from ioc.events import dossiers, requests
from ioc.events.base import AnyEvent, Data, Event
from ioc.events.sensors import Reading

START = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
COMMUNES = ("20900", "20908", "20920", "20923", "20929")
STATIONS = ("tram-tra-doc-thon-2", "tram-tra-doc-thon-3", "tram-tra-tan-thon-1", "tram-tra-giap-thon-4")
QUEUES = ("duong-sa", "rac-thai", "dien", "nuoc")


#: A driven space's clock, coarse: ticks cost more than events in so short a story.
STEP = timedelta(minutes=5)


def told(seed: int, count: int) -> list[AnyEvent]:
    """A story with its ticks."""
    return list(recording.clocked(story(seed, count), step=STEP))


def story(seed: int, count: int, days: float = 1.5) -> list[AnyEvent]:
    """About ``count`` events by time, of all sources but cameras, the same for the same seed."""
    chance, end = Random(seed), START + timedelta(days=days)
    events: list[AnyEvent] = []
    while len(events) < count * 3 // 4:
        at = START + timedelta(seconds=chance.randrange(int(days * 86400)))
        life = _dossier if chance.random() < 0.5 else _request
        events += life(chance, len(events), at)
    events += _readings(chance, count - len(events), days)
    events = [event for event in events if event.at < end]
    events.sort(key=lambda event: (event.at, event.source, event.id))
    return events


def _say(at: datetime, source: str, data: Data) -> AnyEvent:
    return Event(at, source, f"{data.subject}-{data.TYPE.rpartition('.')[2]}-{at:%d%H%M%S}", data)


def _dossier(chance: Random, number: int, at: datetime) -> Iterator[AnyEvent]:
    name, commune = f"H{number:06}", chance.choice(COMMUNES)
    source = f"/one-stop/{commune}"

    def later() -> datetime:
        nonlocal at
        at += timedelta(seconds=chance.randrange(1, 4 * 3600))
        return at

    term = timedelta(hours=chance.choice((2, 4, 8, 24)))
    yield _say(at, source, dossiers.DossierReceived(dossier=name, commune=commune, due=at + term))
    for step in range(chance.randrange(3)):
        yield _say(later(), source, dossiers.DossierForwarded(dossier=name, commune=commune, step=f"step-{step}"))
    if chance.random() < 0.2:
        yield _say(later(), source, dossiers.SupplementRequested(dossier=name, commune=commune))
        yield _say(later(), source, dossiers.SupplementSupplied(dossier=name, commune=commune))
    if chance.random() < 0.9:
        yield _say(later(), source, dossiers.DossierResolved(dossier=name, commune=commune))


def _request(chance: Random, number: int, at: datetime) -> Iterator[AnyEvent]:
    name, queue = f"R{number:06}", chance.choice(QUEUES)

    def later() -> datetime:
        nonlocal at
        at += timedelta(seconds=chance.randrange(1, 6 * 3600))
        return at

    priority: requests.Priority = chance.choice(("low", "normal", "high", "critical"))
    source = "/bac-tra-my-smart"
    yield _say(at, source, requests.RequestOpened(request=name, queue=queue, priority=priority))
    if chance.random() < 0.3:
        yield _say(later(), source, requests.RequestAssigned(request=name, queue=chance.choice(QUEUES)))
    if chance.random() < 0.8:
        yield _say(later(), source, requests.RequestAnswered(request=name))
        yield _say(later(), source, requests.RequestClosed(request=name))


def _readings(chance: Random, count: int, days: float) -> Iterator[AnyEvent]:
    step = timedelta(days=days) / max(1, count // len(STATIONS))
    for station in STATIONS:
        at, hot = START + timedelta(seconds=chance.randrange(60)), False
        for _ in range(count // len(STATIONS)):
            hot = chance.random() < (0.9 if hot else 0.02)
            celsius = 60 + chance.random() * 30 if hot else 20 + chance.random() * 20
            reading = Reading(station=station, temperature_c=round(celsius, 1), smoke_ppm=80.0 if hot else 5.0)
            yield _say(at.replace(microsecond=0), f"/station/{station}", reading)
            at += step
