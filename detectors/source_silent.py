"""A station, camera or feed that the district file names has said nothing for longer than it may.

For the shift leader: silence must be seen as silence, never as calm. A source that never spoke rings too, from
the moment the centre began to listen. What the source had found is unknown until it speaks again.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from ioc.alerts.alert import ALERTS_INBOX
from ioc.alerts.commands import SourceBack, SourceDark
from ioc.alerts.kind import PLATFORM_MODULE, AlertKind
from ioc.detector import Detector, Emit, Fact, Finding, Outlook, Params, Raise, Resolve, Share, Spec, State
from ioc.district import Camera, District, Feed, Station
from ioc.events.base import AnyEvent, Declared, Moment
from ioc.folds import CAMERA, FEED, FEED_EVENTS, STATION
from ioc.text import Text

SILENT = AlertKind(
    "source_silent",
    PLATFORM_MODULE,
    "moderate",
    Text("Mất tín hiệu nguồn dữ liệu", "Source silent"),
    Text("{name} không gửi dữ liệu từ {since}", "{name} has sent nothing since {since}"),
)
NEWEST = Fact(
    "source_newest_seconds",
    Text("Thời điểm sự kiện mới nhất của nguồn", "Time of a source's newest event"),
    ("source_kind", "source"),
    unit="s",
    aggregate="max",
)
KINDS: dict[type, str] = {Station: "station", Camera: "camera", Feed: "feed"}


class Silence(State):
    """When this source last spoke (``since``: or we began to listen), and when to look again."""

    key: str = ""
    since: Moment | None = None
    spoke: bool = False
    look: Moment | None = None
    raised: bool = False


class SourceSilent(Detector[Silence]):
    """Watches one source. Its deadline moves only when it is reached: most events find it still ahead."""

    def __init__(self, _: Params, district: District) -> None:
        self._district = district

    def new_state(self) -> Silence:
        return Silence()

    def on_event(self, state: Silence, event: AnyEvent) -> Iterable[Finding]:
        if state.spoke and state.look is not None and state.since is not None and not state.raised:
            state.since = max(state.since, event.at)  # as nearly always
            return ()
        return self._speaks(state, event)

    def _speaks(self, state: Silence, event: AnyEvent) -> Iterable[Finding]:
        state.key = state.key or self._key(event)
        patience = self._patience(state)
        if state.raised and patience is not None and state.since is not None and event.at <= state.since + patience:
            return  # from before the silence rang: that it comes only now does not break the silence
        state.since = max(state.since or event.at, event.at)
        state.spoke = state.spoke or not isinstance(event.data, Declared)
        if state.look is None and patience is not None and state.since is not None:
            state.look = state.since + patience
        if state.raised:
            state.raised = False
            yield Resolve(SILENT, state.key, event.at, self._commune(state))
            yield Emit(ALERTS_INBOX, SourceBack(source=state.key), event.at)

    def next_deadline(self, state: Silence) -> datetime | None:
        patience = self._patience(state)
        if state.raised or patience is None or state.since is None:
            return None
        silent = state.since + patience  # before ``look`` where the district's patience has become shorter
        return silent if state.look is None else min(state.look, silent)

    def on_deadline(self, state: Silence, at: datetime) -> Iterable[Finding]:
        patience = self._patience(state)
        if patience is None or state.since is None:
            state.look = None
        elif state.since + patience > at:
            state.look = state.since + patience
        else:
            state.look, state.raised = None, True
            thing = self._district.things[state.key]
            since = self._district.told(state.since)
            place = None if isinstance(thing, Feed) else (thing.latitude, thing.longitude)
            yield Raise(SILENT, state.key, at, thing.commune, values={"name": thing.name, "since": since}, place=place)
            yield Emit(ALERTS_INBOX, SourceDark(source=state.key), at)

    def facts(self, state: Silence) -> Iterable[Share]:
        thing = self._district.things.get(state.key)
        if thing is not None and state.spoke and state.since is not None:
            yield NEWEST, (KINDS[type(thing)], state.key), int(state.since.timestamp())

    def outlook(self, state: Silence, at: datetime, event: AnyEvent | None = None) -> Iterable[Outlook]:
        patience = self._patience(state)
        if patience is None:
            why = Text("nguồn này không có trong tệp địa bàn", "the district file does not name this source")
            yield Outlook(SILENT, state.key, 0.0, "-", "a name in the district file", why)
        elif state.since is not None:
            why = Text("im lặng chưa đủ lâu", "not silent for long enough")
            yield Outlook(SILENT, state.key, (at - state.since) / patience, f"{at - state.since}", f"{patience}", why)

    @staticmethod
    def _key(event: AnyEvent) -> str:
        return event.source if type(event.data) in FEED_EVENTS.events else event.subject

    def _patience(self, state: Silence) -> timedelta | None:
        thing = self._district.things.get(state.key)
        return thing.silent_after if thing else None

    def _commune(self, state: Silence) -> str | None:
        thing = self._district.things.get(state.key)
        return thing.commune if thing else None


SPEC = Spec(
    "source_silent",
    Text("Mất tín hiệu nguồn dữ liệu", "Source silent"),
    folds=(STATION, CAMERA, FEED),
    hears=(Declared, *STATION.inbox.events, *CAMERA.inbox.events, *FEED_EVENTS.events),
    build=SourceSilent,
    state=Silence,
    kinds=(SILENT,),
    emits=(ALERTS_INBOX,),
    facts=(NEWEST,),
)
