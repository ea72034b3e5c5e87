"""The plan of a district: which detectors run on which fold, what flows where, and the digest of the rules."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from pydantic import ValidationError

from ioc.alerts.alert import ALERTS_INBOX
from ioc.detector import Spec
from ioc.district import BadDistrict, District
from ioc.engine.keys import Judge
from ioc.engine.partition import Partition
from ioc.events.base import Topic
from ioc.events.figures import Mode
from ioc.folds import FOLDS, Fold
from ioc.text import complaint

Partitions = Callable[[Topic], int]


def declared_partitions(topic: Topic) -> int:
    return topic.partitions


@dataclass(frozen=True)
class Plan:
    """Everything that is decided before the first event."""

    district: District
    judges: Mapping[str, Sequence[Judge]]
    digest: str

    def downstream(self, fold: Fold) -> tuple[Topic, ...]:
        """The inboxes that this fold writes to, and must therefore tell the time.

        What it answers to a fold before it, or to itself, takes its place in that log and tells no time.
        """
        place = [each.name for each in FOLDS].index(fold.name)
        inboxes = {each.inbox.name for each in FOLDS[place + 1 :]}
        written = {topic.name: topic for topic in self._written(fold)}
        return tuple(topic for name, topic in sorted(written.items()) if name in inboxes)

    def _written(self, fold: Fold) -> Iterable[Topic]:
        yield from fold.routes
        for judge in self.judges[fold.name]:
            yield from judge.spec.emits
            if judge.spec.kinds:
                yield ALERTS_INBOX

    def lanes(self, inbox: Topic, partitions: Partitions) -> list[str]:
        """The lanes that each partition of an inbox hears: one for every partition of every fold upstream."""
        return [
            f"{fold.name}/{number}"
            for fold in FOLDS
            if inbox in self.downstream(fold)
            for number in range(partitions(fold.inbox))
        ]

    def partition(
        self,
        fold: Fold,
        number: int,
        *,
        mode: Mode = "driven",
        partitions: Partitions = declared_partitions,
        owns: Callable[[str], bool] = lambda _: True,
    ) -> Partition:
        """A fresh partition of a fold; ``owns`` says which of the declared keys are this partition's."""
        return Partition(
            fold,
            number,
            self.judges[fold.name],
            mode=mode,
            lanes=self.lanes(fold.inbox, partitions),
            declared=[key for key in fold.declared(self.district) if owns(key)],
            digest=self.digest,
        )


#: What is computed of figures afterwards: no detector knows of it.
NO_RULES = ("figures", "plans", "targets", "scoring", "paper")


def plan(district: District, specs: Iterable[Spec]) -> Plan:
    """Build every detector with its settings from the district file. Raises BadDistrict."""
    specs = tuple(specs)
    named = {f"[detectors.{name}]": name for name in district.detectors}
    named |= {f"without = [{name!r}]": name for name in district.without}
    for where, name in sorted(named.items()):
        if name not in {spec.name for spec in specs}:
            known = ", ".join(sorted(spec.name for spec in specs))
            raise BadDistrict(f"{where}: no such detector; there are: {known}")
    judges: dict[str, list[Judge]] = {fold.name: [] for fold in FOLDS}
    rules: list[object] = [district.model_dump(mode="json", exclude={"detectors", "geojson", *NO_RULES})]
    rules.append([calendar.stamp for calendar in district.calendars])  # the library's holidays change too
    for spec in specs:
        try:
            params = spec.params.model_validate(district.detectors.get(spec.name, {}))
        except ValidationError as error:
            raise BadDistrict(f"[detectors.{spec.name}]: {complaint(error)}") from None
        rules.append([spec.name, spec.state.VERSION, params.model_dump(mode="json"), spec.state.model_json_schema()])
        for fold in () if spec.name in district.without else spec.folds:
            judges[fold.name].append(Judge(spec, spec.build(params, district)))
    digest = blake2b(json.dumps(rules, sort_keys=True).encode(), digest_size=8).hexdigest()
    return Plan(district, judges, digest)
