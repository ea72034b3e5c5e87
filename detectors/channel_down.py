"""A channel by which people are told takes no messages.

For the shift leader: who relies on being told must know that it does not work. Messages are kept and tried again.
"""

from collections.abc import Iterable

from ioc.alerts.kind import PLATFORM_MODULE, AlertKind
from ioc.detector import Detector, Fact, Finding, Params, Raise, Resolve, Share, Spec, State
from ioc.district import District
from ioc.events.base import AnyEvent, Moment
from ioc.folds import CHANNEL
from ioc.notices.events import ChannelDown, ChannelUp
from ioc.text import Text

DOWN = AlertKind(
    "notice_channel_down",
    PLATFORM_MODULE,
    "severe",
    Text("Kênh thông báo không hoạt động", "Notice channel down"),
    Text(
        "Kênh {channel} không nhận tin sau {attempts} lần gửi: {detail}",
        "Channel {channel} takes no messages after {attempts} attempts: {detail}",
    ),
)
CHANNELS_DOWN = Fact("notice_channels_down", Text("Số kênh thông báo đang hỏng", "Notice channels that are down"), ())


class ChannelState(State):
    """Is it down, and since when is that so?"""

    down: bool = False
    at: Moment | None = None


class ChannelWatch(Detector[ChannelState]):
    """One channel."""

    def new_state(self) -> ChannelState:
        return ChannelState()

    def on_event(self, state: ChannelState, event: AnyEvent) -> Iterable[Finding]:
        if state.at is not None and event.at < state.at:
            return  # from before what is known
        state.at = event.at
        match event.data:
            case ChannelDown(channel=channel, attempts=attempts, detail=detail):
                state.down = True
                values = {"channel": channel, "attempts": attempts, "detail": detail or "–"}
                yield Raise(DOWN, channel, event.at, values=values)
            case ChannelUp(channel=channel):
                state.down = False
                yield Resolve(DOWN, channel, event.at)

    def facts(self, state: ChannelState) -> Iterable[Share]:
        yield CHANNELS_DOWN, (), int(state.down)


def _build(_: Params, __: District) -> ChannelWatch:
    return ChannelWatch()


SPEC = Spec(
    "channel_down",
    Text("Kênh thông báo không hoạt động", "Notice channel down"),
    folds=(CHANNEL,),
    hears=(ChannelDown, ChannelUp),
    build=_build,
    state=ChannelState,
    kinds=(DOWN,),
    facts=(CHANNELS_DOWN,),
)
