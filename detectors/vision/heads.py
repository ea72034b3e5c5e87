"""What a detection network's output means: boxes, from the heads of YOLOX and of YOLOv8 and its like.

Pure arithmetic on arrays; the network itself is run elsewhere. Boxes overlap across classes on small traffic (a car is
also a truck: 32 vehicles became 48), so suppression is by default blind to the class.
"""

from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.foreground import Image

Floats = NDArray[np.float32]
Format = Literal["yolox", "yolov8", "classifier"]


class Found(NamedTuple):
    """An object: what it is called, how sure, and its box as fractions of the picture."""

    label: str
    confidence: float
    x: float
    y: float
    width: float
    height: float


def letterboxed(picture: Image, size: int) -> tuple[Image, float]:
    """The picture in the upper left of a grey square, and by how much it was scaled."""
    scale = size / max(picture.shape[:2])
    width, height = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    square = np.full((size, size, 3), 114, np.uint8)
    square[:height, :width] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)
    return square, scale


def boxes(output: Floats, format: Format, size: int) -> tuple[Floats, Floats]:
    """Boxes as centre and size in pixels of the square, one a row, and their scores by class.

    Raises ValueError where the output is not of that format.
    """
    rows = np.asarray(output, np.float32)
    rows = rows.reshape(rows.shape[-2:]) if rows.ndim >= 2 else rows
    if rows.ndim != 2:
        raise ValueError(f"an output of shape {output.shape} is no {format}")
    if format == "yolov8":
        rows = rows.T if rows.shape[0] < rows.shape[1] else rows
        return rows[:, :4], rows[:, 4:]
    grid, stride = _grid(size)
    if rows.shape[0] != len(grid) or rows.shape[1] < 6:
        raise ValueError(f"{rows.shape[0]} rows of {rows.shape[1]} are no yolox of {size}: {len(grid)} are needed")
    centre = (rows[:, :2] + grid) * stride
    return np.hstack([centre, np.exp(np.minimum(rows[:, 2:4], 20)) * stride]), rows[:, 4:5] * rows[:, 5:]


def found(
    output: Floats, picture: Image, *, format: Format, size: int, labels: tuple[str, ...], confidence: float,
    overlap: float = 0.45, by_class: bool = False,
) -> list[Found]:  # fmt: skip
    """The objects in a picture that was letterboxed to ``size``. Raises ValueError, as :func:`boxes` does."""
    if format == "classifier":
        return _classified(output, labels, confidence)
    places, scores = boxes(output, format, size)
    kinds, best = scores.argmax(axis=1), scores.max(axis=1)
    sure = best >= confidence
    places, kinds, best = places[sure], kinds[sure], best[sure]
    corners = np.hstack([places[:, :2] - places[:, 2:] / 2, places[:, 2:]])
    # Classes laid side by side do not overlap.
    apart = corners + np.outer(kinds if by_class else 0 * kinds, (2 * size, 0, 0, 0))
    kept = cv2.dnn.NMSBoxes(apart.tolist(), best.tolist(), confidence, overlap) if len(corners) else []
    scale = size / max(picture.shape[:2])
    height, width = picture.shape[0] * scale, picture.shape[1] * scale
    return [
        Found(
            _label(int(kinds[index]), labels), round(float(min(1.0, best[index])), 3),
            *(float(v) for v in corners[index] / (width, height, width, height)),
        )
        for index in np.asarray(kept, int).flatten()
    ]  # fmt: skip


def _classified(output: Floats, labels: tuple[str, ...], confidence: float) -> list[Found]:
    scores = np.asarray(output, np.float32).reshape(-1)
    if scores.min() < 0 or scores.max() > 1:
        scores = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
    best = int(scores.argmax())
    sure = float(scores[best]) >= confidence
    return [Found(_label(best, labels), round(float(scores[best]), 3), 0, 0, 1, 1)] if sure else []


def _grid(size: int) -> tuple[Floats, Floats]:
    """Cell corners and strides of YOLOX's three levels."""
    cells, strides = [], []
    for stride in (8, 16, 32):
        across = np.arange(size // stride, dtype=np.float32)
        columns, rows = np.meshgrid(across, across)
        cells.append(np.stack([columns, rows], axis=2).reshape(-1, 2))
        strides.append(np.full((cells[-1].shape[0], 1), stride, np.float32))
    return np.concatenate(cells), np.concatenate(strides)


def _label(number: int, labels: tuple[str, ...]) -> str:
    return labels[number] if number < len(labels) else f"class-{number}"
