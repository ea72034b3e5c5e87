"""Figures of one partition: gauges summed over the states of its keys, and tallies that outlive the keys."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from ioc.detector import Count, Fact
from ioc.events.figures import FactTotal, TallyTotal

Label = tuple[str, tuple[str, ...]]  # fact name, label values
TallyKey = tuple[str, date, tuple[str, ...]]


class Totals:
    """Kept up to date by the difference that one key's change makes.

    A label is told, as zero too, while some key has a share of it: after a restart it is the same.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._aggregate = {fact.name: fact.aggregate for fact in facts}
        self._sums: dict[Label, int] = {}
        self._holders: Counter[Label] = Counter()
        self._shares: dict[Label, dict[str, int]] = {}  # for maxima: what each key says
        self._tallies: dict[TallyKey, int] = {}
        self.facts_changed = False
        self.tallies_changed: set[TallyKey] = set()

    def replace(self, key: str, old: Mapping[Label, int], new: Mapping[Label, int]) -> None:
        """The key's shares were ``old`` and are ``new``."""
        if old == new:
            return
        self.facts_changed = True
        for label in old.keys() | new.keys():
            if self._aggregate.get(label[0]) == "max":
                shares = self._shares.setdefault(label, {})
                if label in new:
                    shares[key] = new[label]
                else:
                    shares.pop(key, None)
            else:
                self._add(label, new.get(label, 0) - old.get(label, 0), (label in new) - (label in old))

    def _add(self, label: Label, value: int, holders: int) -> None:
        self._sums[label] = self._sums.get(label, 0) + value
        self._holders[label] += holders
        if not self._holders[label]:
            del self._sums[label], self._holders[label]

    def count(self, found: Count) -> None:
        key = (found.tally.name, found.day, found.labels)
        self._tallies[key] = self._tallies.get(key, 0) + found.by
        self.tallies_changed.add(key)

    def facts(self) -> tuple[FactTotal, ...]:
        """Every gauge of this partition, in a fixed order."""
        largest = {label: max(shares.values()) for label, shares in self._shares.items() if shares}
        return tuple(
            FactTotal(name=name, labels=labels, value=value)
            for (name, labels), value in sorted({**self._sums, **largest}.items())
        )

    def tally(self, fold: str, partition: int, key: TallyKey) -> TallyTotal:
        name, day, labels = key
        return TallyTotal(fold=fold, partition=partition, tally=name, day=day, labels=labels, value=self._tallies[key])

    def restore(self, saved: TallyTotal) -> None:
        self._tallies[(saved.tally, saved.day, saved.labels)] = saved.value
