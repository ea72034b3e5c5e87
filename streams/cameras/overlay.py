"""What each step sees, drawn over a clip: to a video, one picture, or a page that plays it beside what was said.

Drawn: foreground in yellow, what is followed with its number and way, zones, lines and roads, fire, masks in grey, and
the health comparison in words. For whoever sets a camera up, and for whoever doubts it.
"""

import base64
import html
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np

from detectors.vision.camera import CameraWatch, Said
from detectors.vision.foreground import Image
from ioc.district import Camera
from ioc.events.cameras import FireSeen, LineCrossed
from streams.cameras.capture import Decoder, Frame, Stopped, unusable

SIDE = 640
YELLOW, GREEN, RED, BLUE, WHITE, GREY = (
    (0, 220, 255), (90, 220, 90), (60, 60, 240), (240, 160, 60), (255, 255, 255), (120, 120, 120),
)  # fmt: skip
CODECS = {".avi": "MJPG", ".webm": "VP80"}
#: What was said stays on the picture for so long.
SHOWN = timedelta(seconds=3)
START = datetime(2026, 1, 1, tzinfo=UTC)


class Unwritable(Exception):
    """The result cannot be made; the message says why."""


def tuned(clip: Path, camera: Camera, output: Path, fps: float = 10.0) -> int:
    """Draw the clip to the output; returns the number of frames. Raises Unwritable."""
    if output.suffix not in (*CODECS, ".html", ".jpg"):
        raise Unwritable(f"{output}: write to .html, .webm, .avi or .jpg")
    missing = unusable(str(clip))
    if missing:
        raise Unwritable(missing)
    said: list[tuple[datetime, Said]] = []
    frames = drawn(clip, camera, fps, said)
    if output.suffix == ".jpg":
        return _fullest(frames, output)
    if output.suffix != ".html":
        return _video(frames, output, fps)
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "clip.webm"
        count = _video(frames, video, fps)
        output.write_text(_page(camera, clip, video.read_bytes(), said), "utf-8")
    return count


def drawn(clip: Path, camera: Camera, fps: float, said: list[tuple[datetime, Said]]) -> Iterator[tuple[Image, int]]:
    """Each analysed frame with everything drawn, and how much there is on it; fills ``said``. Raises Unwritable."""
    watch = CameraWatch(camera)
    with Decoder(str(clip), fps) as decoder:
        for message in decoder:
            if isinstance(message, Stopped) and not message.frames:
                raise Unwritable(message.reason)
            if isinstance(message, Frame):
                at = START + timedelta(seconds=message.seconds)
                said += [(at, data) for data in watch.frame(message.image, at)]
                recent = [data for when, data in said if at - when < SHOWN]
                busy = sum(not data.TYPE.endswith("health") for data in recent)
                yield frame_with(message.image, camera, watch, recent, message.seconds), busy


def frame_with(picture: Image, camera: Camera, watch: CameraWatch, recent: list[Said], seconds: float) -> Image:
    """One frame with everything drawn on it."""
    factor = SIDE / max(picture.shape[:2])
    size = round(picture.shape[1] * factor), round(picture.shape[0] * factor)
    canvas = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    canvas = canvas if canvas.ndim == 3 else np.asarray(cv2.cvtColor(canvas, cv2.COLOR_GRAY2BGR), np.uint8)
    mask = watch.foreground
    if mask is not None:
        large = cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST) > 0
        canvas[large] = (0.5 * canvas[large] + 0.5 * np.array(YELLOW)).astype(np.uint8)
    _places(canvas, camera, size)
    for track in watch.moving:
        box = track.box
        corner = round(box.x * factor), round(box.y * factor)
        other = round((box.x + box.width) * factor), round((box.y + box.height) * factor)
        cv2.rectangle(canvas, corner, other, GREEN if track.steady else GREY, 2)
        way = np.rint([(x * factor, y * factor) for _, (x, y) in track.trail]).astype(np.int32)
        cv2.polylines(canvas, [way.reshape(-1, 1, 2)], False, GREEN, 1)
        _words(canvas, str(track.number), (corner[0], max(12, corner[1] - 4)), GREEN)
    for data in recent:
        if isinstance(data, FireSeen):
            middle = round(data.place[0] * size[0]), round(data.place[1] * size[1])
            cv2.circle(canvas, middle, 26, RED, 3)
    _told(canvas, watch, recent, seconds)
    return canvas


def _places(canvas: Image, camera: Camera, size: tuple[int, int]) -> None:
    for corners in camera.masks:
        cv2.fillPoly(canvas, [_pixels(corners, size)], GREY)
    for zone in camera.zones:
        cv2.polylines(canvas, [_pixels(zone.polygon, size)], True, BLUE, 2)
        _words(canvas, zone.id, tuple(_pixels(zone.polygon, size).mean(axis=0).astype(int)), BLUE)
    for road in camera.roads:
        cv2.polylines(canvas, [_pixels(road.polygon, size)], True, WHITE, 1)
        _words(canvas, road.id, tuple(_pixels(road.polygon, size).mean(axis=0).astype(int)), WHITE)
    for line in camera.lines:
        start, end = _pixels((line.start, line.end), size)
        cv2.arrowedLine(canvas, tuple(start.tolist()), tuple(end.tolist()), RED, 2, tipLength=0.04)
        _words(canvas, line.id, (int(start[0]) + 6, max(30, int(start[1]))), RED)


def _told(canvas: Image, watch: CameraWatch, recent: list[Said], seconds: float) -> None:
    seen = watch.compared
    health = f"{seconds:6.1f} s  health {watch.status or '?'}"
    if seen is not None:
        health += f"  kept {seen.kept:.2f} soft {seen.soft:.2f} bare {seen.bare:.2f} alien {seen.alien:.2f}"
    _words(canvas, health, (6, canvas.shape[0] - 8), WHITE)
    for row, text in enumerate(dict.fromkeys(_short(data) for data in recent[-8:])):
        _words(canvas, text, (6, 16 + 16 * row), RED)


def _short(data: Said) -> str:
    about = data.model_dump(
        exclude={"camera", "snapshot", "model", "skipped", "fps", "reason", "place"}, exclude_none=True
    )
    return f"{data.TYPE.rpartition('.')[2]} " + " ".join(str(value) for value in about.values())


def _words(canvas: Image, text: str, at: tuple[int, ...], colour: tuple[int, int, int]) -> None:
    """Hershey letters have no Vietnamese tones: what is drawn are ids and figures."""
    plain = text.encode("ascii", "replace").decode()
    place = int(at[0]), int(at[1])
    shadow = place[0] + 1, place[1] + 1
    cv2.putText(canvas, plain, shadow, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA)
    cv2.putText(canvas, plain, place, cv2.FONT_HERSHEY_SIMPLEX, 0.42, colour, 1, cv2.LINE_AA)


def _pixels(
    corners: tuple[tuple[float, float], ...], size: tuple[int, int]
) -> "np.ndarray[tuple[int, int], np.dtype[np.int32]]":
    return np.rint([(x * size[0], y * size[1]) for x, y in corners]).astype(np.int32).reshape(-1, 2)


def _video(frames: Iterator[tuple[Image, int]], output: Path, fps: float) -> int:
    writer, count = None, 0
    for picture, _ in frames:
        if writer is None:
            code = cv2.VideoWriter.fourcc(*CODECS[output.suffix])
            writer = cv2.VideoWriter(str(output), code, fps, (picture.shape[1], picture.shape[0]))
            if not writer.isOpened():
                raise Unwritable(f"{output}: cannot be written as a video")
        writer.write(picture)
        count += 1
    if writer is not None:
        writer.release()
    return count


def _fullest(frames: Iterator[tuple[Image, int]], output: Path) -> int:
    """The frame at which most is said; of equals the last."""
    best, most, count = None, -1, 0
    for picture, busy in frames:
        count += 1
        if busy >= most:
            best, most = picture, busy
    if best is None or not cv2.imwrite(str(output), best):
        raise Unwritable(f"{output}: cannot be written as a picture")
    return count


def _page(camera: Camera, clip: Path, video: bytes, said: list[tuple[datetime, Said]]) -> str:
    rows = "".join(
        f'<tr data-at="{(at - START).total_seconds():.2f}"{" class=count" if isinstance(data, LineCrossed) else ""}>'
        f"<td>{(at - START).total_seconds():.1f}</td><td>{html.escape(_short(data))}</td></tr>"
        for at, data in said
    )
    page = Path(__file__).with_name("tune.html").read_text("utf-8")
    parts = {
        "@camera@": html.escape(camera.name),
        "@clip@": html.escape(clip.name),
        "@rows@": rows,
        "@video@": base64.b64encode(video).decode(),
    }
    return re.sub("@(?:camera|clip|rows|video)@", lambda found: parts[found[0]], page)
