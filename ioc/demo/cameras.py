"""What the cameras say, all but what the rendered video shows: health, daytime motion and traffic.

The smoke of the fire drifts over the bridge of Trà Đốc and blinds its camera for a while.
"""

from collections.abc import Iterator
from datetime import datetime

from ioc.demo.chance import Random, chance
from ioc.demo.times import RECORDED_CAMERA, Times, every, minutes, seconds
from ioc.district import Camera
from ioc.events.base import AnyEvent, Event
from ioc.events.cameras import CameraData, CameraHealth, CameraStatus, LineCrossed, MotionSeen

BLINDED = "cam-cau-tra-doc-01"
BLIND_FROM, BLIND_UNTIL = "14:05", "14:50"
EVERY = minutes(1)
#: Before the day only a sign of life, more often than a camera may be silent.
EVERY_BEFORE = minutes(4)
#: Crossings of a line in each hour of the day, from midnight.
TRAFFIC = (0, 0, 0, 0, 1, 8, 22, 34, 24, 16, 16, 22, 14, 14, 14, 16, 28, 34, 20, 10, 6, 3, 1, 0)

#: While the rendered video runs, its recording alone speaks for its camera.
Span = tuple[datetime, datetime]


def events(times: Times, seed: int, recorded: Span | None = None) -> Iterator[AnyEvent]:
    """Every camera's events, but none of the recorded camera within ``recorded``."""
    for number, camera in enumerate(times.district.cameras):
        for event in _one(times, camera, number, seed):
            if not (recorded and camera.id == RECORDED_CAMERA and recorded[0] <= event.at <= recorded[1]):
                yield event


def _one(times: Times, camera: Camera, number: int, seed: int) -> Iterator[AnyEvent]:
    draw = chance(seed, "camera", camera.id)
    for at in (*every(times.begins, times.opens, EVERY_BEFORE), *every(times.opens, times.closes, EVERY)):
        yield health(times, camera, at + seconds(11 * number), draw)
    for zone in camera.zones:
        for at in every(times.at("06:30"), times.at("17:30"), minutes(20)):
            seen = at + seconds(draw.randrange(1200))
            area = round(draw.uniform(0.01, 0.12), 3)
            yield _said(seen, MotionSeen(camera=camera.id, zone=zone.id, area=area))
    for line in camera.lines:
        yield from _traffic(times, camera, line.id, draw)


def health(times: Times, camera: Camera, at: datetime, draw: Random) -> AnyEvent:
    """The camera's report of every minute."""
    blind = camera.id == BLINDED and times.at(BLIND_FROM) <= at < times.at(BLIND_UNTIL)
    status: CameraStatus = "impaired" if blind else "ok"
    reason = "Hình mờ vì khói" if blind else ""
    fps = round(draw.uniform(11.6, 12.4), 1)
    return _said(at, CameraHealth(camera=camera.id, status=status, fps=fps, reason=reason))


def _traffic(times: Times, camera: Camera, line: str, draw: Random) -> Iterator[AnyEvent]:
    moments = sorted(
        times.at(f"{hour:02}:00") + seconds(draw.randrange(3600))
        for hour, count in enumerate(TRAFFIC)
        for _ in range(count)
    )
    for track, at in enumerate(moments, 1):
        direction = draw.choice(("forward", "backward"))
        yield _said(at, LineCrossed(camera=camera.id, line=line, direction=direction, track=track))


def _said(at: datetime, data: CameraData) -> AnyEvent:
    what = data.TYPE.rpartition(".")[2]
    track = f"-{data.track}" if isinstance(data, LineCrossed) else ""
    return Event(at, f"/cameras/{data.camera}", f"{what}-{at:%Y%m%dT%H%M%S}{track}", data)
