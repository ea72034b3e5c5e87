"""The alarm load: do alerts ask more of operators than people can give? Targets are those of ISA-18.2 and EEMUA 191."""

from typing import Any

from grafana_foundation_sdk.builders import dashboard

from dashboards.boards.alerts import IN_SPACE, KIND_WORDS, SEVERITY_WORDS, TOLD, mapped
from dashboards.boards.figures import of_facts, of_tally, share_tile
from dashboards.boards.parts import YES_NO, Column, Panel, Query, board, choice, figure, line, rows
from dashboards.declared import about_alerts, facts, ratios, tallies
from dashboards.recordings import FLOOD_FROM, FLOOD_UNTIL, last_day
from ioc.alerts.lifecycle import OPEN
from ioc.alerts.load import ACKNOWLEDGED, ANNUNCIATED, CHATTERING, ENDED, STALE
from ioc.text import Text

PER_10M = f"space:ioc_alerts_annunciated:increase10m{{{IN_SPACE}}}"
PER_KIND = f"{last_day(ANNUNCIATED).name}{{{IN_SPACE}}}"


def build() -> Any:
    """The board; figures are for one operator, of as many as are said to be on duty."""
    operators = dashboard.CustomVariable("operators").label("Số trực ban").values("1,2,3,4,5,6")
    return board(
        "ioc-load",
        Text("IOC · Tải cảnh báo", "IOC: alarm load, by ISA-18.2"),
        "load",
        [("Tải của một trực ban", _attention()), ("Vì đâu", _causes()), ("Xử lý", _handling())],
        choice("space", "Không gian", "ioc_space_now_timestamp_seconds", "space"),
        operators,
    )


def _attention() -> list[Panel]:
    each = "/ $operators"
    return [
        figure(
            Text("Cảnh báo trong 10 phút qua", "Alerts announced in the last 10 minutes, an operator"),
            f"{PER_10M} {each}", amber=5, red=10,
            about="About 1 is right, 2 is the most that lasts; from 5 it is too much, from 10 it cannot be followed.",
        ),
        figure(
            Text("Trung bình mỗi 10 phút · 24 giờ", "Alerts in 10 minutes, an operator, mean of 24 hours"),
            f"space:ioc_alerts_annunciated_per10m:avg1d{{{IN_SPACE}}} {each}", amber=1, red=2,
            about="Target 1, at most 2.",
        ),
        figure(
            Text("Trung bình mỗi 10 phút · 30 ngày", "Alerts in 10 minutes, an operator, mean of 30 days"),
            f"space:ioc_alerts_annunciated_per10m:avg30d{{{IN_SPACE}}} {each}", amber=1, red=2,
            about="Target 1, at most 2. Before 30 days have passed, the mean of those that have.",
        ),
        figure(
            Text("Nhiều nhất trong 10 phút · 24 giờ", "Most alerts in any 10 minutes of 24 hours"),
            f"space:ioc_alerts_annunciated_per10m:max1d{{{IN_SPACE}}}", amber=10, red=20,
            about="Target 10 at most.",
        ),
        figure(
            Text("Đang dồn dập", "An alarm flood, now"),
            f"space:ioc_alarm_flood:state{{{IN_SPACE}}}", red=1, mappings=YES_NO,
            about=f"Begins above {FLOOD_FROM} in 10 minutes, lasts until fewer than {FLOOD_UNTIL}.",
        ),
        figure(
            Text("Thời gian dồn dập · 24 giờ", "Share of 24 hours that was in flood"),
            f"space:ioc_alarm_flood:avg1d{{{IN_SPACE}}}", unit="percentunit", amber=0.01, red=0.05,
            about="Target: less than 1 %.",
        ),
        figure(
            Text("Cảnh báo · 24 giờ", "Alerts announced in 24 hours, an operator"),
            f"sum({PER_KIND}) {each}", amber=150, red=300, about="Target 150, at most 300.", width=6,
        ),
        figure(
            Text("Chập chờn · 24 giờ", "Alerts that chattered in 24 hours"),
            f"sum({last_day(CHATTERING).name}{{{IN_SPACE}}}) or on () ({TOLD})", amber=1, width=6,
            about="Target 0: its rule needs a hold or a hysteresis.",
        ),
        figure(
            Text("Kéo dài hơn một ngày", "Stale alerts: open for over a day"),
            f"sum(ioc_alerts_stale{{{IN_SPACE}}}) or on () ({TOLD})", amber=5, width=6,
            about="Target: fewer than 5. Nobody acts on them, or they are no alerts.",
        ),
        figure(
            Text("Phần của 10 loại hay báo nhất", "Share of the ten kinds that ring most"),
            f"space:ioc_alerts_annunciated_top10:ratio1d{{{IN_SPACE}}}", unit="percentunit",
            about="ISA-18.2 asks for 5 % at most, of hundreds of rules; with as few kinds as here it is always high.",
            width=6,
        ),
        line(
            Text("Cảnh báo trong 10 phút", "Alerts announced within 10 minutes, an operator"),
            [Query(f"{PER_10M} {each}", "10 phút")], width=24,
        ),
    ]  # fmt: skip


def _causes() -> list[Panel]:
    return [
        rows(
            Text("Loại hay báo nhất · 24 giờ", "Kinds that ring most, in 24 hours"),
            f"topk(10, sum by (kind) ({PER_KIND}))",
            [Column("kind", "Loại cảnh báo", mapped(KIND_WORDS)), Column("Value", "Số lần")],
            sort="Value", descending=True,
        ),
        line(
            Text("Cơ cấu mức độ · 24 giờ", "Share of each severity, in 24 hours"),
            [Query(f"space_severity:ioc_alerts_annunciated:ratio1d{{{IN_SPACE}}}", "{{severity}}")],
            unit="percentunit", names=SEVERITY_WORDS, stacked=True, most=1,
            about="Target: 80 % low, 15 % medium, 5 % high.",
        ),
        line(
            Text("Cảnh báo · 24 giờ, theo loại", "Alerts announced in 24 hours, by kind"),
            [Query(f"sum by (kind) ({PER_KIND})", "{{kind}}")], names=KIND_WORDS, stacked=True,
            width=24,
        ),
    ]  # fmt: skip


def _handling() -> list[Panel]:
    """What people do about them, and every figure of alerts that stands nowhere else."""
    specs = about_alerts()
    within = "space_severity:ioc_alerts_acknowledge_seconds"
    return [
        line(
            Text("Thời gian nhận tin · 24 giờ", "Time to acknowledge, in 24 hours"),
            [
                Query(f"{within}:p{share}_1d{{{IN_SPACE}}} or on () ({TOLD})", f"{{{{severity}}}} · {share} %")
                for share in (50, 90)
            ],
            unit="s", names=SEVERITY_WORDS,
            about="Half, and nine of ten, were acknowledged within this; beyond 8 hours it is not told.",
        ),
        *of_facts(fact for fact in facts(specs) if fact not in (OPEN, STALE)),
        *(of_tally(tally) for tally in tallies(specs) if tally not in (ANNUNCIATED, CHATTERING, ACKNOWLEDGED)),
        rows(
            Text("Loại hay báo sai nhất · 24 giờ", "Kinds that people most often ended as false, in 24 hours"),
            f'topk(10, sum by (kind) ({last_day(ENDED).name}{{{IN_SPACE}, outcome="false_alarm"}})) or on () ({TOLD})',
            [Column("kind", "Loại cảnh báo", mapped(KIND_WORDS)), Column("Value", "Số lần")],
            sort="Value", descending=True,
        ),
        *(share_tile(ratio, 6) for ratio in ratios(specs)),
    ]  # fmt: skip
