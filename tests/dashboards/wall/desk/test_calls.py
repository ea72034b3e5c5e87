"""Calls that come in at night: logged as alerts, answered by the system, and never silently made one."""

import re
from uuid import uuid4

from playwright.sync_api import expect

from tests.dashboards.wall.conftest import WallProcess
from tests.dashboards.wall.desk.conftest import API, RANGERS, SPACE, Call, Visit

CALL = {"kind": "call_fire", "severity": "severe", "text": "Khói trên đồi", "commune": "20920", "caller": "resident"}


def test_a_call_is_answered_with_the_alert_that_it_became_and_is_one_however_often_it_is_sent(
    wall: WallProcess,
) -> None:
    said = CALL | {"call": str(uuid4()), "where": "thôn 2, gần cầu"}
    first, again = (wall.client.post(f"{API}/calls?space={SPACE}", json=said).json() for _ in range(2))
    assert first == again
    assert (first["transition"], first["subject"], first["by"]["user"]) == ("C2", said["call"], "tests")
    assert first["owner"]["agency"] == RANGERS
    assert first["summary"]["vi"] == "thôn 2, gần cầu: Khói trên đồi (người báo: người dân)"


def test_a_call_that_cannot_be_taken_is_refused_in_both_languages(wall: WallProcess) -> None:
    path = f"{API}/calls?space={SPACE}"
    elsewhere = wall.client.post(path, json=CALL | {"call": str(uuid4()), "commune": "99999"})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "unknown_commune")
    assert set(elsewhere.json()["reason"]) == {"vi", "en"}
    private = wall.client.post(path, json=CALL | {"call": str(uuid4()), "text": "gọi lại số 0905 123 456"})
    assert (private.status_code, private.json()["code"]) == (422, "personal_data")
    assert "0905 123 456" in private.json()["reason"]["vi"]
    for wrong in ({"kind": "anything"}, {"caller": "Nguyễn Văn A"}, {"text": ""}, {"phone": "1"}, {"call": "x"}):
        assert wall.client.post(path, json=CALL | {"call": str(uuid4())} | wrong).status_code == 422
    agency = wall.asking_as("agency", RANGERS)
    assert agency.post(path, json=CALL | {"call": str(uuid4())}).status_code == 403


def test_two_operators_log_one_event_and_people_see_both(call: Call, wall: WallProcess, visit: Visit) -> None:
    first = call("Sạt lở đường vào thôn 5", kind="call_disaster", commune="20929")
    desk = visit("operator")
    desk.get_by_role("button", name="Ghi nhận tin báo").click()
    form = desk.get_by_role("dialog")
    form.get_by_label("Loại tin").select_option("call_disaster")
    form.get_by_label("Xã").select_option("20929")
    expect(form.locator(".alike")).to_contain_text("Đã có tin tương tự")
    expect(form.locator(".alike")).to_contain_text("Sạt lở đường vào thôn 5")
    form.get_by_label("Nội dung tin báo").fill("Đất tràn ra đường, gọi 0905 123 456")
    form.get_by_role("button", name="Ghi nhận tin báo").click()
    expect(form.get_by_role("alert")).to_contain_text("xoá số đó rồi ghi nhận lại")
    form.get_by_label("Nội dung tin báo").fill("Đất tràn ra đường")
    form.get_by_role("button", name="Ghi nhận tin báo").click()

    expect(desk.locator(".story .why")).to_have_text("Đất tràn ra đường (người báo: người dân)")
    expect(desk.locator(".story .alike")).to_contain_text("Sạt lở đường vào thôn 5")
    second = desk.url.rpartition("/")[2]
    assert second != first
    desk.wait_for_timeout(400)
    desk.get_by_role("button", name="Xác minh").click()
    desk.get_by_role("dialog").get_by_label("Kết quả xác minh").select_option("unclear")
    desk.get_by_role("dialog").get_by_role("button", name="Xác minh").click()
    expect(desk.locator(".outcome")).to_contain_text("Xác minh, Operator")
    desk.wait_for_timeout(400)
    desk.get_by_role("button", name="Loại bỏ").click()
    form.get_by_label("Nguyên nhân loại bỏ").select_option("duplicate")
    form.get_by_label("Trùng với").select_option(first)
    form.get_by_role("button", name="Loại bỏ").click()
    expect(desk.locator(".state")).to_contain_text("đã loại bỏ")
    desk.get_by_role("link", name=re.compile("Trùng với cảnh báo này")).click()
    expect(desk.locator(".story .why")).to_contain_text("Sạt lở đường vào thôn 5")
    told = wall.client.get(f"{API}/alerts/{second}?space={SPACE}").json()["alert"]
    assert (told["cause"], told["duplicate_of"], told["verified"]) == ("duplicate", first, "unclear")
