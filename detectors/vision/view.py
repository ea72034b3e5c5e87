"""What a camera usually shows, and how what it shows now differs: covered, out of focus, turned, broken, dirty.

The usual view is a slow average of the picture's own structure, learnt only while nothing is suspected, one for
colour and one for infrared. It is compared cell by cell, where it has structure at all, in three ways that light
does not change: does the structure still lie where it lay (correlation of a band of detail), is it as sharp
(finest detail against coarser detail, noise taken off), and are the large shapes the same. Where the edges went,
and not how bright it is, tells the faults apart, as in Lee et al. (2015), *edge disappearance rate*.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.vision.foreground import Image
from ioc.events.cameras import CameraStatus

Floats = NDArray[np.float32]

#: Cells of the comparison: columns, rows.
GRID = 16, 9
#: Shares of the picture from which on it is broken, and of the cells from which on they are stained.
BROKEN, STAINED = 0.055, 0.05
#: Colours of a decoder's own fill, from and to: YUV of zeros in two matrices, and of the middle.
FILLS = tuple(
    (np.maximum(np.array(colour) - 4, 0), np.array(colour) + 4)
    for colour in ((0, 135, 0), (0, 154, 0), (129, 129, 129))
)
#: Looks that a view is learnt from before anything is compared with it.
ENOUGH = 3
#: Looks in which a known view follows slow change of light, and in which passing things leave the present one.
SLOW, QUICK = 600, 3


class Features(NamedTuple):
    """One picture's structure, by cell where not said otherwise."""

    #: Middle band of detail, by pixel, and the picture without detail, 32 by 18.
    band: Floats
    coarse: Floats
    #: Root mean square of the middle band and of the finest one, noise taken off, and what the latter's noise was.
    detail: Floats
    fine: Floats
    grain: float
    #: Mean brightness.
    level: Floats

    @property
    def sharp(self) -> Floats:
        """Finest detail against coarser: what focus makes and light does not change."""
        return np.asarray(self.fine / np.maximum(self.detail, 0.5), np.float32)


@dataclass(frozen=True)
class Compared:
    """What is left of the usual view: shares of the cells that had structure and can be judged now."""

    cells: int
    #: Structure lies where it lay.
    kept: float
    #: Of these and of all: less sharp by half than usual.
    soft: float
    #: Structure is gone: hardly any is there, or another.
    bare: float
    alien: float
    #: Correlation of the large shapes, -1 to 1, and how sharp the picture is against usual.
    shapes: float
    sharpness: float
    #: Which cells are less sharp by half or bare (1), are not (0), or cannot be told (-1).
    softened: Floats


@dataclass
class View:
    """The usual view of one camera in one kind of light."""

    grey: Floats
    looks: int = 1

    def learn(self, grey: Floats) -> None:
        self.looks += 1
        self.grey += (grey - self.grey) / min(self.looks, SLOW)

    @property
    def known(self) -> bool:
        return self.looks >= ENOUGH


def features(grey: Floats, noise: float) -> Features:
    """Structure of a grey picture that holds noise of that variance."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 1.0)
    band = smooth - cv2.blur(smooth, (13, 13))
    fine = grey - smooth
    # A Gaussian of one pixel leaves 0.64 of white noise's variance in the finest band and 0.07 in the middle one.
    return Features(
        np.asarray(band, np.float32),
        _cells(grey, (32, 18)),
        _root(_cells(band * band), 0.07 * noise),
        _root(_cells(fine * fine), 0.64 * noise),
        float(np.sqrt(0.64 * noise)),
        _cells(grey),
    )


def compare(usual: Features, now: Features, instant: Features) -> Compared:
    """How the present picture differs from the usual view: ``now`` over a second, ``instant`` this frame alone.

    Sharpness is the single frame's: a mast that shakes blurs only what is averaged.
    """
    lit = (now.level > 12) & (now.level < 245)
    textured = (usual.detail > max(2.0, 0.5 * float(np.median(usual.detail)))) & lit
    count = int(np.count_nonzero(textured))
    if count == 0:
        return Compared(0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, np.full(textured.shape, -1, np.float32))
    alike = _cells(usual.band * now.band) / np.maximum(
        np.sqrt(_cells(usual.band * usual.band) * _cells(now.band * now.band)), 0.3
    )
    gain = _gain(usual, now)
    strength = now.detail / np.maximum(usual.detail * gain, 0.5)
    sharp = instant.sharp / np.maximum(usual.sharp, 0.02)
    # Detail that would now drown in grain says nothing when it is not seen.
    told = textured & (usual.fine * gain > 1.2 * instant.grain) & (usual.fine * gain > 0.6)
    soft = sharp < 0.5
    lost = alike < 0.35
    bare = lost & (strength < 0.4)
    return Compared(
        count,
        _share(alike > 0.5, textured),
        _share(soft, told) if np.count_nonzero(told) >= 6 else 0.0,
        _share(bare, textured),
        _share(lost & (strength >= 0.4), textured),
        _correlation(usual.coarse, now.coarse),
        float(np.median(sharp[told])) if np.any(told) else 1.0,
        np.where(told | (textured & bare), soft | bare, -1).astype(np.float32),
    )


def judged(seen: Compared, broken: float, restless: float, stained: float) -> CameraStatus:
    """The fault that the comparison speaks of.

    ``broken`` is the share of the picture that a decoder spoiled, ``restless`` that of its cells whose brightness
    jumps from look to look, ``stained`` that of those which stay blurred.
    """
    lost = seen.bare + seen.alien
    if broken > BROKEN or (restless > 0.25 and lost > 0.3):
        return "corrupted"
    if seen.cells < 6:
        return "ok"
    if lost < 0.45:
        if seen.soft > 0.55 and seen.sharpness < 0.5 and seen.shapes > 0.6:
            return "defocused"
        return "dirty" if stained > STAINED and seen.shapes > 0.5 and seen.kept > 0.3 else "ok"
    if seen.soft > 0.75 and seen.shapes > 0.75:
        return "defocused"
    if seen.bare > 0.4 * lost:
        return "covered"
    return "moved"


def _gain(usual: Features, now: Features) -> float:
    """How much stronger or weaker all contrast is: light and exposure change it, and no fault is that."""
    spread = float(np.std(now.coarse)) / max(float(np.std(usual.coarse)), 1.0)
    return float(np.clip(spread, 0.25, 1.5))


def _cells(values: Floats, grid: tuple[int, int] = GRID) -> Floats:
    return np.asarray(cv2.resize(values, grid, interpolation=cv2.INTER_AREA), np.float32)


def _root(power: Floats, noise: float) -> Floats:
    return np.asarray(np.sqrt(np.maximum(power - noise, 0.0)), np.float32)


def _share(cells: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    return float(np.mean(cells[among]))


def _correlation(one: Floats, other: Floats) -> float:
    a, b = one - one.mean(), other - other.mean()
    return float((a * b).sum() / max(float(np.sqrt((a * a).sum() * (b * b).sum())), 1e-3))


def spoiled(picture: Image, before: Image | None, usual: Floats | None) -> float:
    """Share of the picture that no lens shows: a decoder's own flat fill, or block borders that come and go."""
    if picture.ndim == 2 or min(picture.shape[:2]) < 32:
        return 0.0
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    flat = _flat(picture, grey)
    return max(flat, 2.5 * _borders(grey, before, usual) if before is not None and before.shape == grey.shape else 0.0)


def _flat(picture: Image, grey: Image) -> float:
    """Share of a decoder's own fill (YUV of zeros, or of the middle) without the least grain, and so all around."""
    filled = np.zeros(grey.shape, np.uint8)
    for low, high in FILLS:
        filled |= np.asarray(cv2.inRange(picture, low, high), np.uint8)
    if np.count_nonzero(filled) < 0.02 * filled.size:
        return 0.0
    grain = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    filled[grain > 1] = 0
    return float(np.count_nonzero(cv2.erode(filled, np.ones((7, 7), np.uint8)))) / filled.size


def _borders(grey: Image, before: Image, usual: Floats | None) -> float:
    """Long straight edges that were not there a look ago, nor are near any of the usual view, as a share of the pixels.

    Of upright and level ones the fewer: blocks have both, rain has upright ones only. A mast that shakes brings
    edges that are new, but near those it always shows; a camera that was turned keeps the ones it has now.
    """
    views = [(before, 3)] if usual is None else [(before, 3), (np.asarray(usual, np.uint8), 11)]
    known = [(_straight(view), np.ones((reach, reach), np.uint8)) for view, reach in views]
    fresh = []
    for which, now in enumerate(_straight(grey)):
        left = now != 0
        for then, reach in known:
            left &= cv2.dilate(then[which], reach) == 0
        fresh.append(float(np.mean(left)))
    return 2 * min(fresh)


def _straight(grey: Image) -> tuple[Image, Image]:
    """Upright and level edges of seven pixels and more, as 0 and 1."""
    wide = grey.astype(np.int16)
    across = (np.abs(np.diff(wide, axis=1, append=wide[:, -1:])) > 18).astype(np.uint8)
    along = (np.abs(np.diff(wide, axis=0, append=wide[-1:])) > 18).astype(np.uint8)
    upright = cv2.morphologyEx(across, cv2.MORPH_OPEN, np.ones((7, 1), np.uint8))
    level = cv2.morphologyEx(along, cv2.MORPH_OPEN, np.ones((1, 7), np.uint8))
    return np.asarray(upright, np.uint8), np.asarray(level, np.uint8)


def restless(level: Floats, before: Floats | None) -> float:
    """Share of the cells whose brightness jumped since the last look, otherwise than all of them did."""
    if before is None or before.shape != level.shape:
        return 0.0
    change = level - before
    return float(np.mean(np.abs(change - np.median(change)) > 12))
