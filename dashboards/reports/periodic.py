"""The periodic report (báo cáo định kỳ): the figures of a period by its cut-off rule, what changed, what was late."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from dashboards.reports import charts
from dashboards.reports.known import MODULE_TITLES, Known, grouped
from dashboards.reports.paper import Block, Heading, Paper, Picture, Table, Words
from ioc.alerts.alert import AlertChanged
from ioc.alerts.parts import HANDLINGS
from ioc.office.dossier_figures import RECEIVED
from ioc.office.figures import FLOWS, Shown, in_hand, shares
from ioc.office.periods import Period
from ioc.targets.checks import DOUBTS
from ioc.targets.figure import ORIGINS, Computed
from ioc.targets.printed import written
from ioc.targets.scoring import Scored
from ioc.targets.target import ENDS, Judged

WORK = {"dossier": "Hồ sơ thủ tục hành chính", "request": "Phản ánh, kiến nghị", "document": "Văn bản, nhiệm vụ"}
#: So many of what is late are named; the rest are counted.
NAMED = 12


def paper(known: Known, of: Period) -> Paper:
    """The report of a period."""
    return Paper(
        known.district,
        known.today,
        "BÁO CÁO",
        f"Tình hình điều hành trên địa bàn {known.district.name} {of.title.vi}",
        tuple(_blocks(known, of)),
        warning=known.warning,
    )


def _blocks(known: Known, of: Period) -> Iterator[Block]:
    basis = f" ({of.rule.basis})" if of.rule.basis else ""
    yield Words(f"Kỳ báo cáo: {of.title.vi}, {of.told.vi}; chốt số liệu: {of.rule.name.lower()}{basis}.")
    if known.today <= of.last:
        yield Words(f"Kỳ chưa kết thúc: số liệu tính đến {known.told(known.now)}, còn có thể thay đổi.", quiet=True)
    sections = (
        ("Kết quả giải quyết công việc", _work(known, of)),
        ("Các tỷ lệ trong kỳ", _shares(known, of)),
        ("Số liệu của địa bàn", _figures(known, of)),
        ("Thực hiện chỉ tiêu", _targets(known, of)),
        ("Chấm điểm các xã", _scores(known, of)),
        ("Cảnh báo trong kỳ", _alerts(known, of)),
        ("Việc quá hạn xử lý", _late(known, of)),
        ("Số liệu chưa báo cáo, cần kiểm tra", _doubtful(known, of)),
    )
    number = 0
    for title, blocks in sections:
        found = list(blocks)
        if found:
            number += 1
            yield Heading(f"{number}. {title}")
            yield from found
    yield Heading(f"{number + 1}. Đánh giá, kiến nghị")
    yield Words("……………… (cơ quan báo cáo bổ sung)")


def _work(known: Known, of: Period) -> Iterator[Block]:
    rows = []
    for work, flows in FLOWS.items():
        came = _sum(known, flows.came_in.name, of)
        before, after = (in_hand(known.rows, work, day) for day in (of.first - timedelta(days=1), of.last))
        if came or before.open or after.open:
            change = _change(came, _sum(known, flows.came_in.name, of.year_before))
            rows.append(
                (WORK[work], grouped(before.open), grouped(came), change, grouped(after.open), grouped(after.overdue))
            )
    if not rows:
        return
    yield Table(
        ("Công việc", "Kỳ trước chuyển qua", "Tiếp nhận trong kỳ", "So cùng kỳ", "Đang giải quyết cuối kỳ",
         "Quá hạn cuối kỳ"),
        rows, (3, 1.4, 1.4, 1.4, 1.5, 1.3), frozenset({1, 2, 3, 4, 5}),
    )  # fmt: skip
    by_day: Counter[date] = Counter()
    for row in known.rows:
        if row.tally == RECEIVED.name and of.first <= row.day <= of.last:
            by_day[row.day] += row.value
    if len(by_day) > 2:
        png = charts.days(sorted(by_day.items()), "hồ sơ")
        yield Picture(png, "Hồ sơ tiếp nhận theo ngày trong kỳ")


def _shares(known: Known, of: Period) -> Iterator[Block]:
    compared = zip(*(shares(known.rows, each) for each in (of, of.year_before, of.year_to_date)), strict=True)
    rows = [
        (now.share.title.vi, _percent(now), f"{grouped(now.numerator)} / {grouped(now.denominator)}", _percent(before),
         _percent(year))
        for now, before, year in compared if now.denominator
    ]  # fmt: skip
    if rows:
        yield Table(
            ("Tỷ lệ", "Trong kỳ", "Tử số / mẫu số", "Cùng kỳ năm trước", "Lũy kế từ đầu năm"),
            rows, (4, 1.2, 2, 1.4, 1.4), frozenset({1, 2, 3, 4}),
        )  # fmt: skip
        yield Words(
            "Cách tính, mẫu số và phần không tính của từng tỷ lệ theo danh mục số liệu của Trung tâm.", quiet=True
        )


def _figures(known: Known, of: Period) -> Iterator[Block]:
    rows = []
    for id_ in known.standing.figures:
        now, before = (known.standing.figure(id_, each) for each in (of, of.year_before))
        if now.value is None and not now.expected:
            continue
        rows.append((now.figure.title.vi, value(now), parts(now), _earlier(before), source(now)))
    if rows:
        yield Table(
            ("Số liệu", "Trong kỳ", "Tử số / mẫu số", "Cùng kỳ", "Nguồn"),
            rows, (3.6, 1.5, 1.8, 1.2, 2.2), frozenset({1, 2, 3}),
        )  # fmt: skip


def _targets(known: Known, of: Period) -> Iterator[Block]:
    day = min(of.last, known.today)
    judged = known.standing.targets(day)
    if not judged:
        return
    for plan in known.district.plans:
        stands = known.standing.plan(plan, day)
        ends = ", ".join(f"{ENDS[end].vi} {count}" for end, count in stands.ends.items())
        reported = f" Số hoàn thành theo báo cáo của cơ quan: {stands.reported}." if stands.reported is not None else ""
        yield Words(f"{plan.name}: {sum(stands.ends.values())} chỉ tiêu; {ends}.{reported}", item=True)
    yield Table(
        ("Chỉ tiêu", "Mục tiêu", "Kết quả", "Đánh giá"),
        [(each.target.name, goal(each), value(each.computed), ending(each)) for each in judged],
        (4.6, 1.1, 1.4, 2.6), frozenset({1, 2}),
    )  # fmt: skip
    yield Picture(charts.targets(judged), f"Kết quả so với mục tiêu, đến ngày {day:%d/%m/%Y}")


def _scores(known: Known, of: Period) -> Iterator[Block]:
    scoring = known.district.scoring
    if scoring is None:
        return
    found: list[Scored] = known.standing.scores(of)
    rows = [
        (str(place), known.district.area_name(each.area), *(written(score, "vi") for score in each.groups),
         written(each.total, "vi"), f"{each.judged}/{each.criteria}",
         "–" if each.reported is None else written(each.reported, "vi"))
        for place, each in enumerate(found, 1)
    ]  # fmt: skip
    groups = [f"{group.name} ({written(group.points, 'vi')})" for group in scoring.groups]
    yield Words(f"{scoring.name}. {scoring.basis}")
    yield Table(
        ("TT", "Xã", *groups, "Tổng", "Tiêu chí có số liệu", "Tự chấm"),
        rows, (0.5, 1.6, *(1.2 for _ in groups), 0.9, 1.1, 1.0), frozenset(range(2, 5 + len(groups))),
    )  # fmt: skip


def _alerts(known: Known, of: Period) -> Iterator[Block]:
    opened, before, closed, still = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    length = of.last - of.first + timedelta(days=1)
    for line in known.alerts:
        day = known.day(line.opened_at)
        opened[line.module] += of.first <= day <= of.last
        before[line.module] += of.first - length <= day < of.first
        over = line.closed_at
        closed[line.module] += over is not None and of.first <= known.day(over) <= of.last
        still[line.module] += day <= of.last and (over is None or known.day(over) > of.last)
    rows = [
        (MODULE_TITLES.get(module, module), grouped(opened[module]), grouped(before[module]), grouped(closed[module]),
         grouped(still[module]))
        for module in sorted(opened, key=lambda each: -opened[each])
        if opened[module] or still[module]
    ]  # fmt: skip
    if rows:
        yield Table(
            ("Mô-đun", "Mở trong kỳ", "Kỳ liền trước", "Kết thúc trong kỳ", "Chưa kết thúc cuối kỳ"),
            rows, (3, 1.2, 1.2, 1.8, 1.2), frozenset({1, 2, 3, 4}),
        )  # fmt: skip


def _late(known: Known, of: Period) -> Iterator[Block]:
    late = sorted((line for line in known.alerts if _missed(known, line, of)), key=lambda line: line.opened_at)
    by_agency = Counter(known.agency(line) for line in late)
    for agency, count in by_agency.most_common():
        yield Words(f"{agency}: {grouped(count)} việc quá hạn.", item=True)
    if late:
        yield Table(
            ("Việc", "Địa bàn", "Cơ quan", "Mở lúc", "Tình trạng"),
            [
                (line.title.vi, known.place(line), known.agency(line), known.told(line.opened_at),
                 HANDLINGS[line.handling].vi)
                for line in late[:NAMED]
            ],
            (3, 1.5, 2, 1.6, 1.6),
        )  # fmt: skip
    if len(late) > NAMED:
        yield Words(f"Còn {grouped(len(late) - NAMED)} việc khác không nêu ở đây.", quiet=True)


def _doubtful(known: Known, of: Period) -> Iterator[Block]:
    said: dict[str, None] = {}
    for id_ in known.standing.figures:
        found = known.standing.figure(id_, of)
        if found.missing and found.expected:
            names = ", ".join(known.district.area_name(area) for area in found.missing[:6])
            more = f" và {len(found.missing) - 6} đơn vị khác" if len(found.missing) > 6 else ""
            told = f"chưa báo cáo {len(found.missing)}/{found.expected}: {names}{more}"
            said[f"{found.figure.name}: {told}."] = None
        if found.doubts:
            why = ", ".join(DOUBTS[each].vi for each in sorted(found.doubts))
            said[f"{found.figure.name} ({parts(found)}): {why}."] = None
    for text in said:
        yield Words(text, item=True)


# -- how a figure is written ----------------------------------------------------------------------------------------


def value(found: Computed) -> str:
    """A share above one, or made of what cannot be right, is never printed as if it were a result."""
    if found.wrong:
        return "sai số liệu"
    if found.value is None:
        return "chưa báo cáo" if found.expected else "–"
    return f"{written(found.value, 'vi')} {found.unit}".strip()


def _earlier(found: Computed) -> str:
    return "–" if found.value is None else value(found)


def parts(found: Computed) -> str:
    if not found.figure.out_of:
        return ""
    return " / ".join("–" if part is None else written(part, "vi") for part in (found.numerator, found.denominator))


def source(found: Computed) -> str:
    """Where it comes from, and of how many areas."""
    says = " + ".join(ORIGINS[each].vi for each in sorted(found.origins))
    here = found.expected - len(found.missing)
    return f"{says}, {here}/{found.expected} đơn vị" if found.expected else says


def goal(each: Judged) -> str:
    sign = "≥" if each.target.direction == "at_least" else "≤"
    return f"{sign} {written(each.target.goal, 'vi')} {each.computed.unit}".strip()


def ending(each: Judged) -> str:
    """The end in words, with what is missing and the pace that is needed."""
    says = ENDS[each.end].vi
    if each.short_by is not None and each.end in ("not_met", "not_yet_due"):
        says += f", thiếu {written(each.short_by, 'vi')} {each.computed.unit}".rstrip()
    if each.pace is not None and each.pace.needed is not None and each.end == "not_yet_due":
        unit = "%" if each.computed.figure.out_of else f"{each.computed.unit}/tháng"
        says += f"; tiến độ cần đạt {written(each.pace.needed, 'vi')} {unit}"
    return says


def _missed(known: Known, line: AlertChanged, of: Period) -> bool:
    late = [clock for clock in line.clocks.values() if clock.state == "breached" and clock.due is not None]
    return any(of.first <= known.day(clock.due) <= of.last for clock in late if clock.due)


def _sum(known: Known, tally: str, of: Period) -> int:
    return sum(row.value for row in known.rows if row.tally == tally and of.first <= row.day <= of.last)


def _change(now: int, before: int) -> str:
    if not before:
        return "–"
    return f"{100 * (now - before) / before:+.1f} %".replace(".", ",")


def _percent(shown: Shown) -> str:
    return "–" if shown.percent is None else f"{written(round(shown.percent, 1), 'vi')} %"
