"""The built page in a real browser, on a real wall and a real Redis."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from ioc.district import load
from ioc.events.figures import FactTotal
from tests.dashboards.wall.conftest import WallProcess
from tests.dashboards.wall.filling import Filler
from tests.streams.alert_log import NOON, changed, facts, id_of, state

ROWS = "li.alert"
HOSTILE = """<img src=x onerror="document.title='owned'">"><script>document.title='owned'</script>${1}{{1}}"""


@pytest.fixture
def visit(page: Page, demo: Filler) -> Callable[[], Page]:
    """Open the page on a space that has said what it is."""

    def open_it() -> Page:
        demo.put(state("demo"), partition="figures/0")
        demo.complete()
        page.goto("/")
        expect(page.locator("article.space .tiles")).to_be_visible()
        return page

    return open_it


def test_an_alert_appears_and_goes(visit: Callable[[], Page], demo: Filler) -> None:
    page = visit()
    expect(page.locator(".calm b")).to_have_text("0 cảnh báo")
    demo.put(changed("tram-1", severity="extreme"))
    row = page.locator(ROWS)
    expect(row).to_have_count(1)
    expect(row.locator(".severity")).to_have_text("Khẩn cấp")
    expect(row).to_contain_text("Trà Đốc")
    expect(row).to_contain_text("từ 12:00")
    expect(page.locator(".tile.extreme b")).to_have_text("1")
    expect(page.locator("[data-module=forest] b")).to_have_text("1")
    expect(page.locator("path[data-commune='20920']")).to_have_class("area extreme")
    demo.put(changed("tram-1", 2, "cleared"))
    expect(row).to_have_count(0)


def test_a_server_that_dies_and_comes_back_loses_and_repeats_nothing(
    visit: Callable[[], Page], demo: Filler, wall: WallProcess
) -> None:
    first, second, third = changed("a", severity="extreme"), changed("b"), changed("c", severity="moderate")
    demo.put(first)
    page = visit()
    expect(page.locator(ROWS)).to_have_count(1)
    wall.kill()
    demo.put(second, third, changed("a", 2, "cleared"))
    expect(page.locator(".connection")).to_have_text(re.compile(r"^Mất kết nối\. Số liệu lúc \d\d:\d\d:\d\d, cũ "))
    expect(page.locator(".cover .age")).to_have_text(re.compile(r"^Số liệu cũ \d+ giây$"))
    expect(page.locator(ROWS)).to_have_count(1)
    wall.start()
    expect(page.locator(ROWS)).to_have_count(2)
    expect(page.locator(".cover")).to_have_count(0)
    expect(page.locator(".connection")).to_have_text(re.compile(r"^Trực tuyến, cập nhật \d+ giây trước$"))
    shown = page.locator(ROWS).evaluate_all("rows => rows.map(row => row.dataset.alert)")
    assert shown == [str(id_of(second)), str(id_of(third))]
    opened = wall.inside.get("/metrics").text
    assert 'ioc_wall_streams_opened_total{space="demo",start="resumed"} 1.0' in opened


def test_a_redis_being_filled_again_is_not_taken_for_calm(visit: Callable[[], Page], demo: Filler) -> None:
    demo.put(changed("a"), changed("b"))
    page = visit()
    expect(page.locator(ROWS)).to_have_count(2)
    demo.forget()
    demo.put(changed("a"))
    expect(page.locator(".filling")).to_have_text("Đang dựng lại số liệu từ nhật ký. Chưa đủ để xem.")
    demo.put(changed("b"), state("demo"))
    demo.complete()
    expect(page.locator(ROWS)).to_have_count(2)


def test_both_languages_are_whole(visit: Callable[[], Page], demo: Filler) -> None:
    demo.put(
        changed("a", title="Sensor over threshold", summary="61 °C (threshold 57 °C)"),
        changed("b", commune=None, title="Queue growing", summary="48 open"),
    )
    page = visit()
    expect(page.locator(ROWS)).to_have_count(2)
    assert page.evaluate("document.documentElement.lang") == "vi"
    expect(page.locator(".mode")).to_have_text("MÔ PHỎNG ×600")
    expect(page.locator(".clock")).to_contain_text("Thứ Tư 07/01/2026")
    vietnamese = page.locator("body").inner_text()
    for english in ("Severe", "Live", "sending", "SIMULATION", "Data", "since"):
        assert english not in vietnamese

    page.get_by_role("button", name="EN").click()
    expect(page.locator(".mode")).to_have_text("SIMULATION ×600")
    expect(page.locator(".clock")).to_contain_text("Wednesday 07/01/2026")
    english_text = page.locator("body").inner_text()
    district = load("bac_tra_my")
    for name in (*(thing.name for thing in district.things.values()), *(c.name for c in district.communes)):
        english_text = english_text.replace(name, "")
    assert re.findall(r"\w*[À-ÖØ-öø-ỹ]\w*", english_text) == []
    page.reload()
    expect(page.locator(".mode")).to_have_text("SIMULATION ×600")


def test_hostile_text_is_shown_as_text(visit: Callable[[], Page], demo: Filler) -> None:
    demo.put(changed("<b>x</b>", title=HOSTILE, summary=HOSTILE, commune="<svg onload=alert(1)>"))
    page = visit()
    row = page.locator(ROWS)
    expect(row.locator("p")).to_have_text(HOSTILE)
    row.click()
    expect(page.locator(".detail h2")).to_contain_text(HOSTILE)
    assert page.title() == "IOC"
    assert page.locator("body img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 1920


def test_sources_tell_silence_from_freshness_from_nothing(visit: Callable[[], Page], demo: Filler) -> None:
    newest = int((NOON - timedelta(minutes=3)).timestamp())
    demo.put(
        facts(
            FactTotal(name="source_newest_seconds", labels=("station", "tram-tra-doc-thon-2"), value=newest),
            FactTotal(name="source_newest_seconds", labels=("camera", "cam-cau-tra-doc-01"), value=newest),
        ),
        partition="figures/0",
    )
    demo.put(changed("cam-cau-tra-doc-01", kind="source_silent", module="platform"))
    page = visit()
    lost = page.locator("[data-source=cam-cau-tra-doc-01]")
    expect(lost).to_have_text(re.compile("Camera cầu Trà Đốc mất tín hiệu, 3 phút"))
    expect(page.locator("[data-source=cam-cho-tra-my-01]")).to_contain_text("không có dữ liệu")
    expect(page.locator(".group", has_text="Camera").locator("h3 b")).to_have_text("0/4 đang gửi")
    expect(page.locator(".group", has_text="Trạm đo").locator("h3 b")).to_have_text("1/7 đang gửi")


def test_rows_that_are_not_shown_are_counted(visit: Callable[[], Page], demo: Filler) -> None:
    demo.put(*(changed(f"n{number}", severity="moderate") for number in range(1440)))
    page = visit()
    rows = page.locator(ROWS)
    expect(rows).to_have_count(5)
    expect(page.locator(".more")).to_have_text(re.compile(r"còn 1\.435 cảnh báo khác\s+1\.435"))
    expect(page.locator(".tile.moderate b")).to_have_text("1.440")
    foot = page.locator(".more").bounding_box()
    last = rows.last.bounding_box()
    assert foot and last and last["y"] + last["height"] <= foot["y"]


def test_spaces_stand_side_by_side_each_in_its_own_time(
    visit: Callable[[], Page], demo: Filler, own_redis: object
) -> None:
    page = visit()
    other = Filler(own_redis.url, "hospital-2006")  # type: ignore[attr-defined]
    then = NOON.replace(year=2006)
    other.put(changed("x", opened=then), state("hospital-2006", at=then, speed=6000))
    other.complete()
    expect(page.locator("article.space")).to_have_count(2)
    second = page.locator("[data-space=hospital-2006]")
    expect(second.locator(".clock")).to_contain_text("07/01/2006")
    expect(second.locator(".mode")).to_have_text("MÔ PHỎNG ×6.000")
    expect(second.locator(ROWS)).to_have_count(1)
    expect(page.locator("[data-space=demo] .calm")).to_be_visible()
    page.get_by_role("link", name="hospital-2006").click()
    expect(page.locator("article.space")).to_have_count(1)
    other.redis.close()


def test_a_live_space_whose_data_stands_says_so(page: Page, demo: Filler) -> None:
    demo.put(state("demo", "wall", speed=None), partition="figures/0")
    demo.complete()
    page.goto("/")
    expect(page.locator(".late")).to_have_text("Chậm dữ liệu: số liệu đến 12:00:00 07/01/2026")
    expect(page.locator(".mode")).to_have_count(0)


def test_an_exercise_says_so_in_every_alert(page: Page, demo: Filler) -> None:
    demo.put(state("demo", "exercise", speed=1), changed("a"))
    demo.complete()
    page.goto("/")
    expect(page.locator(".mode")).to_have_text("DIỄN TẬP, KHÔNG PHẢI SỰ CỐ THẬT")
    expect(page.locator(f"{ROWS} h3")).to_contain_text("DIỄN TẬP")
