"""The flash report of 24 hours (báo cáo nhanh) for the morning's briefing: 07:00 to 07:00, unless said otherwise."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from dashboards.reports.known import MODULE_TITLES, Known, grouped
from dashboards.reports.paper import Block, Heading, Paper, Table, Words
from ioc.alerts.alert import AlertChanged
from ioc.alerts.kind import LATE, PLATFORM_MODULE, SEVERITIES, SEVERITY_WORDS
from ioc.alerts.parts import CONDITIONS, HANDLINGS

DAY = timedelta(days=1)
GRAVE = ("severe", "extreme")
NAMED = 10


def paper(known: Known, until: datetime) -> Paper:
    """What happened in the 24 hours before ``until``."""
    return Paper(
        known.district,
        known.day(until),
        "BÁO CÁO NHANH",
        f"Tình hình 24 giờ, từ {known.told(until - DAY)} đến {known.told(until)}",
        tuple(_blocks(known, until)),
        warning=known.warning,
        tight=True,
    )


def _blocks(known: Known, until: datetime) -> Iterator[Block]:
    since = until - DAY
    alerts = [line for line in known.alerts if line.opened_at <= until]
    opened = [line for line in alerts if line.opened_at > since]
    before = sum(since - DAY < line.opened_at <= since for line in alerts)
    still = [line for line in alerts if _still(line, until)]
    over = sum(line.closed_at is not None and since < line.closed_at <= until for line in alerts)
    fired = sum(line.condition != "cleared" for line in still)
    grave = sorted((line for line in still if line.severity in GRAVE), key=_worst)
    yield Words(
        f"Trong 24 giờ mở {grouped(len(opened))} cảnh báo (24 giờ trước: {grouped(before)}), kết thúc "
        f"{grouped(over)}; đến {known.told(until)} còn {grouped(len(still))} cảnh báo chưa kết thúc, trong đó "
        f"{grouped(fired)} đang diễn ra, {grouped(len(grave))} mức nghiêm trọng trở lên."
    )
    yield Heading("1. Nghiêm trọng, chưa kết thúc")
    if grave:
        yield _table(known, grave[:NAMED])
    else:
        yield Words("Không có cảnh báo mức nghiêm trọng trở lên chưa kết thúc.")
    yield Heading("2. Theo mô-đun")
    counts, left = Counter(line.module for line in opened), Counter(line.module for line in still)
    modules = sorted(counts.keys() | left.keys(), key=lambda each: (-counts[each], each))
    if modules:
        yield Table(
            ("Mô-đun", "Mở trong 24 giờ", "Chưa kết thúc"),
            [(MODULE_TITLES.get(each, each), grouped(counts[each]), grouped(left[each])) for each in modules],
            (3, 1.5, 1.5), frozenset({1, 2}),
        )  # fmt: skip
    late = [line for line in still if any(clock.state == "breached" for clock in line.clocks.values())]
    yield Heading("3. Việc quá hạn")
    if late:
        for agency, count in Counter(known.agency(line) for line in late).most_common():
            yield Words(f"{agency}: {grouped(count)} việc quá hạn.", item=True)
    else:
        yield Words("Không có việc quá hạn.")
    lost = [line for line in still if line.module == PLATFORM_MODULE.name and line.kind != LATE.name]
    yield Heading("4. Nguồn dữ liệu, thiết bị")
    for line in sorted(lost, key=_worst)[:NAMED]:
        yield Words(f"{line.summary.vi} (từ {known.told(line.opened_at)}).", item=True)
    if not lost:
        yield Words("Không có nguồn nào mất.")
    yield Heading("5. Ý kiến chỉ đạo")
    yield Words("………………")


def _table(known: Known, alerts: list[AlertChanged]) -> Table:
    return Table(
        ("Mức", "Sự việc", "Địa bàn", "Từ lúc", "Xử lý"),
        [
            (SEVERITY_WORDS[line.severity].vi, line.summary.vi, known.place(line), known.told(line.opened_at),
             f"{CONDITIONS[line.condition].vi}; {HANDLINGS[line.handling].vi} ({known.agency(line)})")
            for line in alerts
        ],
        (1.1, 4, 1.2, 1.4, 2),
    )  # fmt: skip


def _still(line: AlertChanged, until: datetime) -> bool:
    return line.closed_at is None or line.closed_at > until


def _worst(line: AlertChanged) -> tuple[int, datetime]:
    return -SEVERITIES.index(line.severity), line.opened_at
