"""A declared return is missing when it is due, or holds values that cannot be right or look wrong.

For whoever puts the district's report together, while there is still time to ask the commune. What is not filed is
*chưa báo cáo*, never zero; what is wrong is counted as it was filed and flagged, never mended. A return that is filed
again takes the former's place, in figures of its own period too.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import BaseModel, Field

from ioc.alerts.alert import Evidence
from ioc.alerts.kind import TARGET_MODULE, AlertKind
from ioc.detector import Count, Detector, Fact, Finding, Params, Raise, Resolve, Share, Spec, State
from ioc.district import OTHER, District
from ioc.events.base import AnyEvent, Declared, Moment
from ioc.events.returns import ReturnFiled
from ioc.folds import RETURN
from ioc.office.periods import Period, running
from ioc.targets.checks import Doubt, doubts
from ioc.targets.declared import DOUBTED, FILED, VALUES
from ioc.targets.entries import Form
from ioc.text import Text

MISSING = AlertKind(
    "return_missing",
    TARGET_MODULE,
    "minor",
    Text("Chưa báo cáo số liệu", "Return not filed"),
    Text("{area} chưa báo cáo {form} kỳ {period}, hạn {due}", "{area} has not filed {form} for {period}, due {due}"),
)
DOUBTFUL = AlertKind(
    "return_doubtful",
    TARGET_MODULE,
    "minor",
    Text("Số liệu báo cáo bất thường, cần kiểm tra", "Return in doubt"),
    Text(
        "{area}, {form} kỳ {period}: {why}{more}",
        "{area}, {form} for {period}: {why}{more}",
    ),
)
STRANGE = Text("tệp địa bàn không có đơn vị hoặc biểu này", "the district file has no such area or form")
MORE = Text(" và {count} điểm khác", " and {count} more")
NOT_FILED = Fact(
    "returns_missing", Text("Biểu số liệu chưa báo cáo", "Returns not filed"), ("form", "commune"), tile=TARGET_MODULE
)
IN_DOUBT = Fact(
    "returns_doubtful",
    Text("Biểu số liệu cần kiểm tra", "Returns in doubt"),
    ("form", "commune"),
    tile=TARGET_MODULE,
)


class ReturnParams(Params):
    """How returns are awaited and remembered."""

    due_at: Annotated[time, Field(description="local time of its last day at which a return is due")] = time(17, 0)
    kept: Annotated[int, Field(ge=2, description="so many returns of a form are remembered and may be set right")] = 4


class Kept(BaseModel):
    """One return as it was counted."""

    at: Moment
    values: dict[str, float]
    flags: list[tuple[str, str]]


class Returns(State):
    """What one area filed, by form and last day; which form is missing for which period, and which is in doubt."""

    area: str = ""
    heard: Moment | None = None
    kept: dict[str, dict[str, Kept]] = Field(default_factory=dict)
    looked: dict[str, date] = Field(default_factory=dict)
    missing: dict[str, date] = Field(default_factory=dict)
    doubtful: dict[str, date] = Field(default_factory=dict)


class ReturnChecked(Detector[Returns]):
    """One area's returns."""

    def __init__(self, params: ReturnParams, district: District) -> None:
        self._params, self._district = params, district
        self._forms = {form.id: form for form in district.returns}
        self._indicators = {indicator.id: indicator for indicator in district.indicators}
        self._awaited: dict[str, list[Form]] = {}
        for form in district.returns:
            for area in district.reporting(form) if form.every else ():
                self._awaited.setdefault(area, []).append(form)

    def new_state(self) -> Returns:
        return Returns()

    def on_event(self, state: Returns, event: AnyEvent) -> Iterable[Finding]:
        state.area = event.subject
        state.heard = max(state.heard or event.at, event.at)
        if isinstance(event.data, Declared):
            return
        filed: ReturnFiled = event.data
        form = self._forms.get(filed.form)
        if form is None or self._label(filed.area, filed.last) == OTHER:
            yield self._strange(state, filed, event)
            return
        kept = state.kept.setdefault(form.id, {})
        key = filed.last.isoformat()
        before = kept.get(key)
        if before is not None and before.at >= event.at:
            return
        earlier = [kept[each].values for each in sorted(kept) if each < key]
        found = doubts(filed, form, self._indicators, earlier[-1] if earlier else {})
        if before is not None:
            yield from self._count(filed, before, -1)
        values = {entry.indicator: entry.value for entry in filed.entries if entry.indicator in form.indicators}
        flags = sorted({(doubt.indicator, doubt.why) for doubt in found if doubt.indicator in form.indicators})
        kept[key] = Kept(at=event.at, values=values, flags=flags)
        yield from self._count(filed, kept[key], 1)
        for old in sorted(kept)[: -self._params.kept]:
            del kept[old]
        yield from self._say(state, form, filed, found, event)

    def _say(
        self, state: Returns, form: Form, filed: ReturnFiled, found: list[Doubt], event: AnyEvent
    ) -> Iterable[Finding]:
        about = f"{state.area}/{form.id}"
        if (missing := state.missing.get(form.id)) is not None and filed.last >= missing:
            del state.missing[form.id]
            yield Resolve(MISSING, about, event.at, self._commune(state))
        if found:
            state.doubtful[form.id] = filed.last
            more = MORE.format(count=len(found) - 1) if len(found) > 1 else Text("", "")
            values = {"why": found[0].says, "more": more, "period": f"{filed.first:%d/%m/%Y}–{filed.last:%d/%m/%Y}"}
            yield self._raise(DOUBTFUL, state, form, event.at, values, (Evidence.of(event),))
        elif (doubtful := state.doubtful.get(form.id)) is not None and filed.last >= doubtful:
            del state.doubtful[form.id]
            yield Resolve(DOUBTFUL, about, event.at, self._commune(state))

    def _strange(self, state: Returns, filed: ReturnFiled, event: AnyEvent) -> Raise:
        """Filed by an area, or on a form, that the district file does not know: it is in no figure."""
        period = f"{filed.first:%d/%m/%Y}–{filed.last:%d/%m/%Y}"
        values = {"area": filed.area, "form": filed.form, "period": period, "why": STRANGE, "more": Text("", "")}
        about = f"{state.area}/{filed.form}"
        return Raise(DOUBTFUL, about, event.at, self._commune(state), values=values, evidence=(Evidence.of(event),))

    def _count(self, filed: ReturnFiled, kept: Kept, by: int) -> Iterable[Count]:
        area, day = self._label(filed.area, filed.last), filed.last
        for indicator, value in kept.values.items():
            scaled = round(value * 10 ** self._indicators[indicator].decimals)
            yield Count(VALUES, day, (indicator, area), by * scaled)
            yield Count(FILED, day, (indicator, area), by)
        for indicator, why in kept.flags:
            yield Count(DOUBTED, day, (indicator, area, why), by)

    # -- what is awaited -------------------------------------------------------------------------------------

    def next_deadline(self, state: Returns) -> datetime | None:
        return min((due for due, _, _ in self._due(state)), default=None)

    def on_deadline(self, state: Returns, at: datetime) -> Iterable[Finding]:
        for due, form, of in list(self._due(state)):
            if due > at:
                continue
            state.looked[form.id] = of.last
            if of.last.isoformat() in state.kept.get(form.id, {}):
                continue
            state.missing[form.id] = of.last
            told = self._district.told(due)
            yield self._raise(MISSING, state, form, due, {"period": str(of), "due": told})

    def _due(self, state: Returns) -> Iterable[tuple[datetime, Form, Period]]:
        """The next moment at which each form must be there, and the period that it is of."""
        if state.heard is None:
            return
        for form in self._awaited.get(state.area, ()):
            assert form.every is not None
            rule, looked = self._district.cut_off(form.cut_off), state.looked.get(form.id)
            after = timedelta(days=form.due_days)
            start = self._district.day(state.heard) - after if looked is None else looked + timedelta(days=1)
            of = running(form.every, start, rule)
            due = self._district.moment(of.last + after, self._params.due_at)
            if looked is None and due < state.heard:
                of = running(form.every, of.last + timedelta(days=1), rule)
                due = self._district.moment(of.last + after, self._params.due_at)
            yield due, form, of

    def on_rules(self, state: Returns, at: datetime) -> Iterable[Finding]:
        """A form that is no more, or is not this area's, is not awaited any more."""
        awaited = {form.id for form in self._awaited.get(state.area, ())}
        for form in [each for each in state.missing if each not in awaited]:
            del state.missing[form]
            yield Resolve(MISSING, f"{state.area}/{form}", at, self._commune(state))

    # -- what is said ----------------------------------------------------------------------------------------

    def facts(self, state: Returns) -> Iterable[Share]:
        commune = self._commune(state) or ""
        for form in state.missing:
            yield NOT_FILED, (form, commune), 1
        for form in state.doubtful:
            yield IN_DOUBT, (form, commune), 1

    def _raise(
        self, kind: AlertKind, state: Returns, form: Form, at: datetime, values: dict[str, object],
        evidence: tuple[Evidence, ...] = (),
    ) -> Raise:  # fmt: skip
        named = {"area": self._district.area_name(state.area), "form": form.title}
        return Raise(
            kind, f"{state.area}/{form.id}", at, self._commune(state), values={**named, **values}, evidence=evidence
        )

    def _commune(self, state: Returns) -> str | None:
        """The commune whose office it is; none for the district's own."""
        return None if state.area in (self._district.code, self._district.id) else state.area

    def _label(self, area: str, on: date) -> str:
        return area if area == self._district.id else self._district.commune_label(area, on)


SPEC = Spec(
    "return_checked",
    Text("Số liệu báo cáo: thiếu, bất thường", "Declared returns: missing, in doubt"),
    folds=(RETURN,),
    hears=(Declared, ReturnFiled),
    build=ReturnChecked,
    state=Returns,
    params=ReturnParams,
    kinds=(MISSING, DOUBTFUL),
    facts=(NOT_FILED, IN_DOUBT),
    tallies=(VALUES, FILED, DOUBTED),
)
