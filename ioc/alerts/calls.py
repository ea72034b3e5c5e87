"""Calls that people report (tin báo): what they may be about, who may have called, and what must not be written down.

True news comes by telephone. Whoever takes the call logs it (:class:`ioc.alerts.commands.Report`), and it is an alert
of its own. No machine sees whether it still holds: people say when it is over.
"""

import re
from typing import Literal, get_args

from ioc.alerts.kind import FOREST_MODULE, PLATFORM_MODULE, REQUEST_MODULE, Module
from ioc.text import Text

CallKind = Literal["call_fire", "call_disaster", "call_accident", "call_security", "call_other", "call_test"]
#: What a call is about: the module it belongs to, and the alert's title.
CALLS: dict[CallKind, tuple[Module, Text]] = {
    "call_fire": (FOREST_MODULE, Text("Tin báo cháy", "Fire reported by call")),
    "call_disaster": (REQUEST_MODULE, Text("Tin báo thiên tai, sạt lở", "Disaster or landslide reported by call")),
    "call_accident": (REQUEST_MODULE, Text("Tin báo tai nạn giao thông", "Traffic accident reported by call")),
    "call_security": (REQUEST_MODULE, Text("Tin báo an ninh trật tự", "Public order reported by call")),
    "call_other": (REQUEST_MODULE, Text("Tin báo khác", "Other call")),
    "call_test": (PLATFORM_MODULE, Text("Tin thử đầu ca", "Test at the start of a shift")),
}
#: Who called, as a role: a name or a number goes to no agency and into no log.
Caller = Literal["resident", "village_head", "officer", "force", "forest_owner", "other"]
CALLERS: dict[Caller, Text] = {
    "resident": Text("người dân", "a resident"),
    "village_head": Text("trưởng thôn, tổ trưởng", "a village head"),
    "officer": Text("cán bộ, công chức", "an official"),
    "force": Text("công an, dân quân, kiểm lâm", "police, militia or rangers"),
    "forest_owner": Text("chủ rừng, người canh rừng", "a forest owner or guard"),
    "other": Text("người khác", "somebody else"),
}
assert set(CALLS) == set(get_args(CallKind))
assert set(CALLERS) == set(get_args(Caller))

#: A Vietnamese telephone number, written in any way; a citizen's number (12 digits).
_PRIVATE = re.compile(r"(?<![\d.])(?:(?:0|\+?84[ .-]?)(?:[ .-]?\d){9,10}|\d{12})(?!\d)")


def private(text: str) -> str | None:
    """The telephone or citizen's number that stands in a text, if there is one."""
    found = _PRIVATE.search(text)
    return found.group() if found else None


def is_call(kind: str) -> bool:
    """Is an alert of this kind one that people reported, and that people alone end?"""
    return kind in CALLS
