"""Whom to ring at three in the morning: the roster beside the alert, and what came of each call."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from ioc.agencies.roster import Officer, RosterFiled
from ioc.events.base import Event
from streams.embedded.kafka import Kafka
from streams.send import send
from tests.dashboards.wall.conftest import WallProcess
from tests.dashboards.wall.desk.conftest import API, FIREMEN, OTHERS, RANGERS, SPACE, Call, Visit, order

COMMUNE = "ubnd-tra-doc"
PHONE = "0000000001"


@pytest.fixture(scope="module", autouse=True)
def rostered(kafka: Kafka, wall: WallProcess) -> None:
    """The rangers have filed tonight's roster, and last month's; others have not."""
    now = datetime.now(UTC)
    people = [("duty", "Trực Ban Mẫu <b>", PHONE), ("deputy", "Trực Thay Mẫu", "0000000002")]
    officers = tuple(Officer(role=role, name=name, phone=phone) for role, name, phone in people)

    def filed() -> Iterator[Event[RosterFiled]]:
        for ago in (30, 0):
            since = now - timedelta(days=ago, hours=1)
            duty = RosterFiled(
                agency=RANGERS, day=since.astimezone().date(), since=since, until=since + timedelta(hours=12),
                officers=officers,
            )  # fmt: skip
            yield Event(now, "/rosters/test", uuid4().hex, duty)

    send(kafka.bootstrap, SPACE, filed())
    for _ in range(200):
        if any(duty["officers"] for duty in wall.client.get(f"{API}/duties?space={SPACE}").json()):
            return
    raise AssertionError("the roster did not arrive")


def test_calls_are_logged_beside_the_number_that_was_rung(call: Call, visit: Visit, wall: WallProcess) -> None:
    alert = call(severity="extreme")
    desk = visit("operator", f"/desk#{SPACE}/{alert}")
    rangers = desk.locator(".duty").first
    expect(rangers).to_contain_text("Hạt Kiểm lâm chủ trì")
    expect(rangers).to_contain_text("Trực Ban Mẫu <b>")
    expect(rangers.locator(".phone").first).to_have_attribute("href", f"tel:{PHONE}")
    expect(rangers.locator(".phone").first).to_have_text("0000 000 001")
    expect(desk.locator(".duty").nth(1)).to_contain_text("Chưa có lịch trực")
    expect(desk.locator(".story")).to_contain_text("báo cấp tiếp theo lúc")

    desk.wait_for_timeout(400)
    rangers.locator("[data-call='duty/unreachable']").click()
    expect(rangers.locator(".rung")).to_have_text(re.compile(r"^\d\d:\d\d không liên lạc được \(Operator\)$"))
    expect(desk.locator(".story")).to_contain_text("Đã báo lên trực ban.")  # at once: nobody answered
    desk.wait_for_timeout(400)
    rangers.locator("[data-call='deputy/call_later']").click()
    form = desk.get_by_role("dialog")
    expect(form.locator("[name=called]")).to_have_value("call_later")
    form.locator("[name=again_at]").select_option("15")
    form.get_by_role("button", name="Ghi nhận cuộc gọi").click()
    expect(rangers.locator(".rung.call_later")).to_have_text(re.compile(r"gọi lại sau \d\d:\d\d"))
    desk.wait_for_timeout(400)
    rangers.locator("[data-call='deputy/reached']").click()
    expect(rangers.locator(".rung.reached")).to_contain_text("đã gọi")
    expect(desk.locator(".timeline")).to_contain_text("Hạt Kiểm lâm, người trực thay: đã gọi")
    calls = wall.client.get(f"{API}/alerts/{alert}?space={SPACE}").json()["alert"]["calls"]
    assert [(one["role"], one["outcome"]) for one in calls] == [
        ("duty", "unreachable"), ("deputy", "call_later"), ("deputy", "reached")
    ]  # fmt: skip


def test_numbers_are_for_those_who_ring(call: Call, wall: WallProcess) -> None:
    path = f"{API}/alerts/{call()}?space={SPACE}"
    for role, agency, shown in (
        ("operator", None, True), ("leader", None, True), ("agency", RANGERS, True), ("agency", FIREMEN, True),
        ("viewer", None, False), ("engineer", None, False),
    ):  # fmt: skip
        assert (PHONE in wall.asking_as(role, agency).get(path).text) == shown
    assert wall.asking_as("agency", RANGERS).get(f"{API}/duties?space={SPACE}").status_code == 403
    assert PHONE not in wall.asking_as("viewer").get(f"{API}/spaces").text


def test_a_helping_agency_sees_the_alert_and_leaves_it_to_the_one_that_leads(
    call: Call, visit: Visit, wall: WallProcess
) -> None:
    alert = call("Cháy lan sang rẫy")
    helps, other = wall.asking_as("agency", COMMUNE), wall.asking_as("agency", OTHERS)
    path = f"{API}/alerts/{alert}"
    assert other.get(f"{path}?space={SPACE}").status_code == 404
    assert helps.get(f"{path}?space={SPACE}").json()["actions"] == ["comment", "verify"]

    def say(action: str, **fields: object) -> int:
        body = {"command": str(uuid4()), "action": action, "version": 9, **fields}
        return helps.post(f"{path}/commands?space={SPACE}", json=body).status_code

    assert say("comment", text="Dân quân đang đến") == 200
    assert say("resolve", text="xong") == say("return", reason="không phải") == say("accept") == 403

    phone = visit("agency", agency=COMMUNE, width=360, height=740)
    row = phone.get_by_role("option").filter(has_text="Cháy lan sang rẫy")
    expect(row).to_contain_text("phối hợp")
    row.click()
    expect(phone.locator(".duty").first).to_contain_text("Trực Ban Mẫu")
    assert phone.evaluate("document.documentElement.scrollWidth") == 360

    order(wall, alert, "coordinate", 9, agencies=[FIREMEN])
    expect(phone.get_by_role("option").filter(has_text="Cháy lan sang rẫy")).to_have_count(0)
    assert helps.get(f"{path}?space={SPACE}").status_code == 404


def test_an_agency_asks_for_more_time_and_the_centre_answers(call: Call, visit: Visit, wall: WallProcess) -> None:
    alert = call("Đường sạt, xe chữa cháy chưa vào được")
    rangers = visit("agency", f"/desk#{SPACE}/{alert}", agency=RANGERS, width=360, height=740)
    expect(rangers.locator(".timeline")).to_contain_text("Cơ quan đã xem")
    rangers.wait_for_timeout(400)
    rangers.get_by_role("button", name="Xin gia hạn").click()
    form = rangers.get_by_role("dialog")
    form.locator("[name=clock]").select_option("resolve")
    form.locator("[name=due_at]").select_option("4320")
    form.locator("[name=reason]").fill("đường vào thôn 2 bị sạt")
    form.get_by_role("button", name="Xin gia hạn").click()
    desk = visit("operator", f"/desk#{SPACE}/{alert}")
    expect(desk.locator(".story")).to_contain_text("đường vào thôn 2 bị sạt chờ trả lời")
    desk.wait_for_timeout(400)
    desk.get_by_role("button", name="Trả lời xin gia hạn").click()
    desk.locator("[name=granted]").select_option("true")
    desk.get_by_role("dialog").get_by_role("button", name="Trả lời xin gia hạn").click()
    expect(rangers.locator(".story")).to_contain_text("đường vào thôn 2 bị sạt đồng ý")
    clock = wall.client.get(f"{API}/alerts/{alert}?space={SPACE}").json()["alert"]["clocks"]["resolve"]
    assert clock["due"] > clock["first_due"]
