"""What people do, and how they are told what cannot be done."""

from ioc.alerts import commands
from tests.ioc.alerts.told import AN, BINH, Told, falls, rises
from tests.ioc.engine.echo import second

HOUR = 3600


def test_two_people_acknowledge_and_the_second_is_told_who_was_first() -> None:
    told = Told()
    told.add(0, rises())
    seen = told.alert.version
    told.do(commands.Acknowledge, by=BINH)
    name = told.do(commands.Assign, version=seen, agency="hat-kiem-lam", by=AN)

    (refused,) = told.refused
    assert (refused.command, refused.code, refused.version) == (name, "outdated", 2)
    assert refused.reason.vi == (
        "Không thực hiện được: cảnh báo đã thay đổi (Lê Bình: Đã nhận tin). Xem lại rồi bấm tiếp."
    )


def test_a_value_that_changed_meanwhile_outdates_nobody() -> None:
    told = Told()
    told.add(0, rises(value=1))
    told.add(1, rises(value=2))
    told.do(commands.Acknowledge, version=1)

    assert told.refused == []
    assert told.alert.handling == "acked"


def test_the_same_command_twice_is_one() -> None:
    told = Told()
    told.add(0, rises())
    told.do(commands.Acknowledge, id_="c")
    told.do(commands.Acknowledge, id_="c")

    assert (told.numbers, told.refused) == (["C2", "H1"], [])


def test_a_command_acts_at_its_place_in_the_log_and_keeps_its_own_time() -> None:
    told = Told()
    told.add(0, rises())
    told.time(100)
    told.do(commands.Acknowledge)

    line = told.lines[-1]
    assert (line.at, line.said_at, line.by) == (second(100), second(9_000_000), AN)


def test_an_episode_that_is_over_takes_no_commands() -> None:
    told = Told({"reopen_within": "0s"})
    told.add(0, rises())
    told.add(1, falls())
    told.add(10, rises())
    old = told.lines[0]
    told.add(9_000_000, commands.Acknowledge(alert_id=old.alert_id, dedupe_key=old.dedupe_key, version=1, by=AN),
             lane="", id_="late")  # fmt: skip

    assert [each.code for each in told.refused] == ["unknown_alert"]
    assert told.refused[0].version is None


def test_what_gets_worse_must_be_read_again_and_those_at_work_go_on() -> None:
    told = Told()
    told.add(0, rises())
    told.do(commands.Assign, agency="hat-kiem-lam")
    told.do(commands.Accept, agency="hat-kiem-lam", by=BINH)
    told.add(10, rises("severe"))
    assert (told.numbers[-1], told.alert.handling) == ("H9", "new")
    told.do(commands.Acknowledge)

    assert told.alert.handling == "working"
    assert told.alert.owner is not None
    assert told.alert.owner.agency == "hat-kiem-lam"


def test_what_is_said_to_be_done_and_still_fires_is_opened_again() -> None:
    told = Told({"recheck": "15m"})
    told.add(0, rises())
    told.do(commands.Acknowledge)
    told.do(commands.Resolve, text="đã dập")
    told.time(20 * 60)

    assert (told.numbers[-1], told.alert.cause, told.alert.handling) == ("H7", "still_firing", "new")
    assert told.lines[-1].notice == "reopened"


def test_what_is_done_closes_when_it_clears_and_a_relapse_opens_it_again() -> None:
    told = Told({"reopen_within": "10m"})
    told.add(0, rises())
    told.do(commands.Acknowledge)
    told.do(commands.Resolve, text="xong")
    told.add(60, falls())
    told.add(120, rises())

    assert told.numbers == ["C2", "H1", "H5", "C6", "H16", "C11", "H7"]
    assert (told.alert.cause, told.alert.reopened) == ("relapse", 1)


def test_what_was_rejected_stays_so_while_it_fires_unless_it_gets_worse() -> None:
    told = Told()
    told.add(0, rises())
    told.do(commands.Reject, cause="false_alarm", text="khói bếp")
    told.add(1, rises(value=5))
    assert told.numbers[:2] == ["C2", "H8"]
    assert told.alert.handling == "rejected"
    told.add(2, rises("extreme"))
    assert (told.numbers[-2:], told.alert.handling) == (["C9", "H7"], "new")


def test_only_the_agency_that_it_was_given_to_may_accept_it() -> None:
    told = Told()
    told.add(0, rises())
    told.do(commands.Assign, agency="hat-kiem-lam")
    told.do(commands.Accept, agency="cong-an-xa")
    told.do(commands.Transfer, agency="hat-kiem-lam", reason="?")

    assert [each.code for each in told.refused] == ["not_yours", "already"]
    assert "hat-kiem-lam" in told.refused[0].reason.vi


def test_what_cleared_before_anybody_read_it_waits_for_a_reader() -> None:
    told = Told({"unread": {"severe": "1h"}, "reopen_within": "0s"})
    told.add(0, rises("severe"))
    told.add(10, falls())
    assert (told.alert.condition, told.alert.handling) == ("cleared", "new")
    told.acknowledge()
    assert (told.numbers[-1], told.alert.cause) == ("H16", "cleared")

    told.add(100, rises("severe"))
    told.add(110, falls())
    told.time(2 * HOUR)
    assert (told.numbers[-1], told.alert.cause, told.lines[-1].at) == ("H16", "unread", second(110 + HOUR))


def test_what_is_over_is_forgotten_in_time() -> None:
    told = Told({"forget_after": "1h"})
    told.add(0, rises())
    told.add(10, falls())
    told.time(2 * HOUR)

    assert [each.alert_id for each in told.forgotten] == [told.lines[0].alert_id]
    assert told.kept.partition.size == 0


def test_a_detector_done_without_ends_its_alerts() -> None:
    told = Told()
    told.add(0, rises("severe", detector="queue_growing"))
    told.time(60)
    told.restart({}, without=["queue_growing"])

    assert told.numbers == ["C2", "C12", "H16"]
    assert (told.alert.cause, told.alert.cleared_at) == ("withdrawn", second(60))
