"""The wall screen in a real browser: who gets in, what it sounds like, and how its map is moved."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from ioc.events.base import Data, Event
from tests.dashboards.wall.conftest import PASSWORD, WallProcess
from tests.dashboards.wall.filling import Filler
from tests.streams.alert_log import changed, state

ROWS = "li.alert"
OFF, ON = "ÂM THANH CHƯA BẬT. Bấm để thử loa", "Âm thanh: bật"
#: A browser that lets nothing sound until it is allowed to; by itself it decides so by what happened before.
MUTE = """
const state = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, "state").get;
Object.defineProperty(AudioContext.prototype, "state", {get() {
    return window.soundAllowed ? state.call(this) : "suspended";
}});
"""


def shown(demo: Filler, page: Page, *events: Event[Data], mode: str = "driven") -> Page:
    demo.put(state("demo", mode, speed=1), *events)  # type: ignore[arg-type]
    demo.complete()
    page.goto("/")
    expect(page.locator("article.space .tiles")).to_be_visible()
    return page


def with_sound(page: Page) -> None:
    """As after somebody has pressed the button once."""
    page.get_by_role("button", name=re.compile(f"{re.escape(OFF)}|{ON}")).click()
    expect(page.get_by_role("button", name=ON)).to_be_visible()


def times_sounded(page: Page, at_least: int = 0) -> int:
    """How often the wall has sounded; waits until it is so often. (What waits in the page evaluates text there.)"""
    for _ in range(100):
        times = int(page.evaluate("document.querySelector('ioc-wall').sound.sounded"))
        if times >= at_least:
            return times
        page.wait_for_timeout(100)
    raise AssertionError(f"it has sounded {times} times only")


def test_nobody_sees_anything_before_signing_in(browser: Browser, wall: WallProcess, demo: Filler) -> None:
    demo.put(state("demo"), changed("a"))
    demo.complete()
    wall.user("dung", "operator")
    context = browser.new_context(base_url=wall.url)
    page = context.new_page()
    page.goto("/")
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    assert page.locator(ROWS).count() == 0
    page.get_by_label("Tên đăng nhập").fill("dung")
    page.get_by_label("Mật khẩu").fill("khong phai mat khau")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Tên đăng nhập hoặc mật khẩu không đúng")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(ROWS)).to_have_count(1)
    context.close()


def test_a_screen_is_enrolled_by_a_code_that_does_not_stay_in_its_address(
    browser: Browser, wall: WallProcess, demo: Filler
) -> None:
    demo.put(state("demo"), changed("a"))
    demo.complete()
    code = wall.registry.screens.invite("tường")
    context = browser.new_context(base_url=wall.url)
    page = context.new_page()
    page.goto(f"/enrol#{code}")
    expect(page.locator(ROWS)).to_have_count(1)
    assert code not in page.url
    assert page.get_by_role("link", name="Bàn trực").count() == 0
    wall.registry.screens.revoke(wall.registry.screens.all()[-1]["id"])
    page.reload()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    context.close()


def test_sound_is_proved_and_then_rings_for_what_is_new_and_grave(page: Page, demo: Filler) -> None:
    page.add_init_script(MUTE)
    shown(demo, page, changed("old", severity="severe"))
    off = page.get_by_role("button", name=OFF)
    off.click()
    page.wait_for_timeout(600)
    expect(off).to_be_visible()
    page.evaluate("window.soundAllowed = true")
    off.click()
    expect(page.get_by_role("button", name=ON)).to_be_visible()
    assert times_sounded(page) == 0
    demo.put(changed("b", severity="moderate"), changed("c", severity="severe"))
    assert times_sounded(page, 1) == 1


def test_a_mute_says_who_and_until_when_on_every_screen(page: Page, demo: Filler, wall: WallProcess) -> None:
    shown(demo, page)
    with_sound(page)
    page.get_by_role("button", name="Tắt tiếng 15 phút").click()
    muted = page.get_by_role("button", name=re.compile(r"^ĐÃ TẮT TIẾNG đến \d\d:\d\d \(Operator\)\. Bấm để bật lại$"))
    expect(muted).to_be_visible()
    demo.put(changed("a", severity="extreme"))
    expect(page.locator(ROWS)).to_have_count(1)
    assert times_sounded(page) == 0
    muted.click()
    assert times_sounded(page, 1)  # what rang meanwhile, and nobody took


def test_an_exercise_never_sounds_like_the_real_thing(page: Page, demo: Filler) -> None:
    shown(demo, page, mode="exercise")
    with_sound(page)
    demo.put(changed("a", severity="extreme"))
    expect(page.locator(ROWS)).to_have_count(1)
    assert times_sounded(page) == 0


def test_only_the_gravest_that_nobody_took_flashes(page: Page, demo: Filler) -> None:
    shown(demo, page, changed("a", severity="extreme"), changed("b", severity="severe"))
    flashing = "row => getComputedStyle(row.querySelector('.severity')).animationName"
    rows = page.locator(ROWS)
    expect(rows).to_have_count(2)
    assert [rows.nth(n).evaluate(flashing) for n in range(2)] == ["call", "none"]


def test_the_gravest_are_never_folded_away(page: Page, demo: Filler) -> None:
    shown(demo, page, *(changed(f"n{n}", severity="extreme") for n in range(12)), changed("x", severity="minor"))
    expect(page.locator(f"{ROWS}.extreme")).to_have_count(12)
    expect(page.locator(".more")).to_have_text(re.compile(r"còn 1 cảnh báo khác\s+1"))
    foot, last = page.locator(".more").bounding_box(), page.locator(ROWS).last.bounding_box()
    assert foot and last and last["y"] + last["height"] <= foot["y"]


@pytest.mark.parametrize("way", ["wheel", "keys", "buttons"])
def test_the_map_is_zoomed_and_moved(page: Page, demo: Filler, way: str) -> None:
    shown(demo, page)
    view = page.locator("svg.map")
    whole = view.get_attribute("viewBox")
    view.hover()
    match way:
        case "wheel":
            page.mouse.wheel(0, -300)
        case "keys":
            view.press("+")
        case _:
            page.get_by_role("button", name="Phóng to").click()
    nearer = view.get_attribute("viewBox")
    assert whole and nearer and float(nearer.split()[2]) < float(whole.split()[2])
    view.hover()
    page.mouse.down()
    page.mouse.move(1300, 500, steps=3)
    page.mouse.up()
    assert view.get_attribute("viewBox") != nearer
    page.get_by_role("button", name="Toàn bộ").click()
    assert view.get_attribute("viewBox") == whole
