"""A request tells of what another told before: near in place, time and words. Found, and told; never thrown away.

For the desk that must act, which then sends one person and not five, and answers all five citizens. A duplicate has the
same category, came within days, lies within a walk and, where both have words, shares enough of them; without a place
in common they must share nearly all. It waits and is counted like any other request: only the province's rules and a
person may join them.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, NamedTuple

from pydantic import Field

from ioc.alerts.kind import REQUEST_MODULE
from ioc.detector import Count, Detector, Emit, Finding, Params, Spec, State, Tally
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.requests import REQUEST_DUPLICATES, DuplicateFound, RequestPlaced
from ioc.folds import REQUEST_PLACE
from ioc.geography import distance_m
from ioc.office.places import alike
from ioc.text import Text


class DuplicatePolicy(Params):
    """When two requests tell of the same thing."""

    within: Annotated[Duration, Field(description="the second came at most so long after the newest of them")] = (
        timedelta(hours=72)
    )
    metres: Annotated[float, Field(gt=0, le=200, description="they lie at most so far apart, m")] = 100.0
    alike: Annotated[float, Field(ge=0, le=1, description="and share at least so much of their words")] = 0.3
    alike_anywhere: Annotated[
        float, Field(ge=0, le=1, description="in one commune, where one has no place, at least so much")
    ] = 0.8
    remembered: Annotated[int, Field(ge=1, le=200, description="so many of an area's requests are compared")] = 50


DUPLICATES = Tally(
    "request_duplicates", Text("Phản ánh trùng", "Duplicate requests"), ("commune", "queue")
)  # fmt: skip


class Seen(NamedTuple):
    """A request that may be told of again; ``of``: the first that told of it."""

    request: str
    of: str
    at: Moment
    category: str | None
    place: tuple[float, float] | None
    words: tuple[int, ...]


class Area(State):
    """The requests of the last days in one area, oldest first."""

    seen: list[Seen] = Field(default_factory=list)


class RequestDuplicate(Detector[Area]):
    """Compares the requests of one area: those with a place in its cell, others in its commune."""

    def __init__(self, policy: DuplicatePolicy, district: District) -> None:
        self._policy, self._district = policy, district

    def new_state(self) -> Area:
        return Area()

    def on_event(self, state: Area, event: AnyEvent) -> Iterable[Finding]:
        data: RequestPlaced = event.data
        place = (data.latitude, data.longitude) if data.latitude is not None and data.longitude is not None else None
        here = place if data.grain != "commune" else None
        new = Seen(data.request, data.request, event.at, data.category, here, data.words)
        if any(seen.request == data.request for seen in state.seen):
            return
        state.seen = [seen for seen in state.seen if event.at - seen.at <= self._policy.within]
        first = max(self._same(state, new), key=lambda found: (found[1] or 0, found[0].at), default=None)
        if first is not None:
            new = new._replace(of=first[0].of)
        state.seen = [*state.seen, new][-self._policy.remembered :]
        if first is not None and (data.grain == "cell" or (data.grain == "commune" and place is None)):
            yield from self._found(data, new, *first)

    def on_late(self, state: Area, event: AnyEvent) -> Iterable[Finding]:
        """What comes late was told before: those that came since are not compared again."""
        return ()

    def finished(self, state: Area) -> bool:
        return not state.seen

    def _same(self, state: Area, new: Seen) -> Iterable[tuple[Seen, float | None]]:
        """Those that tell of the same thing, with how alike they are."""
        for seen in state.seen:
            if seen.category != new.category:
                continue
            common = alike(seen.words, new.words)
            if seen.place is None or new.place is None:
                if common is not None and common >= self._policy.alike_anywhere:
                    yield seen, common
            elif distance_m(seen.place, new.place) <= self._policy.metres and (
                common is None or common >= self._policy.alike
            ):
                yield seen, common

    def _found(self, data: RequestPlaced, new: Seen, seen: Seen, common: float | None) -> Iterable[Finding]:
        metres = distance_m(seen.place, new.place) if seen.place and new.place else 0.0
        hours = (new.at - seen.at).total_seconds() / 3600
        labels = (self._district.commune_label(data.commune), self._district.queue_label(data.queue))
        yield Count(DUPLICATES, self._district.day(new.at), labels)
        yield Emit(REQUEST_DUPLICATES, DuplicateFound(
            request=data.request, of=new.of, commune=data.commune, metres=round(metres),
            hours=round(hours, 1), alike=None if common is None else round(common, 2),
        ), new.at)  # fmt: skip


SPEC = Spec(
    "request_duplicate",
    Text("Phản ánh trùng", "Duplicate requests"),
    folds=(REQUEST_PLACE,),
    hears=(RequestPlaced,),
    build=RequestDuplicate,
    state=Area,
    params=DuplicatePolicy,
    emits=(REQUEST_DUPLICATES,),
    tallies=(DUPLICATES,),
    shown_with=REQUEST_MODULE,
)
