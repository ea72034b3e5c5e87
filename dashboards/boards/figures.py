"""Panels on declared figures: gauges, tallies of the last 24 hours, shares, and the age of moments."""

from collections.abc import Iterable, Iterator

from dashboards.boards.alerts import CALLED, IN_COMMUNE, IN_SPACE, KIND_WORDS, MODULE_WORDS, NOW, SEVERITY_WORDS, TOLD
from dashboards.boards.parts import Column, Panel, Query, figure, line, rows
from dashboards.declared import MOMENTS
from dashboards.recordings import last_day, shares
from ioc.detector import Fact, Ratio, Tally
from ioc.text import Text

#: Grafana's names of the units that facts are declared in; another is written behind the number as it is.
UNITS = {
    "": "short", "s": "s", "°C": "celsius", "%": "percent", "mm": "lengthmm", "m": "lengthm", "km": "lengthkm",
    "m/s": "velocityms", "km/h": "velocitykmh", "B": "bytes",
}  # fmt: skip


def of_facts(facts: Iterable[Fact]) -> Iterator[Panel]:
    """Each gauge over time; of one that holds a moment, how long ago that was."""
    for fact in facts:
        yield from _ages(fact) if fact.name in MOMENTS else [_gauge(fact)]


def _gauge(fact: Fact) -> Panel:
    return _by_labels(fact.help, fact, f"ioc_{fact.name}", fact.aggregate, UNITS.get(fact.unit, f"suffix: {fact.unit}"))


def of_tally(tally: Tally) -> Panel:
    """What was counted in the last 24 hours."""
    titled = Text(f"{tally.help.vi} · 24 giờ qua", f"{tally.help.en}, in the last 24 hours")
    about = "Hours of the wall's clock, also in a driven space; a calendar day's exact figure is in the tallies."
    return _by_labels(titled, tally, last_day(tally).name, "sum", "short", about)


def _by_labels(title: Text, figure: Fact | Tally, series: str, aggregate: str, unit: str, about: str = "") -> Panel:
    by_commune = "commune" in figure.labels
    expr = f"{series}{{{IN_COMMUNE if by_commune else IN_SPACE}}}"
    expr = f"{aggregate} by ({', '.join(figure.labels)}) ({expr})" if figure.labels else f"{aggregate}({expr})"
    expr = f"{expr} {CALLED}" if by_commune else expr
    expr = f"{expr} or on () ({TOLD})" if aggregate == "sum" else expr
    shown = ["name" if label == "commune" else label for label in figure.labels]
    legend = " · ".join(f"{{{{{label}}}}}" for label in shown) or title.vi
    return line(
        title,
        [Query(expr, legend)],
        unit=unit,
        stacked=aggregate == "sum",
        names=_names(figure),
        about=about,
    )


def _names(figure: Fact | Tally) -> dict[str, str]:
    """What values of its labels are called."""
    known = {"module": MODULE_WORDS, "kind": KIND_WORDS, "severity": SEVERITY_WORDS}
    general = {value: said for label in figure.labels for value, said in known.get(label, {}).items()}
    return general | {value: words.vi for value, words in figure.words.items()}


def share_tile(ratio: Ratio, width: int, height: int = 4) -> Panel:
    """The share in the whole space."""
    whole, *_ = shares(ratio)
    return figure(
        ratio.help,
        f"{whole.name}{{{IN_SPACE}}}",
        unit="percentunit",
        amber=ratio.amber,
        red=ratio.red,
        worse="below" if ratio.good == "high" else "above",
        about=_meaning(ratio),
        width=width,
        height=height,
    )


def share_over_time(ratio: Ratio) -> Panel:
    """The share over time, by commune where it can be told."""
    *_, finest = shares(ratio)
    by_commune = "commune" in finest.labels
    where = IN_COMMUNE if by_commune else IN_SPACE
    expr = f"{finest.name}{{{where}}}"
    query = Query(f"{expr} {CALLED}", "{{name}}") if by_commune else Query(expr, ratio.help.vi)
    how = Text("theo xã", "by commune") if by_commune else Text("theo thời gian", "over time")
    titled = Text(f"{ratio.help.vi} · {how.vi}", f"{ratio.help.en}, {how.en}")
    return line(titled, [query], unit="percentunit", most=1, about=_meaning(ratio))


def _meaning(ratio: Ratio) -> str:
    when = "now" if isinstance(ratio.of, Fact) else "of the last 24 hours of the wall's clock"
    part, whole = (", ".join(ratio.of.words[value].en for value in them) for them in (ratio.values, ratio.among))
    return f"{ratio.of.help.en} {when}: {part}, among {whole or 'all'}."


def _ages(moment: Fact) -> list[Panel]:
    newest = f"max by (space, {', '.join(moment.labels)}) (ioc_{moment.name}{{{IN_SPACE}}})"
    named = f"max by (source, name) (ioc_source_info{{{IN_SPACE}}})"
    age = f"({NOW} - on (space) group_right () {newest}) * on (source) group_left (name) {named}"
    about = (
        "In the space's own time, of sources that the district file names and that have spoken; "
        "one that never spoke rings as an alert and is not here."
    )
    return [
        rows(
            Text("Nguồn im lặng lâu nhất", "Sources by silence, longest first"),
            f"sort_desc({age})",
            [Column("source_kind", "Loại"), Column("name", "Nguồn"), Column("Value", "Im lặng")],
            unit="s",
            about=about,
        ),
        line(
            Text("Thời gian từ sự kiện mới nhất của nguồn", "Time since a source's newest event"),
            [Query(age, "{{name}}")],
            unit="s",
            about=about,
        ),
    ]
