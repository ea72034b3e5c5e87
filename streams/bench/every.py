"""The smallest judgement that has state: every n-th event of a key raises an alert."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from ioc.alerts.kind import PLATFORM_MODULE, AlertKind
from ioc.detector import Detector, Finding, Params, Raise, Spec, State
from ioc.district import District
from ioc.engine.plan import Plan, plan
from ioc.events.base import AnyEvent
from ioc.events.requests import RequestOpened
from ioc.folds import REQUEST
from ioc.text import Text

#: The requests' fold, but nothing is handed on under another key: the peers do not do that either.
FOLD = replace(REQUEST, routes=())
KIND = AlertKind(
    "every_nth",
    PLATFORM_MODULE,
    "minor",
    Text("Đến lượt", "One in so many"),
    Text("{subject}: sự kiện thứ {value}", "{subject}: event number {value}"),
)
EVERY = 50


class Every(Params):
    """How often it rings."""

    nth: Annotated[int, Field(description="rings at every so-manieth event of a key")] = EVERY


class Counted(State):
    """How many events this key has had."""

    count: int = 0


class EveryNth(Detector[Counted]):
    """Counts, and rings at every n-th."""

    def __init__(self, params: Every, _: District) -> None:
        self._nth = params.nth

    def new_state(self) -> Counted:
        return Counted()

    def on_event(self, state: Counted, event: AnyEvent) -> Iterable[Finding]:
        state.count += 1
        if state.count % self._nth:
            return ()
        return (Raise(KIND, event.data.subject, event.at, value=state.count, threshold=self._nth),)


SPEC = Spec(
    "every_nth",
    Text("Đếm lượt", "Counting"),
    folds=(REQUEST,),
    hears=(RequestOpened,),
    build=EveryNth,
    state=Counted,
    params=Every,
    kinds=(KIND,),
)


def rules(specs: Iterable[Spec] = (SPEC,), nth: int = EVERY) -> Plan:
    """A plan of a district that has nothing but these detectors."""
    settings: dict[str, dict[str, Any]] = {SPEC.name: {"nth": nth}}
    return plan(District(id="bench", name="bench", name_en="bench", detectors=settings), specs)
