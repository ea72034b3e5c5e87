"""How many partitions, workers and gigabytes a district, a province or the country needs, with the arithmetic.

Loads are given per day; costs were measured by ``ioc bench`` on one virtual core of an AMD EPYC server and are
named below, so that a better measurement of one's own machine can take their place.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ioc.alerts.alert import ALERTS_EVENTS, ALERTS_INBOX
from ioc.events.base import Topic
from ioc.events.cameras import CAMERAS
from ioc.events.documents import DOCUMENTS
from ioc.events.dossiers import DOSSIERS
from ioc.events.requests import REQUESTS
from ioc.events.sensors import SENSORS
from ioc.folds import FEED_EVENTS, SOURCES

DAY = timedelta(days=1)
#: What is kept for ever is counted for so long.
FOR_EVER = timedelta(days=3650)
OFFICE_DAY = timedelta(hours=8)


class Load(BaseModel):
    """What an area sends in a day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cameras: Annotated[int, Field(ge=0, description="cameras")]
    stations: Annotated[int, Field(ge=0, description="sensor stations")]
    dossiers: Annotated[int, Field(ge=0, description="dossiers a working day")]
    documents: Annotated[int, Field(ge=0, description="documents a working day")]
    requests: Annotated[int, Field(ge=0, description="requests a day")]


#: A mountain commune of 8,000 people; three thousand of them; all communes of the country (3,321 in 2025).
AREAS = {
    "commune": Load(cameras=10, stations=3, dossiers=40, documents=60, requests=5),
    "district": Load(cameras=60, stations=15, dossiers=200, documents=400, requests=40),
    "province": Load(cameras=30_000, stations=9_000, dossiers=120_000, documents=180_000, requests=15_000),
    "country": Load(cameras=200_000, stations=30_000, dossiers=1_000_000, documents=1_500_000, requests=200_000),
}


@dataclass(frozen=True)
class Costs:
    """What was measured (``ioc bench``), and what is assumed."""

    event_us: Annotated[float, "CPU of a worker per event of the demo's mix, µs"] = 60.0
    event_bytes: Annotated[float, "an event on disk, bytes, before compression"] = 420.0
    share: Annotated[float, "of a core that a worker is meant to use, so that it can catch up"] = 0.4
    worker_mb: Annotated[float, "memory of an empty worker, MB"] = 110.0
    key_bytes: Annotated[float, "memory of a key's state in a worker, bytes"] = 700.0
    alert_kb: Annotated[float, "an alert with its history in Redis, kB"] = 6.0
    worker_limit_mb: Annotated[float, "memory that a worker is meant to use, MB"] = 2000.0
    keep_alerts_days: Annotated[float, "days that alerts stay in Redis"] = 90.0


#: Per source: the topic, events a day of one of them, and how much busier its busiest time is than its average.
CAMERA_EVENTS = 2880 + 500  # a health report each half minute, and what it saw
STATION_EVENTS = 288  # a reading each five minutes
DOSSIER_EVENTS, DOCUMENT_EVENTS, REQUEST_EVENTS = 8, 4, 4
#: Alerts a day for each, on an ordinary day: the demo's day has 28 for 163 dossiers, 2 for 143 requests.
DOSSIER_ALERTS, REQUEST_ALERTS, DEVICE_ALERTS = 0.2, 0.02, 0.1
#: Changes of an alert: opened, brought up to date, cleared.
CHANGES = 3
#: Days for which a dossier and a request have state: their term, and the month after.
DOSSIER_DAYS, REQUEST_DAYS = 45, 35
PEAK_DEVICES, PEAK_OFFICES = 2.0, 3 * (DAY / OFFICE_DAY)
#: Events a second that one partition may get at its peak: a tenth of what one worker can do.
PARTITION_PEAK = 1500.0


@dataclass(frozen=True)
class Line:
    """One topic's part of the arithmetic."""

    topic: Topic
    events_a_day: float
    peak_a_second: float
    partitions: int
    kafka_gb: float


@dataclass(frozen=True)
class Need:
    """What it comes to."""

    lines: tuple[Line, ...]
    peak_a_second: float
    state_mb: float
    workers: int
    worker_mb: float
    kafka_gb: float
    redis_gb: float


def need(load: Load, costs: Costs = Costs(), replication: int = 3) -> Need:
    """The arithmetic for one load. Kafka's size is with ``replication`` copies and each topic's own retention."""
    lines = tuple(_lines(load, costs, replication))
    peak = sum(line.peak_a_second for line in lines if line.topic in SOURCES)
    keys = load.cameras + load.stations + DOSSIER_DAYS * load.dossiers + REQUEST_DAYS * load.requests
    state_mb = keys * costs.key_bytes / 1e6
    workers = max(
        2,
        math.ceil(peak * costs.event_us / 1e6 / costs.share),
        math.ceil(state_mb / (costs.worker_limit_mb - costs.worker_mb)),
    )
    return Need(
        lines,
        peak,
        state_mb,
        workers,
        costs.worker_mb + state_mb / workers,
        sum(line.kafka_gb for line in lines),
        _alerts(load) * costs.keep_alerts_days * costs.alert_kb / 1e6,
    )


def _alerts(load: Load) -> float:
    """Alerts a day."""
    devices = load.cameras + load.stations
    return load.dossiers * DOSSIER_ALERTS + load.requests * REQUEST_ALERTS + devices * DEVICE_ALERTS


def _lines(load: Load, costs: Costs, replication: int) -> Iterable[Line]:
    devices, offices = PEAK_DEVICES, PEAK_OFFICES
    sources = (
        (CAMERAS, load.cameras * CAMERA_EVENTS, devices),
        (SENSORS, load.stations * STATION_EVENTS, devices),
        (DOSSIERS, load.dossiers * DOSSIER_EVENTS, offices),
        (DOCUMENTS, load.documents * DOCUMENT_EVENTS, offices),
        (REQUESTS, load.requests * REQUEST_EVENTS, offices),
    )
    for topic, events, peak in sources:
        yield _line(topic, events, peak, costs, replication)
    office = sum(events for topic, events, _ in sources if topic in (DOSSIERS, DOCUMENTS, REQUESTS))
    yield _line(FEED_EVENTS, office, offices, costs, replication)
    found = _alerts(load) * CHANGES
    yield _line(ALERTS_INBOX, found, offices, costs, replication)
    yield _line(ALERTS_EVENTS, found, offices, costs, replication)


def _line(topic: Topic, events: float, peak: float, costs: Costs, replication: int) -> Line:
    a_second = events / DAY.total_seconds() * peak
    days = (topic.retention or FOR_EVER) / DAY
    size = events * days * costs.event_bytes * replication / 1e9
    partitions = max(topic.partitions, 2 ** math.ceil(math.log2(max(1.0, a_second / PARTITION_PEAK * 4))))
    return Line(topic, events, a_second, partitions, size)
