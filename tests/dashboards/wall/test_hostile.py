"""Text from citizens, devices and callers is hostile: through the real judgements it is text on every screen."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

import detectors
from ioc.agencies.roster import Officer, RosterFiled
from ioc.alerts.alert import Alert, AlertChanged, AlertData, Evidence, QuietChanged
from ioc.alerts.commands import Matcher, Report
from ioc.alerts.parts import Person
from ioc.district import load
from ioc.engine.plan import plan
from ioc.events.base import AnyEvent, Event
from ioc.events.cameras import CameraHealth
from ioc.events.figures import SpaceState
from ioc.events.requests import RequestOpened
from ioc.events.sensors import Reading
from ioc.recording import clocked
from ioc.replay import Replay
from streams.embedded.redis import Redis
from tests.dashboards.wall.conftest import WallProcess
from tests.dashboards.wall.filling import Filler
from tests.streams.alert_log import NOON

#: Each would change the title, if any of it were more than text.
IMAGE = "<img src=x onerror=\"document.title='owned'\">"
SCRIPT = "<script>document.title='owned'</script>"
BREAKOUT = "'\"></option></select></svg><svg onload=\"document.title='owned'\">"
TEMPLATE = "${document.title='owned'}{{7*7}}javascript:document.title='owned'"
HOSTILE = f"{IMAGE}{SCRIPT}{BREAKOUT}{TEMPLATE}"
DISTRICT = f"""
id = "hostile"
name = {json.dumps("Huyện " + HOSTILE)}
name_en = {json.dumps("District " + HOSTILE)}
[[communes]]
code = "1"
name = {json.dumps("Xã " + HOSTILE)}
latitude = 15.3
longitude = 108.2
valid_from = 2025-07-01
[[stations]]
id = "s"
name = {json.dumps("Trạm " + HOSTILE)}
commune = "1"
latitude = 15.3
longitude = 108.2
[[cameras]]
id = "c"
name = {json.dumps("Camera " + HOSTILE)}
commune = "1"
latitude = 15.3
longitude = 108.2
[[agencies]]
id = "a"
name = {json.dumps("Cơ quan " + HOSTILE)}
name_en = {json.dumps("Agency " + HOSTILE)}
[[routes]]
lead = "a"
[detectors.sensor_threshold]
rules = [{{ quantity = "wind_kmh", above = 62, clear_below = 50, for = "0s", severity = "severe" }}]
"""
SCREENS = {
    "/": "li.alert", "/desk": ".story", "/leader": ".burning", "/handover": ".handover h1", "/silences": ".silence"
}  # fmt: skip
MARKUP = "[onerror], [onload], body script, body iframe, img[src='x']"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "hostile.toml"
    path.write_text(DISTRICT, "utf-8")
    return path


@pytest.fixture(scope="module")
def told(file: Path) -> list[AlertChanged]:
    """What the real judgements say of hostile events: their alerts, the last line of each."""
    at = NOON
    said: list[AnyEvent] = [
        Event(at, "/stations/s", "1", Reading(station="s", wind_kmh=90)),
        Event(at + timedelta(seconds=1), "/cameras/c", "1", CameraHealth(camera="c", status="covered", reason=HOSTILE)),
        Event(
            at + timedelta(seconds=2), "/app", "1",
            RequestOpened(
                request=IMAGE, queue="q", category=SCRIPT[:60], channel="app", text=f"cháy rừng {HOSTILE}", commune="1",
                latitude=15.3, longitude=108.2,
            ),
        ),
    ]  # fmt: skip
    result = Replay(plan(load(str(file)), detectors.ALL)).run(clocked(said))
    assert not result.rejected
    return list({line.alert_id: line for line in result.history}.values())


@pytest.fixture(scope="module")
def call(file: Path) -> AlertChanged:
    """What the alert fold makes of a hostile call."""
    from ioc.alerts.lifecycle import SPEC
    from ioc.detector import Params
    from ioc.engine.keys import Judge
    from ioc.engine.partition import Partition
    from ioc.folds import ALERT

    district = load(str(file))
    fold = Partition(ALERT, 0, [Judge(SPEC, SPEC.build(Params(), district))], lanes=["x"], digest="d")
    an = Person(user=IMAGE, name=HOSTILE)
    report = Report(
        report=uuid4(), kind="call_other", severity="extreme", text=HOSTILE, where=IMAGE, caller="other", commune="1",
        by=an,
    )  # fmt: skip
    fold.apply(0, Event(NOON, "/wall", "r", report), NOON, "")
    (line,) = [event.data for _, event in fold.take().outputs if isinstance(event.data, AlertChanged)]
    return line


@pytest.fixture(scope="module")
def wall(own_redis: Redis, file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WallProcess]:
    folder = tmp_path_factory.mktemp("access")
    process = WallProcess(own_redis.url, folder / "access.db", IOC_WALL_DISTRICTS=json.dumps([str(file)]))
    yield process
    process.close()


@pytest.fixture
def filled(demo: Filler, told: list[AnyEvent], call: AlertChanged, wall: WallProcess) -> AlertChanged:
    """A space in which everything that people and devices say is hostile."""
    state = SpaceState(space="demo", district="hostile", mode="wall", speed=None)
    lines: list[AlertChanged] = [*told, call]  # type: ignore[list-item]
    demo.put(
        Event(NOON, "/publisher", "s", state), *(Event(line.at, "/alert/0", str(line.alert_id), line) for line in lines)
    )
    quiet = QuietChanged(
        transition="Q1", silence_id="q", kind="silenced", matchers=(Matcher(field="subject", values=(IMAGE,)),),
        reason=HOSTILE, by=Person(user="an", name=HOSTILE), since=NOON - timedelta(hours=1),
        until=NOON + timedelta(days=9999), at=NOON, command="c", said_at=NOON,
    )  # fmt: skip
    demo.put(Event(NOON, "/alert/0", "q", quiet), partition="alerts.events/1")
    officers = (Officer(role="duty", name=HOSTILE[:120], phone="javascript:1"),)
    roster = RosterFiled(
        agency="a", day=NOON.date(), since=NOON - timedelta(hours=1), until=NOON + timedelta(hours=9), officers=officers
    )
    demo.put(Event(NOON, "/rosters", "r", roster), partition="rosters/0")
    shown = call.model_dump(by_alias=False, include=set(AlertData.model_fields))
    seen = Evidence(source=HOSTILE, id=IMAGE, at=NOON, snapshot='"><img src=x>')
    demo.put(Event(NOON, "/alert/0", "e", Alert(**shown, evidence=(seen,))), partition="alerts.state/0")
    demo.complete()
    for kind in ("note", "promise"):
        wall.client.post("/api/v1/log?space=demo", json={"kind": kind, "text": HOSTILE})
    due = (NOON + timedelta(hours=1)).isoformat()
    said = {"alert_id": str(call.alert_id), "text": HOSTILE, "due": due}
    assert wall.asking_as("leader").post("/api/v1/directives?space=demo", json=said).status_code == 201
    return call


@pytest.fixture
def page(browser: Browser, wall: WallProcess, page_is_built: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, base_url=wall.url)
    wall.signed_in(context, "shift_leader")
    yield context.new_page()
    context.close()


def test_the_judgements_hand_hostile_text_on_as_it_was(told: list[AlertChanged], call: AlertChanged) -> None:
    words = {line.kind: line.summary.vi for line in (*told, call)}
    assert {"sensor_over_threshold", "camera_tampered", "fire_suspected", "call_other"} <= set(words)
    assert all(HOSTILE in words[kind] for kind in ("sensor_over_threshold", "camera_tampered", "call_other"))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", SCREENS)
def test_on_every_screen_it_is_text(page: Page, filled: AlertChanged, path: str, language: str) -> None:
    page.add_init_script(f"localStorage.setItem('ioc.language', '{language}')")
    page.goto(f"{path}#demo/{filled.alert_id}" if path == "/desk" else path)
    expect(page.locator(SCREENS[path]).first).to_be_visible()
    expect(page.locator("body")).to_contain_text("<img src=x onerror=")
    page.wait_for_timeout(300)  # for what would run once it is drawn
    assert page.title() == "IOC"
    assert page.locator(MARKUP).count() == 0
    if path == "/desk":
        assert page.locator(".phone").first.get_attribute("href") == "tel:javascript:1"
        page.get_by_role("button", name="Ghi nhận tin báo" if language == "vi" else "Log a call").first.click()
        expect(page.locator("ioc-call")).to_contain_text("<img src=x onerror=")
    if path == "/":
        page.locator("li.alert").first.click()
        expect(page.locator(".detail")).to_contain_text("<img src=x onerror=")
    assert page.title() == "IOC"
    assert page.locator(MARKUP).count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1920
