"""More pupils of a school are absent than usual: illness, flood, a festival, work in the forest.

For the school, the commune's health station and its people's committee. A day is held against the school's twenty
reported days that end two days before it, each out of those enrolled (``ioc.usual``); days without a report are not
days without absence. The first days after a long break are judged like all others, and the sentence says what they are.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.kind import EDUCATION_MODULE, AlertKind
from ioc.detector import (
    Count,
    Detector,
    Fact,
    Finding,
    Outlook,
    Params,
    Raise,
    Ratio,
    Resolve,
    Share,
    Spec,
    State,
    Tally,
)
from ioc.district import District
from ioc.events.base import AnyEvent
from ioc.events.education import AbsenceReported
from ioc.folds import SCHOOL
from ioc.text import Text
from ioc.usual import TOO_LITTLE, Usual, in_words, usual

#: Reported days that are compared, those before a day that are not, and from how many on enough is known.
COMPARED, GUARD, KNOWN = 20, 2, 10
#: A school that was silent for longer comes back from a break.
BREAK = timedelta(days=4)
SURGE = AlertKind(
    "absence_surge",
    EDUCATION_MODULE,
    "moderate",
    Text("Học sinh vắng nhiều bất thường", "Unusually many pupils absent"),
    Text(
        "{name}: {value}/{enrolled} học sinh vắng ngày {day}, {usually}{after}",
        "{name}: {value} of {enrolled} pupils absent on {day}, {usually}{after}",
    ),
)
ABSENT = Fact(
    "pupils_absent",
    Text("Học sinh vắng", "Pupils absent"),
    ("commune",),
    tile=EDUCATION_MODULE,
)
PUPILS = Tally(
    "pupils",
    Text("Lượt học sinh có mặt và vắng", "Pupils present and absent"),
    ("commune", "presence"),
    words={"present": Text("có mặt", "present"), "absent": Text("vắng", "absent")},
)
ABSENCE = Ratio(
    "pupil_absence",
    Text("Tỷ lệ học sinh vắng", "Share of pupils absent"),
    PUPILS,
    "presence",
    ("absent",),
    good="low",
    amber=0.05,
    red=0.1,
)


class AbsencePolicy(Params):
    """When a day's absences are more than usual."""

    alpha: Annotated[float, Field(gt=0, lt=0.5, description="more comes by chance on this share of days at most")] = (
        0.001
    )
    at_least: Annotated[int, Field(ge=1, description="never rings below so many pupils")] = 5
    until_known: Annotated[
        float, Field(gt=0, le=1, description="until enough is known, this share of pupils rings")
    ] = 0.2


class School(State):
    """Absent and enrolled by reported day, the newest last; the newest day that was over the limit."""

    school: str = ""
    days: dict[date, tuple[int, int]] = Field(default_factory=dict)
    over: date | None = None


class AbsenceSurge(Detector[School]):
    """Watches one school."""

    def __init__(self, policy: AbsencePolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> School:
        return School()

    def on_event(self, state: School, event: AnyEvent) -> Iterable[Finding]:
        report: AbsenceReported = event.data
        if report.day > self._district.day(event.at):
            return  # a day to come is a slip of the hand
        yield from self._taken(state, report)
        if report.day != max(state.days):
            return
        known = self._known(state)
        over = report.absent > self._limit(state, known)
        if over and state.over is None:
            yield self._surge(state, event, known)
        elif state.over is not None and not over:
            yield Resolve(SURGE, state.school, event.at, self._commune(state))
        state.over = report.day if over else None

    def on_late(self, state: School, event: AnyEvent) -> Iterable[Finding]:
        """It fills a gap, and replaces nothing that was said since."""
        report: AbsenceReported = event.data
        known = report.day in state.days or report.day > self._district.day(event.at)
        return () if known else self._taken(state, report)

    def facts(self, state: School) -> Iterable[Share]:
        if state.days:
            yield ABSENT, (self._district.commune_label(self._commune(state)),), state.days[max(state.days)][0]

    def outlook(self, state: School, at: datetime, event: AnyEvent | None = None) -> Iterable[Outlook]:
        if state.days:
            known, absent = self._known(state), state.days[max(state.days)][0]
            needs = self._limit(state, known) + 1
            yield Outlook(
                SURGE, state.school, absent / needs, f"{absent} absent", f"{needs} absent", in_words(known, TOO_LITTLE)
            )

    def _taken(self, state: School, report: AbsenceReported) -> Iterable[Finding]:
        state.school = report.school
        if state.days and report.day < min(state.days) and len(state.days) == COMPARED + GUARD + 1:
            return  # too old to be set right
        absent, enrolled = state.days.get(report.day, (0, 0))
        kept = sorted((state.days | {report.day: (report.absent, report.enrolled)}).items())
        state.days = dict(kept[-(COMPARED + GUARD + 1) :])
        label, present = self._district.commune_label(self._commune(state)), report.enrolled - report.absent
        for presence, by in (("absent", report.absent - absent), ("present", present - (enrolled - absent))):
            if by:
                yield Count(PUPILS, report.day, (label, presence), by)

    def _known(self, state: School) -> Usual | None:
        """What is usual for the newest day."""
        *before, (_, enrolled) = state.days.values()
        past = before[: len(before) - GUARD]
        if len(past) < KNOWN:
            return None
        counts, sizes = [absent for absent, _ in past], [float(of) for _, of in past]
        return usual(counts, self._policy.alpha, sizes, enrolled)

    def _limit(self, state: School, known: Usual | None) -> int:
        enrolled = state.days[max(state.days)][1]
        most = known.limit if known else int(self._policy.until_known * enrolled)
        return max(most, self._policy.at_least - 1)

    def _surge(self, state: School, event: AnyEvent, known: Usual | None) -> Raise:
        *before, day = state.days
        absent, enrolled = state.days[day]
        after = Text(", sau kỳ nghỉ", ", after a break") if before and day - before[-1] > BREAK else Text("", "")
        school = self._district.school(state.school)
        values = {
            "name": school.name if school else state.school, "day": f"{day:%d/%m/%Y}", "enrolled": enrolled,
            "usually": in_words(known, TOO_LITTLE), "after": after,
        }  # fmt: skip
        return Raise(
            SURGE, state.school, event.at, self._commune(state), value=absent, threshold=self._limit(state, known),
            values=values,
        )  # fmt: skip

    def _commune(self, state: School) -> str | None:
        school = self._district.school(state.school)
        return school.commune if school else None


SPEC = Spec(
    "absence_surge",
    Text("Học sinh vắng nhiều", "Absence surge"),
    folds=(SCHOOL,),
    hears=(AbsenceReported,),
    build=AbsenceSurge,
    state=School,
    params=AbsencePolicy,
    kinds=(SURGE,),
    facts=(ABSENT,),
    tallies=(PUPILS,),
    ratios=(ABSENCE,),
)
