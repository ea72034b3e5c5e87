"""``/api/v1/targets`` on a real Redis: targets from the tallies of a space."""

from datetime import date

from ioc.events.base import Data, Event
from ioc.events.figures import SpaceState, TallyTotal
from tests.dashboards.wall.conftest import WallProcess
from tests.dashboards.wall.filling import Filler
from tests.streams.alert_log import NOON, facts


def of(district: str) -> Event[Data]:
    return Event(NOON, "/publisher", district, SpaceState(space="demo", district=district, mode="driven", speed=600))


def filed(indicator: str, area: str, value: int) -> list[Event[Data]]:
    counts = {"returns_values": value, "returns_filed": 1}
    return [
        Event(NOON, "/return/0", f"{tally}/{indicator}/{area}", TallyTotal(
            fold="return", partition=0, tally=tally, day=date(2023, 12, 31), labels=(indicator, area), value=count,
        ))
        for tally, count in counts.items()
    ]  # fmt: skip


def asked(wall: WallProcess) -> dict[str, dict[str, object]]:
    answer = wall.client.get("/api/v1/targets", params={"space": "demo"})
    assert answer.status_code == 200, answer.text
    return {target["id"]: target for target in answer.json()["targets"]}


def test_targets_stand_on_what_was_filed(wall: WallProcess, demo: Filler) -> None:
    said = [*filed("has_website", "27796", 1), *filed("smartphone_people", "798", 8994), *filed("people", "798", 8950)]
    demo.put(of("moc_hoa"), facts(at=NOON), *said)
    targets = asked(wall)

    website = targets["website"]
    assert (website["end"], website["filed"], website["expected"]) == ("not_met", 1, 7)
    assert targets["smartphones"]["end"] == "data_wrong"
    assert targets["sme_platform"]["end"] == "no_basis"
    assert targets["sme_platform"]["value"] is None


def test_a_district_without_targets_has_none(wall: WallProcess, demo: Filler) -> None:
    demo.put(of("open_logs"), facts(at=NOON))

    assert asked(wall) == {}
