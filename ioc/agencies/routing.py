"""Which agency answers for an alert: the ``[[agencies]]`` and ``[[routes]]`` of the district file.

Routes are tried in their order; the first that matches decides. One agency leads (cơ quan chủ trì), others coordinate
(cơ quan phối hợp). An alert that no route matches stays with the centre.
"""

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ioc.events.base import Code

#: In a route: the agency that stands for the alert's own commune.
OF_COMMUNE = "@commune"
#: A short name that a Kafka topic can carry.
AgencyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
#: The receiver that is no agency: the operations centre itself.
CENTRE = "centre"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Agency(_Entry):
    """An agency that alerts are sent to (cơ quan)."""

    id: Annotated[AgencyId, Field(description="short name; its topic is alerts.agency.<id>")]
    name: Annotated[str, Field(description="name in Vietnamese")]
    name_en: Annotated[str, Field(description="name in English")]
    commune: Annotated[Code | None, Field(description="code of the commune whose authority it is")] = None
    on_duty: Annotated[bool, Field(description="somebody there is on duty every night: a roster is expected")] = False


class Route(_Entry):
    """Which alerts go where. Every field that is given must match one of its values; ``*`` stands for any letters."""

    kinds: Annotated[tuple[Code, ...], Field(description="kinds of alert")] = ()
    modules: Annotated[tuple[Code, ...], Field(description="modules")] = ()
    communes: Annotated[tuple[Code, ...], Field(description="communes of today, by code")] = ()
    lead: Annotated[str, Field(description="the agency that must act, or @commune: that of the alert's commune")]
    coordinating: Annotated[tuple[str, ...], Field(description="agencies that help, or @commune")] = ()

    def matches(self, kind: str, module: str, commune: str | None) -> bool:
        asked = ((self.kinds, kind), (self.modules, module), (self.communes, commune or ""))
        return all(not wanted or any(fnmatchcase(value, each) for each in wanted) for wanted, value in asked)


class Routed(NamedTuple):
    """Who leads and who coordinates."""

    lead: str
    coordinating: tuple[str, ...]


def route(
    routes: Iterable[Route], agencies: Iterable[Agency], kind: str, module: str, commune: str | None
) -> Routed | None:
    """Who answers for it; None: nobody but the centre.

    A route that names the commune's own agency matches only where the commune has one.
    """
    of_commune = {agency.commune: agency.id for agency in agencies if agency.commune}.get(commune or "")
    for each in routes:
        if each.matches(kind, module, commune) and (each.lead != OF_COMMUNE or of_commune):
            lead = _named(each.lead, of_commune)
            others = (_named(name, of_commune) for name in each.coordinating)
            return Routed(lead, tuple(dict.fromkeys(name for name in others if name not in ("", lead))))
    return None


def _named(name: str, of_commune: str | None) -> str:
    return of_commune or "" if name == OF_COMMUNE else name


def unknown(routes: Iterable[Route], agencies: Iterable[Agency], commune: Callable[[str], bool]) -> str | None:
    """What a district file's routes name and it does not have; None if all is there."""
    known = {OF_COMMUNE}
    for agency in agencies:
        if agency.id in known or agency.id == CENTRE:
            return f"agency {agency.id!r} is there twice, or has a name of the centre's own"
        if agency.commune is not None and not commune(agency.commune):
            return f"agency {agency.id!r} stands for commune {agency.commune!r}, which is not under [[communes]]"
        known.add(agency.id)
    for number, each in enumerate(routes, 1):
        for name in (each.lead, *each.coordinating):
            if name not in known:
                return f"route {number} names agency {name!r}, which is not under [[agencies]]"
    return None
