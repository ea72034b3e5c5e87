"""The contract, held by every detector without exception: over all its stories, alone on its folds."""

import importlib
import pkgutil
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from string import Formatter
from typing import Any, NoReturn, get_args

import pytest
from pydantic import BaseModel

import detectors
from ioc.agencies.scope import AGENCY
from ioc.alerts import load
from ioc.alerts.alert import AlertChanged, Raised, Resolved
from ioc.detector import Spec
from ioc.district import District
from ioc.engine.partition import CHECKPOINT, Partition
from ioc.engine.plan import Plan, plan
from ioc.engine.results import Output
from ioc.events.base import Declared, Tick
from ioc.events.figures import FactTotal, TallyTotal
from ioc.folds import Fold
from ioc.recording import tick
from ioc.replay import Replay
from ioc.text import Text
from tests.detectors.stories import STORIES, Story
from tests.ioc.engine.restarts import Record, Restartable, RestartingReplay
from tests.needs import REPOSITORY

every_detector = pytest.mark.parametrize("spec", detectors.ALL, ids=lambda spec: spec.name)
Finding = tuple[datetime, str, str, str, str]


@dataclass(frozen=True)
class Case:
    """What one partition of one fold was told in a story, and the detector alone on it."""

    story: Story
    fold: Fold
    log: list[Record]
    spec: Spec

    def fresh(self) -> Partition:
        return self._under(self.story.plan())

    def by_another_calendar(self) -> Partition:
        """The same under a district whose offices never close."""
        said = self.story.plan().district.model_dump(by_alias=True)
        return self._under(plan(District.model_validate({**said, "calendars": [{"base": "all_hours"}]}), detectors.ALL))

    def _under(self, plan: Plan) -> Partition:
        return Partition(
            self.fold,
            0,
            [judge for judge in plan.judges[self.fold.name] if judge.spec.name == self.spec.name],
            lanes=plan.lanes(self.fold.inbox, lambda _: 1),
            declared=self.fold.declared(plan.district),
            digest=plan.digest,
        )


@dataclass(frozen=True)
class Outcome:
    """What came of a log."""

    findings: list[Finding]
    facts: tuple[FactTotal, ...]
    tallies: dict[str, int]
    late: int


@cache
def _logs(story: Story) -> dict[str, tuple[Fold, list[Record]]]:
    flow = RestartingReplay(story.plan(), 1, ())
    flow.run(story.events())
    return {partition.fold.name: (partition.fold, partition.log) for partition in flow.partitions()}


def cases(spec: Spec) -> Iterator[Case]:
    """Every story of the detector; for the life of alerts, every story there is."""
    names = {fold.name for fold in spec.folds}
    for story in STORIES:
        if spec.name in (story.detector, "alert_lifecycle"):
            yield from (Case(story, fold, log, spec) for name, (fold, log) in _logs(story).items() if name in names)


def findings(fold: Fold, outputs: list[Output]) -> list[Finding]:
    """What the detector said; what a fold hands on under another key is nobody's finding.

    A fold in the order of its log promises the order of each key alone.
    """
    found = [
        (event.at, topic.name, event.source, event.id, event.data.model_dump_json())
        for topic, event in outputs
        if topic.name != "figures" and topic not in fold.routes
    ]
    return found if fold.order == "time" else sorted(found, key=lambda said: said[2:4])


def outcome(kept: Restartable) -> Outcome:
    kept.take()
    figures = [event.data for topic, event in kept.outputs if topic.name == "figures"]
    facts = kept.partition.take_facts()
    return Outcome(
        findings(kept.fold, kept.outputs),
        facts.event.data.facts if facts else (),
        {total.subject: total.value for total in figures if isinstance(total, TallyTotal)},
        kept.counts["late"],
    )


def played(case: Case, log: list[Record] | None = None, then: Callable[[Restartable], object] = id) -> Outcome:
    """Play a log, whatever its offsets were, and do something after each record."""
    kept = Restartable(case.fresh)
    for _, event, appended, lane in case.log if log is None else log:
        kept.add(event, appended, lane)
        then(kept)
    return outcome(kept)


@every_detector
def test_the_same_stream_gives_the_same_findings(spec: Spec) -> None:
    told = [(case, played(case)) for case in cases(spec)]

    assert any(each.findings or each.tallies for _, each in told)
    for case, before in told:
        assert played(case) == before, case.story


@every_detector
def test_its_state_survives_a_restart_after_every_record(spec: Spec) -> None:
    def restart(kept: Restartable) -> None:
        kept.take()
        kept.restart()

    for case in cases(spec):
        whole, parts = played(case), played(case, then=restart)
        assert parts.findings == whole.findings, case.story
        assert (parts.facts, parts.tallies) == (whole.facts, whole.tallies), case.story


@every_detector
def test_an_event_that_comes_twice_before_it_is_late_changes_nothing(spec: Spec) -> None:
    for case in cases(spec):
        probe, twice = case.fresh(), list[Record]()
        for offset, event, appended, lane in case.log:
            late = probe.watermark is not None and event.at < probe.watermark and case.fold.order == "time"
            probe.apply(offset, event, appended, lane)
            twice += [(0, event, appended, lane)] * (1 if late else 2)
        once, doubled = played(case), played(case, twice)
        assert doubled.findings == once.findings, case.story
        assert (doubled.facts, doubled.tallies) == (once.facts, once.tallies), case.story


@every_detector
def test_any_ticks_between_the_events_give_the_same_findings(spec: Spec) -> None:
    """Ticks as dense as the events allow. What comes late may of course meet deadlines that have fired."""
    for case in cases(spec):
        told = played(case)
        if told.late == 0:
            assert played(case, _with_ticks(case.log)).findings == told.findings, case.story


def _with_ticks(log: list[Record]) -> list[Record]:
    denser: list[Record] = []
    for index, record in enumerate(log):
        denser.append(record)
        lane = record[3]
        later = [event.at for _, event, _, of in log[index + 1 :] if of == lane]
        if later:
            until = min(later)
            denser += [(0, tick(at), None, lane) for at in (record[1].at + (until - record[1].at) / 2, until)]
    return denser


@every_detector
def test_it_changes_no_event(spec: Spec) -> None:
    for case in cases(spec):
        before = [event.data.model_dump_json() for _, event, _, _ in case.log]
        played(case)
        assert [event.data.model_dump_json() for _, event, _, _ in case.log] == before, case.story


@every_detector
def test_it_asks_no_clock_and_throws_no_dice(spec: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be replaced here (``datetime.now``) is forbidden by the linter: the next test."""
    told = [(case, played(case)) for case in cases(spec)]

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("time is data")

    for module, names in {
        time: ("time", "time_ns", "monotonic", "perf_counter", "sleep", "localtime", "gmtime"),
        random: ("random", "randint", "choice", "shuffle"),
    }.items():
        for name in names:
            monkeypatch.setattr(module, name, refuse)
    again = [played(case) for case, _ in told]
    monkeypatch.undo()

    assert again == [before for _, before in told]


def test_the_linter_forbids_clocks_and_chance_in_everything_pure() -> None:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--ignore-noqa", "--select", "TID251"]
    pure = ["ioc/engine", "ioc/alerts", "ioc/events", "ioc/detector.py", "ioc/district.py", "detectors"]
    allowed = subprocess.run([*command, *pure], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert allowed.returncode == 0, allowed.stdout

    for clock in ("datetime.datetime.now()", "time.time()", "random.random()", "uuid.uuid4()"):
        source = f"import {clock.partition('.')[0]}\n{clock}\n"
        name = "detectors/planted.py"
        forbidden = subprocess.run(
            [*command, "--stdin-filename", name, "-"], cwd=REPOSITORY, input=source, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert "TID251" in forbidden.stdout, clock


# -- what is declared ---------------------------------------------------------------------------------------


#: What is counted of what people do: there are none in these stories, they are in tests of the alerts.
BY_PEOPLE = {load.ACKNOWLEDGED.name, load.CHATTERING.name, load.UNTOLD.name}


@every_detector
def test_what_it_declares_is_what_it_says_over_its_stories(spec: Spec) -> None:
    raised, resolved, emitted, facts, tallies = set[str](), set[str](), set[str](), set[str](), set[str]()
    for case in cases(spec):
        kept = Restartable(case.fresh)
        for _, event, appended, lane in case.log:
            kept.add(event, appended, lane)
            kept.take()
            told = kept.take_facts()
            facts |= {fact.name for fact in told.event.data.facts} if told else set()
        moved = Restartable(case.fresh)
        for index, (_, event, appended, lane) in enumerate(case.log):
            moved.add(event, appended, lane)
            if index == len(case.log) // 2:
                moved.take()
                moved.restart(case.by_another_calendar)
        moved.take()
        for topic, event in (*kept.outputs, *moved.outputs):
            match event.data:
                case Raised():
                    raised.add(event.data.kind)
                case Resolved():
                    resolved.add(event.data.kind)
                case TallyTotal():
                    tallies.add(event.data.tally)
                case _ if topic not in case.fold.routes:
                    emitted.add(AGENCY.name if topic.name.startswith(f"{AGENCY.name}.") else topic.name)

    assert raised == resolved == {kind.name for kind in spec.kinds}
    assert emitted == {topic.name for topic in spec.emits}
    assert facts == {fact.name for fact in spec.facts}
    assert tallies == {tally.name for tally in spec.tallies} - BY_PEOPLE


@every_detector
def test_each_of_its_kinds_rings_and_clears_in_one_story(spec: Spec) -> None:
    whole = {
        kind
        for story in STORIES
        for kind, subject in {(line["kind"], line["subject"]) for line in story.expected()}
        if {"C2", "C6"}
        <= {line["transition"] for line in story.expected() if (line["kind"], line["subject"]) == (kind, subject)}
    }

    assert {kind.name for kind in spec.kinds} <= whole


@every_detector
def test_it_hears_only_what_its_folds_carry(spec: Spec) -> None:
    carried = {Declared, *(kind for fold in spec.folds for kind in fold.inbox.events)}

    assert set(spec.hears) <= carried
    assert spec.hears


@every_detector
def test_all_its_words_are_there_in_both_languages(spec: Spec) -> None:
    texts: list[Text] = [spec.title, *(text for kind in spec.kinds for text in (kind.title, kind.sentence))]
    texts += [fact.help for fact in spec.facts] + [tally.help for tally in spec.tallies]
    for text in texts:
        assert text.vi.strip() and text.en.strip()
        assert _fields(text.vi) == _fields(text.en), text


@every_detector
def test_every_sentence_that_it_says_is_filled(spec: Spec) -> None:
    for case in cases(spec):
        kept = Restartable(case.fresh)
        for _, event, appended, lane in case.log:
            kept.add(event, appended, lane)
        for _, event in kept.take().outputs:
            if isinstance(event.data, Raised):
                for words in (event.data.title, event.data.summary):
                    for said in (words.vi, words.en):
                        assert said and "{" not in said and "None" not in said, (case.story, said)


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


@every_detector
def test_every_setting_says_in_words_what_it_does(spec: Spec) -> None:
    for model in _models(spec.params):
        for name, field in model.model_fields.items():
            assert field.description and len(field.description) > 5, f"{model.__name__}.{name}"


def _models(hint: Any) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
        for field in hint.model_fields.values():
            yield from _models(field.annotation)
    for inner in get_args(hint):
        yield from _models(inner)


@every_detector
def test_its_state_is_small(spec: Spec) -> None:
    for case in cases(spec):
        kept = Restartable(case.fresh)
        for _, event, appended, lane in case.log:
            kept.add(event, appended, lane)
        kept.take()
        sizes = {key: len(saved) for key, saved in kept.changelog.items() if saved and key != CHECKPOINT}
        assert all(size < 4096 for size in sizes.values()), (case.story, sizes)


def test_every_module_of_detectors_is_in_all() -> None:
    modules = {module.name for module in pkgutil.iter_modules(detectors.__path__) if not module.ispkg}
    listed = {importlib.import_module(f"detectors.{name}").SPEC.name for name in modules}

    assert listed | {"alert_lifecycle", "alert_room", "alert_withheld"} == {spec.name for spec in detectors.ALL}
    assert listed == modules


def test_no_two_detectors_share_a_name_a_kind_or_a_figure() -> None:
    for names in (
        [spec.name for spec in detectors.ALL],
        [kind.name for spec in detectors.ALL for kind in spec.kinds],
        [name for spec in detectors.ALL for name in _figures(spec)],
    ):
        assert len(set(names)) == len(names)


def _figures(spec: Spec) -> list[str]:
    return [fact.name for fact in spec.facts] + [tally.name for tally in spec.tallies]


# -- what comes again when it is long over ------------------------------------------------------------------


#: A crossing of a line, an alert of a network sensor, a mention: remembering each would cost
#: more than the figure is worth.
COUNTED_ONE_BY_ONE = ("line_count", "malware_machine", "mention_surge")


@pytest.mark.parametrize("story", STORIES, ids=str)
def test_a_story_told_again_when_it_is_over_rings_nothing_new(story: Story) -> None:
    """Every event is late then. Only what is counted one by one, and nobody remembers, counts again."""
    events = story.events()
    last = tick(max(event.at for event in events) + timedelta(minutes=1))
    again = [event for event in events if not isinstance(event.data, Tick)]

    once = Replay(story.plan()).run([*events, last])
    twice = Replay(story.plan()).run([*events, *again, last])

    assert {line.alert_id for line in twice.alerts} == {line.alert_id for line in once.alerts}
    assert len({(line.alert_id, line.version) for line in twice.alerts}) == len(twice.alerts)
    assert _newest(twice.alerts) == _newest(once.alerts)
    assert twice.totals()["facts"] == once.totals()["facts"]
    if story.detector not in COUNTED_ONE_BY_ONE:
        assert twice.totals()["tallies"] == once.totals()["tallies"]


def _newest(alerts: list[AlertChanged]) -> dict[str, tuple[str, str]]:
    """How each alert stands in the end."""
    newest = {str(line.alert_id): line for line in sorted(alerts, key=lambda line: line.version)}
    return {name: (line.condition, line.severity) for name, line in newest.items()}
