"""One fire from finding to closing: routed, escalated, a call in vain, transfer, extension, reminder.

Written to be read as a report: what happened on the left, what the centre made of it on the right.
"""

from collections.abc import Iterable

from ioc.agencies.scope import AgencyAlert, AgencyReleased
from ioc.alerts import commands
from ioc.alerts.parts import Person
from ioc.notices.events import NoticeDue
from tests.ioc.agencies.told import Agencies

RANGERS, COMMUNE, POLICE = "hat-kiem-lam", "ubnd-tra-doc", "cong-an-xa"
CENTRE = Person(user="truc", name="Trần An")
RANGER = Person(user="kl", name="Lê Bình", agency=RANGERS)
OFFICER = Person(user="ca", name="Võ Dũng", agency=POLICE)
MINUTE = 60


def story() -> tuple[Agencies, list[str]]:
    told = Agencies()
    told.time(0)
    told.raises(0, "severe")  # 00 smoke over the threshold in Trà Đốc
    told.do(commands.Seen, by=RANGER, agency=RANGERS)
    told.time(6 * MINUTE)  # nobody acts for five minutes
    told.do(commands.LogCall, agency=RANGERS, outcome="unreachable")
    told.time(7 * MINUTE)
    told.do(commands.Accept, by=RANGER, agency=RANGERS)
    told.do(commands.Transfer, by=CENTRE, agency=POLICE, reason="trong khu dân cư")
    told.do(commands.Accept, by=OFFICER, agency=POLICE)
    due = told.alert.clocks["resolve"].due
    assert due is not None
    told.do(commands.AskExtension, by=OFFICER, agency=POLICE, due_at=due + told.hours(2), reason="đường sạt lở")
    told.do(commands.AnswerExtension, granted=True)
    told.do(commands.Remind, text="báo cáo trước 6 giờ")
    told.do(commands.Verify, outcome="true", text="đã dập, còn khói")
    told.do(commands.Resolve, by=OFFICER, text="đã dập tắt lúc 5 giờ")
    told.do(commands.Close, text="nghiệm thu")
    told.lowers(8 * MINUTE)
    return told, told.report()


def test_the_story_reads_like_a_report() -> None:
    _, report = story()

    assert report == [
        "08:00 C2 Mở cảnh báo → chủ trì hat-kiem-lam, phối hợp ubnd-tra-doc",
        "08:00 H13 Cơ quan đã xem (Lê Bình)",
        "08:05 E1 Báo lên cấp tiếp theo: duty",
        "08:06 H20 Ghi nhận cuộc gọi (Trần An): không liên lạc được",
        "08:06 E1 Báo lên cấp tiếp theo: deputy",
        "08:07 H3 Tiếp nhận xử lý (Lê Bình)",
        "08:07 H4 Chuyển cơ quan khác (Trần An): trong khu dân cư → chủ trì cong-an-xa, phối hợp ubnd-tra-doc",
        "08:07 H3 Tiếp nhận xử lý (Võ Dũng)",
        "08:07 H18 Xin gia hạn (Võ Dũng): đường sạt lở",
        "08:07 H19 Trả lời xin gia hạn (Trần An)",
        "08:07 H14 Đôn đốc (Trần An): báo cáo trước 6 giờ",
        "08:07 H15 Xác minh (Trần An): đã dập, còn khói",
        "08:07 H5 Đã xử lý xong (Võ Dũng): đã dập tắt lúc 5 giờ",
        "08:07 H6 Kết thúc (Trần An): nghiệm thu",
        "08:08 C6 Đã hết",
    ]


def test_a_transfer_keeps_the_first_due_times_and_how_long_each_held_it() -> None:
    told, _ = story()
    first, last = told.lines[0].clocks, told.alert.clocks

    (held,) = told.alert.held
    assert (held.agency, (held.until - held.since).total_seconds()) == (RANGERS, 7 * MINUTE)
    assert first["resolve"].due == last["resolve"].first_due
    assert last["resolve"].due == first["resolve"].due + told.hours(2)  # type: ignore[operator]
    assert last["respond"].due == first["respond"].due
    assert (told.alert.reminders, told.alert.verified) == (1, "true")


def test_each_agency_sees_its_own_and_loses_what_goes_to_another() -> None:
    told, _ = story()

    def seen(agency: str) -> list[str]:
        return [
            f"{data.role} {data.change.transition}" if isinstance(data, AgencyAlert) else "–"
            for data in told.agency(agency)
        ]

    assert seen(RANGERS) == ["lead C2", "lead H13", "lead E1", "lead H20", "lead E1", "lead H3", "–"]
    assert seen(POLICE)[0] == "lead H4"
    assert set(seen(COMMUNE)) == {f"coordinating {line.transition}" for line in told.lines}
    assert isinstance(told.agency(RANGERS)[-1], AgencyReleased)


def test_an_old_commune_is_read_under_both_names() -> None:
    told, _ = story()

    record = told.agency(COMMUNE)[0]

    assert isinstance(record, AgencyAlert)
    assert record.area is not None
    assert (record.area.code, record.area.name, record.area.formerly) == (
        "20920", "Trà Đốc", ("Xã Trà Bui", "Xã Trà Đốc")
    )  # fmt: skip


def to(notices: Iterable[NoticeDue], receiver: str) -> list[str]:
    return [
        f"{each.item.notice}{f' {each.role}' if each.role else ''}" for each in notices if each.receiver == receiver
    ]


def test_whoever_must_know_is_told_and_nobody_else() -> None:
    told, _ = story()

    assert to(told.notices, RANGERS) == ["opened", "escalated duty", "escalated deputy"]
    assert to(told.notices, POLICE) == ["assigned", "extension_answered", "reminded"]
    assert to(told.notices, COMMUNE) == ["opened"]
    assert to(told.notices, "centre") == ["opened", "extension_asked"]


def test_a_second_extension_is_refused() -> None:
    told = Agencies()
    told.raises(0, "severe")
    told.do(commands.Accept, by=RANGER, agency=RANGERS)
    due = told.alert.clocks["resolve"].due
    assert due is not None
    for hours in (1, 2):
        told.do(commands.AskExtension, by=RANGER, agency=RANGERS, due_at=due + told.hours(hours), reason="mưa to")
        told.do(commands.AnswerExtension, granted=False, text="làm ngay")

    assert [refused.code for refused in told.refused] == ["no_more_time", "not_possible"]
    assert told.alert.clocks["resolve"].due == due
    assert told.alert.extension is not None
    assert (told.alert.extension.state, told.alert.extension.answer) == ("refused", "làm ngay")


def test_escalation_goes_on_after_a_pause_with_what_was_left() -> None:
    told = Agencies()
    told.raises(0, "severe")
    told.do(commands.Shelve, until=told.at(60 * MINUTE), reason="đốt có phép")

    assert told.alert.escalation is not None
    assert (told.alert.escalation.next_at, told.alert.escalation.left) == (None, 5 * MINUTE)

    told.time(60 * MINUTE)
    told.time(64 * MINUTE)
    assert "E1" not in told.numbers
    told.time(65 * MINUTE + 1)
    assert told.numbers[-1] == "E1"


def test_acceptance_stops_escalation_and_acknowledgement_only_the_steps_that_say_so() -> None:
    told = Agencies()
    told.raises(0, "severe")
    told.do(commands.Acknowledge)
    told.time(5 * MINUTE + 1)
    assert "E1" not in told.numbers  # the officer on duty: until it is acknowledged

    told.time(15 * MINUTE + 1)
    assert told.numbers[-1] == "E1"  # the deputy: until it is accepted
    told.do(commands.Accept, by=RANGER, agency=RANGERS)
    assert told.alert.escalation is not None
    assert told.alert.escalation.next_at is None


def test_the_last_step_is_repeated_until_somebody_accepts() -> None:
    told = Agencies()
    told.raises(0, "severe")
    told.time(110 * MINUTE)

    steps = [
        (line.transition, line.escalation.to) for line in told.lines if line.escalation and line.transition[0] == "E"
    ]
    assert steps == [("E1", "duty"), ("E1", "deputy"), ("E1", "leader"), ("E2", "leader"), ("E2", "leader")]


def test_nobody_else_can_answer_for_an_agency_and_no_unknown_one_gets_anything() -> None:
    told = Agencies()
    told.raises(0, "severe")
    told.do(commands.Accept, by=OFFICER, agency=POLICE)
    told.do(commands.Transfer, agency="khong-co", reason="?")
    told.do(commands.Coordinate, agencies=("khong-co",))

    assert [refused.code for refused in told.refused] == ["not_yours", "unknown_agency", "unknown_agency"]
    assert told.agency("khong-co") == []
