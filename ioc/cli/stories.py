"""What ``ioc demo`` plays: a made-up day, or recorded logs, each in a space with its own time."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ioc import district as districts
from ioc.demo import day as days
from ioc.demo.cameras import Recorded
from ioc.demo.times import RECORDED_AT, RECORDED_CAMERA, SPEED, START
from ioc.district import Camera, District, Line
from ioc.events.base import AnyEvent
from ioc.importing.mapping import load as load_mapping
from ioc.importing.run import import_file
from ioc.recording import clocked, merged, tick
from ioc.scenarios import blocks, telling

#: Recorded logs are played so that each takes about this long, whatever time it covers.
LOG_LASTS = timedelta(seconds=60)
LOGS = {
    "receipt": "process_logs/receipt.xes.gz",
    "bpic2013": "service_desk/bpic2013_closed.xes.gz",
    "helpdesk": "service_desk/helpdesk.csv",
    "nyc311": "service_desk/nyc311_animals_short.csv",
}
#: Folder of the pictures that the demo's camera keeps.
EVIDENCE = "evidence"
VIDEO = "video_traffic/svc_video.avi"
#: A camera over a road somewhere, with one counting line down the middle of its picture.
ROAD = Camera(
    id="road", name="Đường", commune="-", latitude=0, longitude=0,
    lines=(Line(id="middle", name="Giữa khung hình", start=(0.5, 0.0), end=(0.5, 1.0)),),
)  # fmt: skip


@dataclass(frozen=True)
class Segment:
    """A stretch of time and how fast it passes; ``events`` carry their ticks."""

    title: str
    events: Iterable[AnyEvent]
    speed: float


@dataclass(frozen=True)
class Story:
    """What one space plays. ``rings``: each of the four sources must raise an alert."""

    space: str
    district: str
    segments: Callable[[], Iterator[Segment]]
    rings: bool = False


def made_up_day(seed: int, folder: Path) -> Story:
    """The demo's day in Bắc Trà My. Its yard camera is a rendered video, seen by the real eyes."""
    name = "bac_tra_my"
    district = districts.load(name)

    watched = ThreadPoolExecutor(1).submit(_watched, district, seed, folder)  # while the servers start

    def segments() -> Iterator[Segment]:
        yield Segment("the days before", _ticked(days.before(district, seed, START), 0), 0)
        seen = watched.result()
        first, last = seen[0].at, seen[-1].at
        recorded = Recorded(first, last, "frozen")
        today = list(merged([days.day(district, seed, START, recorded), seen]))
        slow, fast = first - timedelta(seconds=30), last + timedelta(seconds=30)

        def part(since: datetime | None, until: datetime | None) -> list[AnyEvent]:
            return [event for event in today if (not since or event.at >= since) and (not until or event.at < until)]

        yield Segment("the day", _ticked(part(None, slow), SPEED), SPEED)
        yield Segment("an evening at the market", _ticked(part(slow, fast), 30), 30)
        yield Segment("the night", _ticked(part(fast, None), SPEED), SPEED)
        yield Segment("from here on at real pace", _ticked(days.after(district, seed, START), 1), 1)

    return Story("demo", name, segments, rings=True)


def _watched(district: District, seed: int, folder: Path) -> list[AnyEvent]:
    """Render the video, and what the camera's eyes make of it."""
    from streams.cameras.evidence import Evidence
    from streams.cameras.rendered import render
    from streams.cameras.run import CameraRun

    camera = district.things[RECORDED_CAMERA]
    assert isinstance(camera, Camera)
    folder.mkdir(parents=True, exist_ok=True)
    video = folder / "market.avi"
    render(video, seed)
    kept = Evidence(folder / EVIDENCE)
    return list(CameraRun(camera, str(video), RECORDED_AT, evidence=kept).events())


def _ticked(events: Iterable[AnyEvent], speed: float) -> Iterator[AnyEvent]:
    from streams.publish import step_of

    return clocked(events, step=step_of(speed))


def real_logs(data: Path) -> list[Story]:
    """Recorded logs and a video, each in a space of its own. Raises FileNotFoundError."""
    missing = [file for file in (*LOGS.values(), VIDEO) if not (data / file).exists()]
    if missing:
        raise FileNotFoundError(f"{data / missing[0]}: not there; --data names a folder that holds {missing[0]}")
    stories = [_log(name, data / file) for name, file in LOGS.items()]
    return [*stories, _video(data / VIDEO)]


def of_a_report(name: str, seed: int) -> Story:
    """The months of a report's district, in about a minute. Raises BadScenario, BadDistrict."""
    said = blocks.load(name)
    district = districts.load(said.district)

    def segments() -> Iterator[Segment]:
        events = telling.events(said, district, seed)
        span = events[-1].at - events[0].at
        speed = max(1.0, span / LOG_LASTS)
        yield Segment(f"{len(events):,} events of {span.days} days of {district.name}", _ticked(events, speed), speed)
        yield Segment("its time goes on at real pace", _time_goes_on(events[-1].at), 1)

    return Story(said.id, said.district, segments)


def _log(name: str, file: Path) -> Story:
    def segments() -> Iterator[Segment]:
        events, _report = import_file(load_mapping(name), file)
        span = events[-1].at - events[0].at
        speed = max(1.0, span / LOG_LASTS)
        yield Segment(f"{len(events):,} events of {span.days} days", _ticked(events, speed), speed)
        yield Segment("its time goes on at real pace", _time_goes_on(events[-1].at), 1)

    return Story(name, "open_logs", segments)


def _video(file: Path) -> Story:
    def segments() -> Iterator[Segment]:
        from streams.cameras.run import CameraRun

        start = datetime.fromisoformat("2026-01-05T08:00:00+07:00")
        seen = list(CameraRun(ROAD, str(file), start).events())
        yield Segment("vehicles on a road", _ticked(seen, 1), 1)
        yield Segment("its time goes on at real pace", _time_goes_on(seen[-1].at), 1)

    return Story("svc_video", "open_logs", segments)


def _time_goes_on(at: datetime) -> Iterator[AnyEvent]:
    while True:
        at += timedelta(seconds=1)
        yield tick(at)
