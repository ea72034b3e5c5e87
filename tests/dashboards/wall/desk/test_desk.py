"""The desk on the real system, as operators and agencies work at it."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from playwright.sync_api import expect

from tests.dashboards.wall.conftest import WallProcess
from tests.dashboards.wall.desk.conftest import API, FIREMEN, OTHERS, RANGERS, SPACE, Call, Visit, order

HOSTILE = """<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>"""


def test_a_call_becomes_an_alert_and_is_handled_to_its_end_by_three_roles(wall: WallProcess, visit: Visit) -> None:
    desk = visit("operator")
    desk.get_by_role("button", name="Ghi nhận tin báo").click()
    desk.get_by_label("Nội dung tin báo").fill(f"Cháy rừng gần thôn 2 {HOSTILE}")
    desk.get_by_role("dialog").get_by_label("Xã").select_option("20920")
    desk.get_by_role("dialog").get_by_role("button", name="Ghi nhận tin báo").click()
    row = desk.get_by_role("option").filter(has_text="Cháy rừng gần thôn 2")
    expect(row).to_contain_text("Trà Đốc")
    expect(desk.locator(".why")).to_contain_text(HOSTILE)
    assert desk.title() == "IOC"

    desk.keyboard.press("F2")
    outcome = desk.locator(".outcome")
    expect(outcome).to_have_text(re.compile(r"^\s*\d\d:\d\d:\d\d Đã nhận tin, Operator\s*$"))
    expect(desk.locator("[data-action=ack]")).to_have_count(0)
    desk.keyboard.press("F9")
    desk.get_by_role("dialog").get_by_label("Cơ quan").select_option(RANGERS)
    desk.keyboard.press("Tab")
    desk.get_by_role("dialog").get_by_role("button", name="Giao xử lý").click()
    expect(outcome).to_contain_text("Giao xử lý, Operator")
    address = desk.url

    others = visit("agency", agency=OTHERS)
    expect(others.locator(".counted")).to_contain_text("0 cảnh báo")
    others.goto(address)
    expect(others.get_by_text("Chọn một cảnh báo trong danh sách")).to_be_visible()

    rangers = visit("agency", agency=RANGERS, width=360, height=740)
    mine = rangers.get_by_role("option").filter(has_text="Cháy rừng gần thôn 2")
    mine.click()
    expect(rangers.locator(".story")).to_be_visible()
    expect(desk.locator(".timeline")).to_contain_text("Cơ quan đã xem")
    rangers.wait_for_timeout(400)
    rangers.get_by_role("button", name="Tiếp nhận xử lý").click()
    rangers.get_by_role("dialog").get_by_role("button", name="Tiếp nhận xử lý").click()
    expect(rangers.locator(".outcome")).to_contain_text(f"Tiếp nhận xử lý, {RANGERS.title()}")
    assert rangers.evaluate("document.documentElement.scrollWidth") == 360
    expect(rangers.locator("[data-action=accept]")).to_have_count(0)
    rangers.wait_for_timeout(400)  # a button that has just changed its place takes no press
    rangers.get_by_role("button", name="Báo cáo kết quả").click()
    rangers.get_by_label("Nội dung").fill("Đã dập tắt, 0,2 ha thực bì")
    rangers.get_by_role("dialog").get_by_role("button", name="Báo cáo kết quả").click()
    expect(rangers.locator(".outcome")).to_contain_text("Đã xử lý xong")

    expect(desk.locator(".timeline")).to_contain_text("Đã dập tắt, 0,2 ha thực bì")
    desk.wait_for_timeout(400)
    desk.get_by_role("button", name=re.compile("^Kết thúc")).click()
    desk.get_by_role("dialog").get_by_role("button", name="Kết thúc").click()
    expect(desk.locator(".state")).to_contain_text("đã kết thúc")
    expect(row).to_have_count(0)


def test_what_another_agency_has_cannot_be_had_by_its_address(wall: WallProcess, call: Call) -> None:
    alert = call()
    order(wall, alert, "assign", agency=RANGERS)
    own, other = wall.asking_as("agency", RANGERS), wall.asking_as("agency", OTHERS)
    path = f"{API}/alerts/{alert}"
    assert own.get(f"{path}?space={SPACE}").is_success
    assert other.get(f"{path}?space={SPACE}").status_code == 404
    said = {"command": str(uuid4()), "action": "accept", "version": 2}
    assert other.post(f"{path}/commands?space={SPACE}", json=said).status_code == 404
    assert alert not in other.get(f"{API}/alerts?space={SPACE}&state=all&limit=500").text
    assert alert not in other.get(f"{API}/briefing?space={SPACE}").text


def test_an_order_on_what_has_changed_meanwhile_is_refused_in_words(
    wall: WallProcess, call: Call, visit: Visit
) -> None:
    alert = call()
    first = visit("operator", f"/desk#{SPACE}/{alert}")
    expect(first.locator(".story")).to_be_visible()
    first.wait_for_timeout(400)
    first.get_by_role("button", name=re.compile("^Giao xử lý")).click()
    order(wall, alert, "assign", agency=FIREMEN)
    first.get_by_role("dialog").get_by_label("Cơ quan").select_option(RANGERS)
    # The page learns of the change, and what it sends still says which version the person saw when the form was opened.
    first.get_by_role("dialog").get_by_role("button", name="Giao xử lý").click()
    expect(first.locator(".outcome")).to_have_text(re.compile("^\\s*Không thực hiện được: .+"))
    now = wall.client.get(f"{API}/alerts/{alert}?space={SPACE}").json()["alert"]
    assert now["owner"]["agency"] == FIREMEN


def test_roles_do_what_they_may_and_no_more(wall: WallProcess, call: Call) -> None:
    grave = call(severity="extreme")
    body = {"action": "reject", "version": 1, "cause": "false_alarm"}
    path = f"{API}/alerts/{grave}/commands?space={SPACE}"

    def ask(role: str, **said: object) -> int:
        return wall.asking_as(role).post(path, json={"command": str(uuid4()), **(said or body)}).status_code

    assert ask("viewer") == ask("engineer") == ask("leader") == ask("operator") == 403
    assert ask("leader", action="comment", version=1, text="Báo cáo ngay") == 200
    assert ask("operator", action="ack", version=1) == 200
    assert ask("shift_leader", action="reject", version=9, cause="false_alarm") == 200
    assert wall.nobody().post(path, json=body).status_code == 401


def test_the_same_command_twice_is_one(wall: WallProcess, call: Call) -> None:
    alert, command = call(), str(uuid4())
    body = {"command": command, "action": "comment", "version": 1, "text": "một lần"}
    path = f"{API}/alerts/{alert}/commands?space={SPACE}"
    answers = [wall.client.post(path, json=body).json() for _ in range(2)]
    assert answers[0] == answers[1]
    history = wall.client.get(f"{API}/alerts/{alert}?space={SPACE}").json()["history"]
    assert [line["transition"] for line in history] == ["C2", "H12"]


def test_an_order_given_while_the_server_is_away_is_kept_and_sent(wall: WallProcess, call: Call, visit: Visit) -> None:
    alert = call()
    desk = visit("operator", f"/desk#{SPACE}/{alert}")
    expect(desk.locator(".story")).to_be_visible()
    wall.kill()
    desk.keyboard.press("F2")
    expect(desk.locator(".outcome")).to_contain_text("Chưa gửi được. Đã lưu lại")
    wall.start()
    expect(desk.locator(".outcome")).to_contain_text("Đã nhận tin, Operator")
    history = wall.client.get(f"{API}/alerts/{alert}?space={SPACE}").json()["history"]
    assert [line["transition"] for line in history] == ["C2", "H1"]


def test_a_filter_that_was_left_on_is_said(call: Call, visit: Visit) -> None:
    call(commune="20908")
    desk = visit("operator")
    desk.locator("#search").fill("tra lien")
    expect(desk.locator(".late")).to_contain_text("ĐANG LỌC")
    expect(desk.locator(".item").first).to_contain_text("Trà Liên")
    desk.get_by_role("button", name="Bỏ lọc").click()
    expect(desk.locator(".late")).to_have_count(0)


def test_a_leader_directs_and_sees_what_came_of_it(wall: WallProcess, call: Call, visit: Visit) -> None:
    alert = call("Sạt lở đường vào thôn 3", severity="extreme")
    phone = visit("leader", "/leader", width=390, height=844)
    item = phone.locator(".burning").filter(has_text="Sạt lở đường vào thôn 3")
    item.get_by_role("button", name="Cho ý kiến chỉ đạo").click()
    phone.get_by_label("Nội dung chỉ đạo").fill("Sơ tán ba hộ, báo cáo trước 6 giờ")
    phone.get_by_role("dialog").get_by_role("button", name="Cho ý kiến chỉ đạo").click()
    expect(phone.get_by_text("Sơ tán ba hộ, báo cáo trước 6 giờ")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    [given] = [one for one in wall.client.get(f"{API}/directives?space={SPACE}").json() if one["alert"] == alert]
    assert given["done"] is None
    done = wall.client.post(f"{API}/directives/{given['id']}/done?space={SPACE}", json={"result": "Đã sơ tán"})
    assert done.json()["result"] == "Đã sơ tán"


def test_a_shift_is_handed_over_by_two_people(wall: WallProcess, call: Call, visit: Visit) -> None:
    call("Mất điện trạm bơm")
    sheet = visit("operator", "/handover")
    expect(sheet.locator("section").first).to_contain_text(["Mất", "điện", "trạm", "bơm"][0][:0] or "Tin báo cháy")
    sheet.get_by_label("Loa").check()
    sheet.get_by_role("button", name="Ghi kết quả kiểm tra").click()
    expect(sheet.get_by_text(re.compile("Loa: tốt; .*CHƯA tốt"))).to_be_visible()
    sheet.get_by_label("Ghi vào nhật ký").fill("Bàn giao đủ")
    sheet.get_by_role("button", name="Giao ca", exact=True).click()
    expect(sheet.locator("section").last).to_contain_text("Bàn giao đủ")
    sheet.get_by_role("button", name="Nhận ca", exact=True).click()
    expect(sheet.get_by_role("alert")).to_contain_text("người nhận phải là người khác")
    taken = wall.client.post(f"{API}/log?space={SPACE}", json={"kind": "take"})
    assert taken.status_code == 201


def test_a_silence_is_set_told_of_and_ended(wall: WallProcess) -> None:
    now = datetime.now(UTC)
    said = {
        "command": str(uuid4()),
        "silence": "bao-tri-tram",
        "matchers": [{"field": "subject", "values": ["tram-tra-doc-thon-2"]}],
        "reason": "Thay pin",
        "since": now.isoformat(),
        "until": (now + timedelta(hours=1)).isoformat(),
    }
    operator = wall.asking_as("operator")
    answer = operator.post(f"{API}/silences?space={SPACE}", json=said)
    assert answer.status_code == 200, answer.text
    assert [one["reason"] for one in operator.get(f"{API}/silences?space={SPACE}").json()] == ["Thay pin"]
    wide = {**said, "command": str(uuid4()), "silence": "x", "matchers": [{"field": "module", "values": ["forest"]}]}
    assert operator.post(f"{API}/silences?space={SPACE}", json=wide).status_code == 403
    ended = operator.post(f"{API}/silences/bao-tri-tram/end?space={SPACE}", json={"command": str(uuid4())})
    assert ended.status_code == 200, ended.text


def test_silences_have_a_page_that_says_what_each_keeps_back(call: Call, visit: Visit) -> None:
    call("Khói ở rừng phòng hộ", severity="moderate")
    page = visit("operator", "/silences")
    page.locator("[name=field]").select_option("commune")
    page.locator("[name=value]").select_option("20920")
    page.get_by_label("Lý do").fill("diễn tập của xã")
    page.get_by_role("button", name="Đặt tắt báo").click()
    expect(page.get_by_role("alert")).to_contain_text("cần trưởng ca đặt")

    leader = visit("shift_leader", "/silences")
    leader.locator("[name=kind]").select_option("maintenance")
    leader.locator("[name=field]").select_option("commune")
    leader.locator("[name=value]").select_option("20920")
    leader.get_by_label("Lý do").fill("diễn tập của xã <b>Trà Đốc</b>")
    leader.get_by_role("button", name="Đặt tắt báo").click()
    mine = leader.locator(".silence").filter(has_text="diễn tập của xã <b>Trà Đốc</b>")
    expect(mine).to_contain_text("bảo trì")
    expect(mine).to_contain_text("Xã = Trà Đốc")
    expect(mine).to_contain_text("Khói ở rừng phòng hộ")
    expect(page.locator(".silence").filter(has_text="diễn tập của xã")).to_contain_text("Shift_Leader")
    mine.get_by_role("button", name="Bỏ tắt báo").click()
    expect(mine).to_have_count(0)
