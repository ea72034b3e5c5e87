"""The index of Decision 766: groups as decided, an estimate that says what it rests on, and the portal's own value."""

import json
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer import Typer
from typer.testing import CliRunner

from ioc.cli import service_index as command
from ioc.office.figures import shares
from ioc.office.periods import DECREE_09, period
from ioc.office.service_index import BadIndex, ServiceIndex, declared, estimate, in_force, read
from ioc.office.shares import Row

DAY = date(2026, 10, 1)
ROWS = [
    Row("dossiers_resolved", DAY, ("20900", "on_time"), 9),
    Row("dossiers_resolved", DAY, ("20900", "late"), 1),
    Row("dossiers_received", DAY, ("20900", "online", "full"), 3),
    Row("dossiers_received", DAY, ("20900", "in_person", "full"), 1),
]
#: Thanh Chương (report 000) had 87.05 points and rank 4; the split into groups is made up within the maxima.
PORTAL = """
[[declared]]
index = "qd766"
period = "2026-10"
points = 87.05
groups = { transparency = 15.5, progress = 18.4, digitised = 18.15, online = 18, satisfaction = 17 }
rank = 4
source = "dichvucong.gov.vn"
by = "Văn phòng"
on = 2026-10-16
"""


def test_groups_are_those_of_the_decision() -> None:
    index = in_force(DAY)

    assert [group.most for group in index.groups] == [18, 20, 22, 22, 18]
    assert (index.decision, index.valid_from) == ("766/QĐ-TTg, 23/06/2022", date(2022, 8, 1))
    with pytest.raises(BadIndex, match="no index was in force on 31/07/2022"):
        in_force(date(2022, 7, 31))


def test_what_was_not_counted_is_not_assessed_and_nothing_is_scaled_up() -> None:
    found = estimate(in_force(DAY), shares(ROWS, period("2026-10", DECREE_09)))

    assert {each.group.id: (each.points, each.assessed) for each in found} == {
        "transparency": (0, 0),
        "progress": (18, 20),
        "digitised": (0, 0),
        "online": (9, 12),
        "satisfaction": (0, 0),
    }


@pytest.mark.parametrize(("change", "why"), [
    (("points = 87.05", "points = 88.05"), "sum to 87.05, not to 88.05"),
    (("online = 18,", "online = 23,"), "online has 23 points; there are 22 at most"),
    (("online = 18, ", ""), "all or none"),
    (('source = "dichvucong.gov.vn"', ""), "source: Field required"),
])  # fmt: skip
def test_a_declared_value_that_cannot_be_is_refused(tmp_path: Path, change: tuple[str, str], why: str) -> None:
    file = tmp_path / "portal.toml"
    file.write_text(PORTAL.replace(*change))

    with pytest.raises(BadIndex, match=why):
        declared(file, in_force(DAY))


def test_a_province_s_own_version_must_sum_to_a_hundred_and_name_shares_that_exist(tmp_path: Path) -> None:
    said = in_force(DAY).model_dump(mode="json")
    with pytest.raises(ValidationError, match="sum to 100"):
        ServiceIndex.model_validate({**said, "groups": said["groups"][1:]})
    with pytest.raises(ValidationError, match="no share 'x'"):
        ServiceIndex.model_validate(
            {**said, "groups": [*said["groups"][1:], {**said["groups"][0], "indicators": [{"share": "x", "most": 1}]}]}
        )
    with pytest.raises(BadIndex, match="no such file"):
        read(tmp_path / "none.toml")


def test_the_command_shows_the_estimate_as_ours_and_the_portal_s_value_beside_it(tmp_path: Path) -> None:
    counted, portal = tmp_path / "facts.json", tmp_path / "portal.toml"
    tallies = [{"name": row.tally, "day": str(row.day), "labels": row.labels, "value": row.value} for row in ROWS]
    counted.write_text(json.dumps({"facts": [], "tallies": tallies}))
    portal.write_text(PORTAL)
    app = Typer()
    app.callback()(lambda: None)
    command.register(app)
    asked = ["service-index", str(counted), "--period", "2026-10", "--portal", str(portal)]
    run = [CliRunner().invoke(app, [*asked, *more]) for more in ((), ("--json",))]

    assert "Ước tính nội bộ" in run[0].stdout
    assert "Cổng công bố 87,05 điểm, xếp hạng 4" in run[0].stdout
    said = json.loads(run[1].stdout)
    assert (said["label"], said["points"], said["assessed"], said["portal"]["points"]) == (
        "Ước tính nội bộ", 27, 32, 87.05
    )  # fmt: skip
