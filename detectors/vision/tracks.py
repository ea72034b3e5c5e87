"""Which blob of this frame is which object of the last: a constant-velocity tracker of box centres.

Greedy association, nearest first. Pieces of one object (a windscreen that looks like the road) are joined
when they fall into the box where the whole is expected; objects that merge into one blob coast apart inside
it; an object that stops and melts into the background keeps its number until it drives on.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from detectors.vision.foreground import Blob

Point = tuple[float, float]

#: Observations before an object is believed.
CONFIRMED = 3
#: How long an object may go unseen: a believed one, one hidden in a merged blob, one that stands still.
UNSEEN, MERGED, PARKED = timedelta(seconds=0.7), timedelta(seconds=2), timedelta(minutes=2)
#: Positions kept per object, enough for the longest question asked of them (see motion).
TRAIL = timedelta(seconds=4)


@dataclass(eq=False)
class Track:
    """One object: where it is (pixels), how fast (pixels per second), and where it has been."""

    number: int
    box: Blob
    born: Blob
    seen_at: datetime
    at: datetime
    velocity: Point = (0.0, 0.0)
    hits: int = 1
    #: How far it was from where it was expected, of late, in pixels.
    astray: float = 0.0
    #: In which share of the frames it was seen, of late, when it was last seen; and frames since.
    shown: float = 1.0
    missed: int = 0
    #: Its size of late, in pixels: what melts into the background does not become small at once.
    size: float = 0.0
    trail: list[tuple[datetime, Point]] = field(default_factory=list)

    @property
    def confirmed(self) -> bool:
        return self.hits >= CONFIRMED

    @property
    def position(self) -> Point:
        return self.box.centre

    @property
    def speed(self) -> float:
        return math.hypot(*self.velocity)

    @property
    def steady(self) -> bool:
        """Whether it is one thing, and not put together from drops of rain: mostly seen, and where expected."""
        return self.confirmed and self.shown >= 0.7 and self.astray <= 0.35 * self.size + 1

    def predicted(self, at: datetime) -> Blob:
        """Where the box is expected at that time."""
        step = (at - self.at).total_seconds()
        x, y = self.box.x + self.velocity[0] * step, self.box.y + self.velocity[1] * step
        return self.box._replace(x=x, y=y)

    def observe(self, blob: Blob, at: datetime) -> None:
        step = (at - self.at).total_seconds()
        self.shown = 0.8 ** (self.missed + 1) * self.shown + 0.2
        self.size = max(math.sqrt(blob.width * blob.height), 0.95 * self.size)
        if self.hits > 1:
            self.astray += 0.3 * (math.dist(self.predicted(at).centre, blob.centre) - self.astray)
        if step > 0:
            old, new, weight = self.position, blob.centre, 1.0 if self.hits == 1 else 0.5
            self.velocity = (
                self.velocity[0] + weight * ((new[0] - old[0]) / step - self.velocity[0]),
                self.velocity[1] + weight * ((new[1] - old[1]) / step - self.velocity[1]),
            )
        self.hits += 1
        self.seen_at = at
        self._move(blob, at)

    def coast(self, at: datetime) -> None:
        """Go on as expected, unseen."""
        self._move(self.predicted(at), at)

    def _move(self, box: Blob, at: datetime) -> None:
        self.box, self.at = box, at
        self.trail = [entry for entry in self.trail if at - entry[0] <= TRAIL] + [(at, box.centre)]


@dataclass
class Followed:
    """One frame's tracks: those with a place now (seen, or coasting in a merged blob), and those given up."""

    present: list[Track]
    lost: list[Track]


class Tracker:
    """Follows blobs through frames whose longer side has ``side`` pixels; numbers begin with ``first``."""

    def __init__(self, side: int, first: int = 1) -> None:
        self._side = side
        self._tracks: list[Track] = []
        self._parked: list[Track] = []
        self.next = first

    def update(self, blobs: tuple[Blob, ...], at: datetime) -> Followed:
        """Take the blobs of the next frame. Tracks keep their numbers; numbers are never used again."""
        expected = {track.number: track.predicted(at) for track in self._tracks}
        free, coasting = self._merged(self._joined(list(blobs), expected), expected, at)
        pairs = sorted(
            (cost, track.number, index)
            for track in self._tracks
            if track.number not in coasting
            for index, blob in enumerate(free)
            if (cost := self._cost(track, expected[track.number], blob, at)) is not None
        )
        by_number = {track.number: track for track in self._tracks}
        matched, taken = set(coasting), set[int]()
        for _, number, index in pairs:
            if number not in matched and index not in taken:
                matched.add(number)
                taken.add(index)
                by_number[number].observe(free[index], at)
        for number in coasting:
            by_number[number].coast(at)
        for track in self._tracks:
            track.missed = 0 if track.number in matched else track.missed + 1
        lost = self._given_up(matched, at)
        fresh = [self._new(blob, at) for index, blob in enumerate(free) if index not in taken]
        self._tracks = [track for track in self._tracks if track not in lost] + fresh
        return Followed([track for track in self._tracks if track.number in matched or track in fresh], lost)

    def forget(self) -> list[Track]:
        """Give up every object, as after a change of scene; returns them."""
        lost, self._tracks, self._parked = self._tracks, [], []
        return lost

    def _joined(self, blobs: list[Blob], expected: dict[int, Blob]) -> list[Blob]:
        """Blobs with the pieces of one object made one."""
        for track in self._tracks:
            box = expected[track.number]
            others = [expected[other.number] for other in self._tracks if other is not track and other.confirmed]
            inside = [blob for blob in blobs if track.confirmed and box.holds(blob.centre)]
            pieces = [blob for blob in inside if not any(other.holds(blob.centre) for other in others)]
            if len(pieces) > 1:
                whole = pieces[0]
                for piece in pieces[1:]:
                    whole = whole.joined(piece)
                if whole.width <= 1.3 * box.width and whole.height <= 1.3 * box.height:
                    blobs = [blob for blob in blobs if blob not in pieces] + [whole]
        return blobs

    def _merged(self, blobs: list[Blob], expected: dict[int, Blob], at: datetime) -> tuple[list[Blob], set[int]]:
        """Blobs that hold one object at most, and the numbers of those that hide together in the others."""
        alone, hidden = list[Blob](), set[int]()
        for blob in blobs:
            inside = [
                track
                for track in self._tracks
                if track.confirmed and at - track.seen_at <= MERGED and blob.holds(expected[track.number].centre)
            ]
            if len(inside) > 1 and blob.area > 1.3 * max(track.box.area for track in inside):
                hidden.update(track.number for track in inside)
            else:
                alone.append(blob)
        return alone, hidden

    def _cost(self, track: Track, box: Blob, blob: Blob, at: datetime) -> float | None:
        """How badly the blob suits the track: 0 is perfect, None is too far or too different in size."""
        step = (at - track.at).total_seconds()
        reach = 0.5 * math.hypot(box.width, box.height) + 0.03 * self._side + 0.5 * track.speed * step
        if track.hits == 1:
            reach += 0.1 * self._side
        distance = math.dist(box.centre, blob.centre) / reach
        size = abs(math.log(max(blob.area, 1) / max(box.area, 1)))
        return distance + 0.2 * size if distance <= 1 and size <= math.log(8) else None

    def _given_up(self, matched: set[int], at: datetime) -> list[Track]:
        lost = list[Track]()
        for track in self._tracks:
            patience = UNSEEN if track.confirmed else UNSEEN / 3
            if track.number not in matched and at - track.seen_at > patience:
                still = track.confirmed and track.speed < 0.05 * self._side
                (self._parked if still else lost).append(track)
        self._tracks = [track for track in self._tracks if track not in self._parked]
        expired = [track for track in self._parked if at - track.seen_at > PARKED]
        self._parked = [track for track in self._parked if track not in expired]
        return lost + expired

    def _new(self, blob: Blob, at: datetime) -> Track:
        for track in self._parked:
            if track.box.holds(blob.centre) and blob.area >= track.box.area / 4:
                self._parked.remove(track)
                track.velocity, track.at = (0.0, 0.0), at
                track.observe(blob, at)
                return track
        track = Track(self.next, blob, blob, at, at, trail=[(at, blob.centre)])
        self.next += 1
        return track
