"""Alerts and figures as the alert fold writes them, put on the topics of a space by hand."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from aiokafka import AIOKafkaProducer

from ioc.alerts.alert import ALERTS_EVENTS, ALERTS_STATE, Alert, AlertChanged, AlertData, Evidence, Words2, alert_id
from ioc.alerts.kind import dedupe_key as key_of
from ioc.events import codec
from ioc.events.base import Data, Event, Topic
from ioc.events.figures import FIGURES, FactTotal, FactTotals, Mode, SpaceState, TallyTotal
from streams.names import topic_name

NOON = datetime(2026, 1, 7, 5, 0, tzinfo=UTC)
Said = tuple[Topic, Event[Data]]


def changed(
    about: str,
    version: int = 1,
    condition: str = "firing",
    severity: str = "severe",
    title: str = "Trạm đo vượt ngưỡng",
    summary: str = "Trạm đo 61 °C (ngưỡng 57 °C)",
    opened: datetime = NOON,
    commune: str | None = "20920",
    kind: str = "sensor_over_threshold",
    module: str = "forest",
    **more: object,
) -> Event[AlertChanged]:
    """One line of an alert's history; ``more`` are other fields of it."""
    key = key_of(kind, about)
    at = opened + timedelta(minutes=version - 1)
    data = AlertChanged.model_validate(
        {
            "alert_id": alert_id(key, opened),
            "dedupe_key": key,
            "version": version,
            "kind": kind,
            "module": module,
            "subject": about,
            "commune": commune,
            "severity": severity,
            "condition": condition,
            "handling": "closed" if condition == "cleared" else "new",
            "opened_at": opened,
            "seen_at": at,
            "cleared_at": at if condition == "cleared" else None,
            "count": version,
            "title": Words2(vi=title, en=f"{title} (en)"),
            "summary": Words2(vi=summary, en=f"{summary} (en)"),
            "value": 61.0,
            "threshold": 57.0,
            "unit": "°C",
            "transition": {"firing": "C2", "cleared": "C6"}[condition],
            "at": at,
            **more,
        }
    )
    return Event(at, "/alert/0", f"{about}/{version}", data)


def present(line: Event[AlertChanged], *snapshots: str) -> Event[Alert]:
    """What ``alerts.state`` says after that line; each snapshot is evidence."""
    shown = line.data.model_dump(by_alias=False, include=set(AlertData.model_fields))
    seen = (Evidence(source="/cameras/c", id=name[:100], at=line.at, snapshot=name) for name in snapshots)
    evidence = (Evidence(source="/station/1", id="r-1", at=line.at), *seen)
    return Event(line.at, line.source, line.id, Alert(**shown, evidence=evidence))


def facts(*shares: FactTotal, partition: int = 0, at: datetime = NOON, fold: str = "station") -> Event[FactTotals]:
    data = FactTotals(fold=fold, partition=partition, watermark=at, facts=shares)
    return Event(at, f"/{fold}/{partition}", at.isoformat(), data)


def tally(value: int, day: datetime = NOON, partition: int = 0) -> Event[TallyTotal]:
    data = TallyTotal(
        fold="dossier",
        partition=partition,
        tally="dossiers_received",
        day=day.date(),
        labels=("20900", "online", "full"),
        value=value,
    )
    return Event(day, f"/dossier/{partition}", f"{value}", data)


def state(space: str, mode: Mode = "driven", at: datetime = NOON, speed: float | None = 600) -> Event[SpaceState]:
    return Event(
        at,
        "/publisher",
        at.isoformat(),
        SpaceState(space=space, district="bac_tra_my", mode=mode, speed=speed),
    )


def topic_of(event: Event[Data]) -> Topic:
    match event.data:
        case AlertChanged():
            return ALERTS_EVENTS
        case Alert():
            return ALERTS_STATE
        case _:
            return FIGURES


def id_of(line: Event[AlertChanged]) -> UUID:
    return line.data.alert_id


async def write(bootstrap: str, space: str, *batches: Iterable[Event[Data]]) -> None:
    """Each batch in a transaction of its own, as the folds do."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=f"{space}.test")
    await producer.start()
    try:
        for batch in batches:
            async with producer.transaction():
                for event in batch:
                    topic = topic_of(event)
                    await producer.send_and_wait(
                        topic_name(space, topic),
                        codec.value(event),
                        key=event.subject.encode(),
                        headers=codec.headers(event),
                    )
    finally:
        await producer.stop()
