"""A roster as an agency writes it, with the mistakes that people make."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from ioc.agencies.roster import officer, on_duty
from ioc.agencies.roster_file import read
from ioc.cli import app
from ioc.cli import roster as commands
from ioc.sheet import BadSheet
from tests.ioc.agencies.told import DISTRICT
from tests.ioc.alerts.told import district

PLACE = district({}, **DISTRICT)
GOOD = """Cơ quan;Ngày;Vai trò;Họ tên;Điện thoại
Hạt Kiểm lâm;24/11/2026;Trực ban;Trần Văn An;0905.000.111
hat-kiem-lam;2026-11-24;Trực thay;Lê Thị Bình;+84 905 000 222
HẠT KIỂM LÂM;24-11-2026;Lãnh đạo;Võ Dũng;905000333
"""


def test_a_sheet_with_vietnamese_titles_is_a_duty_from_seven_to_seven() -> None:
    found = read(GOOD.encode("utf-8-sig"), "lich.csv", PLACE)

    assert found.problems == []
    (duty,) = found.duties
    assert (duty.since.isoformat(), duty.until.isoformat()) == (
        "2026-11-24T07:00:00+07:00",
        "2026-11-25T07:00:00+07:00",
    )
    three = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # 03:00 in the district
    assert on_duty(found.duties, "hat-kiem-lam", three) == duty
    assert on_duty(found.duties, "cong-an-xa", three) is None
    deputy = officer(duty, "deputy")
    assert deputy is not None
    assert (deputy.name, deputy.phone) == ("Lê Thị Bình", "+84905000222")
    leader = officer(duty, "leader")
    assert leader is not None
    assert leader.phone == "0905000333"  # the zero that a spreadsheet dropped


def test_a_spreadsheet_with_real_dates_and_numbers() -> None:
    book, content = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["agency", "date", "role", "name", "phone", "from", "to"])
    sheet.append(["cong-an-xa", datetime(2026, 11, 24), "duty", "Hồ Sơn", 905000444, "17h", "06:30"])  # noqa: DTZ001
    book.save(content)

    found = read(content.getvalue(), "lich.xlsx", PLACE)

    assert found.problems == []
    (duty,) = found.duties
    assert (duty.since.hour, duty.until.day, duty.until.minute) == (17, 25, 30)
    assert duty.officers[0].phone == "0905000444"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("không-có;24/11/2026;Trực ban;A;0905000111", "row 2: agency 'không-có' is not in the district file; it has "),
        ("cong-an-xa;31/11/2026;Trực ban;A;0905000111", "row 2: date '31/11/2026': write it as "),
        ("cong-an-xa;24/11/2026;Bảo vệ;A;0905000111", "row 2: role 'Bảo vệ': write "),
        ("cong-an-xa;24/11/2026;Trực ban;A;12", "row 2: phone '12': write it as "),
        ("cong-an-xa;24/11/2026;Trực ban;;0905000111", "row 2: name: "),
        ("cong-an-xa;24/11/2026;Trực thay;A;0905000111", "cong-an-xa on 2026-11-24: nobody has role duty"),
    ],
)
def test_a_mistake_is_told_with_its_row_and_hinders_nobody_else(row: str, problem: str) -> None:
    titles, *good = GOOD.splitlines()
    found = read("\n".join([titles, row, *good]).encode(), "lich.csv", PLACE)

    (told,) = found.problems
    assert told.startswith(problem)
    assert [duty.agency for duty in found.duties] == ["hat-kiem-lam"]


def test_two_in_one_role_spoil_their_duty() -> None:
    found = read(f"{GOOD}hat-kiem-lam;24/11/2026;Trực ban;Ai Đó;0905000999\n".encode(), "lich.csv", PLACE)

    assert found.duties == []
    assert found.problems == ["row 5: hat-kiem-lam has two with role duty on 2026-11-24"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.csv", b"\xff\xfe\x00", "not UTF-8"),
        ("a.xlsx", b"no sheet", "not a sheet that can be read"),
        ("a.csv", b"ngay;ten\n", "lacks the columns agency, role, name, phone"),
        ("a.csv", b"", "lacks the columns"),
    ],
)
def test_what_is_no_sheet_is_refused_with_the_cure(name: str, content: bytes, why: str) -> None:
    with pytest.raises(BadSheet, match=why):
        read(content, name, PLACE)


def test_the_command_says_what_it_found_and_what_is_wrong(tmp_path: Path) -> None:
    if "roster" not in {group.name for group in app.registered_groups}:
        commands.register(app)
    (tmp_path / "d.toml").write_text(
        'id = "d"\nname = "d"\nname_en = "d"\n[[agencies]]\nid = "hat-kiem-lam"\nname = "Hạt Kiểm lâm"\nname_en = "R"\n'
    )
    (tmp_path / "lich.csv").write_text(f"{GOOD}xxx;24/11/2026;Trực ban;A;0905000111\n", "utf-8")

    done = CliRunner().invoke(
        app, ["roster", "check", str(tmp_path / "lich.csv"), "--district", str(tmp_path / "d.toml"), "--json"]
    )

    assert done.exit_code == 3
    assert '"name": "Trần Văn An"' in done.output
    assert "row 5: agency 'xxx' is not in the district file" in done.output
