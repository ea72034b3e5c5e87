"""A paper as a DOCX that an official edits and signs."""

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from dashboards.reports.paper import Heading, Paper, Picture, Table, Words

FONT = "Times New Roman"
#: Millimetres between the margins of an A4 page: 30 to the left, 20 to the right.
WIDTH = 160


def written(paper: Paper) -> bytes:
    """The file's bytes."""
    document = Document()
    _page(document, size=12 if paper.tight else 13, margin=15 if paper.tight else 20)
    if paper.warning:
        _line(document, paper.warning, bold=True, align=ALIGN.CENTER)
    _head(document, paper)
    _line(document, paper.kind, bold=True, size=14, align=ALIGN.CENTER, before=10)
    _line(document, paper.about, bold=True, size=14, align=ALIGN.CENTER, after=8)
    for block in paper.blocks:
        match block:
            case Heading():
                _line(document, block.text, bold=True, before=8, keep=True)
            case Words():
                _words(document, block)
            case Table():
                _table(document, block)
            case Picture():
                document.add_picture(io.BytesIO(block.png), width=Mm(WIDTH))
                document.paragraphs[-1].alignment = ALIGN.CENTER
                _line(document, block.says, italic=True, size=11, align=ALIGN.CENTER, after=4)
    _foot(document, paper)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _page(document: DocumentType, size: float, margin: float) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.top_margin = section.bottom_margin = Mm(margin)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(3)


def _head(document: DocumentType, paper: Paper) -> None:
    said = paper.district.paper
    left, right = _two(document, (65, 95))
    _in(left, said.parent.upper() or "…………………", first=True)
    _in(left, said.office.upper() or f"TRUNG TÂM ĐIỀU HÀNH {paper.district.name.upper()}", bold=True)
    _in(left, "―――――", size=8)
    _in(left, paper.number)
    _in(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, first=True, size=12)
    _in(right, "Độc lập - Tự do - Hạnh phúc", bold=True)
    _in(right, "―――――――――――", size=8)
    _in(right, paper.dated, italic=True)


def _foot(document: DocumentType, paper: Paper) -> None:
    _space(document)
    left, right = _two(document, (80, 80))
    receivers = paper.receivers or paper.district.paper.receivers or ("……………;", "……………;")
    _in(left, "Nơi nhận:", bold=True, italic=True, size=12, align=ALIGN.LEFT, first=True)
    for receiver in (*receivers, "Lưu: VT."):
        _in(left, f"- {receiver.rstrip(';.')}{'.' if receiver.startswith('Lưu') else ';'}", size=11, align=ALIGN.LEFT)
    _in(right, paper.district.paper.signs.upper() or "………………", bold=True, first=True)
    for _ in range(4):
        _in(right, "")
    _in(right, paper.district.paper.signer or "………………………", bold=True)


def _two(document: DocumentType, widths: tuple[int, int]) -> tuple[Any, Any]:
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    _widen(table, widths)
    left, right = table.rows[0].cells
    return left, right


def _widen(table: Any, widths: Sequence[float]) -> None:
    """Columns in millimetres: Word goes by its cells, LibreOffice by the columns."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _words(document: DocumentType, block: Words) -> None:
    paragraph = _line(document, f"- {block.text}" if block.item else block.text, align=ALIGN.JUSTIFY)
    if block.quiet:
        for run in paragraph.runs:
            run.italic, run.font.size = True, Pt(11)
    else:
        paragraph.paragraph_format.first_line_indent = Mm(10)


def _table(document: DocumentType, block: Table) -> None:
    table = document.add_table(rows=1 if block.head else 0, cols=len(block.widths))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    if block.head:
        mark = OxmlElement("w:tblHeader")  # it stands again on every page
        table.rows[0]._tr.get_or_add_trPr().append(mark)
    for column, title in enumerate(block.head):
        _in(table.rows[0].cells[column], title, bold=True, size=11, first=True)
    for row in block.rows:
        cells = table.add_row().cells
        for column, text in enumerate(row):
            align = ALIGN.RIGHT if column in block.numbers else ALIGN.LEFT
            _in(cells[column], text, size=11, align=align, first=True)
    for made in table.rows:
        made._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _widen(table, [WIDTH * share / sum(block.widths) for share in block.widths])
    _space(document)


def _space(document: DocumentType) -> None:
    """A little room after a table, without which two tables were one."""
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(7)


def _line(
    document: DocumentType, text: str, *, bold: bool = False, italic: bool = False, size: float | None = None,
    align: ALIGN | None = None, before: float = 0, after: float | None = None, keep: bool = False,
) -> Paragraph:  # fmt: skip
    paragraph = document.add_paragraph()
    _run(paragraph, text, bold, italic, size)
    if align is not None:
        paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.keep_with_next = keep
    if after is not None:
        paragraph.paragraph_format.space_after = Pt(after)
    return paragraph


def _in(
    cell: Any, text: str, *, bold: bool = False, italic: bool = False, size: float | None = None,
    align: ALIGN = ALIGN.CENTER, first: bool = False,
) -> None:  # fmt: skip
    """A line in a cell; the ``first`` takes the paragraph that every cell has."""
    paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    _run(paragraph, text, bold, italic, size)
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)


def _run(paragraph: Paragraph, text: str, bold: bool, italic: bool, size: float | None) -> None:
    run = paragraph.add_run("".join(sign for sign in text if sign.isprintable()))
    run.bold, run.italic = bold, italic
    if size is not None:
        run.font.size = Pt(size)
