"""The demo's ground truth: everything that must ring in its day, and that nothing else may.

Known from how the day is made, never from what detectors say of it; tests hold both against it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ioc.demo import cameras, communes, forest, malware, requests, rosters, stations
from ioc.demo.cases import Case, cases
from ioc.demo.documents import TELEGRAM
from ioc.demo.times import AFTERNOON, Times, minutes, seconds, working_day
from ioc.district import District
from ioc.events.requests import RequestOpened

#: As in the district file, under ``detectors.dossier_due``.
SOON = timedelta(hours=2)
#: So many requests of a square of a kilometre in a day ring where nobody knows yet what is usual there.
CROWDED = 10


@dataclass(frozen=True)
class Ring:
    """An alert of ``kind`` about a subject must ring between two moments, and be over by a third.

    ``over_by`` is None where it is still open when the day ends.
    """

    story: str
    kind: str
    about: str
    earliest: datetime
    latest: datetime
    over_by: datetime | None


def expected(district: District, seed: int, start: datetime) -> tuple[Ring, ...]:
    """All that must ring in the day, by the earliest moment. The recording's own rings are not in it."""
    times = Times.of(district, start)
    rings = (
        *_desk(times, seed),
        *_storm(times, seed),
        *_fire(times),
        *_telegram(times),
        *_danger(times),
        *_silence(times),
        *_blind(times),
        *_malware(times),
        *_nobody_on_duty(times),
        *_communes(times),
    )
    return tuple(sorted(rings, key=lambda ring: (ring.earliest, ring.kind, ring.about)))


def _desk(times: Times, seed: int) -> Iterator[Ring]:
    for case in cases(times, seed):
        if case.ending == "refused":
            continue
        soon = case.due - _lead(case)
        over = case.resolved if case.resolved < times.closes else None
        if soon < min(case.resolved, times.closes):
            until = min(case.resolved, case.due)
            yield Ring("desk", "dossier_due_soon", case.code, soon, soon, until)
        if case.due < min(case.resolved, times.closes):
            yield Ring("desk", "dossier_overdue", case.code, case.due, case.due, over)
            # Nobody there has time to send one.
            if _apology_by(times, case) > (case.supplement[1] if case.supplement else case.received):
                yield Ring("desk", "dossier_without_apology", case.code, case.due, case.due, over)


def _apology_by(times: Times, case: Case) -> datetime:
    """The end of the working day before the last."""
    return times.at(AFTERNOON[1], working_day(times.district.day(case.due), -1))


def _lead(case: Case) -> timedelta:
    """Due soon for two hours before the appointed time, but never for more than half of the term (whole seconds)."""
    term = int((case.due - case.received).total_seconds())
    return min(SOON, timedelta(seconds=term - term // 2))


def _storm(times: Times, seed: int) -> Iterator[Ring]:
    start, end = times.at(requests.STORM_FROM), times.at(requests.STORM_UNTIL)
    over = times.at(requests.ANSWERED) + minutes(30)
    yield Ring("storm", "queue_growing", requests.STORM_QUEUE, start, end, over)
    yield Ring("storm", "request_hot_spot", requests.STORM_COMMUNE, start, end, None)
    yield from _crowded_cells(times, seed)
    remembered = times.at(requests.REMEMBERED)
    for wait in requests.waits(times, seed):
        if wait.answered == remembered:
            late = wait.opened + timedelta(hours=24)
            yield Ring("forgotten", "request_unanswered", wait.number, late, late, remembered)


def _crowded_cells(times: Times, seed: int) -> Iterator[Ring]:
    """Squares of 0.01 degrees from which ten requests came in the day, from the tenth on."""
    came = Counter[str]()
    for event in sorted(requests.events(times, seed), key=lambda event: event.at):
        match event.data:
            case RequestOpened(latitude=float() as north, longitude=float() as east) if times.opens <= event.at:
                cell = f"{int(north * 100)},{int(east * 100)}"
                came[cell] += 1
                if came[cell] == CROWDED:
                    yield Ring("storm", "request_hot_spot", cell, event.at, event.at, None)


def _fire(times: Times) -> Iterator[Ring]:
    """One fire, whatever notices it: from its first smoke at a station, until the ranger says that it is out."""
    out = times.at(forest.OUT)
    yield Ring("fire", "fire_suspected", "", times.at("13:36"), times.at("13:44"), out)


def _danger(times: Times) -> Iterator[Ring]:
    """It rises everywhere after days without rain, and one commune has no roster yet."""
    bulletin, roster = times.at("15:00"), times.at("17:00")
    for commune in times.district.communes:
        yield Ring("danger", "fire_danger_rose", commune.code, bulletin, bulletin, None)
    yield Ring("danger", "fire_roster_missing", forest.LATE, roster, roster, times.at(forest.LATE_AT))


def _telegram(times: Times) -> Iterator[Ring]:
    """Noted at 14:01 and due at 17:00: due soon once half of that is over."""
    earliest, latest, over = (times.at(clock) for clock in ("15:30", "15:31", "16:40"))
    yield Ring("telegram", "document_due_soon", TELEGRAM, earliest, latest, over)


def _silence(times: Times) -> Iterator[Ring]:
    station = next(each for each in times.district.stations if each.id == stations.DYING)
    latest = times.at(stations.DIES) + station.silent_after + minutes(1)
    back = times.at(stations.REVIVES) + minutes(6)
    yield Ring("silence", "source_silent", station.id, latest - minutes(6), latest, back)
    yield Ring("battery", "station_faulty", station.id, times.at("08:00"), times.at(stations.DIES), back)


def _blind(times: Times) -> Iterator[Ring]:
    start, end = times.at(cameras.BLIND_FROM), times.at(cameras.CONFIRMED)
    yield Ring("smoke", "camera_tampered", cameras.BLINDED, start, start + minutes(2), end + minutes(2))


def _malware(times: Times) -> Iterator[Ring]:
    at = times.at(malware.INFECTED_AT)
    yield Ring("malware", "machine_infected", malware.INFECTED, at, at, times.at(malware.CLEANED_AT))


def _nobody_on_duty(times: Times) -> Iterator[Ring]:
    noticed = times.at("16:00")
    yield Ring("roster", "roster_missing", rosters.LATE, noticed, noticed, times.at(rosters.LATE_AT))


def _communes(times: Times) -> Iterator[Ring]:
    out, missed, asked = times.at(communes.OUT_AT), times.at(communes.MISSED_AT), times.at(communes.ASKED_AT)
    stock = f"{communes.OUT_OF_IT}/{communes.VACCINE}"
    yield Ring("vaccine", "vaccine_low", stock, out, out, times.at(communes.DELIVERED_AT))
    yield Ring("school", "absence_surge", communes.MISSED, missed, missed, None)
    down = times.at(communes.BREAKS) + minutes(15) + seconds(1)
    mended = times.at(communes.MENDED) + seconds(1)
    yield Ring("loudspeaker", "device_down", communes.BROKEN, down - seconds(1), down, mended)
    check, ready = times.at("13:30"), times.at(communes.ROOM_MENDED) + seconds(1)
    meeting = f"{communes.ROOM}/{communes.MEETING}"
    yield Ring("meeting", "meeting_not_ready", meeting, check, check, ready)
    yield Ring("takedown", "takedown_late", communes.POST, asked, asked, times.at(communes.REMOVED_AT))
    yield Ring("talk", "mentions_surge", communes.LOUD, times.at("09:00"), times.at("12:00"), times.at("16:00"))
