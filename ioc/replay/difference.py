"""Two alert histories of the same events, and how they differ: what an engineer reads before changing a rule.

Alerts are matched by their id (the same thing, since the same moment); those left, by the same thing at
overlapping times. A history is read from its canonical lines, so that one written by other code can be read too.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson

from ioc.alerts.kind import SEVERITIES
from ioc.text import Text

Change = Literal["only_a", "only_b", "moved", "longer", "shorter", "severity"]
CHANGES: dict[Change, Text] = {
    "only_a": Text("chỉ có ở A", "only in A"),
    "only_b": Text("chỉ có ở B", "only in B"),
    "moved": Text("lệch giờ bắt đầu", "moved"),
    "longer": Text("kéo dài hơn ở B", "longer in B"),
    "shorter": Text("ngắn hơn ở B", "shorter in B"),
    "severity": Text("đổi mức độ", "changed in severity"),
}
#: Changes of which a person is told, in a history that does not say so itself: it began to ring, or became worse.
NOTICED = {"C2", "C9"}


@dataclass
class Episode:
    """One alert from its opening on, as far as it is compared."""

    alert_id: str
    kind: str
    about: str
    commune: str
    title: dict[str, str]
    opened_at: datetime
    severity: str
    cleared_at: datetime | None = None
    notices: int = 0


@dataclass(frozen=True)
class Pair:
    """What became of one thing in A and in B, and how that differs; nothing where it does not."""

    a: Episode | None
    b: Episode | None
    changes: tuple[Change, ...]

    @property
    def either(self) -> Episode:
        found = self.a or self.b
        assert found is not None
        return found


@dataclass
class Difference:
    """All pairs, by time."""

    pairs: list[Pair] = field(default_factory=list)

    @property
    def differs(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.changes]

    def counts(self, by: Callable[[Episode], str]) -> dict[str, Counter[str]]:
        """How many pairs of each change, by a label; with ``a`` and ``b``, alerts in all, and their notices."""
        table: dict[str, Counter[str]] = defaultdict(Counter)
        for pair in self.pairs:
            row = table[by(pair.either)]
            row.update(pair.changes)
            for side, episode in (("a", pair.a), ("b", pair.b)):
                if episode:
                    row.update({side: 1, f"notices_{side}": episode.notices})
        return dict(sorted(table.items()))


def episodes(lines: Iterable[bytes]) -> dict[str, Episode]:
    """The alerts of a history, by id."""
    found: dict[str, Episode] = {}
    for line in lines:
        said: dict[str, Any] = orjson.loads(line)
        name = said["alert_id"]
        episode = found.get(name)
        if episode is None:
            episode = found[name] = Episode(
                name, said["kind"], said["subject"], said.get("commune") or "", said["title"],
                _time(said["opened_at"]), said["severity"],
            )  # fmt: skip
        if _rank(said["severity"]) > _rank(episode.severity):
            episode.severity = said["severity"]
        episode.cleared_at = _time(said["cleared_at"]) if said.get("cleared_at") else None
        episode.notices += said.get("notice") is not None if "notice" in said else said["transition"] in NOTICED
    return found


def difference(a: Iterable[bytes], b: Iterable[bytes]) -> Difference:
    """Hold history A against history B."""
    ours, theirs = episodes(a), episodes(b)
    pairs = [_pair(ours[name], theirs[name]) for name in ours.keys() & theirs.keys()]
    left = defaultdict[tuple[str, str], list[Episode]](list)
    for name in theirs.keys() - ours.keys():
        left[theirs[name].kind, theirs[name].about].append(theirs[name])
    for name in sorted(ours.keys() - theirs.keys(), key=lambda each: (ours[each].opened_at, each)):
        one = ours[name]
        others = left[one.kind, one.about]
        other = min((each for each in others if _overlap(one, each)), key=lambda each: each.opened_at, default=None)
        if other is not None:
            others.remove(other)
        pairs.append(_pair(one, other))
    pairs += [_pair(None, other) for others in left.values() for other in others]
    return Difference(sorted(pairs, key=lambda pair: (pair.either.opened_at, pair.either.kind, pair.either.about)))


def _pair(a: Episode | None, b: Episode | None) -> Pair:
    return Pair(a, b, tuple(_changes(a, b)))


def _changes(a: Episode | None, b: Episode | None) -> Iterator[Change]:
    if b is None:
        yield "only_a"
    elif a is None:
        yield "only_b"
    else:
        if a.opened_at != b.opened_at:
            yield "moved"
        if a.cleared_at != b.cleared_at:
            later = b.cleared_at is None or (a.cleared_at is not None and b.cleared_at > a.cleared_at)
            yield "longer" if later else "shorter"
        if a.severity != b.severity:
            yield "severity"


def _overlap(a: Episode, b: Episode) -> bool:
    return (a.cleared_at is None or b.opened_at <= a.cleared_at) and (
        b.cleared_at is None or a.opened_at <= b.cleared_at
    )


def _rank(severity: str) -> int:
    return next((number for number, name in enumerate(SEVERITIES) if name == severity), -1)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
