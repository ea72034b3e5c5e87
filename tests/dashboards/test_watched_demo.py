"""A real Prometheus watches the demo's processes on the demo's day: every panel and every rule gets its data.

The day is played as fast as it goes, with a rest in the morning while a queue grows, and in the afternoon while fire,
desk, camera and station ring.
"""

import asyncio
import json
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

from dashboards.recordings import of_alarm_load, of_platform, recordings
from dashboards.rules import alerts
from ioc.alerts.alert import ALERTS_INBOX
from ioc.alerts.commands import Acknowledge, Command, Reject, Shelve
from ioc.alerts.parts import Person
from ioc.cli.demo import admit, start, watched
from ioc.cli.stories import Story, made_up_day
from ioc.demo.times import START
from ioc.engine.results import Output
from ioc.events.base import Event
from streams.centre import Centre
from streams.publish import Publisher
from streams.records import entry
from tests.dashboards.expressions import SPACE, asked, shown
from tests.live import IOC
from tests.needs import needs

#: It starts all of the centre and plays a day.
pytestmark = pytest.mark.timeout(300)
PATIENCE = 30.0
RESTS = (START.replace(hour=9, minute=30), START.replace(hour=14, minute=30))


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """The demo, played as fast as it goes, with a Prometheus that looks each second."""
    needs("prometheus")
    folder = tmp_path_factory.mktemp("demo")
    story = made_up_day(7, folder)
    with Centre(folder) as centre:
        _, token = admit(folder / "access.db")
        asyncio.run(start(centre, [story], folder / "access.db"))
        centre.start_prometheus(lambda targets: watched(targets, every="1s"))
        screen = urllib.request.Request(f"{centre.url}api/v1/stream?space={SPACE}")
        screen.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(screen, timeout=10):
            asyncio.run(_play(centre, story, token))
            yield centre


async def _play(centre: Centre, story: Story, token: str) -> None:
    """Until the day is over. At each rest somebody deals with what is open."""
    publisher = Publisher(centre.place(story.space), story.district)
    await publisher.open()
    try:
        for segment in story.segments():
            if segment.speed == 1:  # what follows never ends
                break
            events = list(segment.events)
            rests = [rest for rest in RESTS if events[0].at < rest <= events[-1].at]
            cuts = [0, *(sum(event.at < rest for event in events) for rest in rests), len(events)]
            for number, (since, until) in enumerate(pairwise(cuts)):
                await publisher.publish(events[since:until], f"{segment.title} {number}", 0)
                if number < len(rests):
                    await asyncio.to_thread(_wait_for, centre, _seen(rests[number]))
                    await _deal_with(centre, await asyncio.to_thread(_open_alerts, centre, token))
    finally:
        await publisher.close()


def _ask(centre: Centre, path: str, **words: str) -> Any:
    assert centre.prometheus is not None
    url = f"{centre.prometheus.url}/api/v1/{path}?{urllib.parse.urlencode(words)}"
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return json.load(reply)["data"]
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(f"{words}: {error.read().decode()}") from None


def _open_alerts(centre: Centre, token: str) -> list[dict[str, Any]]:
    url = f"{centre.url}api/v1/alerts?space={SPACE}&state=open&limit=10"
    asked_for = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked_for, timeout=5) as reply:
        found: list[dict[str, Any]] = json.load(reply)["alerts"]
        return found


async def _deal_with(centre: Centre, alerts: list[dict[str, Any]]) -> None:
    """One is acknowledged, another shelved, a third is a false alarm."""
    orders: list[tuple[type[Command], dict[str, Any]]] = [
        (Acknowledge, {}),
        (Reject, {"cause": "false_alarm"}),
        (Shelve, {"until": START + timedelta(days=1), "reason": "đang sửa"}),
    ]
    producer = AIOKafkaProducer(bootstrap_servers=centre.kafka.bootstrap)
    await producer.start()
    for (order, more), alert in zip(orders, alerts, strict=False):
        about = {name: alert[name] for name in ("alert_id", "dedupe_key", "version")}
        data = order(by=Person(user="test"), **about, **more)
        event = Event(datetime.now(UTC), "/test", uuid4().hex, data)
        record = entry(SPACE, Output(ALERTS_INBOX, event))
        await producer.send_and_wait(record.topic, record.value, record.key, headers=record.headers)
    await producer.stop()


def _seen(moment: datetime) -> str:
    """Prometheus knows what had come until then, for some scrapes already."""
    told = 'min(ioc_watermark_timestamp_seconds{fold="alert"})'
    return f"min_over_time({told}[4s:1s]) > {(moment - timedelta(minutes=10)).timestamp()}"


def _wait_for(centre: Centre, expr: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _ask(centre, "query", query=expr)["result"]:
        assert time.monotonic() < deadline, expr
        time.sleep(0.3)


def _without_data(centre: Centre, wanted: dict[str, str]) -> dict[str, str]:
    """Those of the expressions that had no sample all the time, however long one waits."""
    begun, deadline = time.time() - 300, time.monotonic() + PATIENCE
    while wanted and time.monotonic() < deadline:
        when = {"start": str(begun), "end": str(time.time()), "step": "1s"}
        wanted = {
            w: expr for w, expr in wanted.items() if not _ask(centre, "query_range", query=expr, **when)["result"]
        }
        time.sleep(0.5 if wanted else 0)
    return wanted


def test_every_query_of_every_panel_has_data(centre: Centre) -> None:
    asked_for = {f"{where} ({number})": expr for number, (where, expr) in enumerate(shown())}

    assert list(_without_data(centre, asked_for).items()) == []


def test_every_recorded_series_has_data(centre: Centre) -> None:
    """But those of figures of which nothing happens on this day."""
    said = _ask(centre, "label/__name__/values")
    happened = [each for each in recordings() if all(name in said for name in asked(each.expr).metrics)]

    assert list(_without_data(centre, {each.name: each.name for each in happened})) == []
    assert [each.name for each in (*of_platform(), *of_alarm_load()) if each not in happened] == []


def test_no_rule_fails(centre: Centre) -> None:
    found = [rule for group in _ask(centre, "rules")["groups"] for rule in group["rules"]]

    assert len(found) == len(recordings()) + len(alerts())
    assert [rule for rule in found if rule["health"] != "ok"] == []


def test_variables_of_the_boards_have_values(centre: Centre) -> None:
    names = {series["name"] for series in _ask(centre, "series", **{"match[]": f'ioc_commune_info{{space="{SPACE}"}}'})}

    assert "Trà My" in names


def _doctor(centre: Centre) -> tuple[int, dict[str, str]]:
    assert centre.prometheus is not None
    where = ["--bootstrap", centre.kafka.bootstrap, "--redis", centre.redis.url, "--prometheus", centre.prometheus.url]
    done = subprocess.run([*IOC, "doctor", "--space", SPACE, *where, "--json"], capture_output=True, text=True)
    assert done.stderr == ""
    return done.returncode, {found["about"]: found["status"] for found in json.loads(done.stdout)}


def test_what_processes_say_is_as_prometheus_wants_it(centre: Centre) -> None:
    for part in centre.parts:
        with urllib.request.urlopen(f"{part.url}/metrics", timeout=5) as reply:
            said = reply.read()

        done = subprocess.run([needs("promtool"), "check", "metrics"], input=said, capture_output=True)

        assert (part.name, done.stdout + done.stderr) == (part.name, b"")


def test_a_doctor_finds_it_well_and_then_what_was_broken(centre: Centre) -> None:
    code, well = _doctor(centre)

    ours = ("kafka", "topics", "workers", "lag", "dead letters", "redis", "time", "read model", "clock", "prometheus")
    looked_at = {about: status for about, status in well.items() if about.startswith(ours)}
    assert (code, {status for status in looked_at.values()}) == (0, {"well"}), looked_at
    assert {about.split()[0] for about in well} >= {name.split()[0] for name in (*ours, "disk", "calendar")}

    centre.redis.stop()
    centre.parts[0].process.stop()
    code, broken = _doctor(centre)

    assert (code, broken["redis"], broken["prometheus"]) == (1, "broken", "broken")
    assert broken["kafka"] == "well"
