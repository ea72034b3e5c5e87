"""Counting what crosses a line: each object once a crossing, with its direction.

The sides are those of someone who walks on the picture from the line's start to its end. From the left hand
to the right hand is ``forward``, the other way ``backward``::

    start
      |            a line drawn from top to bottom, as on the screen:
      |            its left hand is the picture's right side, so
      v            right-to-left traffic is forward, left-to-right is backward
     end

An object must have been seen on both sides, beyond a narrow band along the line, for several frames; so
neither a flicker nor standing on the line counts. Where the line is too near the edge of the picture for
that, the edge at which an object came in or left stands for the side it cannot be seen on.
"""

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

from detectors.vision.foreground import Blob
from detectors.vision.tracks import Followed, Point, Track
from ioc.district import Line

Direction = Literal["forward", "backward"]

#: Frames on a side before it is believed; an object first seen beyond the line needs one more and some way.
HELD = 2
#: Half the width of the band that belongs to no side, as a share of the picture's longer side.
BAND = 0.01


class Crossing(NamedTuple):
    """One object crossed."""

    direction: Direction
    track: int


@dataclass
class _Passage:
    """What one object has shown of its sides: -1 is the left hand, 1 the right hand, 0 not yet known."""

    side: int = 0
    held: int = 0
    last: Point = (0.0, 0.0)
    other: int = 0
    first: Point = (0.0, 0.0)
    through_edge: bool = False


class LineCounter:
    """Counts at one line, in a picture of the given size in pixels."""

    def __init__(self, line: Line, width: int, height: int) -> None:
        self._size = width, height
        self._start = line.start[0] * width, line.start[1] * height
        self._end = line.end[0] * width, line.end[1] * height
        self._band = BAND * max(width, height)
        self._passages: dict[int, _Passage] = {}

    def update(self, followed: Followed) -> list[Crossing]:
        """Take the next frame's tracks; returns the crossings that became certain with it."""
        crossings = [found for track in followed.present if (found := self._step(track))]
        for track in followed.lost:
            passage = self._passages.pop(track.number, None)
            if passage and track.steady and (found := self._left(track, passage)):
                crossings.append(found)
        return crossings

    def _step(self, track: Track) -> Crossing | None:
        passage = self._passages.setdefault(track.number, _Passage())
        here = track.position
        if track.steady and not passage.through_edge:
            passage.through_edge = True
            self._entered(track, passage)
        side = self._side(here)
        if side == 0:
            return None
        if passage.side in (0, side):
            passage.side, passage.held, passage.last, passage.other = side, passage.held + 1, here, 0
            return None
        passage.first = passage.first if passage.other else here
        passage.other += 1
        return self._decided(track, passage, here)

    def _decided(self, track: Track, passage: _Passage, here: Point) -> Crossing | None:
        certain = passage.held >= HELD
        needed = HELD if certain else HELD + 1
        moved_on = abs(self._distance(here)) >= abs(self._distance(passage.first)) + self._band
        if not track.steady or passage.other < needed or not (certain or moved_on):
            return None
        crossed = self._between_ends(passage.last, passage.first)
        to, passage.side, passage.held = -passage.side, -passage.side, passage.other
        passage.last, passage.other = here, 0
        return Crossing(_direction(to), track.number) if crossed else None

    def _entered(self, track: Track, passage: _Passage) -> None:
        """Where an object came in over the picture's edge, that edge is the first place it was seen."""
        edge = self._edge(track.born, (-track.velocity[0], -track.velocity[1]))
        side = _sign(self._distance(edge)) if edge else 0
        if edge and passage.side and side == -passage.side:
            passage.other, passage.first = passage.held, track.trail[0][1]
            passage.side, passage.held, passage.last = side, 1, edge

    def _left(self, track: Track, passage: _Passage) -> Crossing | None:
        """Where an object went out over the picture's edge, that edge is the last place it was seen."""
        edge = self._edge(track.box, track.velocity)
        if edge is None or passage.held < HELD or _sign(self._distance(edge)) != -passage.side:
            return None
        to = -passage.side
        return Crossing(_direction(to), track.number) if self._between_ends(passage.last, edge) else None

    def _edge(self, box: Blob, way: Point) -> Point | None:
        """The middle of the box's side on the picture's edge that ``way`` leads to, if it touches that."""
        (width, height), (x, y), near = self._size, box.centre, self._band
        speed = math.hypot(*way)
        edges = (
            (box.x <= near, -way[0], (0.0, y)),
            (box.x + box.width >= width - near, way[0], (float(width), y)),
            (box.y <= near, -way[1], (x, 0.0)),
            (box.y + box.height >= height - near, way[1], (x, float(height))),
        )
        touching = [(along, point) for touches, along, point in edges if touches and along > 0.5 * speed]
        return max(touching)[1] if touching else None

    def _distance(self, point: Point) -> float:
        """Pixels from the endless line; positive on its right hand (y grows downwards)."""
        along = self._end[0] - self._start[0], self._end[1] - self._start[1]
        cross = along[0] * (point[1] - self._start[1]) - along[1] * (point[0] - self._start[0])
        return cross / (math.hypot(*along) or 1.0)

    def _side(self, point: Point) -> int:
        distance = self._distance(point)
        return 0 if abs(distance) < self._band else _sign(distance)

    def _between_ends(self, before: Point, after: Point) -> bool:
        """Whether the way from one point to the other leads between the line's ends, or just beside them."""
        one, two = abs(self._distance(before)), abs(self._distance(after))
        share = one / (one + two) if one + two else 0.5
        x, y = before[0] + share * (after[0] - before[0]), before[1] + share * (after[1] - before[1])
        along = self._end[0] - self._start[0], self._end[1] - self._start[1]
        length = math.hypot(*along) or 1.0
        place = ((x - self._start[0]) * along[0] + (y - self._start[1]) * along[1]) / length
        return -2 * self._band <= place <= length + 2 * self._band


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _direction(side: int) -> Direction:
    return "forward" if side > 0 else "backward"
