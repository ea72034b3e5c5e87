"""A citizen's report of a forest fire is a sign of fire at its place.

For ``fire``. A report speaks of fire by its category, or by words that the district file lists. Without coordinates
it counts at its commune's centre, as a weak sign with a wide reach.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from ioc.alerts.alert import Evidence, Words2
from ioc.detector import Detector, Emit, Finding, Params, Spec, State
from ioc.district import District, Duration
from ioc.events.base import AnyEvent, Code
from ioc.events.forest import FIRE_SIGNS, FireSign
from ioc.events.requests import RequestOpened
from ioc.folds import REQUEST
from ioc.geography import communes_of
from ioc.text import Text


class ReportPolicy(Params):
    """Which reports speak of fire."""

    categories: Annotated[tuple[Code, ...], Field(description="categories of reports of forest fire")] = (
        "chay-rung", "forest-fire",
    )  # fmt: skip
    words: Annotated[tuple[str, ...], Field(description="words of a report that speak of forest fire")] = (
        "cháy rừng", "cháy đồi", "cháy nương", "khói trong rừng",
    )  # fmt: skip
    reach_m: Annotated[float, Field(gt=0, description="a fire may be so far from where it was reported, m")] = 1500.0
    commune_reach_m: Annotated[float, Field(gt=0, description="the same for a report without a place, m")] = 6000.0
    lasts: Annotated[Duration, Field(description="a report speaks of a fire for so long")] = timedelta(hours=6)


class Reported(State):
    """Has this report said it?"""

    said: bool = False


class FireReported(Detector[Reported]):
    """Watches one report."""

    def __init__(self, policy: ReportPolicy, district: District) -> None:
        self._policy, self._district = policy, district
        self._communes = communes_of(district)
        self._centres = {commune.code: (commune.latitude, commune.longitude) for commune in district.communes}

    def new_state(self) -> Reported:
        return Reported()

    def on_event(self, state: Reported, event: AnyEvent) -> Iterable[Finding]:
        report: RequestOpened = event.data
        if not state.said and self._speaks(report):
            state.said = True
            yield from self._signs(report, event)

    def finished(self, state: Reported) -> bool:
        """Never holds a report in memory; what comes again is known to ``fire``."""
        return True

    def _speaks(self, report: RequestOpened) -> bool:
        text = report.text.casefold()
        return report.category in self._policy.categories or any(word in text for word in self._policy.words)

    def _signs(self, report: RequestOpened, event: AnyEvent) -> Iterable[Emit]:
        exact = report.latitude is not None and report.longitude is not None
        commune = self._district.commune(report.commune, event.at)
        place = (report.latitude, report.longitude) if exact else self._centres.get(commune or "")
        if place is None or place[0] is None or place[1] is None:
            return
        found = self._communes.at(place[0], place[1])
        sign = FireSign(
            sign_source="citizen",
            thing=report.request,
            strength="firm" if exact else "weak",
            commune=commune or (found.commune.code if found else None),
            approximate=commune is None and found is not None and found.approximate,
            latitude=place[0],
            longitude=place[1],
            reach_m=self._policy.reach_m if exact else self._policy.commune_reach_m,
            lasts_s=self._policy.lasts.total_seconds(),
            says=Words2(vi=f"phản ánh {report.request} của người dân", en=f"citizen's report {report.request}"),
            evidence=(Evidence.of(event),),
        )
        yield Emit(FIRE_SIGNS, sign, event.at)


SPEC = Spec(
    "fire_reported",
    Text("Người dân báo cháy rừng", "Forest fire reported by citizens"),
    folds=(REQUEST,),
    hears=(RequestOpened,),
    build=FireReported,
    state=Reported,
    params=ReportPolicy,
    emits=(FIRE_SIGNS,),
)
