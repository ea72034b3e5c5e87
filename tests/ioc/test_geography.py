"""Which commune a point lies in: by outlines with holes and islands, else by the nearest centre."""

from typing import Any

import pytest

from ioc.district import Commune
from ioc.geography import Communes, communes_of, distance_m

A, B = (
    Commune.model_validate({"code": code, "name": code, "latitude": 15, "longitude": east, "valid_from": "2025-07-01"})
    for code, east in (("a", 108.0), ("b", 108.2))
)
SQUARE = [[108.0, 15.0], [108.1, 15.0], [108.1, 15.1], [108.0, 15.1], [108.0, 15.0]]
HOLE = [[108.04, 15.04], [108.06, 15.04], [108.06, 15.06], [108.04, 15.06], [108.04, 15.04]]
ISLAND = [[108.3, 15.0], [108.4, 15.0], [108.4, 15.1], [108.3, 15.0]]
OUTLINES: list[tuple[str, dict[str, Any]]] = [
    ("a", {"type": "Polygon", "coordinates": [SQUARE, HOLE]}),
    ("b", {"type": "MultiPolygon", "coordinates": [[HOLE], [ISLAND]]}),
    ("stranger", {"type": "Polygon", "coordinates": [[[0, 0], [90, 0], [90, 90], [0, 90], [0, 0]]]}),
]


def test_distances_are_metres_on_the_sphere() -> None:
    assert distance_m((15, 108), (16, 108)) == pytest.approx(111_195, abs=1)
    assert distance_m((60, 10), (60, 11)) == pytest.approx(55_597, rel=1e-3)
    assert distance_m((15, 108), (15, 108)) == 0


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [(15.02, 108.02, "a"), (15.05, 108.05, "b"), (15.05, 108.38, "b"), (15.2, 108.02, None), (45, 45, None)],
)
def test_outlines_decide_where_there_are_any(latitude: float, longitude: float, code: str | None) -> None:
    found = Communes([A, B], OUTLINES).at(latitude, longitude)

    assert (found.commune.code if found else None) == code
    assert found is None or not found.approximate


def test_without_outlines_the_nearest_centre_is_approximate_and_far_away_is_outside() -> None:
    near, far = Communes([A, B]).at(15.01, 108.15), Communes([A, B]).at(16.0, 108.0)

    assert near is not None and (near.commune.code, near.approximate) == ("b", True)
    assert far is None
    assert Communes([]).at(15, 108) is None


def test_a_district_without_a_file_of_outlines_has_centres() -> None:
    from ioc.district import load

    found = communes_of(load("bac_tra_my")).at(15.35, 108.07)
    assert found is not None and found.commune.name == "Trà Đốc" and found.approximate
