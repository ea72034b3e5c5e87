"""The optional network: loaded and tried at the start, asked only where motion asks, within one budget for all cameras.

Through ``cv2.dnn``, whose newer engine is twice as fast as its classic one; where that cannot read a file the classic
one is tried. Whatever a model does wrong, cameras go on without it and say so in their health.
"""

import hashlib
import threading
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from prometheus_client import Counter, Gauge

from detectors.vision.foreground import Blob, Image
from detectors.vision.heads import Found, found, letterboxed
from ioc.district import Model

ASKED = Counter("ioc_camera_inferences", "Times the model was asked, by what came of it", ["outcome"])
SPENT = Counter("ioc_camera_inference_seconds", "Seconds spent in the model")
ALLOWED = Gauge("ioc_camera_inference_budget_share", "Share of one core that the model may use")
#: Around what moves, so much more is shown to the model, as a share of the region.
AROUND = 0.6


class BadModel(Exception):
    """The model cannot be used; the message says why and what to change."""


class Network:
    """One network, shared by all cameras: ``share`` of one core's time is its budget.

    ``failed`` says in words why it cannot be used, from the start or since it broke; empty while it works.
    """

    def __init__(self, model: Model, folder: Path, share: float = 0.5) -> None:
        self._model, self._share = model, share
        self._lock = threading.Lock()
        self._credit, self._since = 1.0, time.monotonic()
        self.failed = ""
        ALLOWED.set(share)
        try:
            self._net = _loaded(model, folder)
            self._run(np.zeros((model.size, model.size, 3), np.uint8))
        except BadModel as error:
            self.failed = str(error)
        except (cv2.error, ValueError) as error:
            self.failed = f"{model.path}: {_reason(error)}; check size ({model.size}) and format ({model.format})"

    def look(self, picture: Image, region: Blob) -> list[Found] | None:
        """What is in the region (fractions of the picture) and around it; None without budget, or when broken."""
        with self._lock:
            if self.failed or not self._affordable():
                ASKED.labels("failed" if self.failed else "skipped").inc()
                return None
            begun = time.perf_counter()
            try:
                seen = self._run(_cut(picture, region))
            except (cv2.error, ValueError) as error:
                self.failed = _reason(error)
                ASKED.labels("failed").inc()
                return None
            spent = time.perf_counter() - begun
            self._credit -= spent
            SPENT.inc(spent)
            ASKED.labels("done").inc()
        wanted = self._model.only
        return [each for each in seen if not wanted or each.label in wanted]

    @property
    def decides(self) -> bool:
        """Whether motion that it does not recognise is to be dropped."""
        return bool(self._model.only)

    def _affordable(self) -> bool:
        """Seconds of the budget gather while it is not used, up to one second."""
        now = time.monotonic()
        self._credit = min(1.0, self._credit + self._share * (now - self._since))
        self._since = now
        return self._credit > 0

    def _run(self, picture: Image) -> list[Found]:
        model = self._model
        square, _ = letterboxed(picture, model.size)
        self._net.setInput(cv2.dnn.blobFromImage(square, model.scale, swapRB=model.rgb))
        output = np.asarray(self._net.forward(), np.float32)
        return found(
            output, picture, format=model.format, size=model.size, labels=model.labels, confidence=model.confidence,
            by_class=model.nms == "by_class",
        )  # fmt: skip


def _loaded(model: Model, folder: Path) -> Any:
    path = Path(model.path) if Path(model.path).is_absolute() else folder / model.path
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadModel(f"{path}: {error.strerror}") from None
    if model.sha256 and hashlib.sha256(content).hexdigest() != model.sha256.lower():
        raise BadModel(f"{path}: is not the file that sha256 names")
    for engine in (getattr(cv2.dnn, "ENGINE_AUTO", None), getattr(cv2.dnn, "ENGINE_CLASSIC", None)):
        try:
            return (
                cv2.dnn.readNetFromONNX(str(path), engine) if engine is not None else cv2.dnn.readNetFromONNX(str(path))
            )
        except cv2.error as error:
            reason = _reason(error)
    raise BadModel(f"{path}: OpenCV cannot read it as ONNX: {reason}")


def _cut(picture: Image, region: Blob) -> Image:
    """The region with what is around it, a square where the picture allows one."""
    height, width = picture.shape[:2]
    side = (1 + AROUND) * max(region.width * width, region.height * height, 96)
    x, y = (region.x + region.width / 2) * width, (region.y + region.height / 2) * height
    left, top = max(0, int(x - side / 2)), max(0, int(y - side / 2))
    return picture[
        top : max(top + 1, min(height, int(y + side / 2))), left : max(left + 1, min(width, int(x + side / 2)))
    ]


def _reason(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["failed"])[-1][:200]
