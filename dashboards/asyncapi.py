"""AsyncAPI 3: every topic of a space, its key, and the messages that travel on it."""

from collections.abc import Iterable
from datetime import timedelta

from dashboards import schemas
from dashboards.declared import KEYS, TOPICS, first_sentence
from ioc.agencies.scope import AGENCY
from ioc.alerts.alert import ALERTS_EVENTS, ALERTS_STATE
from ioc.events.base import Data, Tick, Topic
from ioc.events.deadlines import DEADLINES
from ioc.events.figures import FIGURES
from ioc.events.forest import BULLETINS
from ioc.events.reviews import REVIEWS
from ioc.folds import SOURCES

#: Topics that are read from outside; what is neither these nor sources is our own business.
GIVEN = (ALERTS_EVENTS, ALERTS_STATE, AGENCY, BULLETINS, REVIEWS, FIGURES, DEADLINES)
SPACE = {"description": "The space: a prefix of topics, with one clock", "default": "wall"}
ONE_AGENCY = {"description": "The agency's id in the district file; one topic each, with its own alerts alone"}
#: CloudEvents, binary mode: the context is in the record's headers.
CONTEXT = {
    "ce_specversion": "1.0",
    "ce_type": "the message's name",
    "ce_source": "who sends it; with ce_id it names the event, and the same event again changes nothing",
    "ce_id": "unique within ce_source",
    "ce_time": "when it happened, RFC 3339 with an offset",
    "ce_subject": "what it is about",
}


def document(version: str) -> dict[str, object]:
    """The whole document."""
    events = list(dict.fromkeys(event for topic in TOPICS for event in _messages(topic)))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Trung tâm điều hành thông minh · District operations centre",
            "version": version,
            "description": (
                "Events in, alerts out. Values are plain JSON, the context is CloudEvents 1.0 in headers. "
                "Read with isolation.level=read_committed."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"kafka": {"host": "127.0.0.1:9092", "protocol": "kafka"}},
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": dict(_operations()),
        "components": {
            "messages": {event.TYPE: _message(event) for event in events},
            "messageTraits": {"cloudEvent": {"headers": _headers()}},
        },
    }


def _messages(topic: Topic) -> tuple[type[Data], ...]:
    return (*topic.events, Tick)


def _channel(topic: Topic) -> dict[str, object]:
    address, parameters = f"{{space}}.{topic.name}", {"space": SPACE}
    if topic == AGENCY:
        address, parameters = f"{address}.{{agency}}", parameters | {"agency": ONE_AGENCY}
    return {
        "address": address,
        "title": f"{topic.title.vi} · {topic.title.en}",
        "parameters": parameters,
        "messages": {event.TYPE: _ref(f"#/components/messages/{event.TYPE}") for event in _messages(topic)},
        "bindings": {"kafka": {"partitions": topic.partitions, "topicConfiguration": _configuration(topic)}},
        "x-key": KEYS[topic.key].en,
        "x-lateness": f"{topic.lateness.total_seconds():g}s",
    }


def _configuration(topic: Topic) -> dict[str, object]:
    if topic.compacted:
        return {"cleanup.policy": ["compact"]}
    keep = -1 if topic.retention is None else topic.retention // timedelta(milliseconds=1)
    return {"cleanup.policy": ["delete"], "retention.ms": keep}


def _operations() -> Iterable[tuple[str, object]]:
    for topic in TOPICS:
        for action in ("receive",) * (topic in SOURCES) + ("send",) * (topic in GIVEN):
            yield (
                f"{action}-{topic.name}",
                {
                    "action": action,
                    "channel": _ref(f"#/channels/{topic.name}"),
                    "summary": f"{topic.title.vi} · {topic.title.en}",
                },
            )


def _message(event: type[Data]) -> dict[str, object]:
    summary = first_sentence(event) if event.__doc__ else ""
    return {
        "name": event.TYPE,
        "title": event.__name__,
        **({"summary": summary} if summary else {}),
        "contentType": "application/json",
        "traits": [_ref("#/components/messageTraits/cloudEvent")],
        "payload": _ref(f"./{schemas.path(event)}"),
    }


def _headers() -> dict[str, object]:
    return {
        "type": "object",
        "required": list(CONTEXT),
        "properties": {
            **{name: {"type": "string", "description": words} for name, words in CONTEXT.items()},
            "traceparent": {"type": "string", "description": "W3C trace context, handed on untouched"},
        },
    }


def _ref(place: str) -> dict[str, object]:
    return {"$ref": place}
