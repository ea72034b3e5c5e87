"""The district's board: alerts that are open, every declared gauge, figures of the last day, freshness of sources."""

from collections.abc import Mapping
from typing import Any

from grafana_foundation_sdk.builders import dashboard

import detectors
from dashboards.boards.parts import Panel, Query, board, choice, figure, line, rows
from dashboards.declared import MOMENTS, facts, tallies
from ioc.alerts.kind import MODULES, SEVERITIES
from ioc.detector import Fact, Tally
from ioc.text import Text

SEVERITY_WORDS = dict(zip(SEVERITIES, ("Thấp", "Trung bình", "Nghiêm trọng", "Khẩn cấp"), strict=True))
MODULE_WORDS = {module.name: module.title.vi for module in MODULES}
KIND_WORDS = {kind.name: kind.title.vi for spec in detectors.ALL for kind in spec.kinds}
#: Grafana's units for those that facts are declared in.
UNITS = {"": "short", "s": "s"}
NOW = 'max by (space) (ioc_space_now_timestamp_seconds{space="$space"})'


def build() -> dashboard.Dashboard:
    """The board, row by row."""
    made = (
        board("ioc-district", Text("IOC · Địa bàn", "IOC: the district"), ["district"])
        .with_variable(choice("space", "Không gian", "ioc_space_now_timestamp_seconds", "space"))
        .with_variable(choice("commune", "Xã", 'ioc_alerts_open{space="$space"}', "commune", every=True))
    )
    gauges = [_gauge(fact) for fact in facts() if fact.name not in ("alerts_open", *MOMENTS)]
    for title, panels in (
        ("Cảnh báo", _alerts()),
        ("Nguồn dữ liệu", _sources()),
        ("Hiện trạng", gauges),
        ("24 giờ qua", [_last_day(tally) for tally in tallies()]),
    ):
        made = made.with_row(dashboard.Row(title))
        for panel in panels:
            made = made.with_panel(panel)
    return made


def _alerts() -> list[Panel]:
    open_now = 'ioc_alerts_open{space="$space", commune=~"$commune"}'
    worst_first = list(reversed(SEVERITIES))
    by_severity = [
        figure(
            Text(SEVERITY_WORDS[severity], f"Alerts of severity {severity} that are firing"),
            f'sum(ioc_alerts_open{{space="$space", commune=~"$commune", severity="{severity}"}}) or (0 * max({NOW}))',
            amber=1 if severity == "severe" else None,
            red=1 if severity == "extreme" else None,
            width=6,
            about="Zero only while the exporter answers.",
        )
        for severity in worst_first
    ]
    return [
        *by_severity,
        _by("module", Text("Theo mô-đun", "By module"), open_now, MODULE_WORDS),
        _by("severity", Text("Theo mức độ", "By severity"), open_now, SEVERITY_WORDS),
        _by("kind", Text("Theo loại cảnh báo", "By kind of alert"), open_now, KIND_WORDS),
        _by("commune", Text("Theo xã", "By commune"), open_now, {}),
    ]


def _by(label: str, title: Text, expr: str, names: Mapping[Any, str]) -> Panel:
    titled = Text(f"Cảnh báo đang diễn ra · {title.vi.lower()}", f"Alerts that are firing, {title.en.lower()}")
    query = Query(f"sum by ({label}) ({expr})", f"{{{{{label}}}}}")
    return line(titled, [query], names=names, stacked=True)


def _sources() -> list[Panel]:
    newest = 'max by (space, source_kind, source) (ioc_source_newest_seconds{space="$space"})'
    age = f"{NOW} - on (space) group_right () {newest}"
    about = (
        "In the space's own time, of sources that the district file names and that have spoken; "
        "one that never spoke rings as an alert and is not here."
    )
    columns = {"source_kind": "Loại", "source": "Nguồn", "Value": "Im lặng"}
    return [
        rows(
            Text("Nguồn im lặng lâu nhất", "Sources by silence, longest first"),
            f"sort_desc({age})",
            columns,
            unit="s",
            about=about,
        ),
        line(
            Text("Thời gian từ sự kiện mới nhất của nguồn", "Time since a source's newest event"),
            [Query(age, "{{source}}")],
            unit="s",
            about=about,
        ),
    ]


def _gauge(fact: Fact) -> Panel:
    selector = _selector(fact.name, fact.labels)
    by = f"{fact.aggregate} by ({', '.join(fact.labels)})"
    return line(
        fact.help, [Query(f"{by} ({selector})", _legend(fact.labels))], unit=UNITS[fact.unit],
        stacked=fact.aggregate == "sum",
    )  # fmt: skip


def _last_day(tally: Tally) -> Panel:
    """Today's total less yesterday's: unlike increase(), right again once a rebuilt read model is full."""
    by = f"sum by ({', '.join(tally.labels)})"
    total, before = (f"{by} ({_selector(f'{tally.name}_total', tally.labels)}{when})" for when in ("", " offset 1d"))
    return line(
        Text(f"{tally.help.vi} · 24 giờ qua", f"{tally.help.en}, the last 24 hours"),
        [Query(f"clamp_min({total} - ({before} or 0 * {total}), 0)", _legend(tally.labels))],
        stacked=True,
        about="Hours of the wall clock, also in a driven space; a calendar day's exact figure is in the tallies.",
    )


def _selector(name: str, labels: tuple[str, ...]) -> str:
    where = 'space="$space", commune=~"$commune"' if "commune" in labels else 'space="$space"'
    return f"ioc_{name}{{{where}}}"


def _legend(labels: tuple[str, ...]) -> str:
    return " · ".join(f"{{{{{label}}}}}" for label in labels)
