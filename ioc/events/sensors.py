"""Stations (trạm đo) of forest fire and weather: one reading a message, each quantity in its own unit."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from ioc.events.base import Code, Data, Topic
from ioc.text import Text


class Reading(Data):
    """What a station measured. A quantity that it does not measure is absent, never zero."""

    TYPE = "vn.ioc.sensor.reading"

    station: Code
    temperature_c: Annotated[float, Field(ge=-60, le=1500, description="air temperature, °C")] | None = None
    humidity_pct: Annotated[float, Field(ge=0, le=100, description="relative humidity, %")] | None = None
    wind_kmh: Annotated[float, Field(ge=0, le=500, description="wind speed, km/h")] | None = None
    rain_mm: Annotated[float, Field(ge=0, le=2000, description="rain since the last reading, mm")] | None = None
    smoke_ppm: Annotated[float, Field(ge=0, le=1e6, description="smoke, ppm")] | None = None
    co_ppm: Annotated[float, Field(ge=0, le=1e6, description="carbon monoxide, ppm")] | None = None
    battery_v: Annotated[float, Field(ge=0, le=60, description="battery, V")] | None = None

    @property
    def subject(self) -> str:
        return self.station


SENSORS = Topic(
    "sensors",
    Text("Trạm đo cháy rừng", "Forest sensors"),
    events=(Reading,),
    lateness=timedelta(seconds=2),
    idle_lag=timedelta(seconds=30),
)
