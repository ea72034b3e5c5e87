"""``/api/v1``: what can be asked about a space, and the stream of what happens in it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field

from dashboards.wall import duty, listing
from dashboards.wall.access import gate
from dashboards.wall.access.gate import Reader, RegistryOf, recognise, who_may
from dashboards.wall.access.mutes import LONGEST as LONGEST_MUTE
from dashboards.wall.access.principal import Principal
from dashboards.wall.areas import areas
from dashboards.wall.asking import DistrictsOf, Space, StoreOf, district_of
from dashboards.wall.feed import Feeds, TooMany
from dashboards.wall.listing import Filters
from dashboards.wall.orders import possible
from dashboards.wall.screen import read_places
from dashboards.wall.sight import Sight
from dashboards.wall.views import (
    AlertPage,
    AlertStory,
    Figures,
    SpaceView,
    figure_view,
    instant,
    space_view,
)
from ioc.agencies.parts import CALLS, ROLES
from ioc.alerts.alert import Words2
from ioc.alerts.kind import Severity
from ioc.alerts.parts import CLOCKS, CONDITIONS, HANDLINGS, QUIETS, Condition, Handling
from ioc.alerts.transitions import TITLES
from ioc.text import Text

router = APIRouter(prefix="/api/v1", dependencies=[Depends(who_may("read"))])
Several = Annotated[list[Annotated[str, Field(max_length=120)]] | None, Query(max_length=50)]
#: Seconds between two looks at whether a screen may still listen.
LOOK_AGAIN = 10.0


@router.get("/spaces")
async def spaces(store: StoreOf, districts: DistrictsOf) -> list[SpaceView]:
    """Every space, its clock, and what its district is made of."""
    found = []
    for space in await store.spaces():
        present = await store.present(space)
        district = districts.get(present.state.district if present.state else None)
        found.append(space_view(space, present, district))
    return found


@router.get("/words")
async def words() -> dict[str, Words2]:
    """The words for conditions, handling, quiet, clocks, transitions, duties and calls, by their names."""
    tables: tuple[Mapping[Any, Text], ...] = (CONDITIONS, HANDLINGS, QUIETS, CLOCKS, TITLES, ROLES, CALLS)
    return {name: Words2.of(text) for table in tables for name, text in table.items()}


def _filters(
    asking: Reader,
    severity: Annotated[list[Severity] | None, Query()] = None,
    handling: Annotated[list[Handling] | None, Query()] = None,
    condition: Annotated[list[Condition] | None, Query()] = None,
    kind: Several = None,
    module: Several = None,
    commune: Several = None,
    agency: Several = None,
    since: Annotated[AwareDatetime | None, Query(examples=["2026-01-05T00:00:00+07:00"])] = None,
    until: AwareDatetime | None = None,
    q: Annotated[str, Query(max_length=120, description="words, with or without accents", examples=["tra my"])] = "",
) -> Filters:
    """Each filter may be given again for more values; what is not given asks for all."""
    return Filters(
        severity=frozenset(severity or ()),
        handling=frozenset(handling or ()),
        condition=frozenset(condition or ()),
        kind=frozenset(kind or ()),
        module=frozenset(module or ()),
        commune=frozenset(commune or ()),
        agency=frozenset(agency or ()),
        since=since,
        until=until,
        words=q,
        sight=Sight.of(asking),
    )


@router.get("/alerts")
async def alerts(
    store: StoreOf,
    space: Space,
    filters: Annotated[Filters, Depends(_filters)],
    state: Literal["open", "all"] = "open",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str | None, Query(max_length=200, description="`next` of the page before")] = None,
) -> AlertPage:
    """Open alerts, those that need a person first; or all, those that opened last first."""
    try:
        if state == "open":
            return listing.first_open(await store.open_alerts(space), filters, limit, cursor)
        return await listing.newest(store.all_alerts(space, listing.before(cursor)), filters, limit)
    except listing.BadCursor as reason:
        raise HTTPException(422, str(reason)) from None


@router.get("/alerts/{alert_id}")
async def alert(store: StoreOf, districts: DistrictsOf, space: Space, asking: Reader, alert_id: UUID) -> AlertStory:
    """One alert with its whole history, the events it rests on, and why people were not told."""
    found, sight = await store.alert(space, str(alert_id)), Sight.of(asking)
    if found is None or not sight.sees_alert(found[0][-1]):
        raise HTTPException(404, "there is no such alert in this space")
    lines, evidence = found
    history = tuple(map(sight.shown, lines))
    untold = tuple(await store.untold(space, str(alert_id))) if sight.people else ()
    district = await district_of(store, districts, space)
    return AlertStory(
        alert=history[-1],
        history=history,
        evidence=tuple(evidence),
        untold=untold,
        actions=possible(lines[-1], asking),
        duties=await duty.beside(store, space, district, lines[-1]) if asking.may("ring") else (),
    )


@router.get("/facts")
async def facts(store: StoreOf, space: Space) -> Figures:
    """Every gauge, and every tally over all days, summed over partitions."""
    present = await store.present(space)
    return Figures(
        space=space,
        now=instant(present.now),
        facts=tuple(map(figure_view, await store.facts(space))),
        tallies=tuple(map(figure_view, await store.tallies(space))),
    )


class GeoJSON(JSONResponse):
    media_type = "application/geo+json"


@router.get("/areas", response_class=GeoJSON)
async def map_of(store: StoreOf, districts: DistrictsOf, space: Space) -> GeoJSON:
    """The communes as GeoJSON: real outlines if the district file names them, else a schematic."""
    district = await district_of(store, districts, space)
    shown: dict[str, Any] = areas(district) if district else {"type": "FeatureCollection", "features": []}
    return GeoJSON(shown)


@router.get("/stream")
async def stream(
    request: Request,
    store: StoreOf,
    registry: RegistryOf,
    asking: Reader,
    space: Annotated[list[str], Query(min_length=1, max_length=50, description="a space; again for more")],
    last_event_id: Annotated[str | None, Header()] = None,
    after: Annotated[str | None, Query(max_length=2_000)] = None,
) -> StreamingResponse:
    """What happens in spaces, as server-sent events: ``snapshot``, ``change``, ``figures``, ``beat``.

    ``Last-Event-ID`` (which browsers send by themselves) or ``after`` is the id of the last event that was
    heard. What came after it follows; or, where that is not known any more, the whole present.
    """
    wanted, known = list(dict.fromkeys(space)), await store.spaces()
    if not set(wanted) <= set(known):
        raise HTTPException(404, "there is no such space")
    feeds: Feeds = request.app.state.feeds
    messages = feeds.stream(wanted, read_places(last_event_id or after), Sight.of(asking))
    try:
        first = await anext(messages)
    except TooMany:
        raise HTTPException(503, "too many screens are connected", {"Retry-After": "10"}) from None
    headers = {"X-Accel-Buffering": "no"}
    told = _and_on(first, messages, lambda: recognise(request, registry) is not None)
    return StreamingResponse(told, media_type="text/event-stream", headers=headers)


class Mute(BaseModel):
    minutes: Annotated[int, Field(ge=1, le=LONGEST_MUTE, examples=[15])]


Handler = Annotated[Principal, Depends(who_may("handle"))]


@router.put("/mute", status_code=204)
async def mute(request: Request, registry: RegistryOf, space: Space, asking: Handler, said: Mute) -> None:
    """Mute the sound of every screen of a space for some minutes; they say who did, and until when."""
    await asyncio.to_thread(registry.mutes.mute, space, asking.shown, said.minutes)
    await _noted(request, asking, f"mute for {said.minutes} min", space)


@router.delete("/mute", status_code=204)
async def unmute(request: Request, registry: RegistryOf, space: Space, asking: Handler) -> None:
    """Let the screens of a space sound again."""
    await asyncio.to_thread(registry.mutes.unmute, space)
    await _noted(request, asking, "unmute", space)


async def _noted(request: Request, asking: Principal, action: str, space: str) -> None:
    await asyncio.to_thread(gate.note, request, asking, action, space)
    feeds: Feeds = request.app.state.feeds
    feeds.tell(space)


async def _and_on(first: bytes, messages: AsyncIterator[bytes], may: Callable[[], bool]) -> AsyncIterator[bytes]:
    """The stream, for as long as its listener may listen: who was signed out is told no more."""
    yield b"retry: 1000\n\n"
    yield first
    looked = time.monotonic()
    async for message in messages:
        if time.monotonic() - looked > LOOK_AGAIN:
            looked = time.monotonic()
            if not await asyncio.to_thread(may):
                return
        if message:
            yield message
