"""What can happen to a camera, put into real frames: faults by the name they must get, and what is no fault."""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.foreground import Image
from ioc.events.cameras import CameraStatus
from streams.bench.vision.clips import SIDE, seen


@dataclass
class Moment:
    """Where in the fault a frame is: seconds since it began, and chance that is always the same."""

    since: float
    chance: np.random.Generator
    kept: dict[str, Image] = field(default_factory=dict)


Floats = NDArray[np.floating]
#: From the whole frame to what the camera delivers.
Change = Callable[[Image, Moment], Image]


#: White noise, drawn once: drawing it anew for every frame takes longer than everything that is measured.
NOISE = np.random.default_rng(9).normal(0, 1, (SIDE, SIDE, 3)).astype(np.float32)


def _noisy(picture: Floats, moment: Moment, sigma: float = 1.5) -> Image:
    height, width = picture.shape[:2]
    top, left = moment.chance.integers(0, SIDE - height), moment.chance.integers(0, SIDE - width)
    return np.clip(picture + sigma * NOISE[top : top + height, left : left + width], 0, 255).astype(np.uint8)


def _black(frame: Image, moment: Moment) -> Image:
    return _noisy(seen(frame) * 0.02 + 4, moment)


def _no_light(frame: Image, moment: Moment) -> Image:
    return _noisy(np.zeros(seen(frame).shape, np.float32), moment, 1.0)


def _hand(frame: Image, moment: Moment) -> Image:
    """Skin close to the lens: no detail, a soft slope of light."""
    picture = seen(frame)
    rows, columns = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]]
    slope = (rows / picture.shape[0] * 40 + columns / picture.shape[1] * 25)[..., None]
    return _noisy(np.array([70, 85, 120]) + slope - 20, moment)


def _bag(frame: Image, moment: Moment) -> Image:
    """A bag with folds, and what little light comes through it."""
    picture = seen(frame)
    folds = moment.kept.setdefault("folds", _folds(picture.shape, moment.chance, 12))
    return _noisy(60 + 0.25 * folds + 0.08 * cv2.GaussianBlur(picture, (0, 0), 12), moment)


def _folds(shape: tuple[int, ...], chance: np.random.Generator, size: float) -> Image:
    rough = cv2.GaussianBlur(chance.normal(0, 1, shape[:2]), (0, 0), size)
    return np.asarray(255 * (rough - rough.min()) / (rough.max() - rough.min()), np.uint8)[..., None]


def _partly(frame: Image, moment: Moment) -> Image:
    """Three quarters behind something near."""
    picture = seen(frame).astype(np.float32)
    edge = round(0.75 * picture.shape[1])
    picture[:, :edge] = np.array([38, 42, 48]) + 10 * np.linspace(0, 1, edge)[None, :, None]
    return _noisy(np.asarray(cv2.blur(picture, (5, 5)), np.float32), moment)


def _blurred(share: float) -> Change:
    def change(frame: Image, moment: Moment) -> Image:
        picture = seen(frame)
        return _noisy(cv2.GaussianBlur(picture, (0, 0), share * picture.shape[1]).astype(np.float32), moment, 1.0)

    return change


def _disc(frame: Image, moment: Moment) -> Image:
    """Out of focus as a lens does it: points become discs."""
    size = max(5, round(seen(frame).shape[1] * 0.03) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)).astype(np.float32)
    return _noisy(cv2.filter2D(seen(frame), -1, kernel / kernel.sum()).astype(np.float32), moment, 1.0)


def _turned(x: float, y: float, zoom: float = 1.0) -> Change:
    return lambda frame, moment: seen(frame, x, y, zoom)


def _tilted(frame: Image, _: Moment) -> Image:
    height, width = frame.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 12, 1.0)
    return seen(np.asarray(cv2.warpAffine(frame, turn, (width, height), borderMode=cv2.BORDER_REFLECT), np.uint8))


def _frozen(frame: Image, moment: Moment) -> Image:
    return moment.kept.setdefault("still", seen(frame))


def _bad_bytes(frame: Image, moment: Moment) -> Image:
    """Bytes of the coded picture are wrong, others in each frame."""
    coded = bytearray(cv2.imencode(".jpg", seen(frame), [cv2.IMWRITE_JPEG_QUALITY, 70])[1].tobytes())
    for place in moment.chance.integers(700, len(coded) - 2, 12):
        coded[place] = int(moment.chance.integers(255))
    broken = cv2.imdecode(np.frombuffer(bytes(coded), np.uint8), cv2.IMREAD_COLOR)
    return seen(frame) if broken is None else np.asarray(broken, np.uint8)


def _lost_slices(frame: Image, moment: Moment) -> Image:
    """The lower part never arrived: the decoder's own green."""
    picture = seen(frame).copy()
    picture[round(picture.shape[0] * moment.chance.uniform(0.3, 0.6)) :] = (0, 135, 0)
    return picture


def _wrong_blocks(frame: Image, moment: Moment) -> Image:
    """Macroblocks from elsewhere, as after a lost reference."""
    picture = seen(frame).copy()
    for _ in range(60):
        (y, x), (v, u) = ((moment.chance.integers(0, side - 24) // 8 * 8 for side in picture.shape[:2]) for _ in "ab")
        picture[y : y + 24, x : x + 24] = picture[v : v + 24, u : u + 24]
    return picture


def _dirt(frame: Image, moment: Moment) -> Image:
    """Drops and grime on the glass: soft milky patches on a third of the picture."""
    picture = seen(frame).astype(np.float32)
    height, width = picture.shape[:2]
    if "dirt" not in moment.kept:
        spots = np.zeros((height, width), np.uint8)
        for _ in range(9):
            place = int(moment.chance.integers(width)), int(moment.chance.integers(height))
            cv2.circle(spots, place, int(width * moment.chance.uniform(0.07, 0.12)), 255, -1)
        moment.kept["dirt"] = np.asarray(cv2.GaussianBlur(spots, (0, 0), width * 0.012), np.uint8)
    share = moment.kept["dirt"][..., None] / 255
    milky = 0.75 * cv2.GaussianBlur(picture, (0, 0), width * 0.02) + 35
    return _noisy(picture * (1 - share) + milky * share, moment)


FAULTS: dict[str, tuple[CameraStatus, Change]] = {
    "black": ("black", _black),
    "no light": ("black", _no_light),
    "hand before the lens": ("covered", _hand),
    "bag over it": ("covered", _bag),
    "three quarters covered": ("covered", _partly),
    "defocused": ("defocused", _blurred(0.014)),
    "defocused, mildly": ("defocused", _blurred(0.007)),
    "defocused, discs": ("defocused", _disc),
    "turned a little": ("moved", _turned(0.95, 0.5)),
    "turned up and left": ("moved", _turned(0.0, 0.0)),
    "turned and zoomed": ("moved", _turned(0.9, 0.9, 1.4)),
    "tilted": ("moved", _tilted),
    "frozen": ("frozen", _frozen),
    "corrupted bytes": ("corrupted", _bad_bytes),
    "lost slices": ("corrupted", _lost_slices),
    "wrong blocks": ("corrupted", _wrong_blocks),
    "dirt on the glass": ("dirty", _dirt),
}


def _gain(factor: float, over: float) -> Change:
    def change(frame: Image, moment: Moment) -> Image:
        share = min(1.0, moment.since / over) if over else 1.0
        return np.asarray(np.clip(seen(frame) * (1 + (factor - 1) * share), 0, 255), np.uint8)

    return change


def _infrared(frame: Image, moment: Moment) -> Image:
    """Grey, another weight of the colours, bright in the middle, noise of the gain."""
    picture = seen(frame).astype(np.float32)
    grey = picture @ np.array([0.15, 0.35, 0.5])
    rows, columns = np.mgrid[-1 : 1 : grey.shape[0] * 1j, -1 : 1 : grey.shape[1] * 1j]
    lit = grey * (0.95 - 0.4 * np.minimum(rows**2 + columns**2, 1.2))
    return _noisy(np.repeat(lit[..., None], 3, axis=2), moment, 4.0)


def _rain(frame: Image, moment: Moment) -> Image:
    picture = seen(frame).copy()
    for _ in range(220):
        x, y = int(moment.chance.integers(picture.shape[1])), int(moment.chance.integers(picture.shape[0]))
        cv2.line(picture, (x, y), (x + 2, y + int(moment.chance.integers(6, 14))), (200, 200, 200), 1)
    return np.asarray(cv2.addWeighted(picture, 0.6, seen(frame), 0.4, 0), np.uint8)


def _fog(frame: Image, moment: Moment) -> Image:
    """Half the contrast is gone within half a minute."""
    share = 0.5 * min(1.0, moment.since / 30)
    return _noisy(seen(frame) * (1 - share) + 180 * share, moment)


def _shaken(frame: Image, moment: Moment) -> Image:
    """A mast in the wind: up to one part in a hundred to each side."""
    x, y = 0.5 + moment.chance.uniform(-0.04, 0.04, 2)
    return seen(frame, float(x), float(y))


def _passing(frame: Image, moment: Moment) -> Image:
    """A lorry stands before the camera for some seconds, and drives on."""
    picture = seen(frame).copy()
    left = round(picture.shape[1] * (1.2 - 0.25 * moment.since if moment.since < 3 else 0.45))
    if moment.since < 6:
        width = round(picture.shape[1] * 0.4)
        cv2.rectangle(
            picture, (left, round(picture.shape[0] * 0.3)), (left + width, picture.shape[0]), (60, 70, 160), -1
        )
        cv2.rectangle(picture, (left + 9, round(picture.shape[0] * 0.4)), (left + width // 3, 120), (40, 35, 30), -1)
    return picture


def _grainy(frame: Image, moment: Moment) -> Image:
    """Night: a third of the light and the noise of full gain."""
    return _noisy(seen(frame) * 0.35, moment, 7.0)


def _lightning(frame: Image, moment: Moment) -> Image:
    flash = moment.since % 5 < 0.4
    return np.clip(seen(frame).astype(np.int16) + (90 if flash else 0), 0, 255).astype(np.uint8)


NEGATIVES: dict[str, Change] = {
    "nothing happens": lambda frame, _: seen(frame),
    "dimmed to half at once": _gain(0.5, 0),
    "dimmed to a third in 20 s": _gain(0.33, 20),
    "brightened by a third": _gain(1.35, 0),
    "grey infrared": _infrared,
    "rain": _rain,
    "fog": _fog,
    "shaken": _shaken,
    "a lorry stops before it": _passing,
    "night and noise": _grainy,
    "lightning": _lightning,
}
