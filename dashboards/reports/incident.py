"""One incident on one page (báo cáo sự việc): what it is, why it rang, who did what and when, how it stands."""

from collections.abc import Iterator
from itertools import groupby

from dashboards.reports.known import Known
from dashboards.reports.paper import Block, Heading, Paper, Table, Words
from ioc.alerts.alert import AlertChanged
from ioc.alerts.kind import SEVERITY_WORDS
from ioc.alerts.parts import CLOCKS, CONDITIONS, HANDLINGS
from ioc.alerts.transitions import TITLES

#: So many lines of the history are shown, the first and the newest; a page has room for no more.
FIRST, NEWEST = 5, 6
STATES = {"running": "đang tính", "near": "sắp hết", "breached": "quá hạn", "met": "đúng hạn"}


def paper(known: Known, alert_id: str) -> Paper | None:
    """The page of the alert whose id begins so; None if there is none, or more than one."""
    found = {str(line.alert_id) for line in known.lines if str(line.alert_id).startswith(alert_id)}
    if len(found) != 1:
        return None
    id_ = found.pop()
    lines = sorted((line for line in known.lines if str(line.alert_id) == id_), key=lambda line: line.version)
    newest = lines[-1]
    about = f"Về sự việc: {newest.title.vi}" + (f", {known.place(newest)}" if newest.commune else "")
    blocks = tuple(_blocks(known, lines))
    return Paper(known.district, known.today, "BÁO CÁO", about, blocks, warning=known.warning, tight=True)


def _blocks(known: Known, lines: list[AlertChanged]) -> Iterator[Block]:
    newest = lines[-1]
    place = f" ({newest.latitude:.4f}; {newest.longitude:.4f})".replace(".", ",") if newest.latitude else ""
    with_ = ", ".join(known.district.agency_name(agency).vi for agency in newest.coordinating)
    rows = [
        ("Nội dung", newest.summary.vi),
        ("Địa bàn", known.place(newest) + place),
        ("Mức độ", SEVERITY_WORDS[newest.severity].vi),
        ("Bắt đầu", known.told(newest.opened_at)),
        ("Diễn biến hiện nay", CONDITIONS[newest.condition].vi
         + (f", từ {known.told(newest.cleared_at)}" if newest.cleared_at else "")),
        ("Xử lý", HANDLINGS[newest.handling].vi),
        ("Cơ quan chủ trì", known.agency(newest) + (f"; phối hợp: {with_}" if with_ else "")),
    ]  # fmt: skip
    for name, clock in newest.clocks.items():
        due = f"hạn {known.told(clock.due)}, " if clock.due else ""
        rows.append((f"Thời hạn {CLOCKS[name].vi}", f"{due}{STATES[clock.state]}"))
    rows.append(
        ("Căn cứ", f"{newest.evidence_count} sự kiện" + (f"; {newest.legal_basis}" if newest.legal_basis else ""))
    )
    yield Heading("1. Tóm tắt")
    yield Table((), rows, (1.4, 5))
    yield Heading("2. Diễn biến và xử lý")
    told = _story(known, lines)
    left_out = len(told) - FIRST - NEWEST
    shown = told if left_out <= 0 else [*told[:FIRST], *told[-NEWEST:]]
    yield Table(("Lúc", "Việc", "Ai"), shown, (1.1, 4.6, 1.5))
    if left_out > 0:
        yield Words(f"Không nêu {left_out} dòng ở giữa; toàn bộ nhật ký có trong hệ thống.", quiet=True)
    yield Heading("3. Kết quả, thiệt hại, kiến nghị")
    yield Words("……………… (cơ quan báo cáo bổ sung)")


def _story(known: Known, lines: list[AlertChanged]) -> list[tuple[str, str, str]]:
    """What happened line by line; mere updates are left out, and the same again and again is told once."""
    rows: list[tuple[str, str, str]] = []
    for _, group in groupby((line for line in lines if line.transition != "C10"), key=lambda line: _what(line)):
        same = list(group)
        first, last = same[0], same[-1]
        more = f" ({len(same)} lần, đến {_at(known, last)})" if len(same) > 1 else ""
        rows.append((_at(known, first), _what(first) + more, _who(known, first)))
    return rows


def _at(known: Known, line: AlertChanged) -> str:
    return known.district.local(line.at).strftime("%H:%M %d/%m")


def _what(line: AlertChanged) -> str:
    title = TITLES.get(line.transition)
    says = title.vi if title else line.transition
    about = f" ({CLOCKS[line.clock].vi})" if line.clock else ""
    return f"{says}{about}: {line.text}" if line.text else says + about


def _who(known: Known, line: AlertChanged) -> str:
    if line.by is None:
        return "hệ thống"
    return known.district.agency_name(line.by.agency).vi if line.by.agency else "trực ban"
