"""One thing that was looked at, and how it is."""

from dataclasses import dataclass
from typing import Literal

from ioc.text import Text

#: ``watch``: works, and will not for ever. ``unknown``: could not be looked at, because of something else.
Status = Literal["well", "watch", "broken", "unknown"]
STATUSES: dict[Status, Text] = {
    "well": Text("tốt", "well"),
    "watch": Text("cần để ý", "watch"),
    "broken": Text("hỏng", "broken"),
    "unknown": Text("chưa rõ", "unknown"),
}


@dataclass(frozen=True)
class Finding:
    """``about`` names the thing (``kafka``, ``topics wall``); ``do`` is what a person should do, if anything."""

    about: str
    status: Status
    says: Text
    do: Text | None = None


def well(about: str, vi: str, en: str) -> Finding:
    return Finding(about, "well", Text(vi, en))


def watch(about: str, says: Text, do: Text) -> Finding:
    return Finding(about, "watch", says, do)


def broken(about: str, says: Text, do: Text) -> Finding:
    return Finding(about, "broken", says, do)
