"""A labelled stream of citizens' reports: incidents told of once or several times, in their own words and places."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ioc.demo.words import PLACES, SUBJECTS
from ioc.events.base import Event
from ioc.events.requests import RequestOpened
from ioc.text import plain

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
CENTRE = (15.3491, 108.2346)


@dataclass(frozen=True)
class Told:
    """A report, and the incident that it tells of."""

    event: Event[RequestOpened]
    incident: int


def stream(seed: int, incidents: int = 400, days: int = 20) -> list[Told]:
    """Incidents of one commune within two kilometres; a third of them is told of by two to four people."""
    draw = random.Random(seed)
    told = [each for number in range(incidents) for each in _incident(draw, number, days)]
    return sorted(told, key=lambda each: each.event.at)


def _incident(draw: random.Random, number: int, days: int) -> Iterator[Told]:
    subject = draw.choice(SUBJECTS)
    text = draw.choice(subject.texts).replace("{place}", draw.choice(PLACES))
    at = BEGIN + timedelta(days=draw.uniform(0, days))
    place = tuple(draw.gauss(centre, 0.006) for centre in CENTRE)
    people = draw.randint(2, 4) if draw.random() < 1 / 3 else 1
    for person in range(people):
        name = f"R-{number}-{person}"
        data = RequestOpened(
            request=name, queue=subject.queue, category=subject.category, commune="20900",
            latitude=place[0] + draw.gauss(0, 0.0003), longitude=place[1] + draw.gauss(0, 0.0003),
            text=text if person == 0 else _in_other_words(draw, text),
        )  # fmt: skip
        yield Told(Event(at, "/smart", name, data), number)
        at += timedelta(hours=draw.expovariate(1 / 8))


def _in_other_words(draw: random.Random, text: str) -> str:
    """As somebody else types it: words left out and changed, half of the time without signs."""
    said = [word for word in text.split() if draw.random() < 0.65]
    said = [word if draw.random() < 0.85 else draw.choice(("này", "đó", "luôn", "gấp", "bà con")) for word in said]
    told = " ".join([*draw.sample(("cho em hỏi", "kính gửi", "mong xử lý gấp"), k=1), *said])
    return plain(told) if draw.random() < 0.5 else told
