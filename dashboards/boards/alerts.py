"""Panels on the district's alerts, from the one gauge of those that are open; and the words that they share."""

from collections.abc import Iterable, Mapping

from grafana_foundation_sdk.models.dashboard import ValueMappingResult

import detectors
from dashboards.boards.parts import AMBER, GREY, RED, Column, Panel, Query, figure, line, rows
from dashboards.declared import modules
from ioc.alerts.kind import SEVERITIES, AlertKind, Severity
from ioc.alerts.kind import SEVERITY_WORDS as WORDS
from ioc.text import Text

SEVERITY_WORDS: Mapping[str, str] = {severity: words.vi for severity, words in WORDS.items()}
SEVERITY_COLOURS: Mapping[str, str] = dict(zip(SEVERITIES, (GREY, GREY, AMBER, RED), strict=True))
MODULE_WORDS = {module.name: module.title.vi for module in modules()}
KIND_WORDS = {kind.name: kind.title.vi for spec in detectors.ALL for kind in spec.kinds}
IN_SPACE = 'space="$space"'
IN_COMMUNE = f'{IN_SPACE}, commune=~"$commune"'
NOW = f"max by (space) (ioc_space_now_timestamp_seconds{{{IN_SPACE}}})"
CALLED = f"* on (commune) group_left (name) max by (commune, name) (ioc_commune_info{{{IN_SPACE}}})"
#: Zero is told only while somebody tells it: else there would be no data, which is not zero.
TOLD = f"0 * max({NOW})"


def severity_tile(severity: Severity, width: int) -> Panel:
    """How many alerts of one severity are open."""
    return figure(
        Text(SEVERITY_WORDS[severity], f"Alerts of severity {severity} that are open"),
        _count(f'severity="{severity}"'),
        amber=1 if severity == "severe" else None,
        red=1 if severity == "extreme" else None,
        about="Zero only while the exporter answers.",
        width=width,
    )


def module_tile(name: str, title: Text, width: int, height: int) -> Panel:
    """How many alerts of one module are open."""
    about = "Open alerts of this module."
    return figure(title, _count(f'module="{name}"'), amber=1, about=about, width=width, height=height)


def kind_tile(kind: AlertKind, width: int) -> Panel:
    """How many alerts of one kind are open; coloured as its severity is."""
    colour = SEVERITY_COLOURS[kind.severity]
    return figure(
        kind.title,
        _count(f'kind="{kind.name}"'),
        amber=1 if colour == AMBER else None,
        red=1 if colour == RED else None,
        about=f"Open alerts of kind {kind.name}.",
        width=width,
    )


def _count(which: str) -> str:
    return f"sum(ioc_alerts_open{{{IN_COMMUNE}, {which}}}) or on () ({TOLD})"


def by_commune(where: str) -> Panel:
    """Open alerts over time, by commune."""
    return line(
        Text("Cảnh báo đang diễn ra · theo xã", "Open alerts, by commune"),
        [Query(f"sum by (commune) (ioc_alerts_open{{{where}}}) {CALLED} or on () ({TOLD})", "{{name}}")],
        stacked=True,
    )


def by(label: str, words: Mapping[str, str], title: Text, where: str, width: int = 12, height: int = 8) -> Panel:
    """Open alerts over time, by the values of a label."""
    return line(
        Text(f"Cảnh báo đang diễn ra · {title.vi}", f"Open alerts, {title.en}"),
        [Query(f"sum by ({label}) (ioc_alerts_open{{{where}}}) or on () ({TOLD})", f"{{{{{label}}}}}")],
        names=words,
        stacked=True,
        width=width,
        height=height,
    )


def worst_first(where: str, kinds: Iterable[AlertKind], width: int = 14, height: int = 10) -> Panel:
    """What is open now, by severity, kind and commune; the worst on top."""
    expr = f"sum by (severity, kind, commune) (ioc_alerts_open{{{where}}}) {CALLED}"
    for place, severity in enumerate(reversed(SEVERITIES)):
        expr = f'label_replace({expr}, "rank", "{place}", "severity", "{severity}")'
    expr += f' or on () label_replace({TOLD}, "kind", "none", "", "")'
    return rows(
        Text("Đang diễn ra, nặng nhất trước", "Open alerts, the worst first"),
        expr,
        [
            Column("severity", "Mức độ", mapped(SEVERITY_WORDS, SEVERITY_COLOURS)),
            Column(
                "kind",
                "Loại cảnh báo",
                mapped({"none": "Không có cảnh báo"} | {kind.name: kind.title.vi for kind in kinds}),
            ),
            Column("name", "Xã"),
            Column("Value", "Số lượng"),
        ],
        sort="rank",
        width=width,
        height=height,
    )


def mapped(words: Mapping[str, str], colours: Mapping[str, str] | None = None) -> dict[str, ValueMappingResult]:
    """What a table shows instead of values."""
    return {value: ValueMappingResult(said, (colours or {}).get(value)) for value, said in words.items()}
