"""What becomes of readings; nothing is timed here."""

from streams.bench.readings import Goal, Reading, Row, against, alone, quantile

FAST = Reading(events=1000, seconds=0.5, cpu_seconds=0.4)
SLOW = Reading(events=1000, seconds=2, cpu_seconds=1)


def test_rounds_are_compared_one_by_one() -> None:
    row = against("json", "other", theirs=[SLOW, FAST, SLOW], ours=[FAST, FAST, FAST], goal=Goal(">=", 2))

    assert (row.ratio, row.spread) == (4.0, (1.0, 4.0))
    assert row.cpu_ratio == 2.5
    assert row.met


def test_a_system_for_itself_has_the_median_of_its_rounds() -> None:
    row = alone("json", "ours", [FAST, SLOW, SLOW], Goal(">=", 1000))

    assert (row.events_per_second, row.cpu_us_per_event) == (500.0, 1000.0)
    assert row.met is False
    assert row.goal is not None and row.goal.missed_by(500.0) == 0.5


def test_programs_get_the_promised_fields() -> None:
    said = Row("restore", "ours", value=3.14159, unit="s", goal=Goal("<=", 10)).as_json()

    assert {"job", "system", "events_per_second", "cpu_us_per_event", "ratio"} <= said.keys()
    assert (said["value"], said["goal"], said["met"]) == (3.142, "<= 10", True)


def test_a_quantile_is_one_of_the_values() -> None:
    values = [float(number) for number in range(100, 0, -1)]

    assert [quantile(values, share) for share in (0.5, 0.95, 0.99)] == [51.0, 96.0, 100.0]
