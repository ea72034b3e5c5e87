"""What is due when: near and overdue are said, by wall time or by the offices' calendar, and can be paused."""

from datetime import UTC, datetime, timedelta

from ioc.alerts import commands
from ioc.alerts.alert import Raised, Resolved
from tests.ioc.alerts.told import BINH, Told, falls, rises
from tests.ioc.engine.echo import EIGHT, second

MINUTE = 60
WALL = {"clocks": {"severe": {"ack": "wall(8m)", "respond": "wall(20m)", "resolve": "wall(2h)"}}}
OFFICE = {"clocks": {"severe": {"resolve": "working_hours(8)"}}}


def late(told: Told) -> list[tuple[str, str, str]]:
    """The alerts of their own that clocks rang: what, of which clock, how severe."""
    return [
        (type(each).__name__, each.about.partition("/")[2], each.severity if isinstance(each, Raised) else "")
        for each in told.findings
    ]


def test_near_and_overdue_are_lines_and_alerts_of_their_own_until_somebody_acts() -> None:
    told = Told(WALL)
    told.add(0, rises("severe"))
    for minute in (5, 6.5, 8, 9):
        told.time(minute * MINUTE)

    assert [(line.transition, line.clock, line.notice, line.at) for line in told.lines[1:]] == [
        ("K2", "ack", "deadline_near", second(6 * MINUTE)),
        ("K3", "ack", "deadline_breached", second(8 * MINUTE)),
    ]
    told.acknowledge()
    assert late(told) == [("Raised", "ack", "minor"), ("Raised", "ack", "moderate"), ("Resolved", "ack", "")]
    assert told.alert.clocks["ack"].state == "breached"
    assert told.alert.clocks["ack"].met_at == second(9 * MINUTE)


def test_in_time_nothing_is_said() -> None:
    told = Told(WALL)
    told.add(0, rises("severe"))
    told.time(MINUTE)
    told.acknowledge()
    told.do(commands.Assign, agency="hat-kiem-lam")
    told.time(10 * MINUTE)
    told.do(commands.Accept, agency="hat-kiem-lam", by=BINH)
    told.time(60 * MINUTE)
    told.do(commands.Resolve, text="xong", by=BINH)
    told.add(61 * MINUTE, falls())
    told.time(99 * MINUTE)

    assert told.numbers == ["C2", "H1", "H2", "H3", "H5", "C6", "H16"]
    assert {name: clock.state for name, clock in told.alert.clocks.items()} == {
        "ack": "met", "respond": "met", "resolve": "met",
    }  # fmt: skip
    assert told.findings == []


def test_a_transfer_keeps_the_first_due_time() -> None:
    told = Told(WALL)
    told.add(0, rises("severe"))
    told.do(commands.Assign, agency="hat-kiem-lam")
    due = told.alert.clocks["respond"].due
    told.time(10 * MINUTE)
    told.do(commands.Transfer, agency="cong-an-xa", reason="đúng việc")

    assert told.alert.clocks["respond"].due == due == second(20 * MINUTE)


def test_working_time_stops_for_lunch_and_at_night() -> None:
    told = Told(OFFICE)
    told.add(0, rises("severe"))  # Monday 08:00

    due = told.alert.clocks["resolve"].due
    assert due is not None
    assert due > EIGHT + timedelta(hours=9)  # eight hours at work, and a break
    assert told.alert.clocks["resolve"].calendar


def test_a_paused_clock_goes_on_with_what_was_left_and_an_extended_one_shows_its_first_due_time() -> None:
    told = Told(WALL)
    told.add(0, rises("severe"))
    told.time(30 * MINUTE)
    told.do(commands.PauseClock, clock="resolve", reason="chờ giấy tờ")
    assert told.alert.clocks["resolve"].due is None
    told.time(600 * MINUTE)
    told.do(commands.ResumeClock, clock="resolve")
    assert told.alert.clocks["resolve"].due == second(690 * MINUTE)
    told.do(commands.ExtendClock, clock="resolve", due_at=second(900 * MINUTE), reason="xin gia hạn")

    clock = told.alert.clocks["resolve"]
    assert (clock.due, clock.first_due, clock.reason) == (second(900 * MINUTE), second(120 * MINUTE), "xin gia hạn")
    assert told.lines[-1].due_before == second(690 * MINUTE)
    told.do(commands.ExtendClock, clock="resolve", due_at=second(0), reason="lùi")
    told.do(commands.PauseClock, clock="legal", reason="không có")
    assert [each.code for each in told.refused] == ["bad_time", "unknown_clock"]


def test_an_acknowledgement_taken_back_lets_the_clock_run_on() -> None:
    told = Told(WALL)
    told.add(0, rises("severe"))
    told.do(commands.Acknowledge)
    told.do(commands.Unacknowledge)
    told.time(10 * MINUTE)

    assert told.numbers == ["C2", "H1", "H10", "K2", "K3"]


def test_the_legal_clock_is_what_the_finding_says_and_no_silence_stops_it() -> None:
    told = Told()
    told.add(0, rises(legal_due=second(100 * MINUTE), legal_basis="giấy hẹn"))
    told.do(commands.Shelve, until=second(500 * MINUTE), reason="sau")
    told.time(200 * MINUTE)

    assert told.numbers == ["C2", "S1", "K2", "K3"]
    assert [each.notice for each in told.unnotified] == ["deadline_near", "deadline_breached"]
    assert [line.notice for line in told.lines] == ["opened", None, None, None]
    told.add(201 * MINUTE, falls())
    assert [type(each) for each in told.findings] == [Raised, Raised, Resolved]


def test_a_changed_calendar_moves_open_due_times_and_says_from_where() -> None:
    told = Told(OFFICE)
    told.add(0, rises("severe"))
    told.time(MINUTE)
    before = told.alert.clocks["resolve"].due
    day = {"date": "2026-03-02", "working": False, "name": "Nghỉ lễ của tỉnh"}
    off = [{"base": "vn_state", "version": "2", "days": [day]}]
    told.restart(OFFICE, calendars=off)

    line = told.lines[-1]
    assert (line.transition, line.clock, line.due_before) == ("K1", "resolve", before)
    after = line.clocks["resolve"].due
    assert before is not None
    assert after is not None
    assert after > before
    assert line.clocks["resolve"].first_due == before


def test_what_comes_late_is_noticed_late() -> None:
    told = Told(WALL)
    told.add(600 * MINUTE, rises("severe", about="b"))
    told.add(0, rises("severe"))

    assert told.alert.opened_at == second(0)
    assert told.alert.clocks["ack"].started == second(600 * MINUTE)
    assert datetime.now(UTC) > told.alert.opened_at
