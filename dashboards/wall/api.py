"""``/api/v1``: what can be asked about a space, and the stream of what happens in it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from dashboards.wall import listing
from dashboards.wall.access import gate
from dashboards.wall.access.gate import RegistryOf, recognise, who_may
from dashboards.wall.access.mutes import LONGEST as LONGEST_MUTE
from dashboards.wall.access.principal import Principal
from dashboards.wall.areas import areas
from dashboards.wall.feed import Feeds, TooMany
from dashboards.wall.screen import read_places
from dashboards.wall.store import Store
from dashboards.wall.views import (
    AlertPage,
    AlertStory,
    Figures,
    SpaceView,
    figure_view,
    instant,
    space_view,
)
from ioc.alerts.kind import Severity
from ioc.district import District
from ioc.known_districts import Districts

router = APIRouter(prefix="/api/v1", dependencies=[Depends(who_may("read"))])
#: Seconds between two looks at whether a screen may still listen.
LOOK_AGAIN = 10.0


def _store(request: Request) -> Store:
    return request.app.state.store  # type: ignore[no-any-return]  # starlette's state is untyped


def _districts(request: Request) -> Districts:
    return request.app.state.districts  # type: ignore[no-any-return]


StoreOf = Annotated[Store, Depends(_store)]
DistrictsOf = Annotated[Districts, Depends(_districts)]


async def _known(store: StoreOf, space: Annotated[str, Query(max_length=64, description="name of the space")]) -> str:
    if space not in await store.spaces():
        raise HTTPException(404, "there is no such space")
    return space


Space = Annotated[str, Depends(_known)]
Filter = Annotated[str | None, Query(max_length=120)]


@router.get("/spaces")
async def spaces(store: StoreOf, districts: DistrictsOf) -> list[SpaceView]:
    """Every space, its clock, and what its district is made of."""
    found = []
    for space in await store.spaces():
        present = await store.present(space)
        district = districts.get(present.state.district if present.state else None)
        found.append(space_view(space, present, district))
    return found


@router.get("/alerts")
async def alerts(
    store: StoreOf,
    space: Space,
    state: Literal["open", "all"] = "open",
    severity: Severity | None = None,
    kind: Filter = None,
    module: Filter = None,
    commune: Filter = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Filter = None,
) -> AlertPage:
    """Open alerts, those that need a person first; or all, those that opened last first."""
    wanted = {"severity": severity, "kind": kind, "module": module, "commune": commune}
    filters = {name: value for name, value in wanted.items() if value is not None}
    try:
        if state == "open":
            return listing.first_open(await store.open_alerts(space), filters, limit, cursor)
        return await listing.newest(store.all_alerts(space, listing.before(cursor)), filters, limit)
    except listing.BadCursor as reason:
        raise HTTPException(422, str(reason)) from None


@router.get("/alerts/{alert_id}")
async def alert(store: StoreOf, space: Space, alert_id: UUID) -> AlertStory:
    """One alert with its whole history and the events it rests on."""
    found = await store.alert(space, str(alert_id))
    if found is None:
        raise HTTPException(404, "there is no such alert in this space")
    history, evidence = found
    return AlertStory(alert=history[-1], history=tuple(history), evidence=tuple(evidence))


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


@router.get("/areas")
async def map_of(store: StoreOf, districts: DistrictsOf, space: Space) -> JSONResponse:
    """The communes as GeoJSON: real outlines if the district file names them, else a schematic."""
    present = await store.present(space)
    district: District | None = districts.get(present.state.district if present.state else None)
    shown: dict[str, Any] = areas(district) if district else {"type": "FeatureCollection", "features": []}
    return JSONResponse(shown, media_type="application/geo+json")


@router.get("/stream")
async def stream(
    request: Request,
    store: StoreOf,
    registry: RegistryOf,
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
    messages = feeds.stream(wanted, read_places(last_event_id or after))
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
    audit = gate.registry_of(request).audit
    await asyncio.to_thread(audit.write, asking.name, asking.way, gate.address(request), action, space)
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
