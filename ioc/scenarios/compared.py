"""What a report printed against what its scenario's events come to, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass

from ioc.office.periods import period
from ioc.scenarios.blocks import Ends, Printed, Scenario
from ioc.targets.checks import DOUBTS
from ioc.targets.figure import ORIGINS, Computed
from ioc.targets.printed import FOLLOWS, Follows, follows, told, written
from ioc.targets.standing import Standing
from ioc.targets.target import ENDS
from ioc.text import Text


@dataclass(frozen=True)
class Line:
    """One printed figure. ``reproduced``: the computed one reads as it was printed, with what must be flagged."""

    report: str
    name: Text
    period: str
    printed: str
    computed: str
    parts: str
    source: Text
    chosen: str
    result: Text
    note: str
    reproduced: bool


def lines(scenario: Scenario, standing: Standing) -> Iterator[Line]:
    """Every figure and end of targets that the report printed."""
    for printed in scenario.printed:
        rule = standing.district.cut_off(printed.cut_off)
        yield _figure(scenario, printed, standing.figure(printed.figure, period(printed.period, rule)))
    for ends in scenario.ends:
        yield _ends(scenario, ends, standing)


def _figure(scenario: Scenario, printed: Printed, computed: Computed) -> Line:
    value, share = computed.value, bool(computed.figure.out_of)
    as_printed = (printed.numerator in (None, computed.numerator), printed.denominator in (None, computed.denominator))
    chosen = [
        name for name, said in (("numerator", printed.numerator), ("denominator", printed.denominator))
        if share and said is None
    ]  # fmt: skip
    if printed.value is None or value is None:
        reads: Follows = "no" if value is None or not all(as_printed) else "yes"
    else:
        reads = follows(printed.value, printed.bound, value)
    right, result = all(as_printed) and reads != "no" and not computed.wrong, FOLLOWS[reads]
    if printed.doubts:  # it cannot be right: to find so, for all its reasons, is to reproduce it
        right = all(as_printed) and printed.doubts == computed.doubts
        why = [DOUBTS[each] for each in sorted(computed.doubts)]
        result = Text(", ".join(each.vi for each in why), ", ".join(each.en for each in why))
    if printed.value is None:
        says = f"{_plain(printed.numerator)}/{_plain(printed.denominator)}"
    else:
        says = told(printed.value, printed.bound, computed.unit).vi
    parts = f"{_plain(computed.numerator)} / {_plain(computed.denominator)}" if share else _plain(computed.numerator)
    origins = [ORIGINS[each] for each in sorted(computed.origins)]
    return Line(
        scenario.id, computed.figure.title, computed.period.name, says,
        "–" if value is None else f"{written(value, 'vi')} {computed.unit}".strip(), parts,
        Text(" + ".join(each.vi for each in origins), " + ".join(each.en for each in origins)),
        ", ".join(chosen), result, printed.note, right,
    )  # fmt: skip


def _ends(scenario: Scenario, said: Ends, standing: Standing) -> Line:
    district = standing.district
    wanted = ", ".join(f"{ENDS[end].vi} {count}" for end, count in said.ends.items())
    if said.plan is not None:
        plan = next(each for each in district.plans if each.id == said.plan)
        stands = standing.plan(plan, said.on)
        found, title = {end: stands.ends[end] for end in said.ends}, plan.title
        right = found == dict(said.ends) and sum(stands.ends.values()) == sum(said.ends.values())
        right = right and said.reported == stands.reported
        computed = ", ".join(f"{ENDS[end].vi} {count}" for end, count in stands.ends.items())
        parts = f"{stands.done} / {sum(stands.ends.values())}"
        beside = f"; báo cáo {stands.reported}" if stands.reported is not None else ""
        computed += beside
    else:
        target = next(each for each in district.targets if each.id == said.target)
        judged = standing.target(target, said.on)
        title, right = target.title, dict(said.ends) == {judged.end: 1}
        short = f", thiếu {written(judged.short_by, 'vi')}" if judged.end == "not_met" and judged.short_by else ""
        computed = ENDS[judged.end].vi + short
        value = judged.computed.value
        parts = f"{'–' if value is None else written(value, 'vi')} / {written(target.goal, 'vi')}"
    source = Text("chỉ tiêu", "target")
    result = FOLLOWS["yes" if right else "no"]
    return Line(
        scenario.id, title, f"{said.on:%d/%m/%Y}", wanted, computed, parts, source, "", result, said.note, right
    )  # fmt: skip


def _plain(value: float | None) -> str:
    return "–" if value is None else written(value, "vi")
