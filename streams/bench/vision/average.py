"""What the motion step is measured against: the running average of most network video recorders.

Written for the benchmark after the description of Frigate's ``improved_motion`` (MIT): height 100, contrast stretched
between percentiles, an average that takes in a change after ten frames, threshold 30, boxes of ten pixels and more, and
nothing while more than 80 % of the picture changed.
"""

import cv2
import numpy as np

from detectors.vision.foreground import Image


class RunningAverage:
    """Frame by frame: does anything move?"""

    def __init__(self) -> None:
        self._mean: np.ndarray[tuple[int, ...], np.dtype[np.float32]] | None = None
        self._moving = 0
        self._spans: list[tuple[float, float]] = []

    def moves(self, frame: Image) -> bool:
        """Take the next frame."""
        grey = frame if frame.ndim == 2 else np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)
        small = cv2.resize(grey, (round(100 * grey.shape[1] / grey.shape[0]), 100), interpolation=cv2.INTER_LINEAR)
        self._spans = [*self._spans, (float(np.percentile(small, 4)), float(np.percentile(small, 96)))][-50:]
        low, high = np.mean(self._spans, axis=0)
        even = np.clip((small - low) * (255 / max(high - low, 1)), 0, 255).astype(np.uint8)
        even = np.asarray(cv2.GaussianBlur(even, (3, 3), 0), np.uint8)
        if self._mean is None:
            self._mean = even.astype(np.float32)
        change = cv2.absdiff(even, cv2.convertScaleAbs(self._mean))
        mask = cv2.dilate(cv2.threshold(change, 30, 255, cv2.THRESH_BINARY)[1], np.ones((3, 3), np.uint8))
        outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        boxes = [outline for outline in outlines if cv2.contourArea(outline) >= 10]
        if np.count_nonzero(mask) > 0.8 * mask.size:
            self._mean, self._moving = even.astype(np.float32), 0
            return False
        self._moving = self._moving + 1 if boxes else 0
        cv2.accumulateWeighted(even, self._mean, 0.2 if self._moving >= 10 else 0.01)
        return bool(boxes)
