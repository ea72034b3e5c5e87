"""What the cameras of one place saw in one go is one item, with its best picture."""

from detectors import review_items
from ioc.events.reviews import ReviewItem
from tests.detectors.test_every_detector import cases
from tests.ioc.engine.restarts import Restartable


def items() -> list[ReviewItem]:
    """The review items of the stories, in order."""
    said = []
    for case in cases(review_items.SPEC):
        kept = Restartable(case.fresh)
        for _, event, appended, lane in case.log:
            kept.add(event, appended, lane)
        said += [event.data for _, event in kept.take().outputs if isinstance(event.data, ReviewItem)]
    return said


def test_two_cameras_of_one_place_make_one_item_and_a_pause_another() -> None:
    closed = [item for item in items() if item.ended is not None]

    assert [(item.cameras, item.objects, item.sightings) for item in closed][:2] == [
        (("cam-kho", "cam-b"), ("motion",), 3),
        (("cam-b", "cam-kho"), ("motion", "person", "flame", "loitering"), 4),
    ]
    assert len(closed) == 4


def test_the_best_picture_is_kept_and_guarded_hours_make_an_alert() -> None:
    noon, night, *_ = [item for item in items() if item.ended is not None]

    assert noon.review == "detection" and noon.snapshot == "cam-kho/20260302/050020.000-motion.jpg"
    assert night.review == "alert" and night.zones == ("cam-b/kho", "cam-kho/kho")


def test_an_item_is_said_when_it_begins_when_it_becomes_an_alert_and_when_it_ends() -> None:
    assert [(item.review, item.ended is not None) for item in items()][2:5] == [
        ("detection", False),
        ("alert", False),
        ("alert", True),
    ]
