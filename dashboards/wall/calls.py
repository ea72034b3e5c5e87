"""``/api/v1/calls``: news that came by telephone (ghi nhận tin báo) becomes an alert of its own."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from dashboards.wall.access import gate
from dashboards.wall.access.principal import Principal
from dashboards.wall.asking import Space
from dashboards.wall.desk import RESULTS, give
from dashboards.wall.orders import person
from dashboards.wall.problems import problem
from ioc.alerts.alert import Words2
from ioc.alerts.calls import Caller, CallKind, private
from ioc.alerts.commands import Report
from ioc.alerts.kind import Severity
from ioc.events.base import Code, Words
from ioc.events.requests import Latitude, Longitude
from ioc.text import Text

router = APIRouter(prefix="/api/v1", tags=["commands"])
PRIVATE = Text(
    "nội dung có số điện thoại hoặc số định danh ({number}). Tin báo gửi tới các cơ quan: xoá số đó rồi ghi nhận lại; "
    "số để gọi lại thì ghi vào nhật ký ca trực.",
    "the text has a telephone or citizen's number ({number}). A report goes to agencies: take the number out and log "
    "it again; a number to call back belongs in the shift log.",
)
_EXAMPLE: Any = {
    "call": "0b8f6a3e-6f0e-4f7e-9a55-0b6f5f6f1c11", "kind": "call_fire", "severity": "severe", "caller": "resident",
    "text": "Khói trên đồi sau trường học", "where": "thôn 2, gần cầu", "commune": "20920",
}  # fmt: skip


class Call(BaseModel):
    """A call that came in: what, where, how grave, and who called as a role; nobody's name, nobody's number."""

    model_config = ConfigDict(extra="forbid")

    call: Annotated[UUID, Field(description="a new random id; the same one again is the same call")]
    kind: CallKind
    severity: Severity
    text: Annotated[Words, Field(min_length=1, description="what was said")]
    where: Annotated[str, Field(max_length=200, description="the place in words")] = ""
    commune: Code | None = None
    place: Annotated[tuple[Latitude, Longitude] | None, Field(description="where, degrees")] = None
    caller: Caller


@router.post("/calls", response_model=None, responses=RESULTS)
async def log_call(
    request: Request,
    space: Space,
    asking: Annotated[Principal, Depends(gate.who_may("handle"))],
    said: Annotated[Call, Body(openapi_examples={"fire": {"value": _EXAMPLE}})],
) -> Response:
    """Log a call as an alert; the answer is the alert that it became."""
    if number := private(f"{said.where}\n{said.text}"):
        reason = Words2.of(PRIVATE.format(number=number))
        return problem(422, reason.en, code="personal_data", reason=reason.model_dump())
    latitude, longitude = said.place or (None, None)
    fields = said.model_dump(exclude={"call", "place"})
    data = Report(**fields, report=said.call, latitude=latitude, longitude=longitude, by=person(asking))
    return await give(request, asking, space, "log a call", data, str(said.call), str(said.call))
