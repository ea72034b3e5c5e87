"""The alert fold of a district with agencies, and all that it says to them."""

from datetime import datetime, timedelta
from typing import Any

from ioc.agencies.scope import AgencyAlert, AgencyReleased
from ioc.alerts.transitions import TITLES
from ioc.engine.results import Output
from ioc.notices.events import NoticeDue
from ioc.room.events import Call
from tests.ioc.alerts.told import Told, falls, rises
from tests.ioc.engine.echo import second

CLOCKS = {"severe": {"ack": "wall(30m)", "respond": "wall(1h)", "resolve": "wall(8h)"}}
STEPS = [
    {"after": "5m", "to": "duty", "until": "ack"},
    {"after": "10m", "to": "deputy", "until": "accept"},
    {"after": "15m", "to": "leader", "until": "accept", "repeat": "30m"},
]
POLICY: dict[str, Any] = {"clocks": CLOCKS, "escalation": {"severe": STEPS}}
DISTRICT: dict[str, Any] = {
    "communes": [
        {
            "code": "20920", "name": "Trà Đốc", "latitude": 15.3, "longitude": 108.0, "valid_from": "2025-07-01",
            "formerly": [{"code": "20917", "name": "Xã Trà Bui"}, {"code": "20920", "name": "Xã Trà Đốc"}],
        }
    ],
    "agencies": [
        {"id": "hat-kiem-lam", "name": "Hạt Kiểm lâm", "name_en": "Forest rangers"},
        {"id": "cong-an-xa", "name": "Công an xã", "name_en": "Commune police"},
        {"id": "ubnd-tra-doc", "name": "UBND xã Trà Đốc", "name_en": "Trà Đốc", "commune": "20920"},
    ],
    "routes": [{"modules": ["platform"], "lead": "hat-kiem-lam", "coordinating": ["@commune"]}],
}  # fmt: skip


class Agencies(Told):
    """Of everything said, also what goes to agencies and who must be told."""

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        super().__init__(POLICY, **DISTRICT)

    def _hear(self) -> None:
        before = len(self.kept.outputs)
        super()._hear()
        self.outputs += self.kept.outputs[before:]

    def raises(self, at: float, severity: Any) -> None:
        self.add(at, rises(severity, commune="20917"))  # a commune of before the merger

    def lowers(self, at: float) -> None:
        self.add(at, falls())

    @staticmethod
    def at(seconds: float) -> datetime:
        return second(seconds)

    @staticmethod
    def hours(count: int) -> timedelta:
        return timedelta(hours=count)

    def agency(self, name: str) -> list[AgencyAlert | AgencyReleased]:
        return [event.data for topic, event in self.outputs if topic.name == f"alerts.agency.{name}"]

    @property
    def notices(self) -> list[NoticeDue]:
        """Who ought to be told of what, before the room has its say."""
        return [
            NoticeDue(receiver=each.receiver, role=each.role, item=event.data.item)
            for _, event in self.outputs
            if isinstance(event.data, Call) and event.data.item
            for each in event.data.receivers
        ]

    def report(self) -> list[str]:
        """The history as an officer would read it aloud."""
        told, seen = [], None
        for line in self.lines:
            members = (line.owner.agency if line.owner else None, line.coordinating)
            said = f"{self._district.local(line.at):%H:%M} {line.transition} {TITLES[line.transition].vi}"
            said += f" ({line.by.name})" if line.by else ""
            said += f": {line.text}" if line.text else ""
            if line.transition.startswith("E") and line.escalation:
                said += f": {line.escalation.to}"
            if members != seen and members[0]:
                said += f" → chủ trì {members[0]}, phối hợp {', '.join(members[1])}"
            told.append(said)
            seen = members
        return told
