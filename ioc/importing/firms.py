"""NASA FIRMS (VIIRS and MODIS, as CSV): every thermal anomaly becomes a hotspot of the moment it was acquired.

Times are UTC, ``acq_time`` as HHMM with or without leading zeros (``41`` is 00:41). A hotspot is known by its
satellite, moment and place, so what overlaps between downloads, or comes twice, is one.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from ioc.events.base import AnyEvent, Event
from ioc.events.forest import Confidence, Hotspot
from ioc.fire.hotspots import fires
from ioc.importing import table
from ioc.importing.files import Problem, Unusable, opened
from ioc.importing.run import Report
from ioc.importing.terms import Layout
from ioc.text import complaint

SOURCE = "/firms"
NEEDED = frozenset({"latitude", "longitude", "acq_date", "acq_time", "satellite", "confidence"})
FURTHER = frozenset({
    "instrument", "brightness", "bright_ti4", "scan", "track", "frp", "daynight", "type",
})  # fmt: skip
#: FIRMS writes satellites in several ways.
SATELLITES = {
    "T": "Terra",
    "A": "Aqua",
    "N": "S-NPP",
    "1": "NOAA-20",
    "N20": "NOAA-20",
    "2": "NOAA-21",
    "N21": "NOAA-21",
}
CONFIDENCES: Mapping[str, Confidence] = {
    "l": "low", "n": "nominal", "h": "high", "low": "low", "nominal": "nominal", "high": "high",
}  # fmt: skip
#: MODIS' percent below which a hotspot is of low confidence, and from which it is of high.
LOW_BELOW, HIGH_FROM = 30, 80
#: ``type`` of archive files: 0 is presumed vegetation; volcanoes, other static sources and offshore flares are not.
VEGETATION = "0"


def import_file(path: Path, watch: Callable[[int], None] = lambda _: None) -> tuple[list[AnyEvent], Report]:
    """The hotspots of a file by time, and the report. Raises Unusable if nothing in the file can be read."""
    report = Report(path)
    found: dict[str, Event[Hotspot]] = {}
    with opened(path) as log:
        wanted = NEEDED | (FURTHER & _header(path))
        for item in table.read(log, Layout(format="csv"), wanted):
            watch(log.place())
            if isinstance(item, Problem):
                report.tell(item)
                continue
            report.rows += 1
            try:
                event = hotspot(item.values)
            except ValueError as why:
                report.tell(Problem(item.line, str(why)))
                continue
            found.setdefault(event.id, event)
    if not report.rows:
        raise Unusable(report.lines()[0] if report.problems else f"{path}: no rows in it")
    events = sorted(found.values(), key=lambda event: (event.at, event.id))
    report.cases = len({event.data.satellite for event in events})
    report.events[Hotspot.TYPE] = len(events)
    report.further = {
        "hotspots that came twice": report.rows - report.problem_count - len(events),
        "fires after merging (24 h, within a pixel's reach)": len(fires(events)),
    }
    if events:
        report.first, report.last = events[0].at, events[-1].at
    return list(events), report


def _header(path: Path) -> frozenset[str]:
    with opened(path) as log:
        first = log.stream.readline(10_000).decode("utf-8-sig", "replace")
    return frozenset(name.strip().strip('"') for name in first.split(","))


def hotspot(row: Mapping[str, str]) -> Event[Hotspot]:
    """One row. Raises ValueError with what is wrong."""
    at, confidence = _moment(row), row.get("confidence", "").strip().lower()
    percent = float(confidence) if confidence.isdecimal() else None
    satellite = row.get("satellite", "").strip()
    try:
        spot = Hotspot(
            satellite=SATELLITES.get(satellite, satellite),
            instrument=row.get("instrument") or ("VIIRS" if "bright_ti4" in row else "MODIS"),
            latitude=_number(row, "latitude"),
            longitude=_number(row, "longitude"),
            confidence=_confidence(confidence, percent),
            confidence_pct=percent,
            brightness_k=_perhaps(row, "bright_ti4") or _perhaps(row, "brightness"),
            power_mw=_perhaps(row, "frp"),
            scan_km=_perhaps(row, "scan") or 1.0,
            track_km=_perhaps(row, "track") or 1.0,
            night={"N": True, "D": False}.get(row.get("daynight", "")),
            static=row.get("type", VEGETATION) not in ("", VEGETATION),
        )
    except ValidationError as error:
        raise ValueError(complaint(error)) from None
    return Event(at, SOURCE, f"{spot.satellite}/{at:%Y%m%dT%H%M}/{spot.latitude:.5f}/{spot.longitude:.5f}", spot)


def _moment(row: Mapping[str, str]) -> datetime:
    time = row.get("acq_time", "").strip().replace(":", "").zfill(4)
    try:
        return datetime.strptime(f"{row.get('acq_date', '').strip()} {time}", "%Y-%m-%d %H%M").replace(tzinfo=UTC)
    except ValueError:
        raise ValueError("acq_date and acq_time are no moment: YYYY-MM-DD and HHMM (UTC) are needed") from None


def _confidence(text: str, percent: float | None) -> Confidence:
    if percent is not None:
        return "low" if percent < LOW_BELOW else "high" if percent >= HIGH_FROM else "nominal"
    if text not in CONFIDENCES:
        raise ValueError("confidence is neither low, nominal, high (l, n, h) nor a percentage")
    return CONFIDENCES[text]


def _number(row: Mapping[str, str], name: str) -> float:
    try:
        return float(row.get(name, ""))
    except ValueError:
        raise ValueError(f"{name} is no number") from None


def _perhaps(row: Mapping[str, str], name: str) -> float | None:
    return _number(row, name) if row.get(name, "").strip() else None
