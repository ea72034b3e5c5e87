"""The life of an alert: one an episode, its changes numbered, its name made of what happened and when."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ioc.alerts.alert import Alert, AlertChanged, Evidence, Raised, Resolved, Words2, alert_id, dedupe_key
from ioc.alerts.kind import SEVERITIES, Severity
from ioc.alerts.lifecycle import SAMPLES, SPEC
from ioc.detector import Params
from ioc.district import load
from ioc.engine.keys import Judge
from ioc.engine.partition import Partition
from ioc.events.base import Event
from ioc.folds import ALERT
from tests.ioc.engine.echo import second

WORDS = Words2(vi="lời", en="word")


class Told:
    """The alert fold, told of findings one after the other."""

    def __init__(self) -> None:
        self.partition = Partition(ALERT, 0, [Judge(SPEC, SPEC.build(Params(), load("open_logs")))])
        self.lines: list[AlertChanged] = []
        self.alerts: list[Alert] = []
        self._count = 0

    def add(self, at: float, data: Raised | Resolved) -> None:
        self._count += 1
        self.partition.apply(self._count - 1, Event(second(at), "/echo/a", f"{self._count:010}", data), lane="echo/0")
        for _, event in self.partition.take().outputs:
            match event.data:
                case AlertChanged():
                    self.lines.append(event.data)
                case Alert():
                    self.alerts.append(event.data)


def rises(severity: Severity = "minor", value: float | None = None, refs: Iterable[int] = (), **more: Any) -> Raised:
    evidence = tuple(Evidence(source="/s", id=str(number), at=second(number)) for number in refs)
    fields = {"kind": "echo", "about": "a", "module": "platform", "title": WORDS, "summary": WORDS} | more
    return Raised(severity=severity, value=value, evidence=evidence, **fields)


def falls(**more: Any) -> Resolved:
    return Resolved(**({"kind": "echo", "about": "a"} | more))


def test_an_alert_opens_is_brought_up_to_date_worsens_and_clears() -> None:
    told = Told()
    found: list[Raised | Resolved] = [rises(value=1), rises(value=2), rises("severe"), rises("minor"), falls(), falls()]
    for at, data in enumerate(found):
        told.add(at, data)

    assert [(line.transition, line.version, line.condition, line.severity) for line in told.lines] == [
        ("C2", 1, "firing", "minor"),
        ("C3", 2, "firing", "minor"),
        ("C9", 3, "firing", "severe"),
        ("C3", 4, "firing", "minor"),
        ("C6", 5, "cleared", "minor"),
    ]
    alert = told.alerts[-1]
    assert len({line.alert_id for line in told.lines}) == 1
    assert (alert.opened_at, alert.seen_at, alert.cleared_at, alert.count) == (second(0), second(3), second(4), 4)


def test_what_was_never_raised_cannot_clear() -> None:
    told = Told()
    told.add(0, falls())

    assert told.lines == []


def test_a_new_episode_has_a_new_name_made_of_its_opening() -> None:
    told = Told()
    found: list[Raised | Resolved] = [rises(), falls(), rises(), falls()]
    for at, data in enumerate(found):
        told.add(at, data)
    key = dedupe_key("echo", "a")

    assert [line.alert_id for line in told.lines] == [
        alert_id(key, second(0)), alert_id(key, second(0)), alert_id(key, second(2)), alert_id(key, second(2)),
    ]  # fmt: skip
    assert {line.dedupe_key for line in told.lines} == {key}


def test_an_episode_that_opens_again_at_the_same_instant_counts_its_changes_on() -> None:
    told = Told()
    for data in (rises(), falls(), rises(), falls()):
        told.add(0, data)

    assert len({line.alert_id for line in told.lines}) == 1
    assert [line.version for line in told.lines] == [1, 2, 3, 4]


def test_a_finding_that_comes_late_never_puts_a_line_before_the_opening() -> None:
    told = Told()
    told.add(10, rises())
    told.add(5, rises("severe"))
    told.add(5, falls())

    assert [line.at for line in told.lines] == [second(10)] * 3
    assert told.alerts[-1].cleared_at == second(10)
    assert told.alerts[-1].seen_at == second(10)


def test_an_alert_keeps_its_first_evidence_and_counts_the_rest() -> None:
    told = Told()
    for number in range(SAMPLES + 20):
        told.add(number, rises(refs=[number]))

    assert len(told.alerts[-1].evidence) == SAMPLES
    assert told.alerts[-1].evidence[0].id == "0"
    assert told.alerts[-1].count == SAMPLES + 20


def test_the_key_has_neither_severity_nor_value_in_it_and_no_two_things_share_one() -> None:
    assert rises("minor", 1).subject == rises("extreme", 9).subject == falls().subject
    keys = {dedupe_key(kind, about) for kind in ("ab", "a") for about in ("c", "bc")}
    assert len(keys) == 4


def test_a_part_of_a_thing_with_the_longest_names_can_be_told_of() -> None:
    told = Told()
    told.add(0, rises(about="c" * 120 + "/" + "z" * 120))

    assert len(told.lines) == 1
    with pytest.raises(ValidationError):
        rises(about="c" * 251)
    with pytest.raises(ValidationError):
        rises(about="a\nb")


steps = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(SEVERITIES).map(rises) | st.just(falls())), max_size=30)


@given(steps)
def test_whatever_is_found_the_history_is_a_history(found: list[tuple[int, Raised | Resolved]]) -> None:
    """In the order of the log: numbered without gap or repetition while an episode lasts, one firing at a time."""
    told, at = Told(), 0
    for gap, data in found:
        at += gap
        told.add(at, data)
    seen: dict[object, AlertChanged] = {}
    firing: set[object] = set()
    for line in told.lines:
        before = seen.get(line.alert_id)
        assert line.version == (before.version + 1 if before else 1)
        assert line.at >= (before.at if before else line.opened_at)
        assert (line.transition == "C6") == (line.condition == "cleared") == (line.cleared_at is not None)
        firing = firing | {line.alert_id} if line.condition == "firing" else firing - {line.alert_id}
        assert len(firing) <= 1
        seen[line.alert_id] = line
    assert [alert.version for alert in told.alerts] == [line.version for line in told.lines]
    open_now = told.partition.take_facts()
    if open_now is not None:
        assert sum(fact.value for fact in open_now.event.data.facts) == len(firing)


def test_an_event_of_another_alert_changes_nothing_here() -> None:
    told = Told()
    told.add(0, rises())
    told.add(1, falls(about="b"))
    told.add(2, falls(kind="other"))

    assert [line.transition for line in told.lines] == ["C2"]
