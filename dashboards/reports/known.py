"""What reports are made of: tallies, the alerts' history, and when it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from ioc.alerts.alert import AlertChanged
from ioc.alerts.kind import MODULES
from ioc.detector import Tally
from ioc.district import District
from ioc.office.shares import Row
from ioc.targets.standing import Standing

MODULE_TITLES = {module.name: module.title.vi for module in MODULES}


@dataclass(frozen=True)
class Known:
    """One space as it is known at ``now``: from a recording, or from the read model.

    ``lines`` are lines of alerts' histories: all of a recording, the newest of each from the read model.
    """

    district: District
    rows: Sequence[Row]
    lines: Sequence[AlertChanged]
    now: datetime
    tallies: Mapping[str, Tally]
    #: Of a driven space or an exercise; printed over everything.
    warning: str = ""

    @cached_property
    def alerts(self) -> list[AlertChanged]:
        """The newest line of each alert."""
        newest: dict[str, AlertChanged] = {}
        for line in self.lines:
            before = newest.get(str(line.alert_id))
            if before is None or before.version < line.version:
                newest[str(line.alert_id)] = line
        return list(newest.values())

    @cached_property
    def standing(self) -> Standing:
        return Standing(self.district, self.rows, self.tallies)

    @property
    def today(self) -> date:
        return self.day(self.now)

    def day(self, at: datetime) -> date:
        return self.district.day(at)

    def told(self, at: datetime) -> str:
        return self.district.told(at)

    def agency(self, line: AlertChanged) -> str:
        return self.district.agency_name(line.owner.agency).vi if line.owner else "Trung tâm điều hành"

    def place(self, line: AlertChanged) -> str:
        return self.district.area_name(line.commune) if line.commune else "–"


def grouped(value: float) -> str:
    """A count as it is read: 1.434."""
    return f"{value:,.0f}".replace(",", ".")
