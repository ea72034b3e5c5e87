"""The detectors of unusual levels on counts made by chance: how seldom they ring for nothing, how soon for something.

The counts are made from seeds of their own. What is asked here is loose, so that no setting is chosen by it; the
measured figures are in the README.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from math import exp, pi, sin
from typing import Any

import pytest

from detectors.absence_surge import AbsencePolicy, AbsenceSurge
from detectors.cases_unusual import CasesPolicy, CasesUnusual
from detectors.malware_outbreak import MalwareOutbreak, OutbreakPolicy
from ioc.detector import Detector, Raise
from ioc.district import District, load
from ioc.events.base import AnyEvent, Event
from ioc.events.education import AbsenceReported
from ioc.events.health import CasesReported
from ioc.events.malware import InfectionsCounted
from tests.ioc.test_usual import chance

MONDAY = date(2021, 1, 4)
SERIES = 12


@pytest.fixture(scope="module")
def district() -> District:
    return load("bac_tra_my")


def rung(detector: Detector[Any], events: Iterable[AnyEvent]) -> list[Raise]:
    """What it raises, deadlines in their order."""
    state, raised = detector.new_state(), list[Raise]()
    for event in events:
        while (due := detector.next_deadline(state)) is not None and due <= event.at:
            raised += [found for found in detector.on_deadline(state, due) if isinstance(found, Raise)]
        raised += [found for found in detector.on_event(state, event) if isinstance(found, Raise)]
    return raised


def at(district: District, day: date) -> datetime:
    return district.moment(day, time(9))


def weeks(district: District, seed: str, count: int, more_from: int | None = None) -> Iterator[AnyEvent]:
    """About four cases a week, twice as many in summer as in the mean, that scatter; from a week on ten more."""
    draw = random.Random(seed)
    for week in range(count):
        cases = chance(draw, 4 * exp(0.7 * sin(2 * pi * week / 52)), 1.8)
        cases += chance(draw, 10, 1) if more_from is not None and week >= more_from else 0
        day = MONDAY + timedelta(weeks=week, days=6)
        report = CasesReported(commune="20900", disease="A97", day=day, cases=cases)
        yield Event(at(district, day + timedelta(days=1)), "/y-te", str(week), report)


def test_cases_by_chance_ring_less_than_once_a_year_and_an_outbreak_within_weeks(district: District) -> None:
    def detector() -> CasesUnusual:
        return CasesUnusual(CasesPolicy(), district)

    null = sum(len(rung(detector(), weeks(district, f"null {n}", 5 * 52))) for n in range(SERIES))
    begins = MONDAY + timedelta(weeks=4 * 52)
    delays = list[int]()
    for n in range(SERIES):
        raised = rung(detector(), weeks(district, f"outbreak {n}", 4 * 52 + 9, 4 * 52))
        delays += [(found.at.date() - begins).days for found in raised if found.at.date() > begins][:1]

    assert null / (5 * SERIES) < 1
    assert len(delays) >= SERIES - 2
    assert sorted(delays)[len(delays) // 2] <= 3 * 7


def school_days(district: District, seed: str, count: int, ill_from: int | None = None) -> Iterator[AnyEvent]:
    """Three in a hundred of 400 pupils; from a day on ten more in a hundred."""
    draw, day, told = random.Random(seed), date(2025, 9, 8), 0
    while told < count:
        if day.weekday() < 5:
            ill = chance(draw, 40, 1) if ill_from is not None and told >= ill_from else 0
            absent = chance(draw, 12, 2) + ill
            report = AbsenceReported(school="th-tra-my", day=day, enrolled=400, absent=absent)
            yield Event(at(district, day), "/csdl-giao-duc", str(told), report)
            told += 1
        day += timedelta(days=1)


def test_absences_by_chance_ring_about_once_a_school_year_and_an_illness_in_days(district: District) -> None:
    def detector() -> AbsenceSurge:
        return AbsenceSurge(AbsencePolicy(), district)

    null = sum(len(rung(detector(), school_days(district, f"null {n}", 180))) for n in range(SERIES))
    found = [rung(detector(), school_days(district, f"ill {n}", 64, 60)) for n in range(SERIES)]

    assert null / SERIES < 2
    assert all(found)


def infections(district: District, seed: str, count: int, spreads_on: int | None = None) -> Iterator[AnyEvent]:
    draw = random.Random(seed)
    for n in range(count):
        day = MONDAY + timedelta(days=n)
        infected = chance(draw, 0.3, 1.5) + (6 if n == spreads_on else 0)
        counted = InfectionsCounted(commune="20900", day=day, infected=infected)
        yield Event(at(district, day + timedelta(days=1)), "/ncsc", str(n), counted)


def test_infections_by_chance_ring_a_few_times_a_year_and_a_spread_on_its_day(district: District) -> None:
    def detector() -> MalwareOutbreak:
        return MalwareOutbreak(OutbreakPolicy(), district)

    null = sum(len(rung(detector(), infections(district, f"null {n}", 365))) for n in range(SERIES))
    spread = [rung(detector(), infections(district, f"spread {n}", 201, 200)) for n in range(SERIES)]

    assert null / SERIES < 4
    assert sum(any(found.at.date() > MONDAY + timedelta(days=200) for found in each) for each in spread) >= SERIES - 4
