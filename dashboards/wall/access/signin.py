"""Signing in and out, enrolling a screen, and who did what."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Depends, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from dashboards.wall.access.gate import (
    SCREEN,
    SESSION,
    Asking,
    Auditor,
    RegistryOf,
    address,
    cookie_name,
    note,
    who_may,
)
from dashboards.wall.access.principal import RIGHTS, Principal, Right, Role
from dashboards.wall.access.screens import LASTS
from dashboards.wall.access.sessions import LONGEST
from dashboards.wall.access.throttle import Throttle

router = APIRouter(prefix="/api/v1")


class SignIn(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "truc-ban", "password": "…"}]})

    name: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class Enrolment(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"code": "7KQM-2F9D"}]})

    code: Annotated[str, Field(min_length=1, max_length=40)]


class Self(BaseModel):
    """Who asks, and what that role may."""

    name: str
    shown: str
    role: Role
    agency: str | None
    rights: tuple[Right, ...]
    csrf: Annotated[str | None, Field(description="to be sent as X-CSRF-Token with what changes something")]


class AuditEntry(BaseModel):
    at: datetime
    who: str
    way: str
    address: str
    action: str
    target: str
    result: str


def _self(principal: Principal) -> Self:
    rights = tuple(sorted(RIGHTS[principal.role]))
    return Self(
        name=principal.name,
        shown=principal.shown,
        role=principal.role,
        agency=principal.agency,
        rights=rights,
        csrf=principal.csrf,
    )


def _slow_down(throttle: Throttle, name: str, where: str) -> None:
    if not throttle.open(name, where):
        raise HTTPException(429, "too many attempts have failed; wait ten minutes", {"Retry-After": "600"})


@router.post("/session")
def sign_in(request: Request, response: Response, registry: RegistryOf, said: Annotated[SignIn, Body()]) -> Self:
    """Sign in with a name and a password; sets a cookie that only this server reads."""
    throttle: Throttle = request.app.state.throttle
    name, where = said.name.strip().lower(), address(request)
    _slow_down(throttle, name, where)
    user = registry.users.check(name, said.password)
    if user is None:
        throttle.failed(name, where)
        registry.audit.write(name, "password", where, "sign in", result="refused")
        raise HTTPException(401, "name or password is wrong")
    secret = registry.sessions.open(user)
    registry.audit.write(name, "password", where, "sign in")
    _set(request, response, SESSION, secret, LONGEST)
    found = registry.sessions.find(secret)
    assert found is not None
    return _self(found)


@router.get("/session")
def who_am_i(asking: Asking) -> Self:
    """Who asks, with what, and what that role may."""
    return _self(asking)


@router.delete("/session", status_code=204)
def sign_out(request: Request, response: Response, registry: RegistryOf, asking: Asking) -> None:
    """End the session. A screen or a token is not ended so, but withdrawn."""
    if asking.way == "session":
        registry.sessions.end(asking.id)
        note(request, asking, "sign out")
        response.delete_cookie(cookie_name(request, SESSION))


@router.post("/screens", status_code=201)
def enrol(request: Request, response: Response, registry: RegistryOf, said: Annotated[Enrolment, Body()]) -> Self:
    """Make this browser a wall screen, with a code that works once; it may then read, and nothing else."""
    throttle: Throttle = request.app.state.throttle
    where = address(request)
    _slow_down(throttle, "screen", where)
    enrolled = registry.screens.enrol(said.code)
    if enrolled is None:
        throttle.failed("screen", where)
        registry.audit.write("screen", "code", where, "enrol", result="refused")
        raise HTTPException(401, "the code is wrong, used already, or too old")
    name, secret = enrolled
    registry.audit.write(name, "code", where, "enrol")
    _set(request, response, SCREEN, secret, LASTS)
    found = registry.screens.find(secret)
    assert found is not None
    return _self(found)


class Invitation(BaseModel):
    name: str
    code: Annotated[str, Field(description="works once, for fifteen minutes")]


@router.post("/screens/codes", status_code=201)
def invite(
    request: Request,
    registry: RegistryOf,
    name: Annotated[str, Body(embed=True, min_length=1, max_length=64, examples=["tường phòng trực"])],
    asking: Annotated[Principal, Depends(who_may("admit"))],
) -> Invitation:
    """A code with which one screen can be enrolled."""
    code = registry.screens.invite(name)
    note(request, asking, "invite a screen", name)
    return Invitation(name=name, code=code)


@router.get("/audit")
def audit(registry: RegistryOf, _: Auditor, limit: Annotated[int, Query(ge=1, le=1000)] = 200) -> list[AuditEntry]:
    """Who did what, newest first."""
    return [
        AuditEntry(**{**vars(entry), "at": datetime.fromtimestamp(entry.at, UTC)})
        for entry in registry.audit.newest(limit)
    ]


def _set(request: Request, response: Response, name: str, secret: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(request, name),
        secret,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.app.state.settings.secure,
    )
