"""The whole of the demo: the days before, the day itself, and what goes on after it.

All three are the same for the same district, seed and start. ``before`` lets yesterday's dossiers come due
and makes usual levels known: play it as fast as it goes. ``day`` plays at :data:`ioc.demo.times.SPEED`.
``after`` never ends and plays at real pace.
"""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge

from ioc.demo import afterwards, cameras, communes, documents, dossiers, forest, malware, requests, rosters, stations
from ioc.demo.cameras import Recorded
from ioc.demo.cases import A_DAY
from ioc.demo.fire import PLUMES
from ioc.demo.times import RECORDED_CAMERA, BadDay, Times
from ioc.district import District
from ioc.events.base import AnyEvent

#: What the stories happen to; a district without them needs stories of its own.
CAST = {
    stations.DYING, stations.WEATHER_ONLY, *PLUMES, cameras.BLINDED, RECORDED_CAMERA,
    documents.SOURCE, requests.SOURCE, malware.SOURCE, communes.ONLINE, communes.HEALTH,
    *(f"/one-stop/{code}" for code in A_DAY),
}  # fmt: skip


def before(district: District, seed: int, start: datetime) -> Iterator[AnyEvent]:
    """The working days before ``start``, in which nothing rings."""
    times = _times(district, start)
    return (event for event in _told(times, seed, None) if event.at < times.opens)


def day(district: District, seed: int, start: datetime, recorded: Recorded | None = None) -> Iterator[AnyEvent]:
    """The 24 hours from ``start``, by time.

    ``recorded``: when the recording of the rendered video speaks for its camera; merge it with this, by
    time. Without it that camera is merely well.
    """
    times = _times(district, start)
    return (event for event in _told(times, seed, recorded) if times.opens <= event.at < times.closes)


def after(district: District, seed: int, start: datetime) -> Iterator[AnyEvent]:
    """Ordinary traffic from the end of the day on, without end, with what the day left to do."""
    times = _times(district, start)
    left = (event for event in _told(times, seed, None) if event.at >= times.closes)
    return merge(left, afterwards.events(times, seed), key=order)


def order(event: AnyEvent) -> tuple[datetime, str, str]:
    """By time; events of one instant by who says them."""
    return event.at, event.source, event.id


def _times(district: District, start: datetime) -> Times:
    if missing := CAST - set(district.things):
        raise BadDay(f"this day is told of Bắc Trà My: district {district.id!r} has no {min(missing)!r}")
    return Times.of(district, start)


def _told(times: Times, seed: int, recorded: Recorded | None) -> list[AnyEvent]:
    everything = (
        *dossiers.events(times, seed),
        *documents.events(times, seed),
        *requests.events(times, seed),
        *stations.events(times, seed),
        *forest.events(times),
        *malware.events(times, seed),
        *communes.events(times, seed),
        *cameras.events(times, seed, recorded),
        *rosters.events(times),
    )
    return sorted(everything, key=order)
