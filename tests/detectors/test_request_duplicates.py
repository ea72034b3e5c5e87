"""Duplicates found on a labelled stream: settings were chosen on seed 1, and are held to what they do on another."""

from collections.abc import Iterable

import detectors
from ioc import recording
from ioc.district import District
from ioc.engine.partition import Partition
from ioc.engine.plan import Plan, plan
from ioc.engine.results import Output
from ioc.events.base import AnyEvent
from ioc.events.requests import DuplicateFound
from ioc.replay import Replay
from tests.detectors.request_stream import CENTRE, Told, stream
from tests.detectors.stories import STORIES

DISTRICT = District.model_validate({
    "id": "d", "name": "d", "name_en": "d",
    "communes": [{"code": "20900", "name": "Trà My", "latitude": CENTRE[0], "longitude": CENTRE[1],
                  "valid_from": "2025-07-01"}],
})  # fmt: skip


def duplicates(events: Iterable[AnyEvent], by: Plan) -> list[DuplicateFound]:
    pairs: list[DuplicateFound] = []

    def hear(_: Partition, output: Output) -> None:
        if isinstance(output[1].data, DuplicateFound):
            pairs.append(output[1].data)

    Replay(by, 4, hear).run(recording.clocked(events))
    return pairs


def found(told: list[Told], **settings: object) -> tuple[float, float]:
    """Recall and precision: a duplicate is right when both tell of the same incident."""
    district = DISTRICT.model_copy(update={"detectors": {"request_duplicate": settings}})
    pairs = duplicates((each.event for each in told), plan(district, detectors.ALL))
    incident = {each.event.data.request: each.incident for each in told}
    right = sum(incident[pair.request] == incident[pair.of] for pair in pairs)
    return right / (len(told) - len(set(incident.values()))), right / len(pairs)


def test_near_alike_and_within_days_is_the_same_thing() -> None:
    story = next(each for each in STORIES if str(each) == "request_duplicate/one_main_told_of_by_three")
    pairs = {pair.request: pair for pair in duplicates(story.events(), story.plan())}

    assert {name: pair.of for name, pair in pairs.items()} == {"R-2": "R-1", "R-5": "R-4", "R-6": "R-1", "R-7": "R-1"}
    assert (pairs["R-2"].metres, pairs["R-2"].hours) == (55, 0.3)
    assert pairs["R-5"].alike is None


def test_of_reports_told_again_most_are_found_and_few_that_are_not() -> None:
    recall, precision = found(stream(seed=2))

    assert recall >= 0.8
    assert precision >= 0.9


def test_without_words_places_alone_are_wrong_more_often() -> None:
    """What the plain rule (near, same category, same days) would do: the words are worth what they cost."""
    told = stream(seed=2)
    (_, precision), (_, by_place) = found(told), found(told, alike=0.0)

    assert by_place < precision - 0.03
