"""Which station a device belongs to, and a station's reading from what was measured."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b

from pydantic import ValidationError

from ioc.district import District
from ioc.events.base import AnyEvent, Event
from ioc.events.sensors import Reading
from ioc.intake.quantities import Unfit
from ioc.text import complaint

#: A device's clock further ahead of ours, or behind, is wrong: the moment of reception counts.
AHEAD, BEHIND = timedelta(minutes=5), timedelta(days=30)


class Devices:
    """The district's devices by the names under which they send: a station's own, and those of its ``devices``."""

    def __init__(self, district: District) -> None:
        self._stations = {name: station.id for station in district.stations for name in (station.id, *station.devices)}

    def station(self, device: str) -> str:
        """Raises Unfit for a device that the district does not know."""
        if device not in self._stations:
            raise Unfit("the device is in no station of the district file: add its name there, under devices")
        return self._stations[device]

    def split(self, name: str) -> tuple[str, str]:
        """A SenML name as station and quantity: the longest known device that it begins with, and the rest."""
        known = [
            each for each in self._stations if name == each or (name.startswith(each) and name[len(each)] in "/:_-.")
        ]
        if not known:
            self.station("")
        device = max(known, key=len)
        return self._stations[device], name[len(device) + 1 :].rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def happened(said: datetime, received: datetime) -> datetime:
    """When it was measured: what the device says, if its clock can be right; else when we received it."""
    return said if received - BEHIND <= said <= received + AHEAD else received


def reading(station: str, values: Mapping[str, float], at: datetime, name: str = "") -> AnyEvent:
    """The reading as an event. Told again, it has the same id: the given name, or one made of all that it says.

    Raises Unfit where a value is out of any range.
    """
    if not values:
        raise Unfit("nothing in it that a station's reading holds")
    try:
        data = Reading.model_validate({"station": station, **values})
    except ValidationError as error:
        raise Unfit(complaint(error)) from None
    whole = json.dumps([station, at.isoformat(), sorted(values.items())]).encode()
    return Event(at, f"/stations/{station}", name or blake2b(whole, digest_size=12).hexdigest(), data)
