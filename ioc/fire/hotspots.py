"""Hotspots of one fire: how far a pixel reaches, and which pixels belong together."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from ioc.events.base import Event
from ioc.events.forest import Hotspot
from ioc.geography import distance_m

#: A fire may be so far from its pixel's centre at least, m; and so much later it is seen as the same, not another.
LEAST_REACH_M, TOGETHER = 1000.0, timedelta(hours=24)
#: No two points whose latitudes differ by so much are of one fire: pixels are at most 10 km wide.
FAR_DEGREES = 0.3


def reach_m(spot: Hotspot, least_m: float = LEAST_REACH_M) -> float:
    """How far from its pixel's centre a fire may be: pixels grow towards the edge of the swath."""
    return max(least_m, 1500.0 * max(spot.scan_km, spot.track_km))


def fires(seen: Iterable[Event[Hotspot]], together: timedelta = TOGETHER) -> list[list[Event[Hotspot]]]:
    """Hotspots grouped by fire: those within reach of one another in space and time, and whatever these reach."""
    spots = sorted(seen, key=lambda event: (event.data.latitude, event.data.longitude, event.at, event.id))
    root = list(range(len(spots)))

    def find(index: int) -> int:
        while root[index] != index:
            root[index] = index = root[root[index]]
        return index

    for index, spot in enumerate(spots):
        for other in range(index - 1, -1, -1):
            if spot.data.latitude - spots[other].data.latitude > FAR_DEGREES:
                break
            if abs(spot.at - spots[other].at) <= together and _near(spot.data, spots[other].data):
                root[find(index)] = find(other)
    groups: dict[int, list[Event[Hotspot]]] = {}
    for index, spot in enumerate(spots):
        groups.setdefault(find(index), []).append(spot)
    return sorted((_by_time(group) for group in groups.values()), key=lambda group: (group[0].at, group[0].id))


def _near(one: Hotspot, other: Hotspot) -> bool:
    away = distance_m((one.latitude, one.longitude), (other.latitude, other.longitude))
    return away <= max(reach_m(one), reach_m(other))


def _by_time(group: Sequence[Event[Hotspot]]) -> list[Event[Hotspot]]:
    return sorted(group, key=lambda event: (event.at, event.id))
