"""Pictures that cameras kept: shown at their alert to who may see it; no name leads out of their folder."""

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from dashboards.wall.pictures import LARGEST, read
from streams.embedded.redis import Redis
from tests.dashboards.wall.conftest import WallProcess
from tests.dashboards.wall.filling import Filler
from tests.streams.alert_log import changed, id_of, present, state

API = "/api/v1"
KEPT, GONE = "cam-cau-tra-doc-01/20260107/050000.000-motion.jpg", "cam-cau-tra-doc-01/20260101/050000.000-motion.jpg"
#: What hostile devices may call their pictures. Each is named by the alert, and is nevertheless not to be had.
ABROAD = [
    "../secret.jpg",
    "cam/../../secret.jpg",
    "link.jpg",
    "out/secret.jpg",
    "words.jpg",
    "cam-cau-tra-doc-01",
    "no\tpe",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one picture, and beside it what nobody may have."""
    place = tmp_path_factory.mktemp("pictures")
    (place / "kept" / KEPT).parent.mkdir(parents=True)
    cv2.imwrite(str(place / "kept" / KEPT), np.full((90, 160, 3), 120, np.uint8))
    (place / "secret.jpg").write_bytes(b"\xff\xd8\xffsecret")
    (place / "kept" / "words.jpg").write_text("no picture")
    os.symlink(place / "secret.jpg", place / "kept" / "link.jpg")
    os.symlink(place, place / "kept" / "out")
    return place / "kept"


@pytest.fixture(scope="module")
def wall(own_redis: Redis, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WallProcess]:
    process = WallProcess(own_redis.url, tmp_path_factory.mktemp("access") / "access.db", IOC_WALL_EVIDENCE=str(folder))
    yield process
    process.close()


@pytest.fixture
def alert(demo: Filler) -> str:
    owner = {"owner": {"agency": "hat-kiem-lam", "since": "2026-01-07T05:00:00Z"}, "coordinating": ["ubnd-tra-doc"]}
    line = changed("cam-cau-tra-doc-01", **owner)  # type: ignore[arg-type]
    demo.put(state("demo"), line)
    demo.put(present(line, GONE, KEPT, *(name for name in ABROAD if "\t" not in name)), partition="alerts.state/0")
    demo.complete()
    return str(id_of(line))


def asked(client: httpx.Client, alert: str, name: str = KEPT) -> httpx.Response:
    return client.get(f"{API}/alerts/{alert}/picture", params={"space": "demo", "name": name})


def test_a_picture_is_for_those_who_see_its_alert(wall: WallProcess, alert: str) -> None:
    for role, agency, status in (
        ("operator", None, 200), ("leader", None, 200), ("agency", "hat-kiem-lam", 200),
        ("agency", "ubnd-tra-doc", 200),
        ("agency", "ubnd-tra-my", 404),
    ):  # fmt: skip
        assert asked(wall.asking_as(role, agency), alert).status_code == status
    answer = asked(wall.client, alert)
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("image/jpeg", "no-store")
    assert asked(wall.nobody(), alert).status_code == 401
    code = wall.client.post(f"{API}/screens/codes", json={"name": "tường"}).json()["code"]
    screen = wall.nobody()
    screen.post(f"{API}/screens", json={"code": code})
    assert asked(screen, alert).status_code == 403


def test_no_name_leads_out_of_the_folder(wall: WallProcess, alert: str, folder: Path) -> None:
    for name in (*ABROAD, GONE, str(folder / KEPT), "x" * 250, "\x00"):
        answer = asked(wall.client, alert, name)
        assert answer.status_code == 404, name
        assert b"secret" not in answer.content
    other = "cam-cau-tra-doc-01/20260107/050001.000-motion.jpg"
    (folder / other).write_bytes((folder / KEPT).read_bytes())
    assert asked(wall.client, alert, other).status_code == 404  # kept, but none of this alert's


def test_what_is_no_picture_is_not_read(folder: Path, tmp_path: Path) -> None:
    assert read(folder, KEPT)
    (tmp_path / "big.jpg").write_bytes(b"\xff\xd8\xff" + bytes(LARGEST))
    assert read(tmp_path, "big.jpg") is None
    assert read(tmp_path / "nothing", KEPT) is None


def test_the_desk_shows_it_and_says_what_is_gone(page: Page, demo: Filler, alert: str) -> None:
    line = changed("b")
    demo.put(line)
    demo.put(present(line, GONE, KEPT), partition="alerts.state/0")
    page.goto(f"/desk#demo/{id_of(line)}")
    figures = page.locator(".pictures figure")
    expect(figures.first).to_contain_text("Ảnh không còn được lưu")
    shown = figures.last.locator("img")
    expect(shown).to_be_visible()
    assert shown.evaluate("async (img) => (await img.decode(), img.naturalWidth)") == 160
    expect(shown).to_have_attribute("alt", "/cameras/c 12:00:00 07/01/2026")
