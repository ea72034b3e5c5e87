"""The wall's API over HTTP, on a real Redis."""

from datetime import timedelta

import httpx
import pytest

from ioc.events.figures import FactTotal
from tests.dashboards.wall.conftest import WallProcess
from tests.dashboards.wall.filling import Filler
from tests.streams.alert_log import NOON, changed, facts, id_of, present, state, tally


def get(wall: WallProcess, path: str, **query: object) -> httpx.Response:
    return wall.client.get(f"/api/v1{path}", params={"space": "demo", **query})  # type: ignore[dict-item]


def subjects(answer: httpx.Response) -> list[str]:
    return [alert["subject"] for alert in answer.json()["alerts"]]


def test_a_space_says_what_it_is(wall: WallProcess, demo: Filler) -> None:
    demo.put(state("demo"), facts(at=NOON))
    [space] = wall.client.get("/api/v1/spaces").json()
    assert (space["mode"], space["speed"], space["complete"]) == ("driven", 600.0, False)
    assert space["name"] == {"vi": "Bắc Trà My", "en": "Bac Tra My"}
    assert space["now"] == "2026-01-07T05:00:00Z"
    assert {"code": "20920", "name": "Trà Đốc"} in space["communes"]
    assert {"station", "camera", "feed"} == {source["kind"] for source in space["sources"]}
    demo.complete()
    assert wall.client.get("/api/v1/spaces").json()[0]["complete"]


def test_what_needs_a_person_comes_first(wall: WallProcess, demo: Filler) -> None:
    later = NOON + timedelta(hours=1)
    demo.put(
        changed("new", severity="severe", opened=later),
        changed("old", severity="severe"),
        changed("worst", severity="extreme", opened=later),
        changed("over"),
        changed("over", 2, "cleared"),
    )
    assert subjects(get(wall, "/alerts")) == ["worst", "old", "new"]
    assert set(subjects(get(wall, "/alerts", state="all"))) == {"worst", "old", "new", "over"}


@pytest.mark.parametrize("which", ["open", "all"])
def test_pages_tell_every_alert_once(wall: WallProcess, demo: Filler, which: str) -> None:
    openings = [NOON + timedelta(minutes=number // 4) for number in range(25)]
    demo.put(*(changed(f"n{number}", opened=at) for number, at in enumerate(openings)))
    told, cursor = list[str](), None
    while True:
        page = get(wall, "/alerts", state=which, limit=7, **({"cursor": cursor} if cursor else {}))
        told += subjects(page)
        cursor = page.json()["next"]
        if cursor is None:
            break
    assert len(told) == 25
    assert set(told) == {f"n{number}" for number in range(25)}


def test_filters_narrow_the_list(wall: WallProcess, demo: Filler) -> None:
    demo.put(
        changed("fire", severity="extreme"),
        changed("dossier", kind="dossier_overdue", module="dossiers", severity="moderate", commune="20900"),
    )
    for query in ({"severity": "moderate"}, {"kind": "dossier_overdue"}, {"module": "dossiers"}, {"commune": "20900"}):
        assert subjects(get(wall, "/alerts", **query)) == ["dossier"], query
        assert subjects(get(wall, "/alerts", state="all", **query)) == ["dossier"], query


def test_one_alert_tells_its_history_and_evidence(wall: WallProcess, demo: Filler) -> None:
    first, second = changed("fire"), changed("fire", 2, severity="extreme")
    demo.put(first, second)
    demo.put(present(second), partition="alerts.state/0")
    story = get(wall, f"/alerts/{id_of(first)}").json()
    assert story["alert"]["severity"] == "extreme"
    assert [line["version"] for line in story["history"]] == [1, 2]
    assert story["evidence"] == [{"source": "/station/1", "id": "r-1", "at": "2026-01-07T05:01:00Z", "snapshot": None}]


def test_what_is_over_is_kept_only_for_a_while(wall: WallProcess, demo: Filler) -> None:
    demo.over_kept = 3
    openings = {f"n{number}": NOON + timedelta(minutes=number) for number in range(6)}
    for name, at in openings.items():
        demo.put(changed(name, opened=at), changed(name, 2, "cleared", opened=at))
    demo.put(changed("still open", opened=NOON - timedelta(days=30)))
    assert subjects(get(wall, "/alerts", state="all")) == ["n5", "n4", "n3", "still open"]
    assert get(wall, f"/alerts/{id_of(changed('n0'))}").status_code == 404
    left = [name for name in demo.redis.scan_iter() if "history:" in name]
    assert len(left) == 4


def test_figures_are_summed(wall: WallProcess, demo: Filler) -> None:
    share = FactTotal(name="queue_open_requests", labels=("1022",), value=4)
    demo.put(facts(share), facts(share, partition=1), tally(5), tally(6), tally(1, partition=1))
    said = get(wall, "/facts").json()
    [queue] = said["facts"]
    assert (queue["labels"], queue["value"]) == ({"queue": "1022"}, 8.0)
    assert queue["title"]["vi"]
    assert [(one["labels"], one["value"]) for one in said["tallies"]] == [
        ({"commune": "20900", "channel": "online", "service": "full"}, 7.0)
    ]


def test_the_map_is_drawn_from_centres(wall: WallProcess, demo: Filler) -> None:
    demo.put(state("demo"))
    answer = get(wall, "/areas")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    assert len(features) == 5
    assert all(feature["properties"]["schematic"] for feature in features)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/alerts?space=nowhere", 404),
        ("/api/v1/alerts", 422),
        ("/api/v1/alerts?space=demo&severity=red", 422),
        ("/api/v1/alerts?space=demo&limit=100000", 422),
        ("/api/v1/alerts?space=demo&cursor=nonsense", 422),
        ("/api/v1/alerts?space=demo&cursor=WzEsMl0", 422),
        ("/api/v1/alerts/7b0c4ff5-0000-5000-8000-000000000000?space=demo", 404),
        ("/api/v1/alerts/not-an-id?space=demo", 422),
        ("/api/v1/stream?space=nowhere", 404),
        ("/api/v1/stream", 422),
        ("/nothing/here", 404),
    ],
)
def test_errors_are_problems(wall: WallProcess, demo: Filler, path: str, status: int) -> None:
    demo.put(state("demo"))
    answer = wall.client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert "Traceback" not in answer.text


def test_every_answer_is_shielded(wall: WallProcess, demo: Filler) -> None:
    for path in ("/", "/api/v1/spaces", "/nothing"):
        headers = wall.client.get(path).headers
        assert "'unsafe" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_another_host_name_is_refused(wall: WallProcess) -> None:
    assert wall.client.get("/api/v1/spaces", headers={"Host": "evil.example"}).status_code == 421
    assert wall.client.get("/api/v1/spaces", headers={"Host": f"localhost:{wall.port}"}).is_success


def test_health_and_metrics_are_on_a_port_of_their_own(wall: WallProcess) -> None:
    assert wall.inside.get("/-/healthy").is_success
    assert wall.inside.get("/-/ready").is_success
    assert "ioc_wall_screens" in wall.inside.get("/metrics").text
    for path in ("/-/healthy", "/-/ready", "/metrics"):
        assert wall.client.get(path).status_code == 404
