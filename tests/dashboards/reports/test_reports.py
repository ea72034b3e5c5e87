"""Reports say figures as officials read them, and never print what is missing or wrong as if it were a result."""

import io
from datetime import datetime
from typing import Any

import pytest
from docx import Document

from dashboards.reports import docx_file, html_page, periodic
from dashboards.reports.known import Known
from dashboards.reports.paper import Heading, Paper, Table, Words
from ioc.cli.counted import tallies
from ioc.district import District
from ioc.office.periods import BY_CALENDAR, period
from ioc.office.shares import Row
from tests.ioc.targets.conftest import SAID, counted, filed

NOW = datetime.fromisoformat("2027-01-05T08:00:00+07:00")
SCORING: dict[str, Any] = {
    "name": "Chấm điểm", "name_en": "Scoring",
    "groups": [{"id": "g", "name": "Nhóm", "name_en": "Group", "criteria": [
        {"id": "wifi", "name": "W", "name_en": "W", "figure": "wifi", "points": 60, "full": 100},
        {"id": "online", "name": "O", "name_en": "O", "figure": "online", "points": 40, "full": 90, "zero": 50},
    ]}],
}  # fmt: skip


def known(*rows: Row, **more: object) -> Known:
    return Known(District.model_validate({**SAID, **more}), rows, (), NOW, tallies())


def paper(known: Known) -> Paper:
    return periodic.paper(known, period("2026", BY_CALENDAR))


def cells(paper: Paper, first: str) -> list[list[str]]:
    """Rows whose first cell is that."""
    return [list(row) for block in paper.blocks if isinstance(block, Table) for row in block.rows if row[0] == first]


def text(paper: Paper) -> str:
    return "\n".join(block.text for block in paper.blocks if isinstance(block, Heading | Words))


def test_what_was_not_filed_is_named_and_is_no_zero() -> None:
    said = paper(known(*filed("2026-03-31", "a", halls=5, wifi=2)))

    assert cells(said, "W")[0][1:3] == ["40 %", "2 / 5"]
    assert cells(said, "W")[0][4] == "số liệu báo cáo, 1/2 đơn vị"
    assert cells(said, "S")[0][1] == "chưa báo cáo"
    assert "W: chưa báo cáo 1/2: b." in text(said)


def test_a_share_above_one_is_never_printed_as_a_result() -> None:
    said = paper(known(*filed("2026-03-31", "a", halls=8, wifi=9)))

    assert cells(said, "W")[0][1] == "sai số liệu"
    assert cells(said, "T")[-1][2:] == ["sai số liệu", "sai số liệu"]
    assert "112" not in html_page.page(said).replace("data:image", "").split("base64")[0]


def test_numbers_are_written_as_vietnamese_read_them() -> None:
    rows = [counted("dossiers_received", "2026-03-02", "a", "online", "full", value=1413),
            counted("dossiers_received", "2026-03-02", "a", "in_person", "full", value=21)]  # fmt: skip
    said = paper(known(*rows))

    assert cells(said, "Tỷ lệ hồ sơ trực tuyến")[0][1:3] == ["98,5 %", "1.413 / 1.434"]


def test_the_days_of_the_period_are_printed() -> None:
    assert "số liệu từ 01/01/2026 đến 31/12/2026" in text(paper(known()))


def test_communes_are_scored_by_their_own_figures() -> None:
    rows = [
        *filed("2026-03-31", "a", halls=4, wifi=4), *filed("2026-03-31", "b", halls=4, wifi=1),
        counted("dossiers_received", "2026-03-02", "a", "online", "full", value=7),
        counted("dossiers_received", "2026-03-02", "a", "in_person", "full", value=3),
    ]  # fmt: skip
    found = known(*rows, scoring=SCORING).standing.scores(period("2026", BY_CALENDAR))

    assert [(each.area, round(each.total, 6), each.judged, each.criteria) for each in found] == [
        ("a", 80, 2, 2),
        ("b", 15, 1, 2),
    ]


def test_points_must_make_a_hundred() -> None:
    group: dict[str, Any] = SCORING["groups"][0]
    short = {**SCORING, "groups": [{**group, "criteria": group["criteria"][:1]}]}

    with pytest.raises(ValueError, match="make 60, not 100"):
        District.model_validate({**SAID, "scoring": short})


def test_the_document_has_the_official_form_and_can_be_edited() -> None:
    document = Document(io.BytesIO(docx_file.written(paper(known(*filed("2026-03-31", "a", halls=5, wifi=2))))))
    written = "\n".join(
        [each.text for each in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )

    for part in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số:", "Nơi nhận:", "BÁO CÁO"):
        assert part in written
    assert document.inline_shapes


def test_hostile_words_are_words() -> None:
    hostile = Paper(known().district, NOW.date(), "BÁO CÁO", "<script>alert(1)</script>\x00\x1b", (Words("<b>&\x07"),))

    assert "<script>" not in html_page.page(hostile)
    assert docx_file.written(hostile)
