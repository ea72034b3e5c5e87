"""Kinds of alert and the modules (mô-đun) they belong to, declared beside the judgement that finds them."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from ioc.text import Text

#: CAP 1.2 words, least first. Shown as Thấp, Trung bình, Nghiêm trọng, Khẩn cấp.
Severity = Literal["minor", "moderate", "severe", "extreme"]
SEVERITIES: tuple[Severity, ...] = ("minor", "moderate", "severe", "extreme")
SEVERITY_WORDS: dict[Severity, Text] = {
    "minor": Text("Thấp", "Minor"),
    "moderate": Text("Trung bình", "Moderate"),
    "severe": Text("Nghiêm trọng", "Severe"),
    "extreme": Text("Khẩn cấp", "Extreme"),
}


@dataclass(frozen=True)
class Module:
    """One of the centre's modules, in the words of the districts' own reports."""

    name: str
    title: Text
    #: Its work rests outside office hours: at night its tile folds to one line.
    office: bool = False


DOSSIER_MODULE = Module("dossiers", Text("Dịch vụ công", "Public services"), office=True)
REQUEST_MODULE = Module("requests", Text("Phản ánh kiến nghị", "Reports and petitions"), office=True)
DOCUMENT_MODULE = Module("documents", Text("Xử lý văn bản", "Documents"), office=True)
FOREST_MODULE = Module("forest", Text("Cháy rừng", "Forest fire"))
CAMERA_MODULE = Module("cameras", Text("Camera an ninh", "Security cameras"))
MALWARE_MODULE = Module("malware", Text("Mã độc", "Malware"))
HEALTH_MODULE = Module("health", Text("Y tế", "Health"))
EDUCATION_MODULE = Module("education", Text("Giáo dục", "Education"), office=True)
ONLINE_MODULE = Module("online", Text("Tin trên mạng", "News online"))
DEVICE_MODULE = Module("devices", Text("Thiết bị cơ sở", "Devices"))
TARGET_MODULE = Module("targets", Text("Chỉ tiêu, số liệu báo cáo", "Targets and returns"), office=True)
PLATFORM_MODULE = Module("platform", Text("Nguồn dữ liệu", "Data sources"))
MODULES = (
    CAMERA_MODULE, FOREST_MODULE, DOSSIER_MODULE, DOCUMENT_MODULE, REQUEST_MODULE, ONLINE_MODULE, HEALTH_MODULE,
    EDUCATION_MODULE, DEVICE_MODULE, MALWARE_MODULE, TARGET_MODULE, PLATFORM_MODULE,
)  # fmt: skip


@dataclass(frozen=True)
class AlertKind:
    """A kind of alert.

    ``sentence`` says in one sentence why an alert of this kind rang; its ``{fields}`` are filled from the
    finding's ``values`` and from ``subject``, ``value``, ``threshold``, ``unit``.
    """

    name: str
    module: Module
    severity: Severity
    title: Text
    sentence: Text


def dedupe_key(kind: str, about: str) -> str:
    """What makes two findings one alert: the kind and the thing it is about (blake2b, 128 bits, hex)."""
    return blake2b(f"{kind}\x1f{about}".encode(), digest_size=16).hexdigest()


#: More alerts of one module than anybody can read, folded into one: its subject is the module.
STORM = AlertKind(
    "alert_storm",
    PLATFORM_MODULE,
    "moderate",
    Text("Bão cảnh báo", "Alert storm"),
    Text(
        "{module}: gom {count} cảnh báo từ {since}, {state}: {what}",
        "{module}: {count} alerts folded since {since}, {state}: {what}",
    ),
)
#: A clock of an alert is near, or was missed. Its subject is ``<alert id>/<clock>``; people are told on the alert.
LATE = AlertKind(
    "alert_overdue",
    PLATFORM_MODULE,
    "minor",
    Text("Cảnh báo sắp quá hạn hoặc quá hạn xử lý", "Alert due soon or overdue"),
    Text("{title}: {state} {clock}, hạn {due}", "{title}: {state} to {clock}, due {due}"),
)
#: What the centre says of alerts themselves. It comes back into the log a little behind time, so nothing but its own
#: findings and people's commands acts on it: no clock, no silence, no recheck; who is told of it is decided elsewhere.
OWN = frozenset({STORM.name, LATE.name})
