"""What people say in the middle of a story."""

import detectors
from ioc.alerts.commands import Acknowledge
from ioc.district import load
from ioc.engine.plan import plan
from ioc.events.base import AnyEvent, Event
from ioc.replay import Replay


def acknowledged(events: list[AnyEvent]) -> list[AnyEvent]:
    """The events, with somebody in the middle who acknowledges an alert that is firing then."""
    middle = len(events) // 2
    history = Replay(plan(load("bac_tra_my"), detectors.ALL)).run(events[:middle]).alerts
    last = {line.alert_id: line for line in history}
    line = next(line for line in last.values() if (line.condition, line.handling) == ("firing", "new"))
    seen = {"alert_id": line.alert_id, "dedupe_key": line.dedupe_key, "version": line.version}
    data = Acknowledge.model_validate({**seen, "by": {"user": "an"}})
    said: AnyEvent = Event(events[middle].at, "/wall", "command", data)
    return [*events[:middle], said, *events[middle:]]
