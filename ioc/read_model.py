"""The names under which Redis holds what people see. Kafka is the truth: all of this can be rebuilt.

Every key starts with ``ioc:{space}:``. One writer (``streams/read_model.py``) applies a batch of records of
one Kafka partition and its new position in one script, and only on the position it believes to be there: an
older batch never wins, and a Redis that lost its data is found out at once. Redis must not evict.

| key | type | holds |
|---|---|---|
| ``positions`` | hash | ``topic/partition`` -> offset up to which records are in |
| ``cluster`` | string | id of the Kafka cluster that this came from |
| ``build`` | string | names this filling of Redis, once the whole log was in; absent until then |
| ``alerts`` | hash | alert id -> JSON of its newest ``AlertChanged`` |
| ``open`` | sorted set | ids of alerts that are not closed or rejected, by time of opening (epoch seconds) |
| ``over`` | sorted set | ids of those that are, by time of opening; the oldest are forgotten with all that is theirs |
| ``opened`` | sorted set | ids of all alerts that are kept, by time of opening |
| ``history:{alert_id}`` | hash | version -> JSON of the ``AlertChanged`` that made it |
| ``untold:{alert_id}`` | hash | version -> JSON of the ``NotNotified`` that says why nobody was told of it |
| ``withheld`` | hash | alert id -> JSON of its newest ``NotNotified``; it holds while what its ``ref`` names does |
| ``incidents`` | hash | incident id -> JSON of its newest :class:`ioc.room.events.Incident` |
| ``incident_of`` | hash | alert id -> id of its incident, which may have been ``merged_into`` another |
| ``silences`` | hash | silence id -> JSON of its newest ``QuietChanged``; over when ``until`` is past, or by ``Q2`` |
| ``rosters`` | hash | ``agency/day`` -> JSON of :class:`ioc.agencies.roster.RosterFiled`, names and telephones too |
| ``answer:{command id}`` | string | JSON of the ``…Changed`` or ``CommandRefused`` that answers it; kept a day |
| ``evidence`` | hash | alert id -> JSON list of :class:`ioc.alerts.alert.Evidence`, from ``alerts.state`` |
| ``changes`` | stream | field ``change``: JSON of one ``AlertChanged``, each exactly once; trimmed |
| ``facts`` | hash | ``fold/partition`` -> JSON of :class:`ioc.events.figures.FactTotals` |
| ``tallies`` | hash | JSON ``[fold, partition, tally, day, labels]`` -> count |
| ``totals`` | hash | JSON ``[tally, labels]`` -> count over all days and partitions |
| ``space`` | string | JSON of :class:`ioc.events.figures.SpaceState` |
| ``now`` | string | the space's newest tick, epoch seconds |
| ``pulse`` | stream | one entry, renewed when anything but alerts changed: what wakes the wall |

Alerts come from ``alerts.events`` alone, so a list, a history and a live feed never disagree;
``alerts.state`` adds only the evidence of one alert. ``ioc:spaces`` is the set of the spaces' names.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from ioc.detector import Fact, Spec, Tally
from ioc.events.figures import FactTotals, TallyTotal
from ioc.office.shares import Row

SPACES = "ioc:spaces"
#: Changes kept for a wall that reconnects; one that was away longer gets the whole present again.
CHANGES_KEPT = 20_000
#: Alerts kept that are closed or rejected, the newest by opening; older ones are in Kafka alone.
OVER_KEPT = 10_000


def key(space: str, name: str) -> str:
    """The Redis key of one part of a space's read model."""
    return f"ioc:{space}:{name}"


def tally_fields(total: TallyTotal) -> tuple[str, str]:
    """The fields of a tally in ``tallies`` and in ``totals``."""
    parts = [total.fold, total.partition, total.tally, total.day.isoformat(), total.labels]
    return _field(parts), _field([total.tally, total.labels])


def _field(parts: list[object]) -> str:
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


class Figure(NamedTuple):
    """One number that is shown: what declares it, the values of its labels in order, and the value."""

    declared: Fact | Tally
    labels: tuple[str, ...]
    value: float


def declared_facts(specs: Iterable[Spec]) -> dict[str, Fact]:
    return {fact.name: fact for spec in specs for fact in spec.facts}


def declared_tallies(specs: Iterable[Spec]) -> dict[str, Tally]:
    """Those that are metrics too; the others serve reports only."""
    return {tally.name: tally for spec in specs for tally in spec.tallies if tally.metric}


def sum_facts(stored: Iterable[str | bytes], declared: Mapping[str, Fact]) -> list[Figure]:
    """Each declared gauge over all folds and partitions, summed or at its greatest, in its own unit."""
    shares: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    for text in stored:
        for total in FactTotals.model_validate_json(text).facts:
            fact = declared.get(total.name)
            if fact is not None and len(total.labels) == len(fact.labels):
                shares[total.name, total.labels].append(total.value)
    return [
        Figure(fact := declared[name], labels, (max if fact.aggregate == "max" else sum)(values) / fact.scale)
        for (name, labels), values in sorted(shares.items())
    ]


def tally_rows(stored: Mapping[Any, Any]) -> list[Row]:
    """Tallies by day and labels, added up over folds and partitions."""
    found: Counter[tuple[str, date, tuple[str, ...]]] = Counter()
    for field, count in stored.items():
        _, _, tally, day, labels = json.loads(field)
        found[tally, date.fromisoformat(day), tuple(labels)] += int(count)
    return [Row(*at, value) for at, value in found.items()]


def read_totals(stored: Mapping[Any, Any], declared: Mapping[str, Tally]) -> list[Figure]:
    """Each declared tally over all days."""
    found = []
    for field, count in sorted(stored.items()):
        name, labels = json.loads(field)
        tally = declared.get(name)
        if tally is not None and len(labels) == len(tally.labels):
            found.append(Figure(tally, tuple(labels), float(count)))
    return found
