"""What every measured process carries: it counts events, and takes the time and this process's CPU seconds.

Only the standard library: the peers run it in an environment that has nothing of ours.
"""

import json
import resource
import sys
import time
from typing import Any

#: What a measured process prints when it is done: this word, then JSON.
RESULT = "RESULT "


def arguments() -> dict[str, Any]:
    """What this process was started with: one JSON object."""
    given: dict[str, Any] = json.loads(sys.argv[1])
    return given


def cpu_seconds() -> float:
    """Processor seconds of this process so far, all its threads, user and system."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Stopwatch:
    """Starts once ``warm_up`` events have been counted, and stops ``events`` later."""

    def __init__(self, warm_up: int, events: int) -> None:
        self.seen = 0
        self.done = False
        self._mark, self._events = warm_up, events
        self._begun: tuple[int, float, float] | None = None
        self._ended: tuple[int, float, float] | None = None

    def count(self, events: int = 1) -> bool:
        """So many more were done. True once all have been, and then the end is taken."""
        self.seen += events
        return self.seen >= self._mark and self._reached()

    def _reached(self) -> bool:
        if self._begun is None:
            self.begin()
            return False
        self.stop()
        self.done = True
        return True

    def begin(self) -> None:
        """What was seen so far was the warm-up."""
        self._begun = self._now()
        self._mark += self._events

    def stop(self) -> None:
        """The work ends here, not where it was last said to."""
        self._ended = self._now()

    def _now(self) -> tuple[int, float, float]:
        return self.seen, time.perf_counter(), cpu_seconds()

    def report(self, **more: float) -> None:
        """Print the result for who started this process."""
        assert self._begun is not None and self._ended is not None, "too few events were seen"
        events, seconds, cpu = (end - begin for begin, end in zip(self._begun, self._ended, strict=True))
        print(RESULT + json.dumps({"events": events, "seconds": seconds, "cpu_seconds": cpu, **more}), flush=True)
