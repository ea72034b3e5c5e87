"""Many cameras in one process: a thread each, within a declared budget, to one stream of events.

Decoding is a process of its own a camera (:mod:`~streams.cameras.capture`). Analysis is shared: so many frames at
once as the budget has cores, and every camera in turn, so that one in the wind takes nothing from its neighbours. A
frame that is not analysed in time gives way to the camera's next one; it is counted, said in the camera's health and
in ``ioc_camera_frames_total{fate="skipped"}``.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from prometheus_client import Counter, Gauge, Histogram

from detectors.vision.camera import Said
from ioc.district import Camera
from ioc.events.base import AnyEvent
from ioc.events.cameras import CameraHealth, CameraStatus
from streams.cameras.evidence import SWEEP_EVERY, Evidence
from streams.cameras.model import Network
from streams.cameras.run import CameraRun, Turn

FRAMES = Counter("ioc_camera_frames", "Frames by what became of them", ["camera", "fate"])
WAITED = Histogram(
    "ioc_camera_turn_seconds", "Time a frame waited for its turn to be analysed",
    buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3),
)  # fmt: skip
ANALYSED = Histogram(
    "ioc_camera_analysis_seconds", "Time to analyse one frame", buckets=(0.001, 0.002, 0.004, 0.008, 0.016, 0.03, 0.1)
)
STATUS = Gauge("ioc_camera_status", "1 for the status a camera is in", ["camera", "status"])
BUSY = Counter("ioc_camera_budget_used_seconds", "Seconds of analysis, to be held against the budget")
BUDGET = Gauge("ioc_camera_budget_cores", "Frames that may be analysed at once")


class Turns:
    """So many at once, and whoever has waited longest is next."""

    def __init__(self, at_once: int) -> None:
        self._free, self._waiting = at_once, deque[threading.Event]()
        self._lock = threading.Lock()
        BUDGET.set(at_once)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and pass it on."""
        mine = threading.Event()
        with self._lock:
            if self._free:
                self._free -= 1
                mine.set()
            else:
                self._waiting.append(mine)
        mine.wait()
        try:
            yield
        finally:
            with self._lock:
                if self._waiting:
                    self._waiting.popleft().set()
                else:
                    self._free += 1

    def take(self, work: Callable[[], list[Said]]) -> list[Said]:
        """Analyse one frame in turn, measured."""
        asked = time.perf_counter()
        with self.turn():
            begun = time.perf_counter()
            said = work()
            spent = time.perf_counter() - begun
        WAITED.observe(begun - asked)
        ANALYSED.observe(spent)
        BUSY.inc(spent)
        return said


class Cameras:
    """Reads all its cameras until :meth:`stop`; :meth:`events` is what they say, in the order in which they say it."""

    def __init__(
        self,
        sources: Mapping[str, tuple[Camera, str]],
        *,
        fps: float,
        cores: int,
        evidence: Evidence | None = None,
        network: Network | None = None,
        paced: bool = False,
    ) -> None:
        self._turns, self._stopping = Turns(cores), threading.Event()
        # Bounded: where Kafka does not take the events, cameras wait, and their skipped frames are counted.
        self._said: queue.Queue[AnyEvent | None] = queue.Queue(maxsize=1000)
        take: Turn = self._turns.take
        self.runs = {
            name: CameraRun(
                camera, source, datetime.now(UTC), fps=fps, paced=paced, stop=self._stopping.is_set,
                evidence=evidence, network=network, turn=take,
            )
            for name, (camera, source) in sources.items()
        }  # fmt: skip
        self._threads = [threading.Thread(target=self._read, args=(run,), daemon=True) for run in self.runs.values()]
        self._evidence = evidence

    def events(self) -> Iterator[AnyEvent]:
        """Start reading; ends when every source has ended."""
        left = len(self._threads)
        if self._evidence is not None:
            threading.Thread(target=self._sweep, args=(self._evidence,), daemon=True).start()
        for thread in self._threads:
            thread.start()
        while left:
            event = self._said.get()
            if event is None:
                left -= 1
            else:
                yield event
        self.stop()  # nobody is left to sweep after

    def stop(self) -> None:
        """Every reader ends within a second or so."""
        self._stopping.set()

    def _sweep(self, evidence: Evidence) -> None:
        """Pictures go when their time is over, also where no new ones come."""
        while True:
            evidence.sweep()
            if self._stopping.wait(SWEEP_EVERY):
                return

    def _read(self, run: CameraRun) -> None:
        meter = _Meter(run)
        try:
            for event in run.events():
                meter.update(event)
                self._said.put(event)
        finally:
            self._said.put(None)


class _Meter:
    """One camera's figures for Prometheus."""

    def __init__(self, run: CameraRun) -> None:
        self._run, self._name = run, run.tally.camera
        self._frames = self._analysed = self._skipped = 0
        self._status: CameraStatus | None = None

    def update(self, event: AnyEvent) -> None:
        tally = self._run.tally
        for fate, now, before in (
            ("read", tally.frames, self._frames),
            ("analysed", tally.analysed, self._analysed),
            ("skipped", tally.skipped, self._skipped),
        ):
            FRAMES.labels(self._name, fate).inc(max(0, now - before))
        self._frames, self._analysed, self._skipped = tally.frames, tally.analysed, tally.skipped
        if isinstance(event.data, CameraHealth) and event.data.status != self._status:
            if self._status is not None:
                STATUS.labels(self._name, self._status).set(0)
            self._status = event.data.status
            STATUS.labels(self._name, self._status).set(1)
