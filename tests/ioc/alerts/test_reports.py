"""A person's alert: a call that is logged opens an alert of its own, routed and clocked like any other."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ioc.alerts import commands
from ioc.alerts.calls import CALLERS, CALLS, private
from ioc.alerts.commands import Report
from ioc.alerts.kind import SEVERITIES
from tests.ioc.alerts.told import AN, BINH, Told, rises
from tests.ioc.engine.echo import second

FIRST, SECOND = UUID(int=1), UUID(int=2)
COMMUNE = {"code": "20920", "name": "Trà Đốc", "latitude": 15.35, "longitude": 108.07, "valid_from": "2025-07-01"}
AGENCIES = [
    {"id": "hat-kiem-lam", "name": "Hạt Kiểm lâm", "name_en": "Rangers"},
    {"id": "ubnd-tra-doc", "name": "UBND xã", "name_en": "Commune", "commune": "20920"},
]
ROUTES = [{"modules": ["forest"], "lead": "hat-kiem-lam", "coordinating": ["@commune"]}]
POLICY = {
    "clocks": {"severe": {"ack": "wall(5m)", "respond": "wall(15m)", "resolve": "wall(4h)"}},
    "kinds": {"call_fire": {"for": "10m"}},
    "escalation": {"severe": [{"after": "5m", "to": "duty"}]},
    "forget_after": "0s",
}


def told() -> Told:
    return Told(POLICY, communes=[COMMUNE], agencies=AGENCIES, routes=ROUTES)


def report(told: Told, id_: str = "r", report: UUID = FIRST, **more: Any) -> None:
    said = {
        "kind": "call_fire",
        "severity": "severe",
        "text": "Khói",
        "commune": "20920",
        "caller": "resident",
        "by": AN,
    }
    told.add(9_000_000, Report(**(said | {"report": report} | more)), lane="", id_=id_)


def test_a_call_is_an_alert_that_says_who_logged_it_and_who_must_act_until_when() -> None:
    room = told()
    room.add(0, rises(about="b"))
    room.time(100)
    report(room, where="thôn 2", text="Khói {trên} đồi")

    line = room.lines[-1]
    assert (line.transition, line.kind, line.about, line.condition) == ("C2", "call_fire", str(FIRST), "firing")
    assert (line.at, line.said_at, line.by, line.command) == (second(100), second(9_000_000), AN, "r")
    assert line.summary.vi == "thôn 2: Khói {trên} đồi (người báo: người dân)"
    assert line.owner is not None
    assert (line.owner.agency, line.coordinating, line.notice) == ("hat-kiem-lam", ("ubnd-tra-doc",), "opened")
    assert line.clocks["ack"].due == second(400)
    assert {"ack", "respond", "resolve"} == set(line.clocks)
    assert line.escalation is not None
    assert line.evidence[0].id == "r"


def test_the_same_report_twice_is_one_and_two_reports_of_one_event_are_two() -> None:
    room = told()
    report(room)
    report(room)
    assert (room.numbers, room.refused) == (["C2"], [])
    report(room, id_="s", report=SECOND, by=BINH)
    assert room.numbers == ["C2", "C2"]
    assert room.lines[0].alert_id != room.lines[1].alert_id


def test_a_report_that_was_logged_under_another_command_is_refused_in_words() -> None:
    room = told()
    report(room)
    report(room, id_="again")
    (refused,) = room.refused
    assert (refused.command, refused.code, refused.action, refused.alert_id) == (
        "again",
        "known_report",
        "report",
        None,
    )
    assert refused.reason.vi == f"Không thực hiện được: tin báo {FIRST} đã được ghi nhận."
    assert room.numbers == ["C2"]


def test_a_commune_that_is_not_of_this_district_is_refused_and_a_place_unknown_is_not() -> None:
    room = told()
    report(room, commune="99999")
    assert [(each.code, each.reason.en) for each in room.refused] == [
        ("unknown_commune", "Refused: the district has no commune 99999.")
    ]
    report(room, id_="s", report=SECOND, commune=None)
    assert room.numbers == ["C2"]
    assert room.lines[0].commune is None


def test_people_end_what_people_reported_and_no_machine_opens_it_again() -> None:
    room = told()
    report(room)
    room.do(commands.Acknowledge)
    room.do(commands.Verify, outcome="true", text="có cháy thật")
    room.do(commands.Resolve, text="đã dập")
    room.time(3_600)
    assert room.numbers[-1] == "H5"
    assert (room.alert.handling, room.alert.condition, room.alert.verified) == ("resolved", "firing", "true")
    room.do(commands.Close)
    assert (room.alert.handling, room.alert.condition) == ("closed", "cleared")
    room.do(commands.Reopen, reason="cháy lại")
    assert (room.alert.handling, room.alert.condition, room.alert.cleared_at) == ("new", "firing", None)
    room.do(commands.Reject, cause="duplicate", duplicate_of=SECOND)
    room.time(90_000)
    assert len(room.forgotten) == 1


@pytest.mark.parametrize("wrong", [
    {"kind": "call_anything"}, {"caller": "Nguyễn Văn A"}, {"text": ""}, {"text": "x" * 2001}, {"where": "x" * 201},
    {"latitude": 91.0}, {"commune": "\x00"}, {"phone": "0905123456"}, {"severity": "grave"},
])  # fmt: skip
def test_what_a_report_may_not_say(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        report(told(), **wrong)


@pytest.mark.parametrize("text", [
    "gọi lại 0905 123 456", "ĐT: 0905.123.456", "+84905123456 nhé", "84 905 123 456", "0235 3882114",
    "CCCD 049123456789", "số 0905-123-456",
])  # fmt: skip
def test_numbers_of_people_are_found(text: str) -> None:
    assert private(text)


@pytest.mark.parametrize("text", [
    "cột km 12+300, quốc lộ 40B", "cháy 0,2 ha lúc 03:40 ngày 07/01/2026", "gọi 114 rồi",
    "hồ sơ 000.00.04.G09-201116-0017",
    "toạ độ 15.34912345, 108.23461234", "thôn 2", "H17.20900-260107-9001",
])  # fmt: skip
def test_other_numbers_are_left_alone(text: str) -> None:
    assert private(text) is None


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 4), st.sampled_from(list(CALLS)), st.sampled_from(SEVERITIES), words,
            st.sampled_from(["20920", "99999", None]), st.sampled_from(list(CALLERS)),
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_every_report_is_answered_once_and_each_opens_at_most_one_alert(said: list[Any]) -> None:
    room = told()
    for number, (name, kind, severity, text, commune, caller) in enumerate(said):
        fields = {"kind": kind, "severity": severity, "text": text, "commune": commune, "caller": caller}
        report(room, id_=f"c{number}", report=UUID(int=name), **fields)

    opened = [line for line in room.lines if line.transition == "C2"]
    answered = [line.command for line in opened] + [each.command for each in room.refused]
    assert sorted(filter(None, answered)) == sorted(f"c{number}" for number in range(len(said)))
    assert len({line.dedupe_key for line in opened}) == len(opened)
    asked = {f"c{number}": text for number, (_, _, _, text, _, _) in enumerate(said)}
    assert all(line.summary.vi.startswith(asked[line.command or ""]) for line in opened)
