"""``/api/v1/targets``: how the district's targets stand, from the tallies of its space."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

import detectors
from dashboards.wall.access.gate import who_may
from dashboards.wall.asking import DistrictsOf, Space, StoreOf
from dashboards.wall.views import Named, View, instant
from ioc.alerts.alert import Words2
from ioc.district import District
from ioc.events.base import Moment
from ioc.targets.checks import DOUBTS
from ioc.targets.figure import ORIGINS
from ioc.targets.standing import PlanStands, Standing
from ioc.targets.target import ENDS, End, Judged

router = APIRouter(prefix="/api/v1", tags=["targets"], dependencies=[Depends(who_may("read"))])
TALLIES = {tally.name: tally for spec in detectors.ALL for tally in spec.tallies}


class TargetView(Named):
    """A target: what was to be reached, what was, and what that is made of. ``value`` is None where nobody told it."""

    plan: str | None
    days: Annotated[Words2, Field(description="the days that its figure is of")]
    goal: float
    direction: str
    unit: str
    value: float | None
    numerator: float | None
    denominator: float | None
    end: End
    ends_as: Words2
    short_by: Annotated[float | None, Field(description="what is missing, in the unit")]
    needed: Annotated[float | None, Field(description="share, or number a month, that the rest of its time needs")]
    forecast: Annotated[float | None, Field(description="its value at the end, if it goes on so")]
    origins: Annotated[tuple[Words2, ...], Field(description="computed from events, declared return")]
    filed: Annotated[int, Field(description="areas that filed what it is made of")]
    expected: Annotated[int, Field(description="areas that ought to")]
    missing: Annotated[tuple[str, ...], Field(description="names of those that did not")]
    doubts: tuple[Words2, ...]


class PlanView(Named):
    """A plan: how many of its targets are done, computed, and how many an office reported as done."""

    total: int
    done: int
    ends: Annotated[tuple[tuple[Words2, int], ...], Field(description="how many ended how")]
    reported: int | None


class Targets(View):
    space: str
    now: Moment | None
    plans: tuple[PlanView, ...]
    targets: tuple[TargetView, ...]


@router.get("/targets")
async def targets(store: StoreOf, districts: DistrictsOf, space: Space) -> Targets:
    """Every target of the district as it stands now; nothing where the district sets none."""
    present = await store.present(space)
    district = districts.get(present.state.district if present.state else None)
    now = instant(present.now)
    if district is None or now is None or not district.targets:
        return Targets(space=space, now=now, plans=(), targets=())
    standing = Standing(district, await store.tally_rows(space), TALLIES)
    today = district.day(now)
    judged = await asyncio.to_thread(standing.targets, today)
    plans = [await asyncio.to_thread(standing.plan, plan, today) for plan in district.plans]
    return Targets(
        space=space, now=now, plans=tuple(map(_plan, plans)), targets=tuple(_target(each, district) for each in judged)
    )


def _plan(stands: PlanStands) -> PlanView:
    ends = tuple((Words2.of(ENDS[end]), stands.ends[end]) for end in ENDS if stands.ends[end])
    total = sum(stands.ends.values())
    title = Words2.of(stands.plan.title)
    return PlanView(id=stands.plan.id, title=title, total=total, done=stands.done, ends=ends, reported=stands.reported)


def _target(each: Judged, district: District) -> TargetView:
    target, computed, pace = each.target, each.computed, each.pace
    return TargetView(
        id=target.id, title=Words2.of(target.title), plan=target.plan, days=Words2.of(computed.period.told),
        goal=target.goal, direction=target.direction, unit=computed.unit, value=computed.value,
        numerator=computed.numerator, denominator=computed.denominator, end=each.end, ends_as=Words2.of(ENDS[each.end]),
        short_by=each.short_by, needed=pace.needed if pace else None, forecast=pace.forecast if pace else None,
        origins=tuple(Words2.of(ORIGINS[origin]) for origin in sorted(computed.origins)),
        filed=computed.expected - len(computed.missing), expected=computed.expected,
        missing=tuple(map(district.area_name, computed.missing)),
        doubts=tuple(Words2.of(DOUBTS[why]) for why in sorted(computed.doubts)),
    )  # fmt: skip
