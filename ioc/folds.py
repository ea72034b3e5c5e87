"""The folds: which topic is read by which key, and what is handed on under another key."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from ioc.agencies.roster import ROSTERS
from ioc.alerts.alert import ALERTS_EVENTS, ALERTS_INBOX, ALERTS_STATE
from ioc.district import District
from ioc.events.base import Topic, by_source
from ioc.events.cameras import CAMERAS
from ioc.events.deadlines import DEADLINES
from ioc.events.devices import DEVICES
from ioc.events.documents import DOCUMENTS
from ioc.events.dossiers import DOSSIERS
from ioc.events.education import EDUCATION
from ioc.events.figures import FIGURES
from ioc.events.forest import BULLETINS, COMMUNE_DANGER, FIRE_SIGNS, FOREST_REPORTS, HOTSPOTS
from ioc.events.health import HEALTH
from ioc.events.malware import INFECTIONS, MALWARE
from ioc.events.meetings import MEETINGS
from ioc.events.online import MENTIONS
from ioc.events.requests import QUEUE_CHANGES, REQUEST_DUPLICATES, REQUEST_PLACES, REQUESTS
from ioc.events.returns import RETURNS
from ioc.events.reviews import REVIEWS, SIGHTINGS
from ioc.events.sensors import SENSORS
from ioc.notices.events import CHANNELS, NOTICES_DELIVERIES, NOTICES_INBOX, NOTICES_OUTBOX
from ioc.room.events import CALLS, INCIDENTS, NOTICES_WITHHELD
from ioc.text import Text


def _nothing(_: District) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Fold:
    """An inbox, read partition by partition, by all the detectors that share its key.

    ``order``: by ``time``, events wait for the watermark and are handed over sorted; by ``log``, at once and
    in the order of the log, with only deadlines waiting for the watermark. ``paced`` by ``ticks``: it hears a fold
    that works in the order of its log, so that only ticks say how far time has come. ``routes`` are topics that get
    every event of this inbox under their own key. ``declared`` are the keys that the district file names.
    """

    name: str
    inbox: Topic
    order: Literal["time", "log"] = "time"
    paced: Literal["events", "ticks"] = "events"
    routes: tuple[Topic, ...] = ()
    declared: Callable[[District], Iterable[str]] = _nothing


#: Every event of the systems that send again, by who sent it: the inbox of what watches over feeds.
FEED_EVENTS = Topic(
    "feed-events",
    Text("Sự kiện theo nguồn", "Events by feed"),
    events=tuple(
        event
        for topic in (DOSSIERS, DOCUMENTS, REQUESTS, MALWARE, MENTIONS, HEALTH, EDUCATION)
        for event in topic.events
    ),
    key=by_source,
)

DOSSIER = Fold("dossier", DOSSIERS, routes=(FEED_EVENTS,))
DOCUMENT = Fold("document", DOCUMENTS, routes=(FEED_EVENTS,))
REQUEST = Fold("request", REQUESTS, routes=(FEED_EVENTS,))
QUEUE = Fold("queue", QUEUE_CHANGES)
REQUEST_PLACE = Fold("request_place", REQUEST_PLACES)
STATION = Fold("station", SENSORS, declared=lambda district: (station.id for station in district.stations))
CAMERA = Fold("camera", CAMERAS, declared=lambda district: (camera.id for camera in district.cameras))
PLACE = Fold("place", SIGHTINGS)
FEED = Fold("feed", FEED_EVENTS, declared=lambda district: (feed.id for feed in district.feeds))
HOTSPOT = Fold("hotspot", HOTSPOTS)
FOREST_REPORT = Fold("forest_report", FOREST_REPORTS, routes=(COMMUNE_DANGER, FIRE_SIGNS))
FOREST_COMMUNE = Fold(
    "forest_commune", COMMUNE_DANGER, declared=lambda district: (commune.code for commune in district.communes)
)
FIRE = Fold("fire", FIRE_SIGNS)
MACHINE = Fold("machine", MALWARE, routes=(FEED_EVENTS,))
INFECTION = Fold("infection", INFECTIONS)
HEALTH_REPORT = Fold("health_report", HEALTH, routes=(FEED_EVENTS,))
MENTION = Fold("mention", MENTIONS, routes=(FEED_EVENTS,))
SCHOOL = Fold("school", EDUCATION, routes=(FEED_EVENTS,))
DEVICE = Fold("device", DEVICES, declared=lambda district: (device.id for device in district.devices))
AGENCY = Fold(
    "agency", ROSTERS, declared=lambda district: (agency.id for agency in district.agencies if agency.on_duty)
)
CHANNEL = Fold("channel", CHANNELS)
MEETING = Fold("meeting", MEETINGS)
RETURN = Fold(
    "return",
    RETURNS,
    declared=lambda district: dict.fromkeys(area for form in district.returns for area in district.reporting(form)),
)
ALERT = Fold("alert", ALERTS_INBOX, order="log")
ROOM = Fold("room", CALLS, paced="ticks")
WITHHELD = Fold("withheld", NOTICES_WITHHELD)
NOTICE = Fold("notice", NOTICES_INBOX)

FOLDS = (
    DOSSIER, DOCUMENT, REQUEST, QUEUE, REQUEST_PLACE, STATION, CAMERA, PLACE, FEED, HOTSPOT, FOREST_REPORT,
    FOREST_COMMUNE, FIRE, MACHINE, INFECTION, MENTION, HEALTH_REPORT, SCHOOL, DEVICE, AGENCY, CHANNEL, MEETING, RETURN,
    ALERT, ROOM, WITHHELD, NOTICE,
)  # fmt: skip
#: Inboxes in the order of time: what is written to them waits there for the watermark, so it need not be sent at once.
PATIENT = frozenset(fold.inbox.name for fold in FOLDS if fold.order == "time")
#: Topics that folds and the notifier write and no fold reads; an agency's own comes with its district.
FOR_READERS = (
    ALERTS_EVENTS, ALERTS_STATE, INCIDENTS, BULLETINS, REVIEWS, NOTICES_OUTBOX, NOTICES_DELIVERIES, FIGURES, DEADLINES,
    REQUEST_DUPLICATES,
)  # fmt: skip
#: Topics that come from outside: the space's publisher, or the owner of an idle partition, ticks them.
SOURCES = (
    DOSSIERS, DOCUMENTS, REQUESTS, SENSORS, CAMERAS, HOTSPOTS, FOREST_REPORTS, MALWARE, MENTIONS, HEALTH,
    EDUCATION, DEVICES, ROSTERS, CHANNELS, MEETINGS, RETURNS,
)  # fmt: skip
