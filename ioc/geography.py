"""Distances, and which commune a point lies in: by the outlines the district names, else by the nearest centre."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

from ioc.district import Commune, District

EARTH_M = 6_371_008.8
#: Without outlines, a point farther than this from every centre lies in no commune of the district.
NEAR_ENOUGH_M = 20_000.0
Ring = Sequence[Sequence[float]]


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points (latitude, longitude) on the sphere."""
    north, south = radians(one[0]), radians(other[0])
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(half)))


@dataclass(frozen=True)
class Found:
    """The commune of a point; ``approximate``: it is only that of the nearest centre."""

    commune: Commune
    approximate: bool


class Communes:
    """Finds the commune of a point."""

    def __init__(self, communes: Sequence[Commune], outlines: Iterable[tuple[str, dict[str, Any]]] = ()) -> None:
        self._communes = communes
        by_code = {commune.code: commune for commune in communes}
        self._polygons = [
            (by_code[code], _box(polygon[0]), polygon)
            for code, geometry in outlines
            if code in by_code
            for polygon in _polygons(geometry)
        ]

    def at(self, latitude: float, longitude: float) -> Found | None:
        """The commune there, or None outside the district."""
        if not self._polygons:
            near = [(distance_m((latitude, longitude), (c.latitude, c.longitude)), c) for c in self._communes]
            away, commune = min(near, key=lambda each: (each[0], each[1].code), default=(NEAR_ENOUGH_M + 1, None))
            return Found(commune, True) if commune and away <= NEAR_ENOUGH_M else None
        for commune, (west, south, east, north), polygon in self._polygons:
            if west <= longitude <= east and south <= latitude <= north and _inside(polygon, longitude, latitude):
                return Found(commune, False)
        return None


def communes_of(district: District) -> Communes:
    """Those of a district, with its outlines where its file names them."""
    if not district.geojson:
        return Communes(district.communes)
    features = json.loads(Path(district.geojson).read_text("utf-8"))["features"]
    return Communes(district.communes, [(str(each["properties"].get("code")), each["geometry"]) for each in features])


def _polygons(geometry: dict[str, Any]) -> list[list[Ring]]:
    match geometry:
        case {"type": "Polygon", "coordinates": rings}:
            return [rings]
        case {"type": "MultiPolygon", "coordinates": polygons}:
            return list(polygons)
    return []


def _box(ring: Ring) -> tuple[float, float, float, float]:
    xs, ys = [point[0] for point in ring], [point[1] for point in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _inside(polygon: Sequence[Ring], x: float, y: float) -> bool:
    """Is the point within the outer ring and in none of the holes? By crossings to the east (even-odd)."""
    crossings = 0
    for ring in polygon:
        for (x1, y1, *_), (x2, y2, *_) in zip(ring, (*ring[1:], ring[0]), strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                crossings += 1
    return crossings % 2 == 1
