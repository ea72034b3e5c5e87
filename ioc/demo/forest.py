"""The forest of the demo's day: rosters for the night, a satellite that sees the fire, the ranger who goes there."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ioc.demo.times import Times
from ioc.events.base import AnyEvent, Event
from ioc.events.forest import DutyRostered, FireAnswered, ForestReport, Hotspot

ROSTERED = "15:40"
#: Files its roster only after the room has noticed.
LATE, LATE_AT = "20908", "17:25"
SEEN, CONFIRMED, OUT = "14:12", "14:45", "16:20"
#: Above Trà Đốc, between the two stations that smell it.
PLACE, COMMUNE = (15.3405, 108.0995), "20920"


def events(times: Times) -> Iterator[AnyEvent]:
    """All of it, in no order."""
    for commune in times.district.communes:
        at = times.at(LATE_AT if commune.code == LATE else ROSTERED)
        roster = DutyRostered(commune=commune.code, night=times.today, people=4)
        yield _report(at, f"roster-{commune.code}", roster)
    yield from _seen(times.at(SEEN))
    for clock, answer in ((CONFIRMED, "fire"), (OUT, "no_fire")):
        data = {"commune": COMMUNE, "latitude": PLACE[0], "longitude": PLACE[1], "answer": answer, "by": "kiem-lam-02"}
        yield _report(times.at(clock), f"ranger-{answer}", FireAnswered.model_validate(data))


def _seen(at: datetime) -> Iterator[AnyEvent]:
    """Two pixels of one pass."""
    for number, (north, east, power) in enumerate(((0.0, 0.0, 11.2), (0.003, 0.0025, 4.8))):
        latitude, longitude = round(PLACE[0] + north, 5), round(PLACE[1] + east, 5)
        spot = Hotspot(
            satellite="N20", instrument="VIIRS", latitude=latitude, longitude=longitude, confidence="nominal",
            brightness_k=341.0 - 9 * number, power_mw=power, scan_km=0.42, track_km=0.37, night=False,
        )  # fmt: skip
        yield Event(at + timedelta(seconds=number), "/firms", f"N20/{at:%Y%m%dT%H%M}/{latitude}/{longitude}", spot)


def _report(at: datetime, name: str, data: ForestReport) -> AnyEvent:
    return Event(at, "/forest", f"{name}-{at:%Y%m%d}", data)
