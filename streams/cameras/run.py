"""A camera from its source to its events: decode, watch, number, hand over.

A file ends; a live source is opened again and again, with pauses that grow to a minute and differ by chance,
so that cameras behind one failed switch do not all come back at once.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from detectors.vision.camera import CameraWatch, Said
from ioc.district import Camera
from ioc.events.base import AnyEvent, Event
from ioc.events.cameras import CameraHealth, LineCrossed, MotionSeen
from streams.cameras.capture import Decoder, Frame, Opened, Picture, Stopped, is_live, shown, unusable
from streams.cameras.evidence import Evidence
from streams.cameras.model import Network
from streams.cameras.pictures import Pictures

#: Frames analysed a second, at least, where the camera sends that many: lines lose fast vehicles below 8.
FPS = 10.0

#: What waits for its picture is said so much later at most.
REMEMBERED = timedelta(seconds=30)

Emit = Callable[[AnyEvent], None]
#: Analyse one frame when it is this camera's turn.
Turn = Callable[[Callable[[], list[Said]]], list[Said]]


def at_once(work: Callable[[], list[Said]]) -> list[Said]:
    """Without waiting for a turn: a camera alone."""
    return work()


def pause(attempt: int) -> float:
    """Seconds before a live source is opened again, after so many failures in a row (1 is the first)."""
    return min(60.0, 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.5)


@dataclass
class Tally:
    """What one run of a camera came to; filled while it runs."""

    camera: str
    source: str
    frames: int = 0
    expected: int = 0
    analysed: int = 0
    skipped: int = 0
    crossings: Counter[tuple[str, str]] = field(default_factory=Counter)
    motions: Counter[str] = field(default_factory=Counter)
    health: list[tuple[datetime, str, str]] = field(default_factory=list)
    #: Why the source could not be read to its end; None when it was.
    problem: str | None = None

    def add(self, event: AnyEvent) -> None:
        match event.data:
            case LineCrossed(line=line, direction=direction):
                self.crossings[line, direction] += 1
            case MotionSeen(zone=zone):
                self.motions[zone] += 1
            case CameraHealth(status=status, reason=reason):
                if not self.health or self.health[-1][1] != status:
                    self.health.append((event.at, status, reason))


class CameraRun:
    """One camera being read. Iterate over :meth:`events` once; :attr:`tally` grows with it.

    ``start`` is the time of a file's first frame (a live source has its own clock). ``paced`` plays a file at
    its own speed. ``stop`` is asked about once a second and before every frame. ``between`` gives the pause
    before each new try of a live source, in seconds. ``evidence`` keeps pictures of what is said,
    ``network`` is asked what moves; ``turn`` waits until others have had theirs.
    """

    def __init__(
        self,
        camera: Camera,
        source: str,
        start: datetime,
        *,
        fps: float = FPS,
        paced: bool = False,
        stop: Callable[[], bool] = lambda: False,
        between: Callable[[int], float] = pause,
        evidence: Evidence | None = None,
        network: Network | None = None,
        turn: Turn = at_once,
    ) -> None:
        self.tally = Tally(camera.id, shown(source))
        self._name, self._source, self._fps = f"/cameras/{quote(camera.id, safe='')}", source, fps
        self._start, self._live, self._paced = (
            start.astimezone(UTC),
            is_live(source),
            paced and not is_live(source),
        )
        self._stop, self._between = stop, between
        self._camera, self._watch = camera, CameraWatch(camera)
        self._pictures = Pictures(camera, self._watch, evidence, network) if evidence or network else None
        self._turn = turn
        self._rebased = False
        self._ordinals: dict[datetime, int] = {}
        self._failures = 0
        self.pid: int | None = None

    def rebase(self) -> None:
        """A person has declared the present view the right one; may be called from another thread."""
        self._rebased = True

    def events(self) -> Iterator[AnyEvent]:
        """The camera's events as they happen, until the file ends, or ``stop`` ends a live source."""
        while not self._stop():
            stopped = unusable(self._source)
            if stopped is None:
                yield from self._once()
            else:
                yield from self._gone(self._start, stopped)
            if not self._live:
                return
            self._failures += 1
            yield from self._wait(self._between(self._failures))

    def _once(self) -> Iterator[AnyEvent]:
        """One run of the decoder."""
        with Decoder(self._source, self._fps, paced=self._paced) as decoder:
            self.pid, heard = decoder.pid, time.monotonic()
            for message in decoder:
                if self._stop():
                    return
                match message:
                    case Opened(frames=frames):
                        self.tally.expected = frames
                    case Frame():
                        heard = time.monotonic()
                        yield from self._frame(message, decoder)
                    case Picture() if self._pictures:
                        yield from self._held(self._pictures.came(message.image))
                    case Stopped():
                        if self._pictures:
                            yield from self._held(self._pictures.come_no_more())
                        yield from self._stopped(message)
                    case None if self._live and self._silent(heard):
                        yield from self._gone(datetime.now(UTC), f"{self.tally.source}: no picture any more")

    def _silent(self, heard: float) -> bool:
        return time.monotonic() - heard > self._camera.health.offline_after.total_seconds()

    def _frame(self, frame: Frame, decoder: Decoder) -> Iterator[AnyEvent]:
        self._failures = 0
        self.tally.frames = self.tally.frames + frame.received if self._live else frame.number + 1
        self.tally.analysed += 1
        self.tally.skipped += frame.skipped
        self.tally.problem = None
        at = self._time(frame.seconds)
        if self._rebased:
            self._rebased = False
            self._watch.rebase()
        said = self._turn(lambda: self._watch.frame(frame.image, at, frame.received, frame.skipped))
        if self._pictures:
            said = self._pictures.wanted(said, at, frame.image, decoder)
        yield from self._said(at, said)

    def _stopped(self, stopped: Stopped) -> Iterator[AnyEvent]:
        if self._live:
            yield from self._gone(datetime.now(UTC), stopped.reason)
            return
        self.tally.frames = stopped.frames
        at = self._time(stopped.seconds)
        if stopped.whole:
            yield from self._said(at, self._watch.ended(at, stopped.reason))
        else:
            yield from self._gone(at, stopped.reason)

    def _gone(self, at: datetime, reason: str) -> Iterator[AnyEvent]:
        self.tally.problem = reason
        yield from self._said(at, self._watch.gone(at, reason))

    def _wait(self, seconds: float) -> Iterator[AnyEvent]:
        """Until the next try: a camera that is offline goes on saying so."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self._stop():
            time.sleep(min(1.0, left))
            yield from self._gone(datetime.now(UTC), self.tally.problem or "")

    def _time(self, seconds: float) -> datetime:
        if self._live:
            return datetime.fromtimestamp(seconds, UTC)
        return self._start + timedelta(seconds=seconds)

    def _held(self, held: list[tuple[datetime, Said]]) -> Iterator[AnyEvent]:
        """What waited for its picture, with the time at which it happened."""
        for at, data in held:
            yield from self._said(at, [data])

    def _said(self, at: datetime, said: list[Said]) -> Iterator[AnyEvent]:
        """Events with ids from when they happened: the same file from the same start gives the same ids."""
        for data in said:
            ordinal = self._ordinals.get(at, -1) + 1
            recent = {when: last for when, last in self._ordinals.items() if abs(at - when) < REMEMBERED}
            self._ordinals = {**recent, at: ordinal}
            id_ = f"{at:%Y%m%dT%H%M%S.%fZ}-{ordinal}"
            event: AnyEvent = Event(at, self._name, id_, data)
            self.tally.add(event)
            yield event


def run(
    camera: Camera,
    source: str,
    start: datetime,
    emit: Emit,
    *,
    fps: float = FPS,
    paced: bool = False,
    stop: Callable[[], bool] = lambda: False,
) -> Tally:
    """Read one camera to its end (a live one until ``stop``), giving each event to ``emit``.

    Never raises for what the video is or does: that is a health event, and the tally's ``problem``.
    """
    running = CameraRun(camera, source, start, fps=fps, paced=paced, stop=stop)
    for event in running.events():
        emit(event)
    return running.tally
