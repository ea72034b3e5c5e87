"""Calls that people log (ghi nhận tin báo): true news that came by telephone becomes an alert like any other."""

from ioc.alerts.alert import Raised, Words2
from ioc.alerts.kind import FOREST_MODULE, PLATFORM_MODULE, REQUEST_MODULE, Module, Severity
from ioc.text import Text

#: What a call may be about: its kind, the module it belongs to, and the alert's title.
CALLS: dict[str, tuple[Module, Text]] = {
    "call_fire": (FOREST_MODULE, Text("Tin báo cháy", "Fire reported by call")),
    "call_disaster": (REQUEST_MODULE, Text("Tin báo thiên tai, sạt lở", "Disaster or landslide reported by call")),
    "call_accident": (REQUEST_MODULE, Text("Tin báo tai nạn giao thông", "Traffic accident reported by call")),
    "call_security": (REQUEST_MODULE, Text("Tin báo an ninh trật tự", "Public order reported by call")),
    "call_other": (REQUEST_MODULE, Text("Tin báo khác", "Other call")),
    "call_test": (PLATFORM_MODULE, Text("Tin thử đầu ca", "Test at the start of a shift")),
}
_CALLER = Text("{text} (người báo: {caller})", "{text} (caller: {caller})")


def raised(
    kind: str,
    call: str,
    severity: Severity,
    text: str,
    caller: str,
    commune: str | None,
    place: tuple[float, float] | None,
) -> Raised:
    """The finding that a call makes; ``call`` is its id, so that the same call is one alert. Latitude goes first."""
    latitude, longitude = place or (None, None)
    module, title = CALLS[kind]
    told = _CALLER.format(text=text, caller=caller) if caller else Text(text, text)
    return Raised(
        kind=kind,
        about=call,
        commune=commune,
        module=module.name,
        severity=severity,
        title=Words2.of(title),
        summary=Words2.of(told),
        latitude=latitude,
        longitude=longitude,
    )
