"""Returns that offices write in sheets: taken, doubted, or refused with the row and why."""

import io

import pytest
from openpyxl import Workbook

from ioc.district import District
from ioc.sheet import BadSheet, number
from ioc.targets.returns_file import read

HEAD = "Biểu;Xã;Từ ngày;Đến ngày;Chỉ tiêu;Giá trị;Đơn vị tính;Người báo cáo;Căn cứ;Người duyệt"
A = "halls;a;15/02/2026;14/03/2026"


def sheet(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


def test_a_sheet_becomes_a_return_for_each_area_and_period(district: District) -> None:
    found = read(sheet(
        f"{A};Nhà;1.434;nhà;Nguyễn Văn A;Sổ;Chủ tịch", f"{A};Wifi;10;nhà;Nguyễn Văn A;;",
        f"{A};Lớp;2;lớp;Nguyễn Văn A;;",
        "Halls;b;2026-02-15;2026-03-14;Halls;5;;Trần B;;",
    ), "s.csv", district)  # fmt: skip

    assert found.problems == []
    (first, doubts), (second, more) = found.filed if found.filed[0][0].area == "a" else found.filed[::-1]
    assert [entry.value for entry in first.entries] == [1434, 10, 2]
    assert (first.filed_by, first.based_on, first.approved_by) == ("Nguyễn Văn A", "Sổ", "Chủ tịch")
    assert doubts == []
    assert (second.area, [doubt.why for doubt in more]) == ("b", ["absent", "absent"])


def test_what_cannot_be_right_is_filed_and_flagged(district: District) -> None:
    found = read(sheet(
        f"{A};halls;8950;hộ;A;;", f"{A};wifi;8994;nhà;A;;", f"{A};classes;1;lớp;A;;",
    ), "s.csv", district)  # fmt: skip

    assert {doubt.why for doubt in found.filed[0][1]} == {"unit", "ratio"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("khong-co;a;2026-01-01;2026-01-31;halls;1;;A;;", "row 3: form 'khong-co' is not in the district file"),
        ("halls;zz;2026-01-01;2026-01-31;halls;1;;A;;", "row 3: area 'zz' is no commune of D"),
        ("halls;b;2026-01-01;2026-01-31;rooms;1;;A;;", "row 3: indicator 'rooms' is not on form 'halls'"),
        ("halls;b;2026-01-01;2026-01-31;halls;nhiều;;A;;", "row 3: 'nhiều' is no number"),
        ("halls;b;2026-01-01;2026-01-31;halls;1,5;;A;;", "row 3: Nhà: 1,5 has more than 0 decimals"),
        ("halls;b;2026-01-01;hôm qua;halls;1;;A;;", "row 3: date 'hôm qua'"),
        ("halls;b;2026-01-01;2026-01-31;halls;1;;;;", "b, halls: nobody is named who files it"),
    ],
)
def test_a_wrong_row_spoils_its_own_return_alone(district: District, row: str, why: str) -> None:
    found = read(sheet(f"{A};halls;1;;A;;", row), "s.csv", district)

    assert [filed.area for filed, _ in found.filed] == ["a"]
    assert len(found.problems) == 1
    assert found.problems[0].startswith(why)


def test_xlsx_is_read_alike(district: District) -> None:
    book = Workbook()
    rows = book.worksheets[0]
    for row in (HEAD.split(";"), [*A.split(";"), "halls", 5, "nhà", "A", "", ""]):
        rows.append(row)
    file = io.BytesIO()
    book.save(file)

    assert read(file.getvalue(), "s.xlsx", district).filed[0][0].entries[0].value == 5


def test_a_sheet_without_its_columns_says_which(district: District) -> None:
    with pytest.raises(BadSheet, match="lacks the columns form, first, last, indicator, value, filed_by"):
        read("xã;x\n1;2".encode(), "s.csv", district)


@pytest.mark.parametrize(
    ("written", "value"), [("1.434", 1434), ("98,5", 98.5), ("98.5", 98.5), ("1.434.000,25", 1434000.25), ("5", 5)]
)
def test_numbers_are_read_as_people_write_them(written: str, value: float) -> None:
    assert number(written) == value
