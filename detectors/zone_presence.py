"""Somebody stays long in a zone, or a crowd gathers in it.

For the duty guard of a school gate, a market, an office. A crowd is a level that has held for a while, never a number
of heads; loitering is one alert a zone from the first who stays too long until nobody does.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.kind import CAMERA_MODULE, AlertKind
from ioc.detector import Detector, Finding, Params, Raise, Resolve, Spec, State
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Moment
from ioc.events.cameras import CrowdSeen, Loitered
from ioc.folds import CAMERA
from ioc.text import Text


class PresencePolicy(Params):
    """When it is over."""

    clear_after: Annotated[Duration, Field(description="clears after this long without a word of it")] = timedelta(
        minutes=3
    )


LOITERING = AlertKind(
    "loitering",
    CAMERA_MODULE,
    "minor",
    Text("Có người nán lại lâu trong vùng theo dõi", "Somebody stays long in a watched zone"),
    Text(
        "{camera}: có người ở lại {zone} hơn {value} giây, lúc {time}",
        "{camera}: somebody has stayed at {zone} for more than {value} seconds, at {time}",
    ),
)
CROWD = AlertKind(
    "crowd",
    CAMERA_MODULE,
    "moderate",
    Text("Tụ tập đông người", "Crowd gathering"),
    Text("{camera}: {zone} đông người từ {time}", "{camera}: {zone} is crowded since {time}"),
)


class Zones(State):
    """When each zone was last said to have somebody who stays, or a crowd, while it rings; and the newest words."""

    camera: str = ""
    stays: dict[str, Moment] = Field(default_factory=dict)
    crowds: dict[str, Moment] = Field(default_factory=dict)


class ZonePresence(Detector[Zones]):
    """Watches one camera's zones."""

    def __init__(self, policy: PresencePolicy, district: District) -> None:
        self._clear, self._district = policy.clear_after, district

    def new_state(self) -> Zones:
        return Zones()

    def on_event(self, state: Zones, event: AnyEvent) -> Iterable[Finding]:
        seen: Loitered | CrowdSeen = event.data
        state.camera = seen.camera
        if isinstance(seen, Loitered):
            if seen.zone not in state.stays:
                yield self._raise(LOITERING, seen.camera, seen.zone, event.at, seen.seconds)
            state.stays[seen.zone] = event.at
        elif seen.level == "crowded":
            if seen.zone not in state.crowds:
                yield self._raise(CROWD, seen.camera, seen.zone, event.at, None)
            state.crowds[seen.zone] = event.at
        elif state.crowds.pop(seen.zone, None):
            yield self._resolve(CROWD, state.camera, seen.zone, event.at)

    def on_late(self, state: Zones, event: AnyEvent) -> Iterable[Finding]:
        """Who stayed or gathered long ago rings no more, and ends nothing."""
        return ()

    def next_deadline(self, state: Zones) -> datetime | None:
        said = [*state.stays.values(), *state.crowds.values()]
        return min(said) + self._clear if said else None

    def on_deadline(self, state: Zones, at: datetime) -> Iterable[Finding]:
        for kind, zones in ((LOITERING, state.stays), (CROWD, state.crowds)):
            for zone in [zone for zone, last in zones.items() if last + self._clear <= at]:
                del zones[zone]
                yield self._resolve(kind, state.camera, zone, at)

    def _raise(self, kind: AlertKind, camera: str, zone: str, at: datetime, value: float | None) -> Raise:
        known = self._district.camera(camera)
        values = {
            "camera": known.name if known else camera,
            "zone": next((each.name for each in known.zones if each.id == zone), zone) if known else zone,
            "time": self._district.local(at).strftime("%H:%M"),
        }
        place = (known.latitude, known.longitude) if known else None
        commune = known.commune if known else None
        return Raise(kind, f"{camera}/{zone}", at, commune, value=value, values=values, place=place)

    def _resolve(self, kind: AlertKind, camera: str, zone: str, at: datetime) -> Resolve:
        return Resolve(kind, f"{camera}/{zone}", at, self._district.camera_commune(camera))


SPEC = Spec(
    "zone_presence",
    Text("Nán lại và tụ tập trong vùng", "Loitering and crowds in a zone"),
    folds=(CAMERA,),
    hears=(Loitered, CrowdSeen),
    build=ZonePresence,
    state=Zones,
    params=PresencePolicy,
    kinds=(LOITERING, CROWD),
)
