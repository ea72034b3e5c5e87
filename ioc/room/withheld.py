"""What was not told of one alert because of a storm or a cause: told, as such, when that is over."""

from collections.abc import Iterable

from pydantic import Field

from ioc.detector import Detector, Emit, Finding, Params, Spec, State
from ioc.district import District
from ioc.events.base import AnyEvent
from ioc.folds import WITHHELD
from ioc.notices.events import NOTICES_INBOX, Item, NoticeDue, Receiver
from ioc.room.events import Answered, Released, Withheld
from ioc.text import Text


class Kept(State):
    """The newest of what was withheld, by what, and all who would have been told."""

    ref: str = ""
    item: Item | None = None
    receivers: list[Receiver] = Field(default_factory=list)


class Keeping(Detector[Kept]):
    """One alert."""

    def new_state(self) -> Kept:
        return Kept()

    def concerns(self, state: Kept, event: AnyEvent) -> bool:
        return isinstance(event.data, Released) and state.ref == event.data.ref

    def on_event(self, state: Kept, event: AnyEvent) -> Iterable[Finding]:
        found: list[Finding] = []
        match event.data:
            case Withheld() as withheld:
                if withheld.ref != state.ref:
                    state.receivers = []
                state.ref, state.item = withheld.ref, withheld.item
                state.receivers += [each for each in withheld.receivers if each not in state.receivers]
                return found
            case Released() if state.item is not None:
                item = state.item.model_copy(update={"notice": "suppression_ended", "at": event.at})
                for each in state.receivers:
                    due = NoticeDue(receiver=each.receiver, role=each.role, item=item)
                    found.append(Emit(NOTICES_INBOX, due, event.at))
        state.ref, state.item, state.receivers = "", None, []
        return found

    def finished(self, state: Kept) -> bool:
        return state.item is None


def _build(_params: Params, _district: District) -> Keeping:
    return Keeping()


SPEC = Spec(
    "alert_withheld",
    Text("Thông báo giữ lại đến khi hết bão hoặc hết nguyên nhân", "Notices withheld until a storm or cause is over"),
    folds=(WITHHELD,),
    hears=(Withheld, Answered, Released),
    build=_build,
    state=Kept,
    emits=(NOTICES_INBOX,),
)
