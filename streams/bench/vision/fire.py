"""Flames and smoke on clips: a clip or still below a folder called ``fire`` burns, any other does not."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from detectors.vision.flame import FlameWatch
from detectors.vision.smoke import SmokeWatch
from streams.bench.vision.clips import Clip

FPS, SECONDS = 5.0, 30.0
START = datetime(2026, 1, 5, tzinfo=UTC)


class Burnt(NamedTuple):
    """What was said of one clip: seconds to the first flame and the first smoke, if any; None was said."""

    clip: str
    burns: bool
    flame: float | None
    smoke: float | None


def watched(clips: Sequence[Clip]) -> list[Burnt]:
    """Every video, played to and fro for half a minute."""
    return [_watched(clip) for clip in clips if clip.moving]


def _watched(clip: Clip) -> Burnt:
    flames, smokes = FlameWatch(), SmokeWatch()
    first: dict[str, float] = {}
    for number, frame in enumerate(clip.frames(SECONDS, FPS)):
        at = START + timedelta(seconds=number / FPS)
        if flames.update(frame, at) is not None:
            first.setdefault("flame", number / FPS)
        if smokes.update(frame, at) is not None:
            first.setdefault("smoke", number / FPS)
    burns = any("fire" in part for part in (clip.path.parent.name, clip.path.resolve().parent.name))
    return Burnt(clip.path.name, burns, first.get("flame"), first.get("smoke"))
