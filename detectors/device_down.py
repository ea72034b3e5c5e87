"""A device that the district file names does not work, or has not been heard for longer than it may.

For whoever looks after loudspeakers, meeting rooms, village Wi-Fi and schools' lines. A moment's failure does not ring:
it must last for ``down_after``. That a device was never heard rings as well.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from ioc.alerts.kind import DEVICE_MODULE, EDUCATION_MODULE, AlertKind
from ioc.detector import Detector, Fact, Finding, Outlook, Params, Raise, Ratio, Resolve, Share, Spec, State
from ioc.district import Device, District
from ioc.events.base import AnyEvent, Declared, Moment
from ioc.events.devices import DeviceSeen
from ioc.folds import DEVICE
from ioc.text import Text

SENTENCE = Text("{name} {trouble} từ {since}", "{name} {trouble} since {since}")
DOWN = AlertKind("device_down", DEVICE_MODULE, "minor", Text("Thiết bị không hoạt động", "Device down"), SENTENCE)
OFFLINE = AlertKind(
    "school_offline",
    EDUCATION_MODULE,
    "minor",
    Text("Trường học mất kết nối mạng", "School without internet"),
    SENTENCE,
)
Standing = Literal["up", "down", "fault", "silent"]
TROUBLES: dict[str, Text] = {
    "up": Text("hoạt động", "works"),
    "down": Text("mất kết nối", "is not connected"),
    "fault": Text("bị lỗi", "is faulty"),
    "silent": Text("không gửi tín hiệu", "has not been heard"),
}
KIND_WORDS: dict[str, Text] = {
    "loudspeaker": Text("loa truyền thanh", "loudspeakers"),
    "meeting": Text("họp trực tuyến", "meeting rooms"),
    "wifi": Text("Wi-Fi nhà văn hóa", "village Wi-Fi"),
    "school_internet": Text("đường truyền trường học", "schools' lines"),
}
DEVICES = Fact(
    "devices",
    Text("Thiết bị theo tình trạng", "Devices by how they stand"),
    ("commune", "device_kind", "standing"),
    words={**KIND_WORDS, **TROUBLES},
)
NOT_WORKING = Fact(
    "devices_not_working",
    Text("Thiết bị hỏng", "Not working"),
    ("device_kind",),
    tile=DEVICE_MODULE,
    words=KIND_WORDS,
)
AVAILABLE = Ratio(
    "device_availability",
    Text("Tỷ lệ thiết bị hoạt động", "Share of devices that work"),
    DEVICES,
    "standing",
    ("up",),
    amber=0.9,
    red=0.75,
)


class Heard(State):
    """How it stands, since when, and when it was heard last."""

    device: str = ""
    standing: Standing = "silent"
    since: Moment | None = None
    heard: Moment | None = None
    raised: bool = False


class DeviceDown(Detector[Heard]):
    """Watches one device."""

    def __init__(self, _: Params, district: District) -> None:
        self._devices, self._district = {device.id: device for device in district.devices}, district

    def new_state(self) -> Heard:
        return Heard()

    def on_event(self, state: Heard, event: AnyEvent) -> Iterable[Finding]:
        state.device = event.subject
        if isinstance(event.data, Declared):
            state.since = state.heard = event.at
            return
        standing: Standing = event.data.status
        if state.standing == "silent" or (state.standing == "up") != (standing == "up"):
            state.since = event.at
        state.standing, state.heard = standing, event.at
        device = self._devices.get(state.device)
        if standing == "up" and state.raised and device:
            state.raised = False
            yield Resolve(_kind(device), state.device, event.at, device.commune)

    def on_late(self, state: Heard, event: AnyEvent) -> Iterable[Finding]:
        """What a device said before what is known of it says nothing of now."""
        return ()

    def next_deadline(self, state: Heard) -> datetime | None:
        device = self._devices.get(state.device)
        if device is None or state.heard is None or state.since is None:
            return None
        silent = None if state.standing == "silent" and state.raised else state.heard + device.silent_after
        if state.standing in ("down", "fault") and not state.raised:
            down = state.since + device.down_after
            return min(down, silent) if silent else down
        return silent

    def on_deadline(self, state: Heard, at: datetime) -> Iterable[Finding]:
        device = self._devices[state.device]
        assert state.heard is not None and state.since is not None
        if at >= state.heard + device.silent_after and state.standing != "silent":
            state.standing, state.since = "silent", state.heard
        if not state.raised and state.standing != "up":
            state.raised = True
            since = self._district.told(state.since)
            values = {"name": device.name, "trouble": TROUBLES[state.standing], "since": since}
            yield Raise(_kind(device), state.device, at, device.commune, values=values)

    def facts(self, state: Heard) -> Iterable[Share]:
        if device := self._devices.get(state.device):
            yield DEVICES, (self._district.commune_label(device.commune), device.kind, state.standing), 1
            yield NOT_WORKING, (device.kind,), int(state.standing != "up")

    def outlook(self, state: Heard, at: datetime, event: AnyEvent | None = None) -> Iterable[Outlook]:
        device = self._devices.get(state.device)
        if device and state.heard and state.since:
            silent, bad = (at - state.heard) / device.silent_after, (at - state.since) / device.down_after
            share = max(silent, bad if state.standing in ("down", "fault") else 0.0)
            why = Text("hoạt động, hoặc chưa hỏng đủ lâu", "works, or has not failed for long enough")
            yield Outlook(_kind(device), state.device, share, state.standing, f"{device.down_after}", why)


def _kind(device: Device) -> AlertKind:
    return OFFLINE if device.kind == "school_internet" else DOWN


SPEC = Spec(
    "device_down",
    Text("Thiết bị không hoạt động", "Device down"),
    folds=(DEVICE,),
    hears=(Declared, DeviceSeen),
    build=DeviceDown,
    state=Heard,
    kinds=(DOWN, OFFLINE),
    facts=(DEVICES, NOT_WORKING),
    ratios=(AVAILABLE,),
)
