"""``/api/v1``: the shift: its log and hand-over, and a leader's briefing and directives."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from dashboards.wall.access import gate
from dashboards.wall.access.gate import Insider, RegistryOf
from dashboards.wall.access.principal import Principal
from dashboards.wall.access.room import Directive, LogEntry, LogKind, NotTaken
from dashboards.wall.asking import Space, StoreOf
from dashboards.wall.handover import DAY, Briefing, Sheet, briefing, sheet
from dashboards.wall.listing import Filters
from dashboards.wall.sight import Sight
from dashboards.wall.store import Store
from ioc.alerts.alert import AlertChanged
from ioc.events.base import Moment, Words

router = APIRouter(prefix="/api/v1", tags=["shift"])
#: Hours of the shift that comes, and alerts looked at for what happened in two days.
SHIFT, RECENT = 12, 5_000
Text = Annotated[Words, Field(min_length=1)]
Hander = Annotated[Principal, Depends(gate.who_may("hand_over"))]
Leader = Annotated[Principal, Depends(gate.who_may("direct"))]


async def _now(store: Store, space: str) -> datetime:
    """The space's time; before it has any, the clock's."""
    now = (await store.present(space)).now
    return datetime.now(UTC) if now is None else datetime.fromtimestamp(now, UTC)


@router.get("/handover")
async def handover(store: StoreOf, space: Space, _: Hander, hours: Annotated[int, Query(ge=1, le=72)] = SHIFT) -> Sheet:
    """What the next shift must know: open, shelved, silences, lost sources, and deadlines within its hours."""
    at = await _now(store, space)
    alerts = [AlertChanged.model_validate_json(text) for text in await store.open_alerts(space)]
    return sheet(alerts, await store.silences(space), at, at + timedelta(hours=hours))


class Entry(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "note", "text": "Mất điện 02:10"}]}
    )

    kind: LogKind
    text: Annotated[Words, Field(description="what happened, was checked or promised")] = ""


@router.get("/log")
def read_log(
    registry: RegistryOf, space: Space, _: Hander, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> list[LogEntry]:
    """The shift log, newest first."""
    return registry.log.newest(space, limit)


@router.post("/log", status_code=201)
def write_log(request: Request, registry: RegistryOf, space: Space, asking: Hander, said: Entry) -> LogEntry:
    """Write to the shift log; ``give`` and ``take`` hand the shift over, by two people."""
    try:
        entry = registry.log.write(space, asking.shown, said.kind, said.text)
    except NotTaken as reason:
        raise HTTPException(409, str(reason)) from None
    gate.note(request, asking, f"shift log: {said.kind}", space)
    return entry


@router.get("/briefing")
async def brief(store: StoreOf, space: Space, asking: Insider) -> Briefing:
    """What burns now, who is late, what has changed since yesterday."""
    at, seen = await _now(store, space), Sight.of(asking)
    known = {text: None for text in await store.open_alerts(space)}
    count = 0
    async for text in store.all_alerts(space, None):
        count += 1
        if count > RECENT or AlertChanged.model_validate_json(text).opened_at < at - 2 * DAY:
            break
        known[text] = None
    alerts = [AlertChanged.model_validate_json(text) for text in known]
    return briefing(filter(Filters(sight=seen).match, alerts), at)


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    alert_id: UUID
    text: Annotated[Text, Field(examples=["Sơ tán ba hộ, báo cáo trước 6 giờ"])]
    due: Moment


@router.post("/directives", status_code=201)
async def direct(
    request: Request, store: StoreOf, registry: RegistryOf, space: Space, asking: Leader, said: Order
) -> Directive:
    """A leader's directive on an alert: a task with a due time, for the agency that has the alert."""
    alert = await store.newest_line(space, str(said.alert_id))
    if alert is None:
        raise HTTPException(404, "there is no such alert in this space")
    owner = alert.owner.agency if alert.owner else None
    due = said.due.timestamp()
    given = await asyncio.to_thread(
        registry.directives.give, space, str(said.alert_id), owner, asking.shown, said.text, due
    )
    await asyncio.to_thread(gate.note, request, asking, "directive", str(said.alert_id))
    return given


@router.get("/directives")
def directives(registry: RegistryOf, space: Space, asking: Insider) -> list[Directive]:
    """Directives, those that are open first; an agency sees its own."""
    return registry.directives.newest(space, asking.agency)


@router.post("/directives/{number}/done")
def done(
    request: Request,
    registry: RegistryOf,
    space: Space,
    asking: Insider,
    number: int,
    result: Annotated[Text, Body(embed=True, examples=["Đã sơ tán lúc 05:20"])],
) -> Directive:
    """Report that a directive was carried out, and how."""
    if not (asking.may("handle") or asking.may("answer")):
        raise HTTPException(403, "your role may not do this")
    carried = registry.directives.done(space, number, asking.shown, result, asking.agency)
    if carried is None:
        raise HTTPException(404, "there is no such open directive")
    gate.note(request, asking, "directive done", str(number))
    return carried
