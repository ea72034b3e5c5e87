"""What of an alert whom is shown: an agency its own alerts; a screen that the whole room sees, no people's words."""

from dataclasses import dataclass
from typing import Any

from dashboards.wall.access.principal import Principal
from ioc.agencies.scope import members
from ioc.alerts.alert import AlertChanged

#: What people are and wrote, in a line of an alert's history.
PEOPLE = ("by", "acked_by", "text", "said_at", "command", "calls", "extension")


@dataclass(frozen=True)
class Sight:
    """``agency``: only alerts that this agency leads or helps with; None: all. ``people``: who did what, and words."""

    agency: str | None = None
    people: bool = True

    @classmethod
    def of(cls, principal: Principal) -> "Sight":
        return cls(principal.agency, principal.may("read_people"))

    def sees_alert(self, alert: AlertChanged) -> bool:
        """Whether it is shown at all."""
        return self.agency is None or self.agency in members(alert)

    def sees_raw(self, alert: dict[str, Any]) -> bool:
        """The same of an alert as JSON holds it."""
        leads = (alert.get("owner") or {}).get("agency")
        return self.agency is None or self.agency == leads or self.agency in alert.get("coordinating", ())

    def shown_raw(self, alert: dict[str, Any]) -> dict[str, Any]:
        """The alert, as JSON holds it, without what is not for this eye."""
        if self.people:
            return alert
        quiet = [
            {key: told for key, told in one.items() if key not in ("by", "reason")}
            for one in alert.get("suppression", ())
        ]
        owner = {key: told for key, told in (alert.get("owner") or {}).items() if key != "person"}
        kept = {key: told for key, told in alert.items() if key not in PEOPLE}
        return {**kept, **({"suppression": quiet} if quiet else {}), **({"owner": owner} if owner else {})}

    def shown(self, alert: AlertChanged) -> AlertChanged:
        """The same of a model."""
        if self.people:
            return alert
        return AlertChanged.model_validate(self.shown_raw(alert.model_dump(mode="json", exclude_none=True)))


EVERYTHING = Sight()
