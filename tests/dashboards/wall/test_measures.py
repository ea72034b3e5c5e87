"""What is promised in numbers, measured: run by hand, on a machine of its own (``pytest -m bench -s``)."""

import asyncio
import json
import statistics
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from playwright.sync_api import Browser, Page, expect

from ioc.alerts.alert import AlertChanged
from ioc.events import codec
from ioc.events.base import Event
from streams import topics
from streams.embedded.kafka import Kafka
from streams.embedded.leash import Leashed
from streams.embedded.redis import Redis
from tests.dashboards.wall.conftest import WallProcess
from tests.dashboards.wall.filling import Filler
from tests.live import IOC
from tests.streams.alert_log import NOON, changed, state

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]
SCREENS, PER_SECOND, SECONDS = 50, 50, 60
HOURS, CYCLES = 8, 4_800
#: Notes when each change that the page hears has been painted: after its drawing, at the next frame.
PAINTED = """
window.painted = [];
const wall = document.querySelector("ioc-wall");
const space = wall.live.spaces.get("speed");
const change = space.change.bind(space);
space.change = (alert) => {
  change(alert);
  const sent = Date.parse(alert.seen_at);
  wall.updateComplete.then(() => requestAnimationFrame(() => setTimeout(() => window.painted.push(Date.now() - sent))));
};
"""
#: First paint (ms), now (ms), and the bytes of everything but fonts and answers of the API.
ARRIVED = """[
  performance.getEntriesByName("first-contentful-paint")[0].startTime, performance.now(),
  performance.getEntriesByType("resource").filter((entry) => !/woff2|api/.test(entry.name))
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)
]"""


@pytest.fixture(scope="module")
def live_wall(kafka: Kafka, own_redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WallProcess]:
    folder = tmp_path_factory.mktemp("speed")
    asyncio.run(topics.apply(kafka.bootstrap, "speed"))
    where = ["--space", "speed", "--bootstrap", kafka.bootstrap, "--redis", own_redis.url, "--metrics-port", "0"]
    model = Leashed([*IOC, "read-model", *where], folder / "read-model.log")
    process = WallProcess(own_redis.url, folder / "access.db", kafka.bootstrap)
    yield process
    process.close()
    model.stop()


def _listen(wall: WallProcess, stop: threading.Event) -> None:
    """Hear all of one screen's stream, and do nothing with it."""
    headers = dict(wall.client.headers)
    with httpx.stream("GET", f"{wall.url}/api/v1/stream?space=speed", headers=headers, timeout=None) as answer:
        for _ in answer.iter_raw():
            if stop.is_set():
                return


async def _write(kafka: Kafka, count: int, per_second: int) -> None:
    """New alerts at an even pace, each saying when it was sent; one of ten is closed again."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, enable_idempotence=True)
    await producer.start()
    begun = time.monotonic()
    for number in range(count):
        await asyncio.sleep(max(0, begun + number / per_second - time.monotonic()))
        line = changed(f"n{number}", severity="severe", opened=NOON + timedelta(milliseconds=number)).data
        now: AlertChanged = line.model_copy(update={"seen_at": datetime.now(UTC)})
        event = Event(NOON, "/alert/0", f"n{number}", now)
        await producer.send_and_wait(
            "speed.alerts.events", codec.value(event), key=event.subject.encode(), headers=codec.headers(event)
        )
    await producer.stop()


def test_from_kafka_to_the_wall(kafka: Kafka, live_wall: WallProcess, browser: Browser, page_is_built: Path) -> None:
    asyncio.run(_write(kafka, 1, 1))
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, base_url=live_wall.url)
    live_wall.signed_in(context, "operator")
    page = context.new_page()
    page.goto("/")
    expect(page.locator("li.alert")).to_have_count(1)
    stop = threading.Event()
    for _ in range(SCREENS - 1):
        threading.Thread(target=_listen, args=(live_wall, stop), daemon=True).start()
    time.sleep(3)
    page.evaluate(PAINTED)
    asyncio.run(_write(kafka, PER_SECOND * SECONDS, PER_SECOND))
    time.sleep(3)
    took = page.evaluate("window.painted")
    stop.set()
    context.close()
    cuts = statistics.quantiles(took, n=100)
    print(
        f"\n{len(took)} alerts painted, {SCREENS} screens, {PER_SECOND}/s: p50 {cuts[49]:.0f} ms, "
        f"p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms, most {max(took)} ms"
    )
    assert len(took) >= PER_SECOND * SECONDS - 1


def _heap(page: Page) -> float:
    """Megabytes of JavaScript objects that are still needed."""
    tools = page.context.new_cdp_session(page)
    for _ in range(3):
        tools.send("HeapProfiler.collectGarbage")
    used = tools.send("Runtime.getHeapUsage")["usedSize"]
    tools.detach()
    return float(used) / 1e6


def test_the_heap_of_a_long_watch(page: Page, demo: Filler) -> None:
    """A simulated night: alerts open and are closed again, 30 are open at a time."""
    demo.put(state("demo"), partition="figures/0")
    demo.complete()
    page.goto("/")
    expect(page.locator("article.space .tiles")).to_be_visible()
    heaps: list[float] = []
    for number in range(CYCLES):
        at = NOON + timedelta(hours=HOURS * number / CYCLES)
        demo.put(changed(f"n{number}", opened=at, severity="moderate"))
        if number >= 30:
            before = NOON + timedelta(hours=HOURS * (number - 30) / CYCLES)
            demo.put(changed(f"n{number - 30}", 2, "cleared", opened=before))
        if number % 20 == 0:
            demo.put(state("demo", at=at), partition="figures/0")
            time.sleep(0.2)
        if number % 600 == 599:
            time.sleep(1)
            heaps.append(_heap(page))
    told = ", ".join(f"{heap:.2f}" for heap in heaps)
    print(f"\nheap after each simulated hour, MB: {told}; last to first {heaps[-1] / heaps[0] - 1:+.1%}")


def test_first_paint_and_weight(browser: Browser, wall: WallProcess, demo: Filler, page_is_built: Path) -> None:
    demo.put(state("demo"), *(changed(f"n{number}") for number in range(20)))
    demo.complete()
    paints = []
    for _ in range(7):
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, base_url=wall.url)
        wall.signed_in(context, "operator")
        page = context.new_page()
        page.goto("/")
        expect(page.locator("li.alert").first).to_be_visible()
        paints.append(page.evaluate(ARRIVED))
        context.close()
    first, listed, weight = (statistics.median(column) for column in zip(*paints, strict=True))
    print(
        f"\nfirst paint {first:.0f} ms, alerts on it {listed:.0f} ms (median of 7); "
        f"{weight / 1000:.0f} kB as sent, fonts aside"
    )


def test_two_thousand_open_alerts(page: Page, demo: Filler) -> None:
    demo.put(state("demo"), partition="figures/0")
    for start in range(0, 2000, 200):
        demo.put(
            *(changed(f"n{number}", opened=NOON + timedelta(seconds=number)) for number in range(start, start + 200))
        )
    demo.complete()
    page.goto("/desk")
    expect(page.locator(".counted")).to_contain_text("2.000 cảnh báo")
    page.evaluate(
        "window.slow = []; new PerformanceObserver(list => list.getEntries().forEach(e => window.slow.push("
        "[e.name, e.duration]))).observe({type: 'event', durationThreshold: 16, buffered: false})"
    )
    search = page.locator("#search")
    search.click()
    page.keyboard.type("n1999", delay=120)
    expect(page.locator(".counted")).to_contain_text("1 cảnh báo")
    search.fill("")
    page.locator(".item").first.click()
    for _ in range(30):
        page.keyboard.press("ArrowDown", delay=30)
    page.mouse.move(200, 700)
    for _ in range(20):
        page.mouse.wheel(0, 3000)
        page.wait_for_timeout(30)
    slow = page.evaluate("window.slow")
    worst = max((duration for _, duration in slow), default=16)
    print(
        f"\n2,000 alerts: {len(slow)} interactions of 16 ms or more, the longest {worst:.0f} ms: {json.dumps(slow[:5])}"
    )
