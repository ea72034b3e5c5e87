"""The day is made alike from its seed, can be read, and speaks only of what the district declares."""

import re
import unicodedata
from collections import Counter
from datetime import datetime, timedelta
from itertools import islice, takewhile

import pytest

from ioc.agencies.roster import RosterFiled
from ioc.demo import communes as modules
from ioc.demo import day, malware
from ioc.demo.cameras import RESTARTED, Recorded
from ioc.demo.times import RECORDED_AT, RECORDED_CAMERA, START, BadDay, Times
from ioc.district import District, load
from ioc.events.base import AnyEvent
from ioc.events.cameras import CameraData, CameraHealth, LineCrossed, MotionSeen
from ioc.events.codec import structured
from ioc.events.devices import DeviceData
from ioc.events.documents import DocumentData
from ioc.events.dossiers import DossierData, DossierReceived
from ioc.events.education import AbsenceReported
from ioc.events.forest import ForestReport, Hotspot
from ioc.events.health import CasesReported, VaccineCounted
from ioc.events.malware import MachineData
from ioc.events.online import MentionSeen, PostData
from ioc.events.requests import RequestData, RequestOpened
from ioc.events.sensors import Reading
from ioc.recording import CODEC

SEED = 7


def lines(events: list[AnyEvent]) -> list[bytes]:
    return [structured(event) for event in events]


def test_the_same_seed_gives_the_same_bytes(district: District, before: list[AnyEvent], today: list[AnyEvent]) -> None:
    assert lines(before) == lines(list(day.before(district, SEED, START)))
    assert lines(today) == lines(list(day.day(district, SEED, START)))


def test_another_seed_gives_another_day(district: District, today: list[AnyEvent]) -> None:
    same = set(lines(today)) & set(lines(list(day.day(district, SEED + 1, START))))

    assert len(same) < len(today) / 3


def test_every_event_survives_its_codec(told: list[AnyEvent]) -> None:
    assert all(event == CODEC.read_structured(structured(event)) for event in told)


def test_events_are_sorted_and_each_is_said_once(told: list[AnyEvent]) -> None:
    assert told == sorted(told, key=day.order)
    assert len(told) == len({(event.source, event.id) for event in told})


def test_the_parts_follow_one_another(district: District, before: list[AnyEvent], today: list[AnyEvent]) -> None:
    after = list(islice(day.after(district, SEED, START), 500))

    assert before[-1].at < START <= today[0].at
    assert today[-1].at < START + timedelta(hours=24) <= after[0].at
    assert after == sorted(after, key=day.order)


def test_volumes_are_those_of_a_small_district(
    district: District, before: list[AnyEvent], today: list[AnyEvent]
) -> None:
    received = [event for event in today if isinstance(event.data, DossierReceived)]
    opened = [event for event in today if isinstance(event.data, RequestOpened)]
    storm = [
        event
        for event in opened
        if event.data.queue == "nuoc-sinh-hoat" and "08:40" <= clock(district, event) <= "09:40"
    ]

    assert len(before) < 12_000
    assert 8_000 < len(today) < 14_000
    assert 120 <= len(received) <= 200
    assert len(district.communes) == len({event.data.commune for event in received})
    assert 40 <= len(storm) <= 65
    assert 60 <= len(opened) - len(storm) <= 105


def clock(district: District, event: AnyEvent) -> str:
    return district.local(event.at).strftime("%H:%M")


def test_each_source_speaks_of_itself_and_is_declared(district: District, told: list[AnyEvent]) -> None:
    communes = {commune.code for commune in district.communes}
    people = [event for event in told if isinstance(event.data, ForestReport | Hotspot | RosterFiled)]
    assert {event.source for event in people} == {"/firms", "/forest", "/rosters/demo"}
    for event in (event for event in told if event not in people):
        match event.data:
            case Reading():
                source = f"/stations/{event.data.station}"
            case CameraData():
                source = f"/cameras/{event.data.camera}"
            case DossierData():
                source = f"/one-stop/{event.data.commune}"
            case DocumentData():
                source = "/qoffice"
            case RequestData():
                source = "/bac-tra-my-smart"
            case MachineData():
                source = malware.SOURCE
            case MentionSeen() | PostData():
                source = modules.ONLINE
            case CasesReported() | VaccineCounted():
                source = modules.HEALTH
            case AbsenceReported():
                assert event.data.school in {school.id for school in district.schools}
                assert event.source == modules.SCHOOLS
                continue
            case DeviceData():
                assert event.data.device in {device.id for device in district.devices}
                assert event.source == f"/devices/{event.data.device}"
                continue
        assert source == event.source
        assert {event.source, event.source.rpartition("/")[2]} & set(district.things)
        assert getattr(event.data, "commune", None) in {None, *communes}


def test_zones_and_lines_are_those_of_the_camera(district: District, told: list[AnyEvent]) -> None:
    zones = {(camera.id, zone.id) for camera in district.cameras for zone in camera.zones}
    crossed = {(camera.id, line.id) for camera in district.cameras for line in camera.lines}

    assert zones == {(e.data.camera, e.data.zone) for e in told if isinstance(e.data, MotionSeen)}
    assert crossed == {(e.data.camera, e.data.line) for e in told if isinstance(e.data, LineCrossed)}


def test_words_are_vietnamese_composed_letters_without_numbers_to_call(told: list[AnyEvent]) -> None:
    texts = Counter(event.data.text for event in told if isinstance(event.data, RequestOpened))

    assert len(texts) > 150
    for text in texts:
        assert not text.isascii()
        assert not re.search(r"\d{3}|[{}]", text)
        assert text[0].isupper()
        assert text.endswith(".")
    assert all(unicodedata.is_normalized("NFC", structured(event).decode()) for event in told)


def test_dossier_codes_name_system_commune_day_and_number(district: District, told: list[AnyEvent]) -> None:
    first: dict[str, AnyEvent] = {}
    for event in told:
        if isinstance(event.data, DossierData):
            first.setdefault(event.data.dossier, event)
    for code, event in first.items():
        filed = district.local(event.at)
        assert re.fullmatch(rf"H17\.{event.data.commune}-{filed:%y%m%d}-\d{{4}}", code)


def test_afterwards_every_source_keeps_speaking(district: District) -> None:
    end = START + timedelta(hours=27)
    heard = {e.source for e in takewhile(lambda event: event.at < end, day.after(district, SEED, START))}

    declared = {thing.id for thing in (*district.things.values(), *district.devices)}
    assert declared == {source if source in district.things else source.rpartition("/")[2] for source in heard}


def test_while_the_recording_runs_its_camera_is_left_to_it(district: District, times: Times) -> None:
    recorded = Recorded(RECORDED_AT, RECORDED_AT + timedelta(minutes=4), left="frozen")
    said = [
        event
        for event in day.day(district, SEED, START, recorded)
        if isinstance(event.data, CameraHealth) and event.data.camera == RECORDED_CAMERA
    ]

    assert not [event for event in said if recorded.first <= event.at <= recorded.last]
    assert {event.data.status for event in said} == {"ok", "frozen"}
    for event in said:
        stuck = recorded.last < event.at < times.at(RESTARTED)
        assert event.data.status == ("frozen" if stuck else "ok")


@pytest.mark.parametrize(
    "start", [START + timedelta(days=1), START + timedelta(hours=6)], ids=["a Saturday", "in the forenoon"]
)
def test_a_start_that_would_miss_the_stories_is_refused(district: District, start: datetime) -> None:
    with pytest.raises(BadDay, match="working day before 07:00"):
        list(day.day(district, SEED, start))


def test_another_district_is_refused() -> None:
    with pytest.raises(BadDay, match="open_logs"):
        list(day.day(load("open_logs"), SEED, START))
