"""The map: the communes' outlines where the district file names a GeoJSON, else a schematic of our own.

The schematic knows only the communes' centres. Around all of them it draws one smooth outline, and gives
every point inside to the nearest centre (a Voronoi diagram), so that neighbours are neighbours and every
commune has a place. It says of itself that it is schematic: it is no boundary of anything.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ioc.district import Commune, District

Point = tuple[float, float]
#: Corners of the circle drawn around each centre, whose hull is the outline.
CORNERS = 48
#: Its radius, as a share of the mean distance between neighbours.
REACH = 0.62


def areas(district: District) -> dict[str, Any]:
    """The district's communes as a GeoJSON feature collection."""
    if district.geojson:
        return _outlines(Path(district.geojson), district)
    return _collection([_feature(c, _ring(cell), True) for c, cell in cells(district.communes)])


def _outlines(path: Path, district: District) -> dict[str, Any]:
    """The features of the file that are communes of this district, joined by code only."""
    known = {commune.code: commune for commune in district.communes}
    found = json.loads(path.read_text("utf-8"))["features"]
    return _collection(
        [
            _feature(known[code], feature["geometry"], False)
            for feature in found
            if (code := feature["properties"].get("code")) in known
        ]
    )


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _feature(commune: Commune, geometry: dict[str, Any], schematic: bool) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": commune.code,
        "properties": {
            "code": commune.code,
            "name": commune.name,
            "centre": [commune.longitude, commune.latitude],
            "schematic": schematic,
        },
        "geometry": geometry,
    }


def _ring(cell: Sequence[Point]) -> dict[str, Any]:
    corners = [[round(x, 5), round(y, 5)] for x, y in cell]
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


def cells(communes: Sequence[Commune]) -> list[tuple[Commune, list[Point]]]:
    """Each commune with the corners (longitude, latitude) of its cell, counter-clockwise."""
    if not communes:
        return []
    # Degrees of longitude are shorter than those of latitude: distances are measured in the latter.
    squeeze = math.cos(math.radians(sum(c.latitude for c in communes) / len(communes)))
    centres = [(commune.longitude * squeeze, commune.latitude) for commune in communes]
    outline = hull([point for centre in centres for point in _circle(centre, REACH * _spacing(centres))])
    found = []
    for commune, centre in zip(communes, centres, strict=True):
        cell = outline
        for other in centres:
            if other != centre:
                cell = _nearer(cell, centre, other)
        found.append((commune, [(x / squeeze, y) for x, y in cell]))
    return found


def _spacing(centres: Sequence[Point]) -> float:
    """The mean distance from a centre to its nearest neighbour."""
    nearest = [min(math.dist(a, b) for b in centres if b != a) for a in centres if len(set(centres)) > 1]
    return sum(nearest) / len(nearest) if nearest else 0.1


def _circle(centre: Point, radius: float) -> list[Point]:
    turns = [2 * math.pi * step / CORNERS for step in range(CORNERS)]
    return [(centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn)) for turn in turns]


def hull(points: Sequence[Point]) -> list[Point]:
    """The convex hull, counter-clockwise (Andrew's monotone chain)."""

    def half(ordered: Sequence[Point]) -> list[Point]:
        chain: list[Point] = []
        for point in ordered:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        return chain[:-1]

    ordered = sorted(set(points))
    return half(ordered) + half(ordered[::-1])


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _nearer(cell: Sequence[Point], centre: Point, other: Point) -> list[Point]:
    """The part of a convex cell that is nearer to ``centre`` than to ``other`` (Sutherland-Hodgman)."""
    along = (other[0] - centre[0], other[1] - centre[1])
    middle = ((centre[0] + other[0]) / 2, (centre[1] + other[1]) / 2)

    def beyond(point: Point) -> float:
        return (point[0] - middle[0]) * along[0] + (point[1] - middle[1]) * along[1]

    kept: list[Point] = []
    for here, there in zip(cell, [*cell[1:], *cell[:1]], strict=True):
        from_, to = beyond(here), beyond(there)
        if from_ <= 0:
            kept.append(here)
        if from_ * to < 0:
            share = from_ / (from_ - to)
            kept.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
    return kept
