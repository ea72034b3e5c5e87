"""Whatever happens, the history is the same for any number of partitions, any batches and any restarts."""

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import detectors
from ioc.district import District
from ioc.engine.plan import Plan, plan
from ioc.events.base import AnyEvent, Data, Event
from ioc.events.cameras import CameraHealth, LineCrossed, MotionSeen
from ioc.events.documents import DocumentArrived
from ioc.events.dossiers import (
    DossierReceived,
    DossierResolved,
    DossierReturned,
    DossierWithdrawn,
    SupplementRequested,
    SupplementSupplied,
)
from ioc.events.requests import (
    RequestAnswered,
    RequestAssigned,
    RequestClosed,
    RequestOpened,
    RequestReopened,
)
from ioc.events.sensors import SENSORS, Reading
from ioc.recording import tick
from tests.ioc.engine.echo import EIGHT
from tests.ioc.engine.restarts import RestartingReplay

PLACE = {"commune": "20900", "latitude": 15.3, "longitude": 108.2}
YARD = {
    "id": "yard",
    "name": "Yard",
    "polygon": [(0, 0), (1, 0), (1, 1)],
    "guarded": [{"from": "18:00", "to": "06:00"}],
}
ANY: dict[str, Any] = {
    "id": "any",
    "name": "Any",
    "name_en": "Any",
    "communes": [{"code": "20900", "name": "Trà My", "latitude": 15, "longitude": 108, "valid_from": "2025-07-01"}],
    "stations": [{"id": name, "name": name, "silent_after": "30m", **PLACE} for name in ("s1", "s2", "s3")],
    "cameras": [{"id": "c1", "name": "c1", "silent_after": "1h", "zones": [YARD], **PLACE}],
    "feeds": [{"id": name, "name": name, "silent_after": "3h"} for name in ("/office", "/smart")],
    "detectors": {
        "dossier_due": {"soon_days": 0, "soon_share": 0, "soon_hours": 1, "forget_after": "6h"},
        "dossier_desk": {"forget_after": "6h"},
        "dossier_counts": {"forget_after": "6h"},
        "request_unanswered": {"answer_within": "2h", "forget_after": "6h"},
        "queue_growing": {"window": "1m", "at_least": 2, "level_halflife": "1h", "look_again": "10m"},
    },
}
RULES = plan(District.model_validate(ANY), detectors.ALL)
#: One detector less, and others set otherwise.
CHANGED = plan(
    District.model_validate(
        {
            **ANY,
            "without": ["queue_growing"],
            "stations": ANY["stations"][:2],
            "detectors": {
                "dossier_due": {"soon_days": 0, "soon_share": 0, "soon_hours": 3, "forget_after": "6h"},
                "request_unanswered": {"answer_within": "5h", "forget_after": "6h"},
            },
        }
    ),
    detectors.ALL,
)
dossiers, requests, queues = (
    st.sampled_from(["d1", "d2", "d3"]),
    st.sampled_from(["r1", "r2", "r3"]),
    st.sampled_from("xy"),
)
stations, cameras = st.sampled_from(["s1", "s2", "s9"]), st.sampled_from(["c1", "c9"])
dues = st.none() | st.integers(-1, 30).map(lambda quarters: EIGHT + quarters * timedelta(minutes=15))

#: ``IOC_STREAMS=1000`` looks for what is rare.
EXAMPLES = int(os.environ.get("IOC_STREAMS", "8"))


def dossier(kind: type[Data], **more: Any) -> st.SearchStrategy[Data]:
    return st.builds(kind, dossier=dossiers, commune=st.just("20900"), **more)


office = st.one_of(
    dossier(DossierReceived, due=dues),
    dossier(SupplementRequested, effect=st.sampled_from(["pause", "restart"])),
    dossier(SupplementSupplied, due=dues),
    dossier(DossierResolved),
    dossier(DossierReturned),
    dossier(DossierWithdrawn),
    st.builds(DocumentArrived, document=st.just("v1")),
)
citizens = st.one_of(
    st.builds(RequestOpened, request=requests, queue=queues, due=dues),
    st.builds(RequestAssigned, request=requests, queue=st.none() | queues),
    st.builds(RequestAnswered, request=requests),
    st.builds(RequestClosed, request=requests),
    st.builds(RequestReopened, request=requests, due=dues),
)
crowd = st.one_of(
    st.builds(RequestOpened, request=requests, queue=st.just("x")), st.builds(RequestClosed, request=requests)
)
devices = st.one_of(
    st.builds(Reading, station=stations, temperature_c=st.sampled_from([20, 50, 58, 61, 90])),
    st.builds(MotionSeen, camera=cameras, zone=st.sampled_from(["yard", "gate"]), area=st.just(0.1)),
    st.builds(LineCrossed, camera=cameras, line=st.just("l"), direction=st.sampled_from("ab"), track=st.just(1)),
    st.builds(CameraHealth, camera=cameras, status=st.sampled_from(["ok", "black", "moved", "frozen"])),
)
gaps = st.sampled_from(
    [timedelta(0)] * 3 + [timedelta(seconds=1)] * 3 + [timedelta(minutes=m) for m in (1, 2, 20, 90, 400)]
)
#: How much later than in order a device's word arrives: less than the lateness that is allowed.
delays = st.sampled_from([0.0, 0.0, 0.9, 1.9]).map(lambda seconds: timedelta(seconds=seconds))
#: Of one kind of source at a time too, as most of what can go wrong lies among few things.
words = st.sampled_from([office, citizens, crowd, devices, office | citizens | devices]).flatmap(
    lambda said: st.lists(st.tuples(gaps, said, delays, st.booleans()), min_size=1, max_size=40)
)


def arrivals(words: list[tuple[timedelta, Data, timedelta, bool]]) -> list[AnyEvent]:
    """The events in the order in which they come, some of them twice, with ticks that no later event undercuts."""
    at, arriving = EIGHT, list[tuple[datetime, int, AnyEvent]]()
    for number, (gap, data, delay, _) in enumerate(words):
        at += gap
        device = isinstance(data, Reading | MotionSeen | LineCrossed | CameraHealth)
        source = "/smart" if type(data).__module__.endswith("requests") else "/office"
        event: AnyEvent = Event(at, f"/devices/{data.subject}" if device else source, f"{number:04}", data)
        arriving.append((at + delay if device else at, number, event))
    arriving.sort(key=lambda each: each[:2])
    clock, events = EIGHT, [tick(EIGHT)]
    for index, (_, number, event) in enumerate(arriving):
        low = min(each.at for _, _, each in arriving[index:])
        if low - clock > timedelta(hours=6) or words[number][3]:
            clock = low
            events.append(tick(clock))
        events += [event, event] if words[number][3] else [event]
    return [*events, tick(at + timedelta(days=1))]


def told(
    events: list[AnyEvent],
    partitions: int,
    stops: set[int],
    ends: Callable[[], bool],
    change: tuple[int, Plan] | None = None,
) -> tuple[Any, ...]:
    """Everything that comes of it: history, figures, and every key's saved state."""
    flow = RestartingReplay(RULES, partitions, stops, ends, change)
    result = flow.run(events)
    assert result.rejected == []
    states = {
        (partition.fold.name, key): known(partition.fold.name, saved)
        for partition in flow.partitions()
        for key, saved in partition.changelog.items()
        if not key.startswith(b"\x00") and saved is not None
    }
    return result.lines(), result.totals(), states


def known(fold: str, saved: bytes) -> Any:
    """A key's state. Who was told of what and when is the same too, but not in how many messages: the alert fold works
    in the order of its log, and may say a notice after its time."""
    if fold != "notice":
        return saved
    envelope = json.loads(saved)
    del envelope["n"]
    return envelope


def test_the_delays_tried_here_are_within_the_lateness_allowed() -> None:
    assert SENSORS.lateness > timedelta(seconds=1.9)


@settings(max_examples=EXAMPLES, deadline=None)
@given(words, st.sets(st.integers(1, 60), max_size=4), st.randoms(use_true_random=False))
def test_any_stream_gives_the_same_with_any_partitions_batches_and_restarts(
    words: list[tuple[timedelta, Data, timedelta, bool]], stops: set[int], chance: Any
) -> None:
    events = arrivals(words)
    plain = told(events, 1, set(), lambda: True)

    assert told(events, 1, stops, lambda: chance.random() < 0.4) == plain
    assert told(events, 8, stops, lambda: chance.random() < 0.4) == plain


@settings(max_examples=EXAMPLES // 2, deadline=None)
@given(words, st.integers(1, 30), st.sets(st.integers(1, 60), max_size=4), st.randoms(use_true_random=False))
def test_any_stream_whose_rules_change_in_the_middle_gives_the_same_with_any_batches_and_restarts(
    words: list[tuple[timedelta, Data, timedelta, bool]], middle: int, stops: set[int], chance: Any
) -> None:
    events = arrivals(words)
    change = min(middle, len(events) - 1), CHANGED
    for partitions in (1, 8):
        plain = told(events, partitions, set(), lambda: True, change)
        assert told(events, partitions, stops, lambda: chance.random() < 0.4, change) == plain
