"""What holds of every screen alike: both languages, hostile text, contrast, names of what can be pressed."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from ioc.district import load
from tests.dashboards.wall.conftest import WallProcess
from tests.dashboards.wall.filling import Filler
from tests.dashboards.wall.test_page import HOSTILE
from tests.streams.alert_log import NOON, changed, id_of, present, state

SCREENS = {
    "/": "li.alert",
    "/desk": ".item",
    "/leader": ".burning",
    "/handover": ".handover h1",
    "/silences": ".silences h1",
    "/signin": "form",
    "/enrol": "form",
}
VIETNAMESE = re.compile(r"\w*[À-ÖØ-öø-ỹĐđ]\w*")
#: Words that would be left of English on a Vietnamese screen.
ENGLISH = re.compile(
    r"\b(the|and|of|alert|alerts|severe|extreme|search|filter|open|sign|password|since|data|overdue|none|shift|call|live)\b",
    re.I,
)
#: What is read and heard: texts, labels, hints. Options and buttons are texts.
WORDS = """() => [document.body.innerText, ...[...document.querySelectorAll("[aria-label], [placeholder], [title]")]
  .flatMap((e) => [e.getAttribute("aria-label"), e.getAttribute("placeholder"), e.getAttribute("title")])]
  .filter(Boolean).join("\\n")"""
#: Texts whose contrast with what lies behind them is under 4.5 (WCAG 2.2, 1.4.3; 3 where large), with that contrast.
FAINT = """() => {
  const rgb = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return colour.startsWith("color(") ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
  };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const found = rgb(getComputedStyle(at).backgroundColor);
      if (found[3] > 0.9) return found;
    }
    return [13, 19, 23];
  };
  const faint = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !e.checkVisibility() || e.closest("svg, option, :disabled, .mode")) continue;
    const style = getComputedStyle(e);
    const [one, two] = [light(rgb(style.color)), light(ground(e))];
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.7 && style.fontWeight >= 700);
    if (contrast < (large ? 3 : 4.5)) faint.push(`${contrast.toFixed(2)} ${texts.currentNode.data.trim()}`);
  }
  return faint;
}"""
NAMELESS = """() => [...document.querySelectorAll("button, a, input, select, textarea, [role=listbox], [role=dialog]")]
  .filter((e) => e.checkVisibility())
  .filter((e) => !(e.innerText || e.getAttribute("aria-label") || e.labels?.[0]?.innerText || "").trim())
  .map((e) => e.outerHTML.slice(0, 120))"""


def shown(page: Page, demo: Filler, path: str, title: str, language: str = "vi") -> Page:
    first = changed("a", severity="extreme", title=title, summary=title)
    demo.put(state("demo"), first, changed("b", title=title, summary=title, opened=NOON - timedelta(days=1)))
    demo.put(present(first), partition="alerts.state/0")
    demo.complete()
    page.add_init_script(f"localStorage.setItem('ioc.language', '{language}')")
    page.goto(path if path != "/desk" else f"/desk#demo/{id_of(first)}")
    expect(page.locator(SCREENS[path]).first).to_be_visible()
    if path == "/desk":
        expect(page.locator(".story")).to_be_visible()
    return page


@pytest.mark.parametrize("path", SCREENS)
def test_each_language_stands_alone(page: Page, demo: Filler, path: str) -> None:
    shown(page, demo, path, "61 °C", "en")
    text = str(page.evaluate(WORDS)).replace(" (en)", "")
    district = load("bac_tra_my")
    names = [
        *(thing.name for thing in district.things.values()),
        *(commune.name for commune in district.communes),
        *(agency.name_en for agency in district.agencies),
    ]
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    assert VIETNAMESE.findall(text) == []
    page.get_by_role("button", name="VI", exact=True).click()
    assert ENGLISH.findall(str(page.evaluate(WORDS))) == []


@pytest.mark.parametrize("path", ["/desk", "/leader", "/handover"])
def test_hostile_text_is_text_on_every_screen(page: Page, demo: Filler, path: str) -> None:
    shown(page, demo, path, HOSTILE)
    expect(page.locator("main")).to_contain_text("<img src=x")
    assert page.title() == "IOC"
    assert page.locator("body img, body script").count() == 0


@pytest.mark.parametrize("path", SCREENS)
def test_every_text_can_be_read_and_everything_pressed_has_a_name(page: Page, demo: Filler, path: str) -> None:
    shown(page, demo, path, "Trạm đo 61 °C")
    assert page.evaluate(FAINT) == []
    assert page.evaluate(NAMELESS) == []


def test_the_desk_is_worked_by_keys_alone(page: Page, demo: Filler, wall: WallProcess) -> None:
    shown(page, demo, "/desk", "Trạm đo 61 °C")
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "search"
    page.get_by_role("listbox").focus()
    page.keyboard.press("End")
    expect(page.locator(".item[aria-selected=true]")).to_have_attribute("aria-posinset", "2")
    expect(page.locator(".story h2")).to_be_visible()
    page.keyboard.press("F4")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
