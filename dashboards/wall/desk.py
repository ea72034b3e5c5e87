"""``/api/v1``: what people do. Each command is confirmed by what the system answers, never by optimism."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, HTTPException, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from dashboards.wall.access import gate
from dashboards.wall.access.gate import Insider
from dashboards.wall.access.principal import Principal
from dashboards.wall.asking import Space, StoreOf
from dashboards.wall.commands import SENT, Commands
from dashboards.wall.orders import BY_ACTION, AnyOrder, command_of, needed, person
from dashboards.wall.problems import problem
from dashboards.wall.sight import Sight
from dashboards.wall.store import Store
from ioc.alerts.alert import AlertChanged, CommandRefused, QuietChanged
from ioc.alerts.commands import EndSilence, Matcher, Silence
from ioc.events.base import Code, Data, Moment, Words

router = APIRouter(prefix="/api/v1", tags=["commands"])
#: Matchers on these alone keep back so much that a second person must agree.
WIDE = frozenset({"module", "severity", "commune"})


class Pending(BaseModel):
    """The command is on its way; ``GET /api/v1/commands/{command}`` tells what came of it."""

    command: str


_ID = "0b8f6a3e-6f0e-4f7e-9a55-0b6f5f6f1c11"
EXAMPLES: Any = {
    "acknowledge": {"value": {"action": "ack", "command": _ID, "version": 1}},
    "assign": {"value": {"action": "assign", "command": _ID, "version": 2, "agency": "hat-kiem-lam"}},
    "result": {"value": {"action": "resolve", "command": _ID, "version": 4, "text": "Đã dập tắt lúc 03:40"}},
}
#: The answers of a command, as the OpenAPI document tells them.
RESULTS: dict[int | str, dict[str, Any]] = {
    200: {"model": AlertChanged, "description": "done: the alert's new line"},
    202: {"model": Pending, "description": "on its way, not answered yet"},
}


async def _alert(store: Store, space: str, alert_id: UUID, asking: Principal) -> AlertChanged:
    """The alert, if it is this person's to see; one that is not is as unknown as one that is not there."""
    found = await store.newest_line(space, str(alert_id))
    if found is None or not Sight.of(asking).sees_alert(found):
        raise HTTPException(404, "there is no such alert in this space")
    return found


@router.post("/alerts/{alert_id}/commands", response_model=None, responses=RESULTS)
async def order(
    request: Request,
    store: StoreOf,
    space: Space,
    alert_id: UUID,
    asking: Insider,
    said: Annotated[AnyOrder, Body(openapi_examples=EXAMPLES)],
) -> Response:
    """Do something about one alert: acknowledge, assign, accept, comment, resolve, …"""
    alert = await _alert(store, space, alert_id, asking)
    right = needed(BY_ACTION[said.action], asking, alert)
    if not asking.may(right):
        await asyncio.to_thread(gate.note, request, asking, said.action, str(alert_id), "not allowed")
        raise HTTPException(403, "your role may not do this")
    return await give(
        request, asking, space, said.action, command_of(said, alert, asking), str(said.command), str(alert_id)
    )


@router.get("/commands/{command}", response_model=None, responses=RESULTS)
async def came_of(store: StoreOf, space: Space, command: UUID, _: Insider) -> Response:
    """What came of a command."""
    return _told(await store.answer(space, str(command)), str(command))


async def give(
    request: Request, asking: Principal, space: str, action: str, data: Data, command: str, target: str
) -> Response:
    """Send a command, note it, and say what the system answered."""
    commands: Commands = request.app.state.commands
    answer = await commands.give(space, data, command)
    told = _told(answer, command)
    result = {200: "done", 202: "no answer yet"}.get(told.status_code, "refused")
    SENT.labels(action, result).inc()
    await asyncio.to_thread(gate.note, request, asking, action, target, result)
    return told


def _told(answer: str | None, command: str) -> Response:
    """The answer in HTTP's words."""
    if answer is None:
        return JSONResponse({"command": command}, 202)
    try:
        refused = CommandRefused.model_validate_json(answer)
    except ValueError:
        return Response(answer, media_type="application/json")
    told = refused.model_dump(mode="json", include={"code", "reason", "version"})
    return problem(409, refused.reason.en, **told)


class SilenceOrder(BaseModel):
    """Keep notices of matching alerts back for a time (tắt báo), or for maintenance (bảo trì)."""

    model_config = ConfigDict(extra="forbid")

    command: Annotated[UUID, Field(description="a new random id")]
    silence: Annotated[Code, Field(description="its id; an old one is changed")]
    kind: Annotated[str, Field(pattern="^(silenced|maintenance)$")] = "silenced"
    matchers: Annotated[
        tuple[Matcher, ...],
        Field(min_length=1, examples=[[{"field": "subject", "values": ["tram-tra-doc-thon-2"]}]]),
    ]
    reason: Annotated[Words, Field(min_length=1)]
    since: Moment
    until: Moment


Silencer = Annotated[Principal, Depends(gate.who_may("silence"))]


@router.get("/silences")
async def silences(store: StoreOf, space: Space, _: Insider) -> list[QuietChanged]:
    """Silences and maintenance, as they were last set."""
    return await store.silences(space)


@router.post("/silences", response_model=None, responses={**RESULTS, 200: {"model": QuietChanged}})
async def silence(request: Request, space: Space, asking: Silencer, said: SilenceOrder) -> Response:
    """Set a silence. One that keeps back a whole module, commune or severity needs the shift leader."""
    if {matcher.field for matcher in said.matchers} <= WIDE and not asking.may("approve"):
        raise HTTPException(403, "a silence this wide needs the shift leader")
    fields = said.model_dump(exclude={"command", "silence"})
    data = Silence(**fields, silence_id=said.silence, by=person(asking))
    return await give(request, asking, space, "silence", data, str(said.command), said.silence)


@router.post("/silences/{silence_id}/end", response_model=None, responses={**RESULTS, 200: {"model": QuietChanged}})
async def end_silence(
    request: Request,
    space: Space,
    asking: Silencer,
    silence_id: Code,
    command: Annotated[UUID, Body(embed=True, examples=[_ID])],
) -> Response:
    """End a silence before its time."""
    data = EndSilence(silence_id=silence_id, by=person(asking))
    return await give(request, asking, space, "end silence", data, str(command), silence_id)
