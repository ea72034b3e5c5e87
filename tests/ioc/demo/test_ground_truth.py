"""What must ring follows from the data by plain arithmetic, nothing else does, and the detectors agree."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import chain, takewhile

import pytest

from detectors import ALL
from ioc.alerts.kind import OWN
from ioc.demo import day
from ioc.demo.expected import SOON, Ring, expected
from ioc.demo.fire import PLUMES
from ioc.demo.times import LASTS, SPEED, START
from ioc.district import District
from ioc.engine.plan import plan
from ioc.events.base import AnyEvent
from ioc.events.cameras import CameraHealth, MotionSeen
from ioc.events.dossiers import DossierReceived, DossierResolved, DossierWithdrawn, SupplementSupplied
from ioc.events.requests import RequestAnswered, RequestClosed, RequestOpened, RequestReopened
from ioc.events.sensors import Reading
from ioc.recording import clocked
from ioc.replay import Replay

SEED = 7
END = START + LASTS


@pytest.fixture(scope="module")
def truth(district: District) -> tuple[Ring, ...]:
    return expected(district, SEED, START)


def about(truth: tuple[Ring, ...], kind: str) -> set[str]:
    return {ring.about for ring in truth if ring.kind == kind}


def test_the_settings_are_those_of_the_district_file(district: District) -> None:
    assert district.detectors["dossier_due"] == {
        "soon_days": 0,
        "soon_share": 0,
        "soon_hours": SOON / timedelta(hours=1),
    }


def test_smoke_rises_above_all_of_the_days_before_when_the_fire_is_expected_and_nowhere_else(
    truth: tuple[Ring, ...], told: list[AnyEvent]
) -> None:
    (ring,) = (ring for ring in truth if ring.kind == "fire_suspected")
    readings = [event for event in told if isinstance(event.data, Reading) and event.data.smoke_ppm is not None]
    usual = max(event.data.smoke_ppm for event in readings if event.at < START)
    smoky = [event for event in readings if event.data.smoke_ppm > 2 * usual]

    assert {event.data.station for event in smoky} <= {*PLUMES}
    assert ring.earliest - timedelta(minutes=5) <= smoky[0].at <= ring.latest
    assert ring.over_by is not None and smoky[-1].at <= ring.over_by


def test_a_third_station_sees_the_fire_only_weakly(told: list[AnyEvent]) -> None:
    readings = [event.data for event in told if isinstance(event.data, Reading)]
    smoke = [each.smoke_ppm or 0 for each in readings if each.station == "tram-tra-tan-thon-1"]

    assert 20 < max(smoke) < 40


def test_dossiers_without_a_result_at_their_due_time_are_those_of_one_desk(
    truth: tuple[Ring, ...], told: list[AnyEvent]
) -> None:
    due: dict[str, datetime] = {}
    done: dict[str, datetime] = {}
    for event in told:
        match event.data:
            case DossierReceived() | SupplementSupplied():
                assert event.data.due
                due[event.data.dossier] = event.data.due
            case DossierResolved() | DossierWithdrawn():
                done[event.data.dossier] = event.at
    late = {code for code, at in due.items() if at < min(done.get(code, END), END)}
    soon = {code for code, at in due.items() if at - SOON < min(done.get(code, END), END)}

    assert about(truth, "dossier_overdue") == late
    assert about(truth, "dossier_due_soon") == soon
    assert {"20923"} == {code.partition("-")[0].removeprefix("H17.") for code in late | soon}
    assert 9 <= len(late) <= 25


def test_one_queue_is_flooded_and_the_others_stay_shallow(
    truth: tuple[Ring, ...], told: list[AnyEvent], district: District
) -> None:
    queue_of: dict[str, str] = {}
    depth: Counter[str] = Counter()
    deepest: Counter[str] = Counter()
    for event in told:
        match event.data:
            case RequestOpened():
                queue_of[event.data.request] = event.data.queue
                depth[event.data.queue] += 1
            case RequestReopened():
                depth[queue_of[event.data.request]] += 1
            case RequestClosed():
                depth[queue_of[event.data.request]] -= 1
        deepest |= depth
    at_least = district.detectors["queue_growing"]["at_least"]

    assert about(truth, "queue_growing") == {queue for queue, most in deepest.items() if most >= at_least}
    assert deepest["nuoc-sinh-hoat"] > 40


def test_only_two_requests_wait_for_longer_than_they_may(truth: tuple[Ring, ...], told: list[AnyEvent]) -> None:
    patience = {"critical": 2, "high": 8, "normal": 24, "low": 72}
    until: dict[str, datetime] = {}
    late = set()
    for event in told:
        match event.data:
            case RequestOpened():
                until[event.data.request] = event.at + timedelta(hours=patience[event.data.priority])
            case RequestAnswered():
                limit = until.pop(event.data.request, event.at)
                late |= {event.data.request} if limit < event.at else set()

    assert about(truth, "request_unanswered") == late | {name for name, limit in until.items() if limit < END}
    assert len(late) == 2


def test_only_one_source_is_silent_for_longer_than_it_may(
    truth: tuple[Ring, ...], told: list[AnyEvent], district: District
) -> None:
    last = dict.fromkeys(district.things, told[0].at)
    silent = set()
    for event in told:
        name = event.source if event.source in last else event.source.rpartition("/")[2]
        if name not in last:
            continue  # of rangers and satellites nobody says how often they speak
        silent |= {name} if event.at - last[name] > district.things[name].silent_after else set()
        last[name] = event.at

    assert about(truth, "source_silent") == silent
    assert all(END - at < district.things[name].silent_after for name, at in last.items())


def test_one_camera_is_blinded_and_nothing_moves_at_guarded_hours(
    truth: tuple[Ring, ...], told: list[AnyEvent], district: District
) -> None:
    blind = {e.data.camera for e in told if isinstance(e.data, CameraHealth) and e.data.status != "ok"}
    guarded = {(c.id, z.id): z.guarded for c in district.cameras for z in c.zones}

    assert about(truth, "camera_tampered") == blind
    for event in told:
        if isinstance(event.data, MotionSeen):
            at = district.local(event.at).time()
            assert not any(hours.hold(at) for hours in guarded[event.data.camera, event.data.zone])


def test_all_four_sources_have_rung_within_forty_seconds_and_none_at_night(
    truth: tuple[Ring, ...], district: District
) -> None:
    first: dict[str, float] = defaultdict(lambda: float("inf"))
    for ring in truth:
        wall = (ring.latest - START).total_seconds() / SPEED
        first[ring.story] = min(first[ring.story], wall)
        assert 7 <= district.local(ring.earliest).hour < 18

    assert set(first) == {
        "desk", "storm", "fire", "smoke", "forgotten", "silence", "telegram", "battery", "danger", "malware", "roster",
        "vaccine", "school", "loudspeaker", "meeting", "takedown", "talk",
    }  # fmt: skip
    assert max(first[story] for story in ("desk", "storm", "fire", "smoke")) < 25


def test_the_detectors_say_what_must_ring_and_nothing_else(
    district: District, told: list[AnyEvent], truth: tuple[Ring, ...]
) -> None:
    """The days before, the day and two hours after it."""
    after = takewhile(lambda event: event.at < END + timedelta(hours=2), day.after(district, SEED, START))
    events = chain(told, after)
    result = Replay(plan(district, ALL)).run(clocked(events))
    # A fire's name is made of what first spoke of it: there is one, whatever its name.
    # What is said of alerts themselves is no part of what happens: nobody reads anything in a replay.
    alerts = [line for line in result.alerts if line.kind not in OWN]
    rang = {(line.kind, "" if line.kind == "fire_suspected" else line.about): line for line in alerts}
    must = {(ring.kind, ring.about): ring for ring in truth}

    assert not result.rejected
    assert set(must) == set(rang)
    for name, ring in must.items():
        assert ring.earliest <= rang[name].opened_at <= ring.latest
        cleared = rang[name].cleared_at
        assert (ring.over_by is None) == (cleared is None)
        assert ring.over_by is None or cleared is None or cleared <= ring.over_by
    assert len(must) == len({line.alert_id for line in alerts})
