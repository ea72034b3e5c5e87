"""What one dossier adds to the figures by day, and how they are set right when its result was told wrongly."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ioc.calendars.calendar import Calendar
from ioc.detector import Count
from ioc.district import District
from ioc.office import dossier_figures as figures
from ioc.office.dossier import Dossier, timeliness


@dataclass(frozen=True)
class DossierCounting:
    """Counts a dossier's result, the days it took, and its time of being overdue."""

    calendar: Calendar
    district: District

    def label(self, state: Dossier) -> str:
        """The commune under which it counts."""
        return self.district.commune_label(state.commune)

    def overdue(self, state: Dossier, day: date, by: int) -> Iterable[Count]:
        """It became overdue on a day, or (``by`` -1) is so no more."""
        yield Count(figures.OVERDUE_CHANGE, day, (self.label(state),), by)

    def result(self, state: Dossier, by: int = 1) -> Iterable[Count]:
        """It has a result, in time or late."""
        assert state.closed_at is not None
        yield Count(figures.RESOLVED, self.district.day(state.closed_at), (self.label(state), state.timeliness), by)
        yield from self.days(state, by)

    def days(self, state: Dossier, by: int = 1) -> Iterable[Count]:
        """It left the hand after so many calendar days."""
        if state.received is not None and state.closed_at is not None:
            day = self.district.day(state.closed_at)
            took = max(0, (day - self.district.day(state.received.at)).days)
            yield Count(figures.CLOSED_AFTER, day, (self.label(state), str(took)), by)

    def set_right(self, state: Dossier, at: datetime) -> Iterable[Count]:
        """It was resolved at another time than was told: every figure goes to where it belongs."""
        yield from self.result(state, by=-1)
        if state.overdue_on is not None and state.over_until is not None:
            yield from self.overdue(state, state.overdue_on, -1)
            yield from self.overdue(state, state.over_until, 1)
        state.closed_at, state.timeliness = at, timeliness(state, self.calendar, at)
        state.overdue_on = state.over_until = None
        if (over := state.due_from) is not None and at > over:
            state.overdue_on, state.over_until = self.district.day(over), self.district.day(at)
            yield from self.overdue(state, state.overdue_on, 1)
            yield from self.overdue(state, state.over_until, -1)
        yield from self.result(state)
