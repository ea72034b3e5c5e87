"""Checks of a declared return: what is missing, cannot be right, or looks wrong. Nothing is mended, all is told."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from ioc.events.returns import Claim, Entry, ReturnFiled
from ioc.targets.entries import Form, Indicator
from ioc.targets.printed import follows, told
from ioc.text import Text

Why = Literal["absent", "unknown", "unit", "most", "ratio", "sum", "jump", "claim"]
#: A value with one of these is wrong, not merely odd: a figure made of it is *sai số liệu*.
WRONG: frozenset[Why] = frozenset({"unit", "most", "ratio", "sum", "claim"})
SAYS: Mapping[Why, Text] = {
    "absent": Text("{indicator}: chưa báo cáo", "{indicator}: not filed"),
    "unknown": Text("{indicator}: biểu không có chỉ tiêu này", "{indicator}: the form has no such indicator"),
    "unit": Text("{indicator}: ghi đơn vị {written}, phải là {unit}", "{indicator}: in {written}, must be in {unit}"),
    "most": Text("{indicator}: {value} lớn hơn mức tối đa {most}", "{indicator}: {value} is more than at most {most}"),
    "ratio": Text("{indicator}: {value} lớn hơn {whole}: {total}", "{indicator}: {value} is over {whole}: {total}"),
    "sum": Text("{indicator}: {value}, cộng các phần được {total}", "{indicator}: {value}, its parts make {total}"),
    "jump": Text("{indicator}: từ {before} thành {value}", "{indicator}: from {before} to {value}"),
    "claim": Text("{indicator}: ghi {claim}, tính được {computed} %", "{indicator}: says {claim}, makes {computed}%"),
}  # fmt: skip
DOUBTS: Mapping[Why, Text] = {
    "absent": Text("thiếu", "missing"),
    "unknown": Text("không có trong biểu", "not on the form"),
    "unit": Text("sai đơn vị tính", "units differ"),
    "most": Text("vượt mức tối đa", "more than possible"),
    "ratio": Text("tỷ lệ lớn hơn 1", "share above one"),
    "sum": Text("tổng không khớp", "sum differs"),
    "jump": Text("tăng, giảm đột biến", "sudden jump"),
    "claim": Text("tỷ lệ ghi không khớp với số liệu", "stated value does not follow from its parts"),
}


class Doubt(NamedTuple):
    """Something about one indicator that somebody must look at."""

    indicator: str
    why: Why
    says: Text


def doubts(
    filed: ReturnFiled, form: Form, indicators: Mapping[str, Indicator], before: Mapping[str, float]
) -> list[Doubt]:
    """All that is doubtful in a return; ``before`` holds the values of the return before it."""
    entries = {entry.indicator: entry for entry in filed.entries if entry.indicator in form.indicators}
    strangers = [entry.indicator for entry in filed.entries if entry.indicator not in form.indicators]
    found = [Doubt(each, "unknown", SAYS["unknown"].format(indicator=each)) for each in strangers]
    for id_ in form.indicators:
        if id_ not in entries:
            found.append(_doubt(indicators[id_], "absent"))
        else:
            found += _of(entries[id_], indicators, {id_: entry.value for id_, entry in entries.items()}, before)
    return found + [each for claim in filed.claims for each in _claimed(claim, entries, indicators)]


def _of(
    entry: Entry, indicators: Mapping[str, Indicator], values: Mapping[str, float], before: Mapping[str, float]
) -> Iterable[Doubt]:
    indicator, value = indicators[entry.indicator], entry.value
    if entry.unit and entry.unit.strip().casefold() != indicator.unit.casefold():
        yield _doubt(indicator, "unit", written=entry.unit, unit=indicator.unit)
    if indicator.most is not None and value > indicator.most:
        yield _doubt(indicator, "most", value=value, most=indicator.most)
    whole = indicator.part_of
    if whole is not None and whole in values and value > values[whole]:
        yield _doubt(indicator, "ratio", value=value, whole=indicators[whole].title, total=values[whole])
    if indicator.sum_of and all(part in values for part in indicator.sum_of):
        total = sum(values[part] for part in indicator.sum_of)
        if abs(total - value) >= 0.5 * 10.0**-indicator.decimals:
            yield _doubt(indicator, "sum", value=value, total=total)
    was = before.get(indicator.id)
    if indicator.jump is not None and was is not None and abs(value - was) > indicator.jump * abs(was):
        yield _doubt(indicator, "jump", before=was, value=value)


def _claimed(claim: Claim, entries: Mapping[str, Entry], indicators: Mapping[str, Indicator]) -> Iterable[Doubt]:
    part, whole = entries.get(claim.part), entries.get(claim.whole)
    if part is None or whole is None or not whole.value:
        return
    computed = 100 * part.value / whole.value
    if follows(claim.percent, claim.bound, computed) == "no":
        said = told(claim.percent, claim.bound, "%")
        yield _doubt(indicators[claim.part], "claim", claim=said, computed=round(computed, 2))


def _doubt(indicator: Indicator, why: Why, **values: object) -> Doubt:
    return Doubt(indicator.id, why, SAYS[why].format(indicator=indicator.title, **values))
