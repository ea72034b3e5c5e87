"""What the jobs share: one broker, measured processes one after the other, and a line about each step."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from streams.bench.readings import Goal, Reading
from streams.bench.stopwatch import RESULT
from streams.embedded.kafka import Kafka
from streams.embedded.leash import Leashed
from streams.embedded.not_ready import last_lines

#: A measured process that says nothing for so long is given up, seconds.
PATIENCE = 180.0
ROOT = Path(__file__).parents[2]
#: Our packages come last on the peers' path, so that they only ever get their own libraries from there.
PEER = "import sys, runpy; sys.path.append(sys.argv.pop(1)); runpy.run_module(sys.argv.pop(1), run_name='__main__')"


class BenchFailed(Exception):
    """A measurement could not be made, or what was measured did the wrong thing; the message says which."""


@dataclass(frozen=True)
class System:
    """Something that is measured: a module and what it is told."""

    name: str
    module: str
    args: Mapping[str, Any] = field(default_factory=dict)
    #: What ours must be in comparison, where that is asked.
    goal: Goal | None = None
    #: A slow one may be given fewer events.
    at_most: int | None = None

    @property
    def peer(self) -> bool:
        return ".peers." in self.module


@dataclass
class Bench:
    """One run of ``ioc bench``."""

    kafka: Kafka
    directory: Path
    say: Callable[[str], None]
    rounds: int = 3
    events: int = 300_000
    #: The Python of the peers; None leaves them out.
    peers: Path | None = None
    #: What the names of topics begin with.
    space: str = "bench"
    _started: int = 0

    @property
    def warm_up(self) -> int:
        """Events before the measured ones."""
        return max(2000, self.events // 15)

    def start(self, system: System, **more: Any) -> Leashed:
        """Start a measured process, with its log in a file of its own."""
        self._started += 1
        events = min(self.events, system.at_most or self.events)
        args = {
            "bootstrap": self.kafka.bootstrap,
            "group": f"bench-{self._started}",
            "directory": str(self.directory / f"state-{self._started}"),
            "events": events,
            "warm_up": min(self.warm_up, events // 10),
            **system.args,
            **more,
        }
        log = self.directory / "logs" / f"{self._started:03}-{system.name.replace(' ', '-')}.log"
        if system.peer:
            assert self.peers is not None
            command = [str(self.peers), "-I", "-c", PEER, str(ROOT), system.module, json.dumps(args)]
        else:
            command = [sys.executable, "-m", system.module, json.dumps(args)]
        return Leashed(command, log, cwd=self.directory)

    def finish(self, system: System, process: Leashed, patience: float = PATIENCE) -> Reading:
        """Wait for a measured process and take what it says. Raises BenchFailed."""
        try:
            code = process.wait(patience)
        except BaseException:
            process.kill()
            raise
        said = process.log_path.read_text().rpartition(RESULT)
        if not said[1]:
            raise BenchFailed(
                f"{system.name} ended with code {code} and no result; its log ends:{last_lines(process.log_path)}"
            )
        reading = Reading(**json.loads(said[2].partition("\n")[0]))
        self.say(f"  {system.name}: {reading.rate:,.0f} events/s, {reading.cost:.2f} µs CPU an event")
        return reading

    def measure(self, system: System, **more: Any) -> Reading:
        """Run one measured process from start to end."""
        return self.finish(system, self.start(system, **more))

    def here(self, systems: Sequence[System]) -> list[System]:
        """Those that can be measured in this run."""
        return [system for system in systems if self.peers is not None or not system.peer]

    def alternate(
        self, job: str, systems: Sequence[System], prepare: Callable[[int], Mapping[str, Any]] = lambda _: {}
    ) -> dict[str, list[Reading]]:
        """Measure each system once a round, in another order each round. ``prepare`` gives a round's arguments."""
        systems = self.here(systems)
        readings: dict[str, list[Reading]] = {system.name: [] for system in systems}
        for number in range(self.rounds):
            self.say(f"{job}: round {number + 1} of {self.rounds}")
            more = prepare(number)
            for system in [*systems[number % len(systems) :], *systems[: number % len(systems)]]:
                readings[system.name].append(self.measure(replace(system, args={**system.args, **more})))
        return readings
