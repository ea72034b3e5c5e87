"""What comes out of a partition: events to be written, state that changed, and what could not be taken."""

from dataclasses import dataclass
from typing import NamedTuple

from ioc.events.base import AnyEvent, Topic


class Output(NamedTuple):
    """An event to be written to a topic, under that topic's key."""

    topic: Topic
    event: AnyEvent


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record, or a deadline, that could not be taken, and why."""

    offset: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one or more applied records amount to: to be written together or not at all."""

    outputs: list[Output]
    changes: list[tuple[bytes, bytes | None]]
    rejected: list[Rejected]
