"""What the cameras say, all but what the rendered video shows: health, daytime motion and traffic.

The smoke of the fire drifts over the bridge of Trà Đốc and blinds its camera for a while.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from ioc.demo.chance import Random, chance
from ioc.demo.times import RECORDED_CAMERA, Times, every, minutes, seconds
from ioc.district import Camera
from ioc.events.base import AnyEvent, Event
from ioc.events.cameras import CameraData, CameraHealth, CameraRebased, CameraStatus, LineCrossed, MotionSeen

BLINDED = "cam-cau-tra-doc-01"
BLIND_FROM, BLIND_UNTIL = "14:05", "14:50"
#: When the operator has looked at its picture again and confirmed the view.
CONFIRMED = "14:55"
EVERY = minutes(1)
#: Before the day only a sign of life, more often than a camera may be silent.
EVERY_BEFORE = minutes(4)
#: Crossings of a line in each hour of the day, from midnight.
TRAFFIC = (0, 0, 0, 0, 1, 8, 22, 34, 24, 16, 16, 22, 14, 14, 14, 16, 28, 34, 20, 10, 6, 3, 1, 0)

#: When somebody has restarted the recorded camera, if its recording ended badly.
RESTARTED = "19:30"
REASONS: dict[CameraStatus, str] = {"frozen": "Hình đứng yên", "covered": "Khói che ống kính"}


class Recorded(NamedTuple):
    """The rendered video's recording: while it runs it alone speaks for its camera, and how that is left."""

    first: datetime
    last: datetime
    left: CameraStatus = "ok"


def events(times: Times, seed: int, recorded: Recorded | None = None) -> Iterator[AnyEvent]:
    """Every camera's events. After ``recorded``, its camera stays as it was left until it is restarted."""
    for number, camera in enumerate(times.district.cameras):
        if recorded is None or camera.id != RECORDED_CAMERA:
            yield from _one(times, camera, number, seed)
            continue
        for event in _one(times, camera, number, seed):
            stuck = recorded.left != "ok" and recorded.last < event.at < times.at(RESTARTED)
            if stuck and isinstance(event.data, CameraHealth):
                yield _said(event.at, _status(camera, recorded.left, event.data.fps))
            elif not stuck and not recorded.first <= event.at <= recorded.last:
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
    if camera.id == BLINDED:
        looked = CameraRebased(camera=camera.id, by="Trực ban", reason="Khói đã tan, góc nhìn đúng")
        yield _said(times.at(CONFIRMED), looked)


def health(times: Times, camera: Camera, at: datetime, draw: Random) -> AnyEvent:
    """The camera's report of every minute."""
    blind = camera.id == BLINDED and times.at(BLIND_FROM) <= at < times.at(BLIND_UNTIL)
    fps = round(draw.uniform(11.6, 12.4), 1)
    return _said(at, _status(camera, "covered" if blind else "ok", fps))


def _status(camera: Camera, status: CameraStatus, fps: float | None) -> CameraHealth:
    return CameraHealth(camera=camera.id, status=status, fps=fps, reason=REASONS.get(status, ""))


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
