"""What a look at an installation means: each way of being well or unwell, in both languages, with what to do."""

from datetime import UTC, date, datetime, timedelta
from string import digits

import pytest

from ioc.calendars.days import CalendarFile
from ioc.district import load
from ioc.doctor import flow, machine, shown
from ioc.doctor.finding import Finding

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
(STATE_OFFICES,) = load("bac_tra_my").calendars
ALL_HOURS = CalendarFile(id="all", version="1", country=None, hours=STATE_OFFICES.hours)
WELL = [
    flow.kafka("kafka:9092", 3, [], []),
    flow.topics("wall", 22, None),
    flow.workers("wall", 2, "Stable"),
    flow.lag("wall", [("dossier", 12, 0), ("camera", 0, 0)]),
    flow.lag("wall", []),
    flow.dead_letters("wall", 0),
    shown.redis("redis:6379", "7.0.15", "noeviction", 10, 0),
    shown.redis("redis:6379", "6.2.14", None, 10, 100),
    shown.read_model("wall", True, 3),
    shown.time_of("wall", "wall", NOW - timedelta(seconds=7), NOW),
    shown.time_of("demo", "driven", NOW - timedelta(days=300), NOW),
    shown.prometheus("http://p:9090", [], [], []),
    machine.clock("Redis", timedelta(milliseconds=-300)),
    machine.disk("/var", 300 * 10**9, 10**12),
    machine.certificate("wall:443", NOW + timedelta(days=60), "", NOW),
    machine.calendar(STATE_OFFICES, date(2026, 11, 24)),
    machine.calendar(ALL_HOURS, date(2040, 1, 1)),
]
WATCH = [
    flow.kafka("kafka:9092", 3, [], ["wall.dossiers/1"]),
    flow.workers("wall", 2, "PreparingRebalance"),
    flow.lag("wall", [("dossier", 5000, 4000)]),
    flow.lag("wall", [("dossier", 90_000, 95_000)]),
    flow.dead_letters("wall", 4),
    shown.redis("redis:6379", "7.0.15", "noeviction", 90, 100),
    shown.prometheus_away("http://p:9090", "ConnectError"),
    machine.clock("Kafka", timedelta(seconds=2)),
    machine.disk("/var", 100 * 10**9, 10**12),
    machine.certificate("wall:443", NOW + timedelta(days=20), "", NOW),
    machine.calendar(STATE_OFFICES, date(2026, 12, 1)),
    machine.calendar(STATE_OFFICES, date(2027, 2, 1)),
    *shown.firing([("IocDeadLetters", "warning", "3 records went to dead letters.")]),
]
BROKEN = [
    flow.kafka_away("kafka:9092", "KafkaConnectionError"),
    flow.kafka("kafka:9092", 3, ["wall.dossiers/1"], ["wall.dossiers/1"]),
    flow.topics("wall", 22, "22 topics are missing"),
    flow.workers("wall", 0, "Empty"),
    flow.lag("wall", [("dossier", 50_000, 40_000)]),
    shown.redis_away("redis:6379", "ConnectionError"),
    shown.redis("redis:6379", "5.0.7", "noeviction", 10, 0),
    shown.redis("redis:6379", "7.0.15", "allkeys-lru", 10, 100),
    shown.read_model("wall", False, 0),
    shown.read_model("wall", True, 5000),
    shown.time_of("wall", "wall", NOW - timedelta(minutes=5), NOW),
    shown.time_of("wall", "wall", None, NOW),
    shown.prometheus("http://p:9090", [], [], ["ioc-worker 127.0.0.1:9465"]),
    shown.prometheus("http://p:9090", ["IocRedisDown"], [], []),
    machine.clock("Kafka", timedelta(seconds=-90)),
    machine.disk("/var", 10 * 10**9, 10**12),
    machine.certificate("wall:443", NOW + timedelta(days=3), "", NOW),
    machine.certificate("wall:443", None, "certificate has expired", NOW),
    *shown.firing([("IocRedisDown", "critical", "No answer from Redis.")]),
]


@pytest.mark.parametrize(
    ("status", "finding"),
    [
        *(("well", finding) for finding in WELL),
        *(("watch", finding) for finding in WATCH),
        *(("broken", finding) for finding in BROKEN),
    ],
    ids=lambda value: value.about if isinstance(value, Finding) else value,
)
def test_a_look_is_judged_and_says_what_to_do(status: str, finding: Finding) -> None:
    assert finding.status == status
    assert (finding.do is None) == (status == "well")
    for text in (finding.says, *(() if finding.do is None else (finding.do,))):
        assert text.vi != text.en
        assert text.vi.endswith(".") and text.en.endswith(".")
        assert _numbers(text.vi) == _numbers(text.en)


def _numbers(text: str) -> list[str]:
    """The digits of both languages' sentences, whatever separates them and in whatever order a date has them."""
    return sorted(letter for letter in text if letter in digits)


def test_nobody_sees_a_password() -> None:
    from streams.doctor.redis import _without_secrets

    assert _without_secrets("rediss://:geheim@redis.example:6380/2") == "redis.example:6380"
