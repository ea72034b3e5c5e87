"""Cameras: what was seen in a zone or across a line, and whether the camera still sees. Never a frame."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from ioc.events.base import Code, Data, Topic, Words
from ioc.text import Text

Fraction = Annotated[float, Field(ge=0, le=1)]
#: ``ok``; no stream; same picture again and again; too dark or covered; blurred or moved.
CameraStatus = Literal["ok", "offline", "frozen", "dark", "impaired"]


class CameraData(Data):
    camera: Code

    @property
    def subject(self) -> str:
        return self.camera


class MotionSeen(CameraData):
    """Something moved in a zone, held over several frames; ``area`` is its share of the frame."""

    TYPE = "vn.ioc.camera.motion"
    zone: Code
    area: Fraction


class LineCrossed(CameraData):
    """One object crossed a counting line, once; ``direction`` as the line's two sides are named."""

    TYPE = "vn.ioc.camera.line-crossed"
    line: Code
    direction: Code
    track: int


class CameraHealth(CameraData):
    """Said at every change and at least every half minute while the camera is read."""

    TYPE = "vn.ioc.camera.health"
    status: CameraStatus
    fps: Annotated[float, Field(ge=0)] | None = None
    skipped: Annotated[int, Field(ge=0, description="frames not analysed since the last report")] = 0
    reason: Words = ""


CAMERAS = Topic(
    "cameras",
    Text("Camera", "Cameras"),
    events=(MotionSeen, LineCrossed, CameraHealth),
    lateness=timedelta(seconds=2),
    idle_lag=timedelta(seconds=30),
)
