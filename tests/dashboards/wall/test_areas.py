"""The schematic map: every commune has one cell around its own centre, and they share nothing."""

from datetime import date
from pathlib import Path

import pytest

from dashboards.wall.areas import Point, areas, cells, hull
from ioc.district import Commune, District, load


def area(polygon: list[Point]) -> float:
    pairs = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def holds(polygon: list[Point], point: Point) -> bool:
    pairs = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
    return all((x2 - x1) * (point[1] - y1) > (y2 - y1) * (point[0] - x1) for (x1, y1), (x2, y2) in pairs)


def commune(code: int, longitude: float, latitude: float) -> Commune:
    return Commune(
        code=str(code), name=f"Xã {code}", latitude=latitude, longitude=longitude, valid_from=date(2025, 7, 1)
    )


def test_each_cell_holds_its_own_centre_and_no_other() -> None:
    communes = load("bac_tra_my").communes
    for one, cell in cells(communes):
        for other in communes:
            assert holds(cell, (other.longitude, other.latitude)) == (other is one)


def test_cells_fill_the_outline_without_overlap() -> None:
    found = [cell for _, cell in cells(load("bac_tra_my").communes)]
    outline = hull([corner for cell in found for corner in cell])
    assert sum(map(area, found)) == pytest.approx(area(outline), rel=1e-6)


@pytest.mark.parametrize(
    "communes",
    [
        (commune(1, 108.0, 15.0),),
        (commune(1, 108.0, 15.0), commune(2, 108.1, 15.0)),
        (commune(1, 108.0, 15.0), commune(2, 108.1, 15.1), commune(3, 108.2, 15.2)),
        (commune(1, 108.0, 15.0), commune(2, 108.0, 15.0)),
    ],
    ids=["one", "two", "in a line", "two at one place"],
)
def test_few_communes_have_cells_too(communes: tuple[Commune, ...]) -> None:
    assert [one for one, _ in cells(communes)] == list(communes)
    assert all(area(cell) > 0 for _, cell in cells(communes))


def test_real_outlines_are_joined_by_code_only(tmp_path: Path) -> None:
    outlines = tmp_path / "communes.geojson"
    square = '{"type": "Polygon", "coordinates": [[[108, 15], [109, 15], [109, 16], [108, 15]]]}'
    outlines.write_text(
        '{"type": "FeatureCollection", "features": ['
        f'{{"type": "Feature", "properties": {{"code": "1", "name": "<b>"}}, "geometry": {square}}},'
        f'{{"type": "Feature", "properties": {{"code": "9"}}, "geometry": {square}}}]}}',
        "utf-8",
    )
    district = District(id="x", name="X", name_en="X", geojson=str(outlines), communes=(commune(1, 108.5, 15.5),))
    [feature] = areas(district)["features"]
    assert feature["properties"]["name"] == "Xã 1"
    assert not feature["properties"]["schematic"]
