"""Thousands of schedules of the worker's coordination: killed at every turn, frozen and moved at random ones."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from ioc import recording
from ioc.engine.plan import Plan
from ioc.events import requests
from ioc.events.base import AnyEvent, Event
from tests.streams.faults.field import RUNS, Oracle, State, rules, states
from tests.streams.faults.simulation import FOLDS, PARTITIONS, Simulation, in_memory

#: Who is killed leaves behind what it had not begun.
pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
SCHEDULES = 300 * RUNS
LIMIT = 4_000
OWNERS = [(fold.name, number) for fold in FOLDS[:2] for number in range(PARTITIONS)]
KINDS = ("request_unanswered", "queue_growing")
START = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def plan() -> Iterator[Plan]:
    with in_memory():
        yield rules()


def story(seed: int, count: int = 24) -> list[AnyEvent]:
    """Requests with equal times, so many that queues ring, and critical ones that nobody answers."""
    chance, events, at = Random(seed), list[AnyEvent](), START
    for number in range(count):
        at += timedelta(minutes=chance.choice((0, 1, 30, 90)))
        name = f"R{chance.randrange(count)}"
        data: requests.RequestData = requests.RequestOpened(request=name, queue="duong-sa", priority="critical")
        if chance.random() < 0.4:
            data = chance.choice((requests.RequestAnswered, requests.RequestClosed))(request=name)
        events.append(Event(at, "/app", f"{number}", data))
    return list(recording.clocked(events, step=timedelta(minutes=5)))


class Wanted:
    """What must come of a story in the folds that are simulated."""

    def __init__(self, events: list[AnyEvent]) -> None:
        oracle = Oracle(events, PARTITIONS)
        kinds = {
            line.model_dump_json(by_alias=True).encode(): line.kind
            for line in oracle.result.alerts
            if line.transition != "H16"
        }
        self.lines = {line: 1 for line in oracle.lines if kinds.get(line) in KINDS}
        self.states = {owner: oracle.states.get(owner, {}) for owner in OWNERS}


def finish(sim: Simulation, wanted: Wanted) -> None:
    """Let it run until all is in, then hold it against the oracle."""
    while not (sim.published and _states(sim) == wanted.states and sim.lines() == wanted.lines):
        for _ in range(20):
            for name, process in list(sim.processes.items()):
                if not process.alive:
                    sim.start(name)
            sim.turn()
        assert sim.turns < LIMIT, (sim.faults, _states(sim) == wanted.states, sim.lines() == wanted.lines)
    for _ in range(100):  # what would come now is one too many
        sim.turn()
    assert sim.lines() == wanted.lines
    sim.close()


def _states(sim: Simulation) -> dict[tuple[str, int], State]:
    return {owner: states(sim.state(*owner)) for owner in OWNERS}


def test_killed_at_every_turn(plan: Plan) -> None:
    """One worker, killed at turn 1, at turn 2, … of its life, until a whole life is covered."""
    events = story(1)
    wanted = Wanted(events)
    assert len(wanted.lines) > 3
    calm = Simulation(plan, events, 1)
    calm.start("a")
    finish(calm, wanted)
    for turn in range(1, calm.turns - 100, 1 if RUNS > 1 else 2):
        sim = Simulation(plan, events, 1)
        sim.start("a")
        while sim.turns < turn:
            sim.turn()
        sim.kill("a")
        finish(sim, wanted)
    print(f"{calm.turns - 100} turns")


def test_killed_frozen_and_moved_at_random(plan: Plan) -> None:
    known: dict[int, Wanted] = {}
    for seed in range(SCHEDULES):
        chance, events = Random(seed), story(seed % 7)
        wanted = known[seed % 7] = known.get(seed % 7) or Wanted(events)
        sim = Simulation(plan, events, seed)
        sim.start("a")
        sim.start("b")
        for _ in range(chance.randrange(1, 12)):
            for _ in range(chance.choice((1, 5, 20, 60))):
                sim.turn()
            _harm(sim, chance)
        for process in sim.processes.values():
            process.frozen = False
        sim.rebalance()
        try:
            finish(sim, wanted)
        except AssertionError:
            print(f"seed {seed}: {dict(sim.faults)}")
            raise


def _harm(sim: Simulation, chance: Random) -> None:
    name = chance.choice(sorted(sim.processes))
    process = sim.processes[name]
    match chance.randrange(5):
        case _ if not process.alive:
            sim.start(name)
        case 0:
            sim.kill(name)
            sim.rebalance()
        case 1 if not process.frozen:
            sim.freeze(name)
            sim.rebalance()  # its session has ended
        case 2 if process.frozen:
            sim.thaw(name)  # it goes on before it hears of anything
        case 3 if process.frozen:
            sim.thaw(name)
            sim.rebalance()
        case _:
            sim.rebalance()
