"""Every word on the page stands in the one table, in both languages, and is used."""

import re
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[3] / "dashboards" / "wall" / "web" / "src"
ENTRY = re.compile(r'^  (\w+): \{\s*vi: "((?:[^"\\]|\\.)*)",\s*en: "((?:[^"\\]|\\.)*)",?\s*\},', re.M)
TABLE = ENTRY.findall((SOURCES / "texts.ts").read_text("utf-8"))
#: Attributes that a person hears or reads.
SPOKEN = re.compile(r'\b(?:aria-label|alt|placeholder|title)="([^"]*)"')


def templates(source: str) -> list[str]:
    """The ``html`` and ``svg`` templates of a module, each without what is filled in."""
    found: list[str] = []
    _template(source, 0, found, inside=False)
    return found


def _template(source: str, at: int, found: list[str], inside: bool) -> int:
    """Read code up to its closing brace (``inside``) or the end, collecting the templates in it."""
    depth = 0
    while at < len(source):
        if source[at] == "`":
            at = _text(source, at + 1, found, tagged=source[:at].endswith(("html", "svg")))
            continue
        depth += {"{": 1, "}": -1}.get(source[at], 0)
        at += 1
        if inside and depth < 0:
            break
    return at


def _text(source: str, at: int, found: list[str], tagged: bool) -> int:
    text = ""
    while source[at] != "`":
        if source.startswith("${", at):
            at = _template(source, at + 2, found, inside=True)
            text += "\x00"
        else:
            text += source[at]
            at += 1
    if tagged:
        found.append(text)
    return at + 1


def test_the_table_is_read_whole() -> None:
    declared = (SOURCES / "texts.ts").read_text("utf-8").count(' vi: "')
    assert len(TABLE) == declared > 50


@pytest.mark.parametrize(("name", "vi", "en"), TABLE, ids=[name for name, _, _ in TABLE])
def test_a_text_says_the_same_in_both_languages(name: str, vi: str, en: str) -> None:
    assert vi.strip() and en.strip()
    assert sorted(re.findall(r"\{(\w+)\}", vi)) == sorted(re.findall(r"\{(\w+)\}", en))


def test_no_text_stands_outside_the_table() -> None:
    outside = []
    for path in sorted(SOURCES.rglob("*.ts")):
        for template in templates(path.read_text("utf-8")):
            spoken = " ".join(SPOKEN.findall(template))
            visible = re.sub(r"<[^>]*>", " ", template, flags=re.S)
            outside += [(path.name, word) for word in re.findall(r"[^\W\d_]{2,}", f"{visible} {spoken}")]
    assert outside == []


def test_no_text_is_left_over() -> None:
    code = "".join(path.read_text("utf-8") for path in SOURCES.rglob("*.ts") if path.name != "texts.ts")
    said = {name for name, _, _ in TABLE if f'"{name}"' in code}
    from_outside = {f"day{day}" for day in range(7)}
    assert {name for name, _, _ in TABLE} - said - from_outside == set()
