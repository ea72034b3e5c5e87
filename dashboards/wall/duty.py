"""Who is on duty now (lịch trực), with telephone numbers: never for a screen that the whole room sees."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends

from dashboards.wall.access import gate
from dashboards.wall.access.principal import Principal
from dashboards.wall.asking import DistrictsOf, Space, StoreOf, district_of
from dashboards.wall.store import Store
from dashboards.wall.views import Duty, instant
from ioc.agencies.roster import on_duty
from ioc.agencies.scope import members
from ioc.alerts.alert import AlertChanged
from ioc.district import District

router = APIRouter(prefix="/api/v1", tags=["shift"])


@router.get("/duties")
async def duties(
    store: StoreOf,
    districts: DistrictsOf,
    space: Space,
    _: Annotated[Principal, Depends(gate.who_may("hand_over"))],
) -> tuple[Duty, ...]:
    """Every agency that keeps a roster, with who is on duty now."""
    district = await district_of(store, districts, space)
    expected = (agency.id for agency in district.agencies if agency.on_duty) if district else ()
    return await known(store, space, district, dict.fromkeys(expected))


async def beside(store: Store, space: str, district: District | None, alert: AlertChanged) -> tuple[Duty, ...]:
    """Whom to ring about an alert: first at the agency that leads, then at those that help it."""
    involved = members(alert)
    leading_first = sorted(involved, key=lambda agency: involved[agency] != "lead")
    return await known(store, space, district, {agency: involved[agency] for agency in leading_first})


async def known(
    store: Store, space: str, district: District | None, agencies: Mapping[str, Literal["lead", "coordinating"] | None]
) -> tuple[Duty, ...]:
    """The duties of these agencies at the space's time."""
    if district is None or not agencies:
        return ()
    at = instant((await store.present(space)).now) or datetime.now(UTC)
    today = district.day(at)
    days = (today, today - timedelta(days=1))  # a night's duty begins the day before
    rosters = await store.rosters(space, [f"{agency}/{day}" for agency in agencies for day in days])
    held = {agency: on_duty(rosters, agency, at) for agency in agencies}
    return tuple(
        Duty(agency=agency, role=role, until=duty.until, officers=duty.officers)
        if (duty := held[agency])
        else Duty(agency=agency, role=role)
        for agency, role in agencies.items()
    )
