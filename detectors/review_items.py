"""What the cameras of one place saw in one go is one item to look at, with its best picture, as in Frigate.

Ten boxes and three cameras of one scene would be thirty things to click through; an operator wants one.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.kind import CAMERA_MODULE
from ioc.detector import Count, Detector, Emit, Finding, Params, Spec, State, Tally
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.cameras import Snapshot
from ioc.events.reviews import REVIEWS, ReviewClass, ReviewItem, Sighting
from ioc.folds import PLACE
from ioc.text import Text


class ReviewPolicy(Params):
    """What belongs together."""

    apart: Annotated[Duration, Field(description="what follows within this belongs to the same item")] = timedelta(
        seconds=30
    )
    longest: Annotated[Duration, Field(description="an item is closed after this, though it goes on")] = timedelta(
        minutes=10
    )


REVIEWED = Tally(
    "review_items",
    Text("Mục cần xem lại từ camera", "Review items of cameras"),
    ("place", "review"),
    words={"alert": Text("cần xem ngay", "alert"), "detection": Text("ghi nhận", "detection")},
)


class Open(State):
    """The item that is open at this place, if one is: ``sightings`` is 0 while none is."""

    place: str = ""
    started: Moment | None = None
    last: Moment | None = None
    review: ReviewClass = "detection"
    cameras: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    sightings: int = 0
    weight: float = -1.0
    snapshot: Snapshot = None


class ReviewItems(Detector[Open]):
    """Bundles one place's sightings."""

    def __init__(self, policy: ReviewPolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Open:
        return Open()

    def on_event(self, state: Open, event: AnyEvent) -> Iterable[Finding]:
        seen: Sighting = event.data
        begins = state.sightings == 0
        worse = seen.review == "alert" and state.review == "detection" and not begins
        state.place, state.last = seen.place, event.at
        state.started = state.started or event.at
        state.review = "alert" if "alert" in (seen.review, state.review) else "detection"
        state.cameras = _with(state.cameras, seen.camera)
        state.objects = _with(state.objects, seen.what)
        state.zones = _with(state.zones, f"{seen.camera}/{seen.zone}" if seen.zone else None)
        state.sightings += 1
        if seen.snapshot is not None and seen.weight > state.weight:
            state.weight, state.snapshot = seen.weight, seen.snapshot
        if begins or worse:
            yield Emit(REVIEWS, self._item(state, None), event.at)

    def on_late(self, state: Open, event: AnyEvent) -> Iterable[Finding]:
        """Its item is closed already, or does without it."""
        return ()

    def next_deadline(self, state: Open) -> datetime | None:
        if state.last is None or state.started is None:
            return None
        return min(state.last + self._policy.apart, max(state.started + self._policy.longest, state.last))

    def on_deadline(self, state: Open, at: datetime) -> Iterable[Finding]:
        assert state.started is not None
        yield Emit(REVIEWS, self._item(state, state.last), at)
        yield Count(REVIEWED, self._district.day(state.started), (state.place, state.review))
        for name, value in Open(place=state.place):
            setattr(state, name, value)

    def _item(self, state: Open, ended: datetime | None) -> ReviewItem:
        assert state.started is not None
        return ReviewItem(
            place=state.place, started=state.started, ended=ended, review=state.review, cameras=state.cameras,
            objects=state.objects, zones=state.zones, sightings=state.sightings, snapshot=state.snapshot,
        )  # fmt: skip


def _with(known: tuple[str, ...], name: str | None) -> tuple[str, ...]:
    """At most twenty names, in the order of their first appearance."""
    return known if name is None or name in known or len(known) >= 20 else (*known, name)


SPEC = Spec(
    "review_items",
    Text("Mục cần xem lại từ camera", "Review items of cameras"),
    folds=(PLACE,),
    hears=(Sighting,),
    build=ReviewItems,
    state=Open,
    params=ReviewPolicy,
    emits=(REVIEWS,),
    tallies=(REVIEWED,),
    shown_with=CAMERA_MODULE,
)
