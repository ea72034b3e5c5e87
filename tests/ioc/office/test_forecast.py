"""The forecast of what will be late: its arithmetic, and how it would have done on real logs it was not built on."""

from datetime import date
from math import comb
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from detectors.queue_forecast import ForecastPolicy
from ioc.calendars.calendar import Calendar
from ioc.calendars.days import compose
from ioc.importing.mapping import load
from ioc.importing.run import import_file
from ioc.office.backtest import Past, backtest, pasts
from ioc.office.forecast import Pace
from ioc.office.spans import MANY, MISSES, Span, Spans, told

WEEKDAYS = Calendar(compose({"id": "weekdays", "version": "1", "hours": ["08:00-17:00"]}), ZoneInfo("Europe/Amsterdam"))
LOGS = {"receipt": "process_logs/receipt.xes.gz", "helpdesk": "service_desk/helpdesk.csv"}


def test_a_case_is_late_when_it_is_done_on_none_of_the_days_left() -> None:
    pace = Pace()
    for _ in range(200):  # a quarter of what is open gets done, at any age
        pace = pace.day({(0, 9): 75, (1, 8): 75}, {(0, 9): 25, (1, 8): 25}, 30, 30)
    hazards = pace.hazards()

    assert hazards.late(0, 0) == pytest.approx(0.75, abs=0.01)
    assert hazards.late(0, 3) == pytest.approx(0.75**4, abs=0.02)


def test_a_queue_that_slows_down_is_believed_within_weeks() -> None:
    """What differs by age is learnt over months; how fast all goes, at once."""
    pace = Pace()
    for _ in range(100):
        pace = pace.day({(0, 5): 10}, {(0, 5): 90}, 60, 10)
    for _ in range(20):
        pace = pace.day({(0, 5): 90}, {(0, 5): 10}, 60, 10)

    assert pace.hazards().late(0, 0) > 0.6


def test_the_number_of_late_ones_has_its_exact_distribution() -> None:
    span = told([0.5] * 10)
    below = sum(comb(10, n) for n in range(span.low)) / 2**10
    above = sum(comb(10, n) for n in range(span.high + 1, 11)) / 2**10

    assert span.expected == pytest.approx(5)
    assert (span.low, span.high) == (3, 7)
    assert below <= 0.1 and above <= 0.1
    assert told([]) == (0.0, 0, 0)
    exact, normal = told([0.3] * MANY), told([0.3] * (MANY + 1))
    assert abs(exact.low - normal.low) <= 1 and abs(exact.high - normal.high) <= 1
    assert told([1.0, 1.0]) == (2.0, 2, 2)


def test_spans_that_miss_grow_wider_and_those_that_always_hold_narrower() -> None:
    """Cases that are late together: their number is far from what single chances say, until misses have taught."""
    day, spans = 1000, Spans()
    held: list[bool] = []
    for morning in range(400):
        late = 15 if morning % 4 == 0 else 8
        said, spans = spans.say([0.5] * 20, day, day)
        held.append(said.low <= late <= said.high)
        day += 1
        spans = spans.settle(day, {(day - 3, day - 1): late})

    assert 0.77 <= sum(held[200:]) / 200 <= 0.83
    assert spans.pending == ()


def test_a_span_counts_only_cases_that_it_was_said_of() -> None:
    _, spans = Spans().say([0.1] * 6, today=100, until=104)
    assert spans.pending == (Span(100, 104, 0, 2, 0),)

    spans = spans.settle(102, {(90, 101): 1, (100, 101): 5, (90, 99): 5})
    assert spans.pending[0].late == 1
    assert spans.settle(105, {(90, 105): 5}) == Spans(misses=0.21)
    assert spans.settle(105, {(90, 104): 2}) == Spans(misses=0.16)
    assert Spans().say([0.5] * 4, today=100, until=104)[1] == Spans()
    assert Spans().misses == MISSES


def test_only_the_days_before_teach_a_forecast() -> None:
    """What is done after the first day reported changes no forecast of that day."""
    early = [Past(date(2026, 1, 5), date(2026, 1, 30), date(2026, 1, 9)) for _ in range(30)]
    ends = [Past(date(2026, 1, 12), date(2026, 1, 14), done) for done in (date(2026, 1, 14), date(2026, 1, 20))]
    in_time, late = (backtest([*early, end], WEEKDAYS, date(2026, 1, 13), ForecastPolicy()) for end in ends)

    assert [(each.number, each.forecast) for each in in_time.bins] == [
        (each.number, each.forecast) for each in late.bins
    ]
    assert {each.observed for each in in_time.bins} == {0}
    assert {each.observed for each in late.bins} == {1}


@pytest.mark.parametrize("name", LOGS)
def test_of_what_was_forecast_with_80_percent_75_to_85_happened(shared_data: Path, name: str) -> None:
    """The second half of the cases; half-lives and step of the spans were chosen on the first half alone."""
    file = shared_data / LOGS[name]
    if not file.exists():
        pytest.skip(f"needs {file.name}, which is not part of the project")
    cases = pasts(import_file(load(name), file)[0], WEEKDAYS)
    half = sorted(case.since for case in cases)[len(cases) // 2]
    found = backtest(cases, WEEKDAYS, half, ForecastPolicy())

    assert found.about_80 is not None and found.about_80.number >= 80
    assert 0.75 <= found.about_80.observed <= 0.85
    assert 0.75 <= found.spans_held / found.spans <= 0.85
