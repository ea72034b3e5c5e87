"""A small district with what it declares, and rows of tallies."""

from datetime import date

import pytest

from ioc.district import District
from ioc.office.shares import Row

SAID = {
    "id": "d", "name": "D", "name_en": "D", "code": "500",
    "communes": [
        {"code": code, "name": code, "latitude": 0, "longitude": 0, "valid_from": "2020-01-01"} for code in ("a", "b")
    ],
    "indicators": [
        {"id": "halls", "name": "Nhà", "name_en": "Halls", "unit": "nhà"},
        {"id": "wifi", "name": "Wifi", "name_en": "Wi-Fi", "unit": "nhà", "part_of": "halls"},
        {"id": "score", "name": "Điểm", "name_en": "Score", "unit": "điểm", "decimals": 2},
        {"id": "classes", "name": "Lớp", "name_en": "Classes", "unit": "lớp", "kind": "flow"},
    ],
    "returns": [
        {"id": "halls", "name": "Biểu", "name_en": "Form", "indicators": ["halls", "wifi", "classes"]},
        {"id": "score", "name": "Biểu", "name_en": "Form", "indicators": ["score"], "areas": "district"},
    ],
    "figures": [
        {"id": "wifi", "name": "W", "name_en": "W", "of": [{"indicator": "wifi"}], "out_of": [{"indicator": "halls"}]},
        {"id": "classes", "name": "C", "name_en": "C", "of": [{"indicator": "classes"}]},
        {"id": "score", "name": "S", "name_en": "S", "of": [{"indicator": "score"}]},
        {"id": "online", "name": "O", "name_en": "O",
         "of": [{"tally": "dossiers_received", "where": {"channel": ["online"], "commune": ["@communes"]}}],
         "out_of": [{"tally": "dossiers_received", "where": {"commune": ["@communes"]}}]},
        {"id": "received", "name": "R", "name_en": "R", "of": [{"tally": "dossiers_received"}]},
        {"id": "a_month", "name": "M", "name_en": "M", "of": [{"tally": "meetings_held"}], "a_month": True},
    ],
    "plans": [{"id": "p", "name": "P", "name_en": "P", "reported": "classes"}],
    "targets": [
        {"id": "online", "name": "T", "name_en": "T", "plan": "p", "figure": "online", "goal": 60, "period": "2026",
         "cut_off": "calendar"},
        {"id": "received", "name": "T", "name_en": "T", "plan": "p", "figure": "received", "goal": 120,
         "period": "2026", "cut_off": "calendar"},
        {"id": "wifi", "name": "T", "name_en": "T", "plan": "p", "figure": "wifi", "goal": 50, "period": "2026",
         "cut_off": "calendar"},
    ],
}  # fmt: skip


@pytest.fixture
def district() -> District:
    return District.model_validate(SAID)


def counted(tally: str, day: str, *labels: str, value: int = 1) -> Row:
    return Row(tally, date.fromisoformat(day), labels, value)


def filed(day: str, area: str, **values: int) -> list[Row]:
    """A return as the detector counts it."""
    return [
        row
        for indicator, value in values.items()
        for row in (
            counted("returns_values", day, indicator, area, value=value),
            counted("returns_filed", day, indicator, area),
        )
    ]
