"""The district files that are shipped: their areas resolve by code and date, and everything in them fits."""

import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from detectors import ALL
from ioc.district import BadDistrict, Camera, District, Feed, Station, load
from ioc.engine.plan import plan

TRA_MY, TRA_LIEN, TRA_DOC, TRA_TAN, TRA_GIAP = "20900", "20908", "20920", "20923", "20929"
#: Every commune of the former district, by its code until 2025-06-30: its name, and today's commune.
FORMER = {
    "20899": ("Thị trấn Trà My", TRA_MY),
    "20900": ("Xã Trà Sơn", TRA_MY),
    "20902": ("Xã Trà Kót", TRA_LIEN),
    "20905": ("Xã Trà Nú", TRA_LIEN),
    "20908": ("Xã Trà Đông", TRA_LIEN),
    "20911": ("Xã Trà Dương", TRA_MY),
    "20914": ("Xã Trà Giang", TRA_MY),
    "20917": ("Xã Trà Bui", TRA_DOC),
    "20920": ("Xã Trà Đốc", TRA_DOC),
    "20923": ("Xã Trà Tân", TRA_TAN),
    "20926": ("Xã Trà Giác", TRA_TAN),
    "20929": ("Xã Trà Giáp", TRA_GIAP),
    "20932": ("Xã Trà Ka", TRA_GIAP),
}
TODAY = {TRA_MY: "Trà My", TRA_LIEN: "Trà Liên", TRA_DOC: "Trà Đốc", TRA_TAN: "Trà Tân", TRA_GIAP: "Trà Giáp"}


@pytest.fixture(scope="module")
def bac_tra_my() -> District:
    return load("bac_tra_my")


def shipped() -> list[str]:
    return sorted(file.stem for file in (Path(__file__).parents[2] / "ioc" / "districts").glob("*.toml"))


def strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield from strings(key)
                yield from strings(inner)
        case list() | tuple():
            for inner in value:
                yield from strings(inner)


def test_there_are_five_communes_made_from_thirteen(bac_tra_my: District) -> None:
    former = {unit.code: (unit.name, now.code) for now in bac_tra_my.communes for unit in now.formerly}

    assert {commune.code: commune.name for commune in bac_tra_my.communes} == TODAY
    assert former == FORMER
    assert {date(2025, 7, 1)} == {commune.valid_from for commune in bac_tra_my.communes}


@pytest.mark.parametrize("code", FORMER)
def test_a_code_of_the_former_district_resolves_before_the_change(bac_tra_my: District, code: str) -> None:
    assert FORMER[code][1] == bac_tra_my.commune(code, date(2025, 6, 30))


@pytest.mark.parametrize("code", FORMER)
def test_a_code_of_the_former_district_resolves_after_the_change(bac_tra_my: District, code: str) -> None:
    """A code that was used again means today's commune; a system that still sends the rest is understood."""
    assert (code if code in TODAY else FORMER[code][1]) == bac_tra_my.commune(code, date(2025, 7, 1))


def test_the_day_of_the_change_is_a_local_day(bac_tra_my: District) -> None:
    assert bac_tra_my.commune("20899", datetime(2025, 6, 30, 16, 59, tzinfo=UTC)) == TRA_MY
    assert bac_tra_my.commune("20900", datetime(2025, 6, 30, 17, 0, tzinfo=UTC)) == TRA_MY


def test_codes_of_elsewhere_are_left_alone(bac_tra_my: District) -> None:
    assert bac_tra_my.commune("20194", date(2026, 1, 1)) == "20194"
    assert bac_tra_my.commune(None) is None
    assert bac_tra_my.commune_name("20194") == "20194"


def test_a_code_used_again_can_mean_another_commune() -> None:
    """Not so in Bắc Trà My, but elsewhere: only the date tells which is meant."""
    here = {"latitude": 15, "longitude": 108, "valid_from": "2025-07-01"}
    area = District.model_validate(
        {
            "id": "x", "name": "X", "name_en": "X",
            "communes": [
                {"code": "1", "name": "Một", **here, "formerly": [{"code": "2", "name": "Xã Hai cũ"}]},
                {"code": "2", "name": "Hai", **here, "formerly": [{"code": "1", "name": "Xã Một cũ"}]},
            ],
        }
    )  # fmt: skip

    assert (area.commune("1", date(2025, 6, 30)), area.commune("1", date(2025, 7, 1))) == ("2", "1")


def test_names_of_things_are_unique_and_lie_near_their_commune(bac_tra_my: District) -> None:
    things: tuple[Station | Camera | Feed, ...] = (
        *bac_tra_my.stations, *bac_tra_my.cameras, *bac_tra_my.feeds,
    )  # fmt: skip
    placed: tuple[Station | Camera, ...] = (*bac_tra_my.stations, *bac_tra_my.cameras)
    centres = {commune.code: commune for commune in bac_tra_my.communes}

    assert len(things) == len(bac_tra_my.things) == len({thing.name for thing in things})
    for spot in placed:
        centre = centres[spot.commune]
        assert abs(spot.latitude - centre.latitude) < 0.1
        assert abs(spot.longitude - centre.longitude) < 0.1


def test_every_commune_has_a_desk(bac_tra_my: District) -> None:
    desks = {feed.id: feed.commune for feed in bac_tra_my.feeds if feed.id.startswith("/one-stop/")}

    assert {f"/one-stop/{code}": code for code in TODAY} == desks


def test_the_market_yard_is_guarded_over_midnight(bac_tra_my: District) -> None:
    camera = next(camera for camera in bac_tra_my.cameras if camera.id == "cam-cho-tra-my-01")
    hours = camera.zones[0].guarded[0]

    assert [hours.hold(time(h, m)) for h, m in ((18, 0), (5, 59), (6, 0), (17, 59))] == [
        True,
        True,
        False,
        False,
    ]


def test_open_logs_expect_nobody() -> None:
    logs = load("open_logs")

    assert not logs.things
    assert not logs.communes


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_district_sets_detectors_that_exist_as_they_can_be_set(name: str) -> None:
    district = load(name)

    assert set(district.detectors) <= {spec.name for spec in ALL}
    assert plan(district, ALL).district is district


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_district_is_written_in_composed_letters(name: str) -> None:
    for text in strings(load(name).model_dump(mode="json")):
        assert unicodedata.is_normalized("NFC", text)


def test_a_district_that_is_not_there_says_which_are() -> None:
    with pytest.raises(BadDistrict, match=r"bac_tra_my, .*open_logs"):
        load("nowhere")


def test_a_wrong_district_file_says_where(tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text('id = "x"\nname = "X"\nname_en = "X"\n[[stations]]\nid = "s"\n', "utf-8")

    with pytest.raises(BadDistrict, match=r"wrong\.toml: stations\.0\.name"):
        load(str(file))
